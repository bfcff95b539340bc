package wire

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"reflect"
	"unicode/utf8"
)

// appendText appends a text in quotes. Most of a text stands as it is, so what may not is looked for in eight bytes at
// once, and what is between is appended whole.
func appendText(b []byte, s string) []byte {
	if !utf8.ValidString(s) {
		return appendStandard(b, reflect.ValueOf(s))
	}
	b = append(b, '"')
	from := 0 // what was not appended yet begins here
	for i := nextOdd(s, 0); i < len(s); i = nextOdd(s, i+1) {
		if escape, width := escapeAt(s[i:]); escape != "" {
			b = append(append(b, s[from:i]...), escape...)
			from = i + width
		}
	}
	return append(append(b, s[from:]...), '"')
}

// separators is the byte that U+2028 and U+2029 begin with, as do dashes and quotation marks.
const separators = 0xe2

// In eight bytes at once: x - ones sets the high bit of the lowest byte that was zero, and x ^ ones*c makes those zero that
// were c. Bytes above that one may be wrong. &^ x takes away the high bits that were there before.
const ones, high = 0x0101010101010101, 0x8080808080808080

// nextOdd is the next place, from one on, that may need an escape; the length if there is none.
func nextOdd(s string, from int) int {
	i := from
	for ; i+8 <= len(s); i += 8 {
		x := binary.LittleEndian.Uint64([]byte(s[i : i+8]))
		quote, backslash, separator := x^ones*'"', x^ones*'\\', x^ones*separators
		if odd := high & ((x-ones*' ')&^x | (quote-ones)&^quote | (backslash-ones)&^backslash | (separator-ones)&^separator); odd != 0 {
			return i + bits.TrailingZeros64(odd)/8
		}
	}
	for i < len(s) && s[i] != separators && escapes[s[i]] == "" {
		i++
	}
	return i
}

// escapeAt is what stands for the beginning of a text, and how many bytes it stands for; empty if those stand as they are.
func escapeAt(s string) (escape string, width int) {
	if s[0] != separators {
		return escapes[s[0]], 1
	}
	switch s[:3] {
	case "\u2028":
		return `\u2028`, 3
	case "\u2029":
		return `\u2029`, 3
	}
	return "", 0
}

// escapes are what stands for a byte that cannot stand for itself.
var escapes = func() (escapes [256]string) {
	for c := range ' ' {
		escapes[c] = fmt.Sprintf(`\u%04x`, c)
	}
	for c, escape := range map[byte]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`} {
		escapes[c] = escape
	}
	return escapes
}()
