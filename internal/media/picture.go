package media

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/webp"
)

// pictureFacts is what the walk through a picture has found.
type pictureFacts struct {
	width, height int   // as stored
	memory        int64 // that decoding takes, in bytes
	frames        int
	lossless      bool // the pixels are as somebody drew them
	moving        bool // a PNG whose first picture alone is served
	studioRange   bool // a lossy WebP, whose colours x/image leaves in the range of television
	profile       []byte
	exif          []byte // from the TIFF header on
	iptc          []byte // IIM data sets
	xmp           []byte
	comment       string
}

const maxMetadata = 1 << 20 // bytes of one packet that are read; longer ones are left unread

// inspectPicture makes the served picture.
func (i *Inspector) inspectPicture(
	ctx context.Context, s *source, f *format, found *Inspection,
) error {
	facts, err := i.walkPicture(s, f)
	if err != nil {
		return err
	}
	if err := i.allow(facts); err != nil {
		return err
	}
	if facts.moving {
		found.Extension = ".apng"
	}
	meta := readWords(facts)
	found.Words = meta.words
	if err := i.gate.receives.Acquire(ctx, 1); err != nil {
		return err
	}
	defer i.gate.receives.Release(1)
	release, err := i.gate.take(ctx, facts.memory+servedMemory(facts))
	if err != nil {
		return err
	}
	defer release()
	if f == formatGIF && facts.frames > 1 {
		return i.serveMotion(s, found)
	}
	return serveStill(s, f, facts, meta.orientation, found)
}

// servedMemory returns what making and encoding a served picture takes beside its decoded original,
// in bytes: up to four for a pixel, twice while it is converted, and what the encoder writes.
func servedMemory(f *pictureFacts) int64 {
	w, h := servedSize(f.width, f.height, 1)
	perPixel := int64(3)
	if f.lossless || f.profile != nil {
		perPixel = 9
	}
	return perPixel * int64(w) * int64(h)
}

func (i *Inspector) walkPicture(s *source, f *format) (*pictureFacts, error) {
	switch f {
	case formatJPEG:
		return walkJPEG(s)
	case formatPNG:
		return walkPNG(s)
	case formatGIF:
		return walkGIF(s, i.options.Frames)
	}
	return walkWebP(s)
}

// allow refuses a picture that is too large to be decoded.
func (i *Inspector) allow(f *pictureFacts) error {
	switch {
	case f.width == 0 || f.height == 0:
		return broken("The picture has no pixels.")
	case f.width > maxSide || f.height > maxSide:
		return refuse(TooLarge, "The picture has %s × %s pixels; a side may have %s.",
			thousands(f.width), thousands(f.height), thousands(maxSide))
	case f.width*f.height > i.options.Pixels:
		return refuse(TooLarge, "The picture has %s × %s pixels, which is more than %s in all.",
			thousands(f.width), thousands(f.height), thousands(i.options.Pixels))
	}
	return nil
}

// serveStill decodes a picture and makes the served one of it.
func serveStill(
	s *source, f *format, facts *pictureFacts, orientation int, found *Inspection,
) error {
	img, err := decodeStill(s, f, facts)
	if err != nil {
		return err
	}
	w, h := servedSize(facts.width, facts.height, orientation)
	img = scale(img, img.Bounds(), w, h)
	img = toSRGB(img, facts.profile)
	img = turn(img, orientation)
	found.Served, found.ServedType, err = encodeServed(img, facts.lossless)
	if err != nil {
		return err
	}
	found.ServedExtension = extensionOf(found.ServedType)
	describe(img, found)
	return nil
}

// decodeStill decodes a picture, or the first frame of one, whose walk has found the facts.
func decodeStill(s *source, f *format, facts *pictureFacts) (img image.Image, err error) {
	r := s.reader(0)
	switch f {
	case formatJPEG:
		img, err = jpeg.Decode(r)
	case formatPNG:
		img, err = png.Decode(r)
	case formatGIF:
		img, err = decodeFirstFrame(r, facts)
	default:
		img, err = webp.Decode(r)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return nil, errTruncated
	}
	if err != nil {
		return nil, broken("The picture cannot be decoded (%s).", reason(err))
	}
	if b := img.Bounds(); b.Dx() != facts.width || b.Dy() != facts.height {
		return nil, broken("The picture has %d × %d pixels, but says it has %d × %d.",
			b.Dx(), b.Dy(), facts.width, facts.height)
	}
	if facts.studioRange {
		fullRange(img)
	}
	return img, nil
}

// reason returns the words of a decoder's error without the name of its package.
func reason(err error) string {
	var unsupported jpeg.UnsupportedError
	if errors.As(err, &unsupported) {
		return "unusual JPEG: " + string(unsupported)
	}
	return printable(fmt.Sprint(err))
}

// servedSize returns the size that a picture of w by h pixels as stored is scaled to before it is
// turned upright.
func servedSize(w, h, orientation int) (int, int) {
	limitW := float64(maxServedWidth) / float64(w)
	if orientation >= 5 { // its height becomes its width
		limitW = float64(maxServedWidth) / float64(h)
	}
	factor := min(1, limitW, math.Sqrt(maxServedArea/(float64(w)*float64(h))))
	if factor == 1 {
		return w, h
	}
	return max(1, int(math.Round(float64(w)*factor))), max(1, int(math.Round(float64(h)*factor)))
}

// describe notes the size, mean colour and thumbhash of a served picture.
func describe(img image.Image, found *Inspection) {
	b := img.Bounds()
	found.Width = b.Dx()
	found.Height = b.Dy()
	small := thumb(img)
	found.Color = meanColor(small)
	found.ThumbHash = thumbHash(small)
}

// serveMotion makes the served picture of a GIF that moves: the same frames, written by us.
func (i *Inspector) serveMotion(s *source, found *Inspection) error {
	all, err := gif.DecodeAll(s.reader(0))
	if err != nil {
		return broken("The picture cannot be decoded (%s).", reason(err))
	}
	if all.Config.Width > maxServedWidth || all.Config.Width*all.Config.Height > maxServedArea {
		return refuse(TooLarge, "A GIF that moves may be %s pixels wide: make a film (MP4) of it.",
			thousands(maxServedWidth))
	}
	found.Served, err = encodeMotion(all)
	if err != nil {
		return broken("The picture cannot be written anew (%s).", reason(err))
	}
	found.Animated = true
	describe(firstFrame(all), found)
	return nil
}
