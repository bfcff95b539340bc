package media

import (
	"bytes"
	"regexp"
	"strconv"
)

var (
	pdfHead   = regexp.MustCompile(`^%PDF-[12]\.\d[\s%]`)
	startXref = regexp.MustCompile(`startxref\s+(\d{1,12})\s+%%EOF\s*$`)
	pdfXref   = regexp.MustCompile(`^\s*(xref\s|\d{1,10}\s+\d{1,5}\s+obj)`)
	pdfLaunch = regexp.MustCompile(`/S\s*/Launch\b`)
)

// probePDF reads the ends of a PDF document (ISO 32000): it must begin with its version, and end
// with the offset of a table of its objects that is there.
func probePDF(s *source, found *Inspection) error {
	head, err := s.at(0, int(min(s.size, 16)))
	if err != nil {
		return err
	}
	if !pdfHead.Match(head) {
		return broken("The PDF document does not say its version.")
	}
	n := min(s.size, 2048)
	tail, err := s.copyOf(s.size-n, n)
	if err != nil {
		return err
	}
	xref := startXref.FindSubmatch(bytes.TrimRight(tail, "\x00"))
	if xref == nil {
		return broken("The PDF document has no end, or goes on after it: it was not saved or " +
			"sent whole, or something was appended to it.")
	}
	at, err := strconv.ParseInt(string(xref[1]), 10, 64)
	if err != nil || at >= s.size {
		return errTruncated
	}
	table, err := s.at(at, int(min(64, s.size-at)))
	if err != nil {
		return err
	}
	if !pdfXref.Match(table) {
		return broken("The PDF document lacks the table of its objects: it was not saved or " +
			"sent whole.")
	}
	if err := s.refuseLaunch(); err != nil {
		return err
	}
	return stripPDF(s, &found.Words)
}

// refuseLaunch refuses a document that starts programs (ISO 32000-2, 12.6.4.6).
func (s *source) refuseLaunch() error {
	const overlap = 64
	for pos := int64(0); pos < s.size; pos += longWindow - overlap {
		b, err := s.at(pos, int(min(longWindow, s.size-pos)))
		if err != nil {
			return err
		}
		if pdfLaunch.Match(b) {
			return broken("The PDF document starts a program: save it anew without it.")
		}
	}
	return nil
}
