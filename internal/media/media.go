package media

import (
	"context"
	"io"
	"time"
)

// Kind is what a file is for those who look at it.
type Kind string

const (
	Image    Kind = "image"
	Audio    Kind = "audio"
	Video    Kind = "video"
	Document Kind = "document"
)

// Inspection is what was found in a file.
type Inspection struct {
	Kind      Kind
	MIMEType  string        // of the file as it came
	Extension string        // of the file as it came, with its dot
	Width     int           // of the served picture, or of a film as it is shown, in pixels; else 0
	Height    int           // likewise
	Duration  time.Duration // of sound and film; 0 where the file does not say
	Animated  bool          // the picture is a GIF that moves
	Color     string        // the mean colour of a picture as #rrggbb; else empty
	ThumbHash string        // of a picture, in base64 (evanw.github.io/thumbhash); else empty
	Words     Words

	// Served is the picture to serve; nil if the file itself is served.
	Served []byte
	// Patches take what sound, a film or a document says of itself out of what is served; there
	// are none if the file is served as it came. See Overlay.
	Patches []Patch
	// ServedType and ServedExtension are the MIME type and the extension of what is served.
	ServedType      string
	ServedExtension string
}

// Words are what a file says of itself. What it does not say is empty. Each is valid UTF-8 without
// control characters other than line feeds, and at most 5,000 characters long.
type Words struct {
	Title     string
	Alt       string // the alternative text for those who do not see it
	Caption   string
	Credit    string // who made it
	License   string // under which terms it may be used
	SourceURL string // an http or https address
	People    []string
	TakenAt   time.Time // zero if unknown; of a camera that does not know its time zone, as UTC
}

// Options are what an Inspector allows. Zero values stand for the defaults.
type Options struct {
	// Pixels is how many pixels a picture may have; 50 million by default.
	Pixels int
	// Frames is how many frames a GIF may have; 300 by default.
	Frames int
	// Boxes is how many parts (boxes, chunks, segments, pages) a file may have; a million by
	// default.
	Boxes int
	// Memory is how many bytes all pictures in work may take together; 192 MiB by default. A
	// picture that would take more by itself is refused.
	Memory int64
	// Workers is how many pictures are received at once, and how many are rendered at once; half
	// of the processors by default.
	Workers int
	// PictureBytes, DocumentBytes and FilmBytes are how large files may be: 32 MiB, 100 MiB and
	// 2 GiB by default. FilmBytes is for sound as well.
	PictureBytes  int64
	DocumentBytes int64
	FilmBytes     int64
}

// Inspector inspects files and renders pictures. It may be used by many goroutines at once.
type Inspector struct {
	options Options
	gate    *gate
}

// New returns an Inspector.
func New(options Options) *Inspector {
	o := options.withDefaults()
	return &Inspector{options: o, gate: newGate(o.Memory, o.Workers)}
}

// Inspect finds out what the file of size bytes is. The name is what it was called where it comes
// from; an extension that does not fit the bytes is refused, none is fine.
//
// It returns a *Refusal if the file cannot be taken, and other errors if it cannot be read or ctx
// ends. It may wait until other pictures are done.
func (i *Inspector) Inspect(
	ctx context.Context, file io.ReaderAt, size int64, name string,
) (*Inspection, error) {
	s := newSource(file, size, i.options.Boxes)
	format, err := i.formatOf(s, name)
	if err != nil {
		return nil, err
	}
	if err := s.refusePolyglots(format.kind == Image); err != nil {
		return nil, err
	}
	found := &Inspection{
		Kind:            format.kind,
		MIMEType:        format.mime,
		Extension:       format.extensions[0],
		ServedType:      format.mime,
		ServedExtension: format.extensions[0],
	}
	if format.kind == Image {
		err = i.inspectPicture(ctx, s, format, found)
	} else {
		err = format.probe(s, found)
	}
	if err != nil {
		return nil, err
	}
	found.Patches = s.patches
	found.Words.clean()
	return found, nil
}

// formatOf returns the format of a file after it has compared it with the file's name and size.
func (i *Inspector) formatOf(s *source, name string) (*format, error) {
	format, err := sniff(s)
	if err != nil {
		return nil, err
	}
	if err := format.fits(name); err != nil {
		return nil, err
	}
	limit := i.options.FilmBytes
	switch format.kind {
	case Image:
		limit = i.options.PictureBytes
	case Document:
		limit = i.options.DocumentBytes
	}
	if s.size > limit {
		return nil, refuse(TooLarge, "The file has %s; %s may have %s.",
			megabytes(s.size), format.plural, megabytes(limit))
	}
	return format, nil
}
