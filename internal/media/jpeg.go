package media

import (
	"bytes"
	"errors"
	"io"
)

const (
	maxScans    = 100 // of a progressive JPEG
	maxProfile  = 4 << 20
	maxSegments = 5000
)

// jpegWalk is a walk through the markers of a JPEG file (ITU T.81, annex B).
type jpegWalk struct {
	*source
	facts    *pictureFacts
	profile  map[byte][]byte // parts of the ICC profile
	segments int
	scans    int
	pos      int64
	multiple bool // it says that other pictures follow (CIPA DC-007)
	seen     bool // the size of the picture

	rgb       bool  // the decoder makes another picture of what is stored: RGB or CMYK
	converted int64 // bytes of that picture
}

// walkJPEG reads all markers of a JPEG file and returns what they say.
func walkJPEG(s *source) (*pictureFacts, error) {
	w := &jpegWalk{source: s, facts: &pictureFacts{frames: 1}, profile: map[byte][]byte{}, pos: 2}
	for {
		marker, err := w.marker()
		if err != nil {
			return nil, err
		}
		if marker == 0xd9 { // end of image
			break
		}
		if err := w.segment(marker); err != nil {
			return nil, err
		}
	}
	if !w.seen || w.scans == 0 {
		return nil, broken("The JPEG file holds no picture.")
	}
	if w.rgb {
		w.facts.memory += w.converted
	}
	for i := 1; i <= len(w.profile); i++ {
		w.facts.profile = append(w.facts.profile, w.profile[byte(i)]...)
	}
	return w.facts, w.refuseAppended()
}

// marker returns the next marker. Bytes before it belong to a scan, or are fill bytes.
func (w *jpegWalk) marker() (byte, error) {
	for {
		b, err := w.ahead(w.pos)
		if err != nil {
			return 0, err
		}
		i := bytes.IndexByte(b, 0xff)
		switch {
		case i < 0:
			w.pos += int64(len(b))
		case i == len(b)-1:
			w.pos += int64(i)
			if i == 0 {
				return 0, errTruncated
			}
		case b[i+1] == 0xff:
			w.pos += int64(i) + 1
		case b[i+1] == 0 || b[i+1] >= 0xd0 && b[i+1] <= 0xd7: // data, restart
			w.pos += int64(i) + 2
		default:
			w.pos += int64(i) + 2
			return b[i+1], nil
		}
	}
}

// segment reads the segment of a marker.
func (w *jpegWalk) segment(marker byte) error {
	if w.segments++; w.segments > maxSegments {
		return refuse(TooLarge, "The JPEG file has too many segments.")
	}
	if marker == 0xd8 || marker == 0x01 {
		return broken("The JPEG file has a marker where none may stand.")
	}
	n, err := w.u16(w.pos)
	if err != nil {
		return err
	}
	if n < 2 {
		return broken("A segment of the JPEG file has no length.")
	}
	body, err := w.at(w.pos+2, int(n)-2)
	if err != nil {
		return err
	}
	w.pos += int64(n)
	switch {
	case marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc:
		return w.frame(marker, body)
	case marker == 0xda:
		if w.scans++; w.scans > maxScans {
			return refuse(TooLarge, "The JPEG file has more than %d scans.", maxScans)
		}
	case marker >= 0xe0 && marker <= 0xef:
		w.application(marker, body)
	case marker == 0xfe:
		w.facts.comment = string(body[:min(len(body), 1000)])
	}
	return nil
}

// frame reads a frame header (T.81, B.2.2): the size of the picture, and what it takes to decode.
func (w *jpegWalk) frame(marker byte, b []byte) error {
	if w.seen {
		return broken("The JPEG file says twice how large the picture is.")
	}
	w.seen = true
	if marker > 0xc2 {
		return refuse(Unsupported, "This kind of JPEG is seldom understood: save it as a "+
			"baseline or progressive JPEG.")
	}
	if len(b) < 6 || len(b) != 6+3*int(b[5]) {
		return broken("The frame header of the JPEG file is broken.")
	}
	if b[0] != 8 {
		return refuse(Unsupported, "JPEG with %d bits is seldom understood: save it with 8.", b[0])
	}
	f := w.facts
	f.height = int(b[1])<<8 | int(b[2])
	f.width = int(b[3])<<8 | int(b[4])
	var most, all int64
	for c := b[6:]; len(c) >= 3; c = c[3:] {
		share := int64(c[1]>>4) * int64(c[1]&15)
		most = max(most, share)
		all += share
	}
	if most == 0 {
		return broken("The frame header of the JPEG file is broken.")
	}
	// Sides are padded to 16 pixels or more.
	pixels := int64(f.width+31) * int64(f.height+31)
	samples := (pixels*all + most - 1) / most
	f.memory = samples
	if marker == 0xc2 {
		f.memory += 4 * samples // coefficients of all blocks are kept
	}
	w.converted = 4 * pixels
	w.rgb = w.rgb || b[5] == 4 || b[5] == 3 && b[6] == 'R' && b[9] == 'G' && b[12] == 'B'
	return nil
}

// application reads an application segment.
func (w *jpegWalk) application(marker byte, b []byte) {
	f := w.facts
	cut := func(prefix string) ([]byte, bool) {
		rest, ok := bytes.CutPrefix(b, []byte(prefix))
		return bytes.Clone(rest), ok
	}
	switch marker {
	case 0xe1:
		if rest, ok := cut("Exif\x00\x00"); ok && f.exif == nil {
			f.exif = rest
		} else if rest, ok := cut("http://ns.adobe.com/xap/1.0/\x00"); ok && f.xmp == nil {
			f.xmp = rest
		}
	case 0xe2:
		if rest, ok := cut("ICC_PROFILE\x00"); ok && len(rest) > 2 &&
			len(w.profile)*longWindow < maxProfile {
			w.profile[rest[0]] = rest[2:]
		}
		w.multiple = w.multiple || bytes.HasPrefix(b, []byte("MPF\x00"))
	case 0xed:
		if rest, ok := cut("Photoshop 3.0\x00"); ok && f.iptc == nil {
			f.iptc = iptcOfPhotoshop(rest)
		}
	case 0xee:
		w.rgb = w.rgb || bytes.HasPrefix(b, []byte("Adobe")) && len(b) > 11 && b[11] == 0
	}
}

// refuseAppended refuses what stands behind the picture unless cameras put it there: padding, more
// JPEG pictures (previews, maps of brightness), or Samsung's notes.
func (w *jpegWalk) refuseAppended() error {
	end := w.pos
	ok, err := w.padding(end)
	if err != nil || ok {
		return err
	}
	if w.multiple {
		next, err := w.skipPadding(end)
		if err != nil {
			return err
		}
		if b, err := w.at(next, 3); err == nil && string(b) == "\xff\xd8\xff" {
			return nil
		}
	}
	if b, err := w.at(w.size-4, 4); err == nil && string(b) == "SEFT" {
		return nil
	}
	return w.refuseTrail(end)
}

// skipPadding returns the offset of the first byte from off on that is no padding.
func (w *jpegWalk) skipPadding(off int64) (int64, error) {
	r := w.reader(off)
	for {
		c, err := r.ReadByte()
		if errors.Is(err, io.EOF) || err == nil && c != 0 && c != 0xff {
			return off, nil
		}
		if err != nil {
			return 0, err
		}
		if c == 0xff {
			if next, err := r.Peek(1); err == nil && next[0] == 0xd8 {
				return off, nil
			}
		}
		off++
	}
}
