package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
)

// refusePolyglots refuses a file that is another file at the same time: every file that ends as a
// ZIP archive does, and pictures that hold programs or pages.
func (s *source) refusePolyglots(picture bool) error {
	zip, err := s.endsAsZIP()
	if err != nil {
		return err
	}
	if zip {
		return broken("The file is a ZIP archive at the same time.")
	}
	if !picture {
		return nil
	}
	found, err := s.program()
	if err != nil {
		return err
	}
	head, err := s.at(0, int(min(s.size, 1024)))
	if err != nil {
		return err
	}
	if bytes.Contains(head, []byte("%PDF-")) { // where programs for PDF look for it
		found = "a PDF document"
	}
	if found != "" {
		return broken("The picture holds a program or a web page (%s): save it anew with a "+
			"program for pictures.", found)
	}
	return nil
}

// endsAsZIP reports whether a file has the end of a ZIP archive where programs that open archives
// look for it (APPNOTE.TXT 4.3.16).
func (s *source) endsAsZIP() (bool, error) {
	const record, comment = 22, 1<<16 - 1
	n := min(s.size, record+comment)
	tail, err := s.copyOf(s.size-n, n)
	if err != nil {
		return false, err
	}
	for rest := tail; ; {
		i := bytes.Index(rest, []byte("PK\x05\x06"))
		if i < 0 {
			return false, nil
		}
		rest = rest[i:]
		if len(rest) < record {
			return false, nil
		}
		directory := int64(binary.LittleEndian.Uint32(rest[12:]))
		before := s.size - int64(len(rest))
		if int(binary.LittleEndian.Uint16(rest[20:])) <= len(rest)-record && directory <= before {
			return true, nil
		}
		rest = rest[4:]
	}
}

// programs are the beginnings of what a browser or a server would run, in lower case and without
// their first byte, which is <. They are too long to come about by chance in what is compressed.
var programs = []string{"script", "?php ", "?php\n", "?php\r", "!doctype", "html>", "html ",
	"iframe", "svg xmlns", "object ", "embed "}

// program returns the beginning of the first program or page that the file contains, or an empty
// string.
func (s *source) program() (string, error) {
	const longest = 12
	r := io.NewSectionReader(s.file, 0, s.size)
	buf := make([]byte, longWindow)
	kept := 0
	for {
		n, err := r.Read(buf[kept:])
		part := buf[:kept+n]
		for rest := part; ; {
			i := bytes.IndexByte(rest, '<')
			if i < 0 {
				break
			}
			rest = rest[i+1:]
			after := string(bytes.ToLower(rest[:min(len(rest), longest)]))
			for _, word := range programs {
				if strings.HasPrefix(after, word) {
					return "<" + strings.TrimSpace(word), nil
				}
			}
		}
		if errors.Is(err, io.EOF) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		kept = copy(buf, part[max(0, len(part)-longest):])
	}
}

// padding reports whether the rest of a file from an offset on is nothing but at most 64 KiB of
// zeros and white space, as some programs and cameras append it.
func (s *source) padding(off int64) (bool, error) {
	n := s.size - off
	if n > longWindow {
		return false, nil
	}
	rest, err := s.at(off, int(n))
	if err != nil {
		return false, err
	}
	return len(bytes.Trim(rest, "\x00\r\n\t ")) == 0, nil
}

// refuseTrail refuses a file that goes on after its end, at an offset.
func (s *source) refuseTrail(end int64) error {
	ok, err := s.padding(end)
	if err != nil || ok {
		return err
	}
	return broken("The file goes on after its end: something was appended to it. Save it anew.")
}
