package media

import (
	"bytes"
	"encoding/binary"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// iptc are the texts of record 2 of IPTC's Information Interchange Model 4, by number.
type iptc map[byte][]string

func (n iptc) one(number byte) string { return strings.Join(n[number], ", ") }

// iptcOfPhotoshop returns the IPTC data among Photoshop's resources.
func iptcOfPhotoshop(b []byte) []byte {
	for len(b) >= 12 && string(b[:4]) == "8BIM" {
		kind := binary.BigEndian.Uint16(b[4:])
		name := 1 + int(b[6])
		head := 6 + name + name&1
		if head+4 > len(b) {
			return nil
		}
		n := int64(binary.BigEndian.Uint32(b[head:]))
		b = b[head+4:]
		if n > int64(len(b)) {
			return nil
		}
		if kind == 0x0404 {
			return b[:n]
		}
		b = b[min(n+n&1, int64(len(b))):]
	}
	if len(b) > 5 && b[0] == 0x1c { // without resources
		return b
	}
	return nil
}

// readIPTC reads the texts of IPTC data sets.
func readIPTC(b []byte) iptc {
	found := iptc{}
	utf := false
	for n := 0; len(b) >= 5 && b[0] == 0x1c && n < 2000; n++ {
		record, number := b[1], b[2]
		size := int(binary.BigEndian.Uint16(b[3:]))
		if size&0x8000 != 0 || 5+size > len(b) { // longer than a text may be, or cut off
			break
		}
		value := b[5 : 5+size]
		b = b[5+size:]
		switch {
		case record == 1 && number == 90:
			utf = bytes.HasPrefix(value, []byte("\x1b%G"))
		case record == 2:
			text := string(value)
			if !utf && !utf8.Valid(value) {
				text, _ = charmap.Windows1252.NewDecoder().String(text)
			}
			if text = strings.TrimSpace(text); text != "" {
				found[number] = append(found[number], text)
			}
		}
	}
	return found
}

// created returns when the picture was taken, or no time.
func (n iptc) created() time.Time {
	day, clock := n.one(55), n.one(60)
	for _, layout := range []string{"20060102 150405-0700", "20060102 150405"} {
		if t, err := time.Parse(layout, day+" "+clock); err == nil {
			return t
		}
	}
	t, err := time.Parse("20060102", day)
	if err != nil {
		return time.Time{}
	}
	return t
}
