package media

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"strings"
)

const maxChunks = 100_000

// walkPNG reads all chunks of a PNG file (W3C PNG, third edition) and returns what they say. The
// decoder checks their checksums.
func walkPNG(s *source) (*pictureFacts, error) {
	f := &pictureFacts{frames: 1, lossless: true}
	pos := int64(8)
	for n := 0; ; n++ {
		if n > maxChunks {
			return nil, refuse(TooLarge, "The PNG file has too many chunks.")
		}
		head, err := s.at(pos, 8)
		if err != nil {
			return nil, err
		}
		length := int64(binary.BigEndian.Uint32(head))
		name := string(head[4:])
		if pos+12+length > s.size {
			return nil, errTruncated
		}
		if n == 0 && (name != "IHDR" || length != 13) {
			return nil, broken("The PNG file does not begin with its header.")
		}
		if err := readChunk(s, f, name, pos+8, length); err != nil {
			return nil, err
		}
		pos += 12 + length
		if name == "IEND" {
			return f, s.refuseTrail(pos)
		}
	}
}

// readChunk notes what a chunk of a PNG file says.
func readChunk(s *source, f *pictureFacts, name string, pos, length int64) error {
	switch name {
	case "IHDR":
		return readPNGHeader(s, f, pos)
	case "acTL":
		f.moving = true
		return nil
	case "iCCP", "eXIf", "iTXt", "zTXt", "tEXt":
	default:
		return nil
	}
	if length > maxMetadata*4 {
		return nil
	}
	b, err := s.copyOf(pos, length)
	if err != nil {
		return err
	}
	switch name {
	case "iCCP":
		if _, rest, ok := bytes.Cut(b, []byte{0}); ok && len(rest) > 1 {
			f.profile = inflate(rest[1:], maxProfile)
		}
	case "eXIf":
		f.exif = b
	default:
		readPNGText(f, name, b)
	}
	return nil
}

// readPNGHeader reads the size and depth of a PNG picture.
func readPNGHeader(s *source, f *pictureFacts, pos int64) error {
	b, err := s.at(pos, 13)
	if err != nil {
		return err
	}
	w, h := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
	if w > 1<<30 || h > 1<<30 {
		return broken("The PNG file's header is broken.")
	}
	f.width = int(w)
	f.height = int(h)
	depth, color := b[8], b[9]
	interlaced := b[12] == 1
	bytes := int64(4) // of a pixel
	if color == 0 || color == 3 {
		bytes = 1
	}
	if depth == 16 {
		bytes = map[bool]int64{true: 2, false: 8}[color == 0]
	}
	f.memory = min(int64(w), maxSide) * min(int64(h), maxSide) * bytes
	if interlaced {
		f.memory += f.memory / 2 // the largest pass
	}
	return nil
}

// readPNGText notes what a text chunk says.
func readPNGText(f *pictureFacts, name string, b []byte) {
	key, rest, ok := bytes.Cut(b, []byte{0})
	if !ok {
		return
	}
	text := rest
	switch {
	case name == "zTXt" && len(rest) > 1:
		text = inflate(rest[1:], maxMetadata)
	case name == "iTXt":
		if len(rest) < 2 {
			return
		}
		packed := rest[0] == 1
		parts := bytes.SplitN(rest[2:], []byte{0}, 3) // language, translated key, text
		if len(parts) < 3 {
			return
		}
		text = parts[2]
		if packed {
			text = inflate(text, maxMetadata)
		}
	}
	switch strings.ToLower(string(key)) {
	case "xml:com.adobe.xmp":
		f.xmp = text
	case "raw profile type iptc":
		f.iptc = iptcOfPhotoshop(unhex(text))
	case "description":
		f.comment = string(text[:min(len(text), 1000)])
	}
}

// inflate returns what a zlib stream holds, or nothing if it is broken or more than limit bytes.
func inflate(b []byte, limit int64) []byte {
	z, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil
	}
	defer z.Close()
	out, err := io.ReadAll(io.LimitReader(z, limit+1))
	if err != nil || int64(len(out)) > limit {
		return nil
	}
	return out
}

// unhex returns the bytes of a profile as ImageMagick writes it into text: a name and a length on
// lines of their own, then hexadecimal digits in lines.
func unhex(text []byte) []byte {
	lines := bytes.Fields(text)
	if len(lines) < 3 {
		return nil
	}
	digits := bytes.Join(lines[2:], nil)
	out := make([]byte, 0, len(digits)/2)
	for i := 0; i+1 < len(digits); i += 2 {
		high, ok1 := nibble(digits[i])
		low, ok2 := nibble(digits[i+1])
		if !ok1 || !ok2 {
			return nil
		}
		out = append(out, high<<4|low)
	}
	return out
}

func nibble(c byte) (byte, bool) {
	i := strings.IndexByte("0123456789abcdef", c|0x20)
	return byte(max(i, 0)), i >= 0
}
