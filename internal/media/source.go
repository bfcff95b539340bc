package media

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

const (
	nearWindow = 4 << 10  // read at once where reading jumps, in bytes
	longWindow = 64 << 10 // read at once where reading goes on, in bytes
)

// source is a file that is walked. It counts the parts that are met.
type source struct {
	file  io.ReaderAt
	size  int64
	boxes int // that may still be met
	buf   []byte
	start int64 // of buf in the file

	patches []Patch
}

func newSource(file io.ReaderAt, size int64, boxes int) *source {
	return &source{file: file, size: size, boxes: boxes}
}

// at returns n bytes at an offset, which are valid until the next call. It returns errTruncated if
// the file ends before. n is at most longWindow.
func (s *source) at(off int64, n int) ([]byte, error) {
	if off < 0 || n < 0 || off > s.size-int64(n) {
		return nil, errTruncated
	}
	end := s.start + int64(len(s.buf))
	if off >= s.start && off+int64(n) <= end {
		return s.buf[off-s.start:][:n], nil
	}
	window := nearWindow
	if off >= s.start && off <= end {
		window = longWindow
	}
	if err := s.fill(off, min(int64(max(window, n)), s.size-off)); err != nil {
		return nil, err
	}
	return s.buf[:n], nil
}

// ahead returns the bytes that are at hand from an offset on: at least two, unless the file ends.
func (s *source) ahead(off int64) ([]byte, error) {
	end := s.start + int64(len(s.buf))
	if off < s.start || off+2 > end {
		if _, err := s.at(off, int(min(longWindow, max(2, s.size-off)))); err != nil {
			return nil, err
		}
	}
	return s.buf[off-s.start:], nil
}

func (s *source) fill(off, n int64) error {
	if int64(cap(s.buf)) < n {
		s.buf = make([]byte, longWindow)
	}
	s.buf = s.buf[:n]
	s.start = off
	if _, err := s.file.ReadAt(s.buf, off); err != nil && !errors.Is(err, io.EOF) {
		s.buf = nil
		return err
	}
	return nil
}

// copyOf returns a copy of n bytes at an offset, which may be more than at returns.
func (s *source) copyOf(off, n int64) ([]byte, error) {
	if off < 0 || n < 0 || off > s.size-n {
		return nil, errTruncated
	}
	b := make([]byte, n)
	if _, err := s.file.ReadAt(b, off); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return b, nil
}

// count counts one more part of the file, and refuses a file that has too many.
func (s *source) count() error {
	if s.boxes--; s.boxes < 0 {
		return refuse(TooLarge, "The file has too many parts.")
	}
	return nil
}

// reader returns a reader of the file from an offset on.
func (s *source) reader(off int64) *bufio.Reader {
	return bufio.NewReaderSize(io.NewSectionReader(s.file, off, s.size-off), longWindow)
}

func (s *source) u16(off int64) (uint16, error) {
	b, err := s.at(off, 2)
	if err != nil {
		return 0, err
	}
	return binary.BigEndian.Uint16(b), nil
}

func (s *source) u32(off int64) (uint32, error) {
	b, err := s.at(off, 4)
	if err != nil {
		return 0, err
	}
	return binary.BigEndian.Uint32(b), nil
}

func (s *source) u64(off int64) (uint64, error) {
	b, err := s.at(off, 8)
	if err != nil {
		return 0, err
	}
	return binary.BigEndian.Uint64(b), nil
}

func (s *source) le32(off int64) (uint32, error) {
	b, err := s.at(off, 4)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(b), nil
}
