package wire

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"reflect"
	"unicode/utf8"
)

// appendText appends a string in quotes. Most bytes need no escape, so it scans eight bytes at a
// time for those that may, and appends the bytes between them at once.
func appendText(b []byte, s string) []byte {
	if !utf8.ValidString(s) {
		return appendStandard(b, reflect.ValueOf(s))
	}
	b = append(b, '"')
	from := 0 // s[:from] is appended already
	for i := nextSpecial(s, 0); i < len(s); i = nextSpecial(s, i+1) {
		if escape, width := escapeAt(s[i:]); escape != "" {
			b = append(append(b, s[from:i]...), escape...)
			from = i + width
		}
	}
	return append(append(b, s[from:]...), '"')
}

// lineSeparatorByte is the first byte of U+2028 and U+2029, and of dashes and quotation
// marks.
const lineSeparatorByte = 0xe2

// These work on eight bytes at once: x - ones sets the high bit of the lowest byte that was zero,
// and x ^ ones*c makes those bytes zero that were c. Higher bytes may be wrong. &^ x removes the
// high bits that were set before.
const ones, high = 0x0101010101010101, 0x8080808080808080

// nextSpecial returns the next index at or after from that may need an escape, or the length of s.
func nextSpecial(s string, from int) int {
	i := from
	for ; i+8 <= len(s); i += 8 {
		x := binary.LittleEndian.Uint64([]byte(s[i : i+8]))
		quote := x ^ ones*'"'
		backslash := x ^ ones*'\\'
		separator := x ^ ones*lineSeparatorByte
		special := (x-ones*' ')&^x | (quote-ones)&^quote
		special |= (backslash-ones)&^backslash | (separator-ones)&^separator
		if special &= high; special != 0 {
			return i + bits.TrailingZeros64(special)/8
		}
	}
	for i < len(s) && s[i] != lineSeparatorByte && escapes[s[i]] == "" {
		i++
	}
	return i
}

// escapeAt returns the escape of the first character of s and its width in bytes; the escape is
// empty if none is needed.
func escapeAt(s string) (escape string, width int) {
	if s[0] != lineSeparatorByte {
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

// escapes are the escapes of bytes, empty for those that need none.
var escapes = func() (escapes [256]string) {
	for c := range ' ' {
		escapes[c] = fmt.Sprintf(`\u%04x`, c)
	}
	for c, escape := range map[byte]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`,
		'\n': `\n`, '\r': `\r`, '\t': `\t`} {
		escapes[c] = escape
	}
	return escapes
}()
