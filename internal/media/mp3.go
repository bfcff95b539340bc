package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
)

const (
	maxJunk    = 64 << 10 // bytes between frames that are no frames
	maxTagRead = 256 << 10
)

// mp3Frame is the head of a frame of MPEG audio, layer III (ISO 11172-3, 13818-3).
type mp3Frame struct {
	size    int // bytes, with its head
	samples int
	rate    int // samples of a second
	mono    bool
	low     bool // MPEG-2 or 2.5
}

var (
	mp3Bitrates = [2][16]int{ // kbit/s
		{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0},
		{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0},
	}
	mp3Rates = [3]int{44_100, 48_000, 32_000}
)

// parseMP3Frame reads the head of a frame.
func parseMP3Frame(b []byte) (mp3Frame, bool) {
	if len(b) < 4 || b[0] != 0xff || b[1]&0xe0 != 0xe0 {
		return mp3Frame{}, false
	}
	version, layer := b[1]>>3&3, b[1]>>1&3
	bitrate, rate := b[2]>>4, b[2]>>2&3
	if version == 1 || layer != 1 || bitrate == 0 || bitrate == 15 || rate == 3 {
		return mp3Frame{}, false
	}
	f := mp3Frame{samples: 1152, rate: mp3Rates[rate], mono: b[3]>>6 == 3}
	table := 0
	if version != 3 {
		f.low = true
		f.samples = 576
		table = 1
		f.rate /= 2
		if version == 0 {
			f.rate /= 2
		}
	}
	f.size = f.samples/8*mp3Bitrates[table][bitrate]*1000/f.rate + int(b[2]>>1&1)
	return f, true
}

// isMP3Frame reports whether bytes begin with a frame that another follows.
func isMP3Frame(b []byte) bool {
	f, ok := parseMP3Frame(b)
	if !ok || len(b) < 4 {
		return false
	}
	if f.size+4 > len(b) {
		return true // it is found out when the frames are walked
	}
	_, ok = parseMP3Frame(b[f.size:])
	return ok
}

// probeMP3 reads all frames of an MP3 file.
func probeMP3(s *source, found *Inspection) error {
	pos, err := readTags(s, &found.Words)
	if err != nil {
		return err
	}
	end, tags, err := mp3End(s, &found.Words)
	if err != nil {
		return err
	}
	w := &mp3Walk{source: s, r: s.reader(pos), end: end, left: end - pos}
	if err := w.frames(); err != nil {
		return err
	}
	for _, tag := range slices.Backward(tags) {
		if err := s.patch(tag.Offset, tag.Bytes, tag.end()); err != nil {
			return err
		}
	}
	if w.frameCount < 3 {
		return broken("The MP3 file holds no sound.")
	}
	if w.declared > 0 && w.frameCount < w.declared {
		return errTruncated
	}
	found.Duration = time.Duration(w.seconds * float64(time.Second))
	return nil
}

// mp3Walk is a walk through frames.
type mp3Walk struct {
	*source
	r interface {
		Peek(n int) ([]byte, error)
		Discard(n int) (int, error)
	}
	end        int64 // where the frames end in the file
	left       int64 // bytes
	frameCount int
	declared   int // frames that the first says there are
	junk       int
	seconds    float64
}

func (w *mp3Walk) frames() error {
	for w.left >= 4 {
		b, err := w.r.Peek(4)
		if err != nil {
			return err
		}
		f, ok := parseMP3Frame(b)
		if !ok {
			if err := w.skip(); err != nil {
				return err
			}
			continue
		}
		if int64(f.size) > w.left {
			return errTruncated
		}
		about := w.frameCount == 0 && w.declared == 0 && w.information(f)
		if !about {
			w.frameCount++
			w.seconds += float64(f.samples) / float64(f.rate)
		}
		if _, err := w.r.Discard(f.size); err != nil {
			return err
		}
		w.left -= int64(f.size)
	}
	return w.patch(w.end-w.left, nil, w.end)
}

// skip goes past a byte that is no part of a frame, and is not served.
func (w *mp3Walk) skip() error {
	if w.junk++; w.junk > maxJunk {
		return broken("The MP3 file has something between its frames that is no sound.")
	}
	at := w.end - w.left
	w.left--
	if _, err := w.r.Discard(1); err != nil {
		return err
	}
	return w.patch(at, nil, at+1)
}

