package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Widths, Ratios and Formats are what may be asked for of a rendition.
var (
	Widths  = []int{160, 320, 480, 640, 960, 1280, 1600, 2048, 2560}
	Ratios  = []string{"16x9", "3x2", "4x3", "1x1", "4x5", "9x16"}
	Formats = []string{"webp", "jpeg", "png"}
)

// Spec is what is asked for of a rendition.
type Spec struct {
	Width  int     // one of Widths, or 0: as wide as the picture
	Ratio  string  // one of Ratios, or empty: the shape of the picture
	Format string  // one of Formats, or empty: PNG if the picture is PNG or GIF, else JPEG
	X, Y   float64 // the focal point, 0 to 1 from the left and from the top
}

// Check returns an error if a Spec asks for what is not offered.
func (s Spec) Check() error {
	switch {
	case s.Width != 0 && !slices.Contains(Widths, s.Width):
		return fmt.Errorf("the width is none of %v", Widths)
	case s.Ratio != "" && !slices.Contains(Ratios, s.Ratio):
		return fmt.Errorf("the ratio is none of %v", Ratios)
	case s.Format != "" && !slices.Contains(Formats, s.Format):
		return fmt.Errorf("the format is none of %v", Formats)
	}
	return nil
}

// Picture is a served picture that is open, to make renditions of.
type Picture struct {
	img           image.Image
	format        string
	width, height int
}

// WithPicture opens a served picture by open, decodes it, and calls draw with it, which must not
// keep it. It may wait until other pictures are done, and opens the picture after that.
func (i *Inspector) WithPicture(
	ctx context.Context, open func(context.Context) (io.ReadCloser, error), draw func(*Picture),
) error {
	if err := i.gate.renders.Acquire(ctx, 1); err != nil {
		return err
	}
	defer i.gate.renders.Release(1)
	b, err := i.readServed(ctx, open)
	if err != nil {
		return err
	}
	cfg, format, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return fmt.Errorf("served picture: %w", err)
	}
	pixels := int64(cfg.Width) * int64(cfg.Height)
	if pixels > maxServedArea+maxServedWidth {
		return errors.New("served picture: too many pixels")
	}
	release, err := i.gate.take(ctx, int64(len(b))+10*pixels)
	if err != nil {
		return err
	}
	defer release()
	img, err := decodeServed(b, format, cfg)
	if err != nil {
		return fmt.Errorf("served picture: %w", err)
	}
	draw(&Picture{img: img, format: format, width: cfg.Width, height: cfg.Height})
	return nil
}

// Render makes a rendition of a picture: the part of the asked shape that is nearest to the focal
// point, no wider than asked, and never enlarged. It returns the bytes and their MIME type; a
// transparent picture that was asked for as WebP becomes PNG. Of a GIF that moves it renders the
// first frame.
func (p *Picture) Render(spec Spec) (rendition []byte, mimeType string, err error) {
	if err := spec.Check(); err != nil {
		return nil, "", err
	}
	part := crop(p.width, p.height, spec)
	w, h := renderedSize(part, spec.Width)
	return encodeRendition(scale(p.img, part, w, h), spec.Format, p.format)
}

// readServed reads a served picture.
func (i *Inspector) readServed(
	ctx context.Context, open func(context.Context) (io.ReadCloser, error),
) ([]byte, error) {
	file, err := open(ctx)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, i.options.PictureBytes+maxServedBytes))
}

// maxServedBytes is what a served picture may be larger than its original, in bytes: a PNG of as
// many pixels as it may have.
const maxServedBytes = 4 * maxServedArea

func decodeServed(b []byte, format string, cfg image.Config) (image.Image, error) {
	r := bytes.NewReader(b)
	switch format {
	case "png":
		return png.Decode(r)
	case "gif":
		frame, err := gif.Decode(r)
		if err != nil {
			return nil, err
		}
		return onCanvas(frame, image.Rect(0, 0, cfg.Width, cfg.Height)), nil
	}
	return jpeg.Decode(r)
}

// crop returns the largest part of a picture that has the asked shape, with the focal point as
// near to its middle as it can be.
func crop(w, h int, spec Spec) image.Rectangle {
	across, down, ok := strings.Cut(spec.Ratio, "x")
	if !ok {
		return image.Rect(0, 0, w, h)
	}
	rx, _ := strconv.Atoi(across)
	ry, _ := strconv.Atoi(down)
	cw, ch := w, h
	if w*ry > h*rx {
		cw = max(1, int(math.Round(float64(h)*float64(rx)/float64(ry))))
	} else {
		ch = max(1, int(math.Round(float64(w)*float64(ry)/float64(rx))))
	}
	x := place(spec.X, cw, w)
	y := place(spec.Y, ch, h)
	return image.Rect(x, y, x+cw, y+ch)
}

// place returns where a part of n pixels of all begins whose middle is as near to a point, 0 to 1,
// as it can be.
func place(point float64, n, all int) int {
	if math.IsNaN(point) {
		point = 0.5
	}
	return min(max(int(math.Round(point*float64(all)-float64(n)/2)), 0), all-n)
}

// renderedSize returns the size of a part of a picture that is to be no wider than asked.
func renderedSize(part image.Rectangle, width int) (int, int) {
	w, h := part.Dx(), part.Dy()
	if width == 0 || width >= w {
		return w, h
	}
	return width, max(1, int(math.Round(float64(h)*float64(width)/float64(w))))
}

// encodeRendition writes a picture in the asked format; from is the format of the served picture.
// WebP is written here without transparency, so a transparent picture that was asked for as WebP
// becomes PNG.
func encodeRendition(img image.Image, asked, from string) ([]byte, string, error) {
	switch {
	case asked == "webp" && opaque(img):
		b, err := encodeWebP(img, renderedQuality)
		return b, "image/webp", err
	case asked == "png" || asked != "jpeg" && from != "jpeg":
		if few := paletted(img); few != nil {
			img = few
		}
		b, err := encodePNG(img)
		return b, "image/png", err
	}
	b, err := encodeJPEG(img, renderedQuality)
	return b, "image/jpeg", err
}
