package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"time"
)

const maxComments = 1 << 20 // bytes of Vorbis comments that are read

// ogg is a walk through the pages of an Ogg file (RFC 3533) with one stream.
type ogg struct {
	*source
	serial  uint32
	rate    uint32 // samples of a second
	skip    uint64 // samples before the sound begins
	samples uint64
	packets [][]byte // the first two: which codec, and comments
	open    bool     // the last of these goes on
	said    int      // bytes of the comments that have come
	ended   bool
}

// probeOgg reads the pages of an Ogg file.
func probeOgg(s *source, found *Inspection) error {
	o := &ogg{source: s}
	for pos := int64(0); pos < s.size; {
		next, err := o.page(pos)
		if err != nil {
			return err
		}
		pos = next
	}
	if o.rate == 0 {
		return broken("The Ogg file holds no sound.")
	}
	if !o.ended {
		return errTruncated
	}
	if o.samples > o.skip {
		found.Duration = seconds(o.samples-o.skip, o.rate)
	}
	if len(o.packets) > 1 {
		comments := bytes.TrimPrefix(o.packets[1], []byte("\x03vorbis"))
		comments = bytes.TrimPrefix(comments, []byte("OpusTags"))
		readVorbisComments(comments, &found.Words)
	}
	return nil
}

// page reads one page and returns where the next begins.
func (o *ogg) page(pos int64) (int64, error) {
	if err := o.count(); err != nil {
		return 0, err
	}
	head, lacing, b, err := o.parts(pos)
	if err != nil {
		return 0, err
	}
	flags := head[5]
	granule := binary.LittleEndian.Uint64(head[6:])
	serial := binary.LittleEndian.Uint32(head[14:])
	first := pos == 0
	if first {
		o.serial = serial
	}
	if serial != o.serial || !first && flags&2 != 0 {
		return 0, refuse(Unsupported, "Ogg files with several streams, or with a film, are not "+
			"taken: export it as MP3, M4A, MP4 or WebM.")
	}
	if err := o.emptyComments(pos, head, lacing, b); err != nil {
		return 0, err
	}
	o.takePackets(lacing, b)
	if first {
		if err := o.codec(); err != nil {
			return 0, err
		}
	}
	if granule != 1<<64-1 {
		o.samples = max(o.samples, granule)
	}
	o.ended = flags&4 != 0
	return pos + int64(len(head)+len(b)), nil
}

// parts returns the head of the page at an offset, with its lacing values, which are its end, and
// the body, which is valid until more is read.
func (o *ogg) parts(pos int64) (head, lacing, body []byte, err error) {
	const fixed = 27
	head, err = o.at(pos, fixed)
	if err != nil {
		return nil, nil, nil, err
	}
	if string(head[:5]) != "OggS\x00" {
		return nil, nil, nil, broken("The Ogg file has something between its pages.")
	}
	head, err = o.copyOf(pos, fixed+int64(head[fixed-1]))
	if err != nil {
		return nil, nil, nil, err
	}
	lacing = head[fixed:]
	size := 0
	for _, n := range lacing {
		size += int(n)
	}
	body, err = o.at(pos+int64(len(head)), size)
	return head, lacing, body, err
}

// takePackets keeps the first two packets of the stream.
func (o *ogg) takePackets(lacing, b []byte) {
	for _, n := range lacing {
		if !o.open {
			if len(o.packets) == 2 {
				return
			}
			o.packets = append(o.packets, nil)
		}
		last := len(o.packets) - 1
		if len(o.packets[last]) < maxComments {
			o.packets[last] = append(o.packets[last], b[:n]...)
		}
		b = b[n:]
		o.open = n == 255
	}
}

// codec reads what the first packet says.
func (o *ogg) codec() error {
	if len(o.packets) == 0 {
		return broken("The Ogg file begins with an empty page.")
	}
	b := o.packets[0]
	switch {
	case bytes.HasPrefix(b, []byte("\x01vorbis")) && len(b) >= 16:
		o.rate = binary.LittleEndian.Uint32(b[12:])
	case bytes.HasPrefix(b, []byte("OpusHead")) && len(b) >= 12:
		o.rate = 48_000
		o.skip = uint64(binary.LittleEndian.Uint16(b[10:]))
	default:
		return refuse(Unsupported, "Of Ogg files, those with Vorbis or Opus sound are taken: "+
			"export it as MP3, M4A, MP4 or WebM.")
	}
	return nil
}