// information reports whether a frame is no sound but speaks of the file, as encoders write it
// first, and notes how many frames it says there are.
func (w *mp3Walk) information(f mp3Frame) bool {
	b, err := w.r.Peek(f.size)
	if err != nil && !errors.Is(err, io.EOF) {
		return false
	}
	side := map[[2]bool]int{{false, false}: 32, {false, true}: 17, {true, false}: 17,
		{true, true}: 9}[[2]bool{f.low, f.mono}]
	if len(b) >= 4+32+18 && string(b[36:40]) == "VBRI" {
		w.declared = int(binary.BigEndian.Uint32(b[50:]))
		return true
	}
	at := 4 + side
	if len(b) < at+12 || string(b[at:at+4]) != "Xing" && string(b[at:at+4]) != "Info" {
		return false
	}
	if b[at+7]&1 != 0 {
		w.declared = int(binary.BigEndian.Uint32(b[at+8:]))
	}
	return true
}

// mp3End returns where the frames end: before the tags that may stand at the end of the file. It
// returns the patches that empty these, from the last to the first.
func mp3End(s *source, w *Words) (int64, []Patch, error) {
	end := s.size
	var tags []Patch
	if b, err := s.at(end-128, 128); err == nil && string(b[:3]) == "TAG" {
		b = bytes.Clone(b)
		end -= 128
		w.Title = first(w.Title, latin(b[3:33]))
		w.Credit = first(w.Credit, latin(b[33:63]))
		empty := append(append([]byte("TAG"), make([]byte, 124)...), 0xff) // of no genre
		tags = append(tags, Patch{Offset: end, Bytes: empty})
	}
	if b, err := s.at(end-10, 10); err == nil && string(b[:3]) == "3DI" {
		foot := bytes.Clone(b)
		start := end - 20 - synchsafe(foot[6:])
		if start < 0 {
			return 0, nil, errBrokenTag
		}
		head := append([]byte("ID3"), foot[3:]...)
		tags = append(tags, Patch{Offset: end - 10, Bytes: foot},
			Patch{Offset: start, Bytes: head, Zeros: end - 20 - start})
		end = start
	}
	ape, err := emptyAPE(s, end)
	if len(ape) > 0 {
		end = ape[len(ape)-1].Offset
	}
	return end, append(tags, ape...), err
}

var errBrokenTag = broken("The MP3 file has a broken tag.")

// emptyAPE returns the patches that make an APE tag that ends at an offset an empty one of the same
// size, from the last to the first; none if there is no such tag.
func emptyAPE(s *source, end int64) ([]Patch, error) {
	b, err := s.at(end-32, 32)
	if err != nil || string(b[:8]) != "APETAGEX" {
		return nil, nil
	}
	size := int64(binary.LittleEndian.Uint32(b[12:]))
	start := end - size
	foot := make([]byte, 32) // no entries, nothing that is reserved
	copy(foot, b[:16])
	copy(foot[20:], b[20:24])
	var head []byte
	if foot[23]&0x80 != 0 {
		start -= 32
		head = bytes.Clone(foot)
		head[23] |= 0x20
	}
	if size < 32 || start < 0 {
		return nil, errBrokenTag
	}
	return []Patch{
		{Offset: end - 32, Bytes: foot},
		{Offset: start, Bytes: head, Zeros: size - 32},
	}, nil
}

// readTags reads the words of the ID3 tags, version 2, at the start of a file, empties them and
// returns where they end.
func readTags(s *source, w *Words) (int64, error) {
	for pos := int64(0); ; {
		end, err := readID3(s, pos, w)
		if err != nil || end == pos {
			return end, err
		}
		if err := s.count(); err != nil {
			return 0, err
		}
		if err := emptyID3(s, pos, end); err != nil {
			return 0, err
		}
		pos = end
	}
}

// emptyID3 makes a tag one of nothing but padding.
func emptyID3(s *source, pos, end int64) error {
	b, err := s.at(pos, 5)
	if err != nil {
		return err
	}
	n := min(end-pos-10, 1<<28-1)
	head := append(bytes.Clone(b), 0, byte(n>>21&127), byte(n>>14&127), byte(n>>7&127), byte(n&127))
	return s.patch(pos, head, end)
}

