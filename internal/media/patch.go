package media

import (
	"io"
	"sort"
)

// maxPatches is how many patches a file may need.
const maxPatches = 100_000

// Patch is what readers get in place of some bytes of sound or a film: Bytes at Offset, and so many
// Zeros after these. Nothing moves.
type Patch struct {
	Offset int64
	Bytes  []byte
	Zeros  int64
}

func (p Patch) end() int64 { return p.Offset + int64(len(p.Bytes)) + p.Zeros }

// Overlay returns a reader of the size bytes of a file with patches over them, which are in the
// order of their offsets and do not overlap, as Inspect returns them.
func Overlay(file io.ReaderAt, size int64, patches []Patch) *io.SectionReader {
	return io.NewSectionReader(&overlay{file, patches}, 0, size)
}

type overlay struct {
	file    io.ReaderAt
	patches []Patch
}

// ReadAt reads bytes of the file as they are served.
func (o *overlay) ReadAt(b []byte, off int64) (int, error) {
	n, err := o.file.ReadAt(b, off)
	end := off + int64(n)
	first := sort.Search(len(o.patches), func(i int) bool { return o.patches[i].end() > off })
	for _, p := range o.patches[first:] {
		if p.Offset >= end {
			break
		}
		zeros := p.Offset + int64(len(p.Bytes))
		if zeros > off {
			copy(b[max(0, p.Offset-off):n], p.Bytes[max(0, off-p.Offset):])
		}
		if from, to := max(zeros, off), min(p.end(), end); from < to {
			clear(b[from-off : to-off])
		}
	}
	return n, err
}

// patch notes that bytes at an offset, and zeros after them up to an end, are served in place of
// what stands there. Offsets must grow.
func (s *source) patch(off int64, b []byte, end int64) error {
	p := Patch{Offset: off, Bytes: b, Zeros: end - off - int64(len(b))}
	if end == off {
		return nil
	}
	if last := len(s.patches) - 1; last >= 0 && len(b) == 0 && s.patches[last].end() == off {
		s.patches[last].Zeros += p.Zeros
		return nil
	}
	if len(s.patches) == maxPatches {
		return refuse(TooLarge, "The file says too much of itself in too many parts.")
	}
	s.patches = append(s.patches, p)
	return nil
}
