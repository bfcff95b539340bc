package media

import (
	"encoding/binary"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// exif is what is read of EXIF (CIPA DC-008).
type exif struct {
	orientation int // 1 to 8
	text        map[uint16]string
}

const (
	tagOrientation = 0x0112
	tagEXIF        = 0x8769 // where the camera's directory lies
	tagTaken       = 0x9003 // DateTimeOriginal
	tagOffset      = 0x9011 // OffsetTimeOriginal

	maxEntries  = 1000   // of a directory
	maxEXIFText = 20_000 // bytes

	typeASCII = 2
	typeShort = 3
	typeUTF8  = 129
)

// readEXIF reads the orientation and the texts of the picture's and the camera's directory. Of
// what is broken it reads what it can.
func readEXIF(b []byte) exif {
	e := exif{orientation: 1, text: map[uint16]string{}}
	b = []byte(strings.TrimPrefix(string(b), "Exif\x00\x00")) // WebP has it at times
	if len(b) < 8 {
		return e
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch string(b[:2]) {
	case "II":
	case "MM":
		order = binary.BigEndian
	default:
		return e
	}
	camera := e.directory(b, order, order.Uint32(b[4:]))
	if camera != 0 {
		e.directory(b, order, camera)
	}
	return e
}

// directory reads a directory at an offset and returns the offset of the camera's, or 0.
func (e *exif) directory(b []byte, order binary.ByteOrder, off uint32) (camera uint32) {
	if int64(off)+2 > int64(len(b)) {
		return 0
	}
	n := min(int(order.Uint16(b[off:])), maxEntries)
	entries := b[off+2:]
	for ; n > 0 && len(entries) >= 12; n, entries = n-1, entries[12:] {
		tag, kind := order.Uint16(entries), order.Uint16(entries[2:])
		count := order.Uint32(entries[4:])
		switch {
		case tag == tagOrientation && kind == typeShort:
			if v := int(order.Uint16(entries[8:])); v >= 1 && v <= 8 {
				e.orientation = v
			}
		case tag == tagEXIF:
			camera = order.Uint32(entries[8:])
		case kind == typeASCII || kind == typeUTF8:
			value := entries[8:12]
			if at := order.Uint32(entries[8:]); count > 4 {
				if int64(at)+int64(count) > int64(len(b)) {
					continue
				}
				value = b[at : at+min(count, maxEXIFText)]
			} else {
				value = value[:count]
			}
			e.text[tag] = exifText(value)
		}
	}
	return camera
}

// exifText returns a text, which should be ASCII, and is UTF-8 or Windows' Latin where it is not.
func exifText(b []byte) string {
	text, _, _ := strings.Cut(string(b), "\x00")
	if !utf8.ValidString(text) {
		text, _ = charmap.Windows1252.NewDecoder().String(text)
	}
	return strings.TrimSpace(text)
}

// taken returns when the picture was taken, or no time.
func (e exif) taken() time.Time {
	when := e.text[tagTaken]
	if t, err := time.Parse("2006:01:02 15:04:05-07:00", when+e.text[tagOffset]); err == nil {
		return t
	}
	t, err := time.Parse("2006:01:02 15:04:05", when)
	if err != nil {
		return time.Time{}
	}
	return t
}