func latin(b []byte) string {
	text, _, _ := strings.Cut(string(b), "\x00")
	text, _ = charmap.Windows1252.NewDecoder().String(text)
	return strings.TrimSpace(text)
}

// readID3 reads the words of an ID3 tag, version 2, and returns where it ends.
func readID3(s *source, pos int64, w *Words) (int64, error) {
	head, err := s.at(pos, 10)
	if err != nil || string(head[:3]) != "ID3" {
		return pos, err
	}
	version, flags := head[3], head[5]
	size := synchsafe(head[6:])
	end := pos + 10 + size
	if flags&0x10 != 0 { // with a foot
		end += 10
	}
	if end > s.size {
		return 0, errTruncated
	}
	if version < 2 || version > 4 || flags&0x80 != 0 { // unknown, or mixed with zeros
		return end, nil
	}
	at := pos + 10
	if flags&0x40 != 0 && version > 2 { // more about the tag
		b, err := s.at(at, 4)
		if err != nil {
			return 0, err
		}
		if version == 4 {
			at += synchsafe(b)
		} else {
			at += 4 + int64(binary.BigEndian.Uint32(b))
		}
	}
	return end, readID3Frames(s, at, pos+10+size, version, w)
}

// synchsafe returns a number of four times seven bits.
func synchsafe(b []byte) int64 {
	return int64(b[0]&127)<<21 | int64(b[1]&127)<<14 | int64(b[2]&127)<<7 | int64(b[3]&127)
}

// readID3Frames reads the words of an ID3 tag's frames.
func readID3Frames(s *source, at, end int64, version byte, w *Words) error {
	head, name := int64(10), 4
	if version == 2 {
		head, name = 6, 3
	}
	for at+head <= end {
		if err := s.count(); err != nil {
			return err
		}
		b, err := s.at(at, int(head))
		if err != nil {
			return err
		}
		if b[0] == 0 { // padding
			return nil
		}
		var n int64
		switch version {
		case 2:
			n = int64(b[3])<<16 | int64(b[4])<<8 | int64(b[5])
		case 3:
			n = int64(binary.BigEndian.Uint32(b[4:]))
		default:
			n = synchsafe(b[4:])
		}
		id := string(b[:name])
		at += head
		if n > end-at {
			return nil
		}
		if target := id3Target(id, w); target != nil && n <= maxTagRead && *target == "" {
			body, err := s.copyOf(at, n)
			if err != nil {
				return err
			}
			*target = id3Text(id, body)
		}
		at += n
	}
	return nil
}

// id3Target returns the word that a frame is.
func id3Target(id string, w *Words) *string {
	switch id {
	case "TIT2", "TT2":
		return &w.Title
	case "TPE1", "TP1":
		return &w.Credit
	case "COMM", "COM", "TDES":
		return &w.Caption
	case "TCOP", "TCR":
		return &w.License
	}
	return nil
}

// id3Text returns the text of a frame.
func id3Text(id string, b []byte) string {
	if len(b) < 1 {
		return ""
	}
	encoding, b := b[0], b[1:]
	comment := id == "COMM" || id == "COM"
	if comment {
		if len(b) < 3 {
			return ""
		}
		b = b[3:] // language
	}
	var text string
	switch encoding {
	case 0:
		text, _ = charmap.Windows1252.NewDecoder().String(string(b))
	case 1, 2:
		text = utf16Text(b, encoding == 2)
	default:
		text = string(b)
	}
	if comment { // what it is about, and the comment
		about, rest, ok := strings.Cut(text, "\x00")
		if !ok || about != "" {
			return "" // a program's note
		}
		text = strings.TrimPrefix(rest, "\ufeff")
	}
	text = strings.Trim(text, "\x00")
	return strings.ReplaceAll(text, "\x00", ", ")
}

// utf16Text returns text in UTF-16, whose order of bytes it may say itself.
func utf16Text(b []byte, big bool) string {
	var order binary.ByteOrder = binary.LittleEndian
	if big || bytes.HasPrefix(b, []byte{0xfe, 0xff}) {
		order = binary.BigEndian
	}
	units := make([]uint16, 0, len(b)/2)
	for ; len(b) >= 2; b = b[2:] {
		units = append(units, order.Uint16(b))
	}
	return strings.TrimPrefix(string(utf16.Decode(units)), "\ufeff")
}
