package media

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/draw"
	"image/gif"
	"io"
)

// gifWalk is a walk through the blocks of a GIF file (GIF89a).
type gifWalk struct {
	*source
	facts *pictureFacts
	pos   int64
	area  int64 // of all frames together, in pixels
}

// walkGIF reads all blocks of a GIF file and returns what they say.
func walkGIF(s *source, maxFrames int) (*pictureFacts, error) {
	head, err := s.at(0, 13)
	if err != nil {
		return nil, err
	}
	f := &pictureFacts{lossless: true}
	f.width = int(binary.LittleEndian.Uint16(head[6:]))
	f.height = int(binary.LittleEndian.Uint16(head[8:]))
	w := &gifWalk{source: s, facts: f, pos: 13 + colorTable(head[10])}
	for {
		done, err := w.block()
		if err != nil {
			return nil, err
		}
		if f.frames > maxFrames {
			return nil, refuse(TooLarge, "The GIF has more than %d frames: make a film (MP4) "+
				"of it.", maxFrames)
		}
		if w.area > maxMotion {
			return nil, refuse(TooLarge, "The frames of the GIF have more than %s pixels "+
				"together: make a film (MP4) of it.", thousands(maxMotion))
		}
		if done {
			break
		}
	}
	if f.frames == 0 {
		return nil, broken("The GIF file holds no picture.")
	}
	f.memory = w.area
	if f.frames == 1 {
		f.memory += 4 * int64(f.width) * int64(f.height) // the frame on its canvas
	}
	return f, s.refuseTrail(w.pos)
}

// colorTable returns how many bytes the colour table takes that the flags speak of.
func colorTable(flags byte) int64 {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// block reads one block and reports whether it is the last.
func (w *gifWalk) block() (done bool, err error) {
	b, err := w.at(w.pos, 1)
	if err != nil {
		return false, err
	}
	w.pos++
	switch b[0] {
	case 0x3b: // trailer
		return true, nil
	case 0x21: // extension
		w.pos++
		return false, w.subBlocks()
	case 0x2c:
		return false, w.frame()
	}
	return false, broken("The GIF file has a block that is unknown.")
}

// frame reads the head of a frame and goes past its pixels.
func (w *gifWalk) frame() error {
	b, err := w.at(w.pos, 9)
	if err != nil {
		return err
	}
	fw := int(binary.LittleEndian.Uint16(b[4:]))
	fh := int(binary.LittleEndian.Uint16(b[6:]))
	right := int(binary.LittleEndian.Uint16(b)) + fw
	bottom := int(binary.LittleEndian.Uint16(b[2:])) + fh
	if right > w.facts.width || bottom > w.facts.height {
		return broken("A frame of the GIF is larger than the picture.")
	}
	w.facts.frames++
	w.area += int64(fw) * int64(fh)
	w.pos += 9 + colorTable(b[8]) + 1
	return w.subBlocks()
}

// subBlocks goes past data in blocks of up to 255 bytes.
func (w *gifWalk) subBlocks() error {
	for {
		b, err := w.at(w.pos, 1)
		if err != nil {
			return err
		}
		n := int64(b[0])
		w.pos += 1 + n
		if n == 0 {
			return nil
		}
	}
}

// decodeFirstFrame returns the first frame of a GIF on its canvas.
func decodeFirstFrame(r io.Reader, f *pictureFacts) (image.Image, error) {
	frame, err := gif.Decode(r)
	if err != nil {
		return nil, err
	}
	canvas := image.Rect(0, 0, f.width, f.height)
	if frame.Bounds() == canvas {
		return frame, nil
	}
	return onCanvas(frame, canvas), nil
}

func onCanvas(frame image.Image, canvas image.Rectangle) image.Image {
	img := image.NewNRGBA(canvas)
	draw.Draw(img, frame.Bounds(), frame, frame.Bounds().Min, draw.Src)
	return img
}

func firstFrame(all *gif.GIF) image.Image {
	return onCanvas(all.Image[0], image.Rect(0, 0, all.Config.Width, all.Config.Height))
}

// encodeMotion writes a GIF that moves anew: its frames and their times, and nothing else.
func encodeMotion(all *gif.GIF) ([]byte, error) {
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, all); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
