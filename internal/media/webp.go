package media

import (
	"encoding/binary"
	"image"
)

// walkWebP reads all chunks of a WebP file (RFC 9649) and returns what they say.
func walkWebP(s *source) (*pictureFacts, error) {
	f := &pictureFacts{frames: 1}
	end, err := riffEnd(s)
	if err != nil {
		return nil, err
	}
	for pos := int64(12); pos < end; {
		if err := s.count(); err != nil {
			return nil, err
		}
		head, err := s.at(pos, 8)
		if err != nil {
			return nil, err
		}
		length := int64(binary.LittleEndian.Uint32(head[4:]))
		if pos+8+length > end {
			return nil, errTruncated
		}
		if err := f.readWebPChunk(s, string(head[:4]), pos+8, length); err != nil {
			return nil, err
		}
		pos += 8 + length + length&1
	}
	return f, s.refuseTrail(end)
}

// riffEnd returns where a RIFF file ends by its header.
func riffEnd(s *source) (int64, error) {
	n, err := s.le32(4)
	if err != nil {
		return 0, err
	}
	end := int64(n) + 8
	if end > s.size {
		return 0, errTruncated
	}
	return end, nil
}

// readWebPChunk notes what a chunk says.
func (f *pictureFacts) readWebPChunk(s *source, name string, pos, length int64) error {
	head, err := s.at(pos, int(min(length, 10)))
	if err != nil {
		return err
	}
	switch {
	case name == "VP8 " && len(head) == 10:
		f.studioRange = true
		f.sized(int(binary.LittleEndian.Uint16(head[6:]))&0x3fff,
			int(binary.LittleEndian.Uint16(head[8:]))&0x3fff, 2)
	case name == "VP8L" && len(head) >= 5:
		f.lossless = true
		bits := binary.LittleEndian.Uint32(head[1:])
		f.sized(int(bits&0x3fff)+1, int(bits>>14&0x3fff)+1, 8)
	case name == "VP8X" && len(head) == 10:
		f.sized(1+int(head[4])+int(head[5])<<8+int(head[6])<<16,
			1+int(head[7])+int(head[8])<<8+int(head[9])<<16, 3)
	case name == "ALPH":
		f.memory += 5 * int64(f.width) * int64(f.height)
	case name == "ANIM" || name == "ANMF":
		return refuse(Unsupported, "A WebP that moves is not taken: export it as GIF or as a "+
			"film (MP4).")
	}
	if length > maxProfile {
		return nil
	}
	switch name {
	case "ICCP":
		f.profile, err = s.copyOf(pos, length)
	case "EXIF":
		f.exif, err = s.copyOf(pos, min(length, maxMetadata))
	case "XMP ":
		f.xmp, err = s.copyOf(pos, min(length, maxMetadata))
	}
	return err
}

// sized notes the size of a picture and how many bytes each of its pixels takes to decode.
func (f *pictureFacts) sized(w, h int, bytes int64) {
	f.width = max(f.width, w)
	f.height = max(f.height, h)
	f.memory += bytes * int64(w) * int64(h)
}

// fullRange stretches the colours of a lossy WebP picture, which its decoder leaves between 16 and
// 235 as television has them (golang.org/issue/40173).
func fullRange(img image.Image) {
	var p *image.YCbCr
	switch img := img.(type) {
	case *image.YCbCr:
		p = img
	case *image.NYCbCrA:
		p = &img.YCbCr
	default:
		return
	}
	var luma, chroma [256]byte
	for i := range 256 {
		luma[i] = byte(clamp((float32(i)-16)*255/219 + 0.5))
		chroma[i] = byte(clamp((float32(i)-128)*255/224 + 128.5))
	}
	for i, v := range p.Y {
		p.Y[i] = luma[v]
	}
	for i := range p.Cb {
		p.Cb[i] = chroma[p.Cb[i]]
		p.Cr[i] = chroma[p.Cr[i]]
	}
}

// clamp returns the nearest number from 0 to 255.99.
func clamp(v float32) float32 { return min(max(v, 0), 255.99) }