// readVorbisComments reads the words of a list of NAME=text.
func readVorbisComments(b []byte, w *Words) {
	next := func() ([]byte, bool) {
		if len(b) < 4 {
			return nil, false
		}
		n := int64(binary.LittleEndian.Uint32(b))
		if n > int64(len(b)-4) {
			return nil, false
		}
		text := b[4 : 4+n]
		b = b[4+n:]
		return text, true
	}
	if _, ok := next(); !ok || len(b) < 4 { // who wrote it
		return
	}
	b = b[4:] // how many
	for {
		text, ok := next()
		if !ok {
			return
		}
		name, value, _ := strings.Cut(string(text), "=")
		switch strings.ToUpper(name) {
		case "TITLE":
			w.Title = first(w.Title, value)
		case "ARTIST":
			w.Credit = first(w.Credit, value)
		case "DESCRIPTION", "COMMENT":
			w.Caption = first(w.Caption, value)
		case "LICENSE", "COPYRIGHT":
			w.License = first(w.License, value)
		}
	}
}

// probeWAV reads the chunks of a WAV file.
func probeWAV(s *source, found *Inspection) error {
	end, err := riffEnd(s)
	if err != nil {
		return err
	}
	var rate, data int64
	for pos := int64(12); pos+8 <= end; {
		if err := s.count(); err != nil {
			return err
		}
		head, err := s.at(pos, 8)
		if err != nil {
			return err
		}
		name := string(head[:4])
		n := int64(binary.LittleEndian.Uint32(head[4:]))
		if pos+8+n > end {
			return errTruncated
		}
		switch name {
		case "fmt ":
			if rate, err = wavFormat(s, pos+8, n); err != nil {
				return err
			}
		case "data":
			data += n
		case "LIST":
			if err := wavWords(s, pos+8, pos+8+n, &found.Words); err != nil {
				return err
			}
		}
		next := pos + 8 + n + n&1
		if name != "fmt " && name != "fact" && name != "data" { // the rest is not served
			if err := s.emptyChunk(pos, min(next, s.size)); err != nil {
				return err
			}
		}
		pos = next
	}
	if rate == 0 || data == 0 {
		return broken("The WAV file holds no sound.")
	}
	found.Duration = time.Duration(float64(data) / float64(rate) * float64(time.Second))
	return s.refuseTrail(min(end, s.size))
}

// emptyChunk makes a chunk of a WAV file one of zeros that nobody reads.
func (s *source) emptyChunk(pos, end int64) error {
	size, err := s.at(pos+4, 4)
	if err != nil {
		return err
	}
	return s.patch(pos, append([]byte("JUNK"), size...), end)
}

// wavFormat returns how many bytes a second of sound takes.
func wavFormat(s *source, pos, n int64) (int64, error) {
	if n < 16 {
		return 0, broken("The WAV file does not say what its sound is.")
	}
	b, err := s.at(pos, 16)
	if err != nil {
		return 0, err
	}
	switch binary.LittleEndian.Uint16(b) {
	case 1, 3, 6, 7, 0xfffe: // PCM, floats, A-law, µ-law, PCM with more to say
	default:
		return 0, refuse(Unsupported, "The sound in the WAV file is packed in a way that browsers "+
			"do not know: export it as MP3 or as WAV with PCM.")
	}
	return int64(binary.LittleEndian.Uint32(b[8:])), nil
}

// wavWords reads the words of a list of information.
func wavWords(s *source, pos, end int64, w *Words) error {
	kind, err := s.at(pos, 4)
	if errors.Is(err, errTruncated) || err == nil && string(kind) != "INFO" {
		return nil
	}
	for pos += 4; err == nil && pos+8 <= end; {
		if err = s.count(); err != nil {
			return err
		}
		head, err := s.at(pos, 8)
		if err != nil {
			return err
		}
		name := string(head[:4])
		n := int64(binary.LittleEndian.Uint32(head[4:]))
		if pos+8+n > end {
			return nil
		}
		b, err := s.copyOf(pos+8, min(n, 4*maxWords))
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		text := exifText(b)
		switch name {
		case "INAM":
			w.Title = text
		case "IART":
			w.Credit = text
		case "ICMT":
			w.Caption = text
		case "ICOP":
			w.License = text
		}
		pos += 8 + n + n&1
	}
	return err
}
