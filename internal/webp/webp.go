// Package webp writes pictures as lossy WebP (RFC 9649): one key frame of VP8 (RFC 6386).
//
// Of what VP8 offers it uses whole-block prediction, adapted probabilities and the loop filter,
// and leaves out prediction of small blocks, segments and alpha. That is enough to be smaller than
// JPEG at the same quality, with nothing but Go and hardly more memory than the picture takes.
package webp

import (
	"encoding/binary"
	"errors"
	"image"
	"io"
)

const maxSide = 16_383 // pixels

// Encode writes a picture. The quality is from 0 to 100, as of JPEG.
func Encode(w io.Writer, img image.Image, quality int) error {
	b := img.Bounds()
	if b.Empty() || b.Dx() > maxSide || b.Dy() > maxSide {
		return errors.New("webp: a side has no pixels or more than 16,383")
	}
	e := newEncoder(newFrame(img), quality)
	e.encode()
	return write(w, e)
}

// write writes the file of what was encoded.
func write(w io.Writer, e *encoder) error {
	body := e.bytes()
	out := make([]byte, 20, 20+len(body)+1)
	copy(out, "RIFF")
	copy(out[8:], "WEBPVP8 ")
	binary.LittleEndian.PutUint32(out[16:], uint32(len(body)))
	out = append(out, body...)
	if len(body)%2 == 1 {
		out = append(out, 0)
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	_, err := w.Write(out)
	return err
}

// boolWriter writes bits by arithmetic coding (RFC 6386, 7.3).
type boolWriter struct {
	out    []byte
	span   uint32 // 128 to 255
	bottom uint32
	left   int // shifts until a byte is whole
}

func newBoolWriter() *boolWriter { return &boolWriter{span: 255, left: 24} }

// put writes a bit that is 0 with a probability of so many 256ths.
func (w *boolWriter) put(bit bool, prob uint8) {
	split := 1 + (w.span-1)*uint32(prob)>>8
	if bit {
		before := w.bottom
		w.bottom += split
		w.span -= split
		if w.bottom < before {
			w.carry()
		}
	} else {
		w.span = split
	}
	for w.span < 128 {
		w.span <<= 1
		if w.bottom&(1<<31) != 0 {
			w.carry()
		}
		w.bottom <<= 1
		if w.left--; w.left == 0 {
			w.out = append(w.out, byte(w.bottom>>24))
			w.bottom &= 1<<24 - 1
			w.left = 8
		}
	}
}

// carry adds one to what was written.
func (w *boolWriter) carry() {
	i := len(w.out) - 1
	for ; i >= 0 && w.out[i] == 255; i-- {
		w.out[i] = 0
	}
	if i >= 0 {
		w.out[i]++
	}
}

// number writes a number of n bits, the highest first.
func (w *boolWriter) number(v uint32, n int) {
	for n--; n >= 0; n-- {
		w.put(v>>n&1 == 1, 128)
	}
}

// bytes ends what is written and returns it.
func (w *boolWriter) bytes() []byte {
	for range 32 {
		w.put(false, 128)
	}
	return w.out
}
