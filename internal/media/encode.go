package media

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"

	"github.com/masthead-cms/masthead/internal/webp"
)

const (
	servedQuality   = 88 // of a served picture as JPEG, from which renditions are made
	renderedQuality = 80
	fewColors       = 256
)

// encodeServed returns a picture as PNG if it is transparent or has few colours, or if it was
// drawn and is no larger that way; else as JPEG. It returns the MIME type as well.
func encodeServed(img image.Image, lossless bool) ([]byte, string, error) {
	if !opaque(img) {
		b, err := encodePNG(img)
		return b, "image/png", err
	}
	var drawn []byte
	if lossless {
		few := paletted(img)
		if few != nil {
			img = few
		}
		var err error
		if drawn, err = encodePNG(img); err != nil || few != nil {
			return drawn, "image/png", err
		}
	}
	b, err := encodeJPEG(img, servedQuality)
	if err == nil && drawn != nil && len(drawn) <= len(b) {
		return drawn, "image/png", nil
	}
	return b, "image/jpeg", err
}

func extensionOf(mime string) string {
	switch mime {
	case "image/png":
		return ".png"
	case "image/webp":
		return ".webp"
	}
	return ".jpg"
}

func opaque(img image.Image) bool {
	_, transparent := img.(*image.NRGBA)
	return !transparent
}

func encodePNG(img image.Image) ([]byte, error) {
	if planes, ok := img.(*image.YCbCr); ok { // whose pixels the encoder would ask for one by one
		rgba := image.NewRGBA(planes.Rect)
		draw.Draw(rgba, rgba.Rect, planes, planes.Rect.Min, draw.Src)
		img = rgba
	}
	var out bytes.Buffer
	err := png.Encode(&out, img)
	return out.Bytes(), err
}

func encodeJPEG(img image.Image, quality int) ([]byte, error) {
	var out bytes.Buffer
	err := jpeg.Encode(&out, onWhite(img), &jpeg.Options{Quality: quality})
	return out.Bytes(), err
}

// encodeWebP returns an opaque picture as WebP.
func encodeWebP(img image.Image, quality int) ([]byte, error) {
	var out bytes.Buffer
	err := webp.Encode(&out, img, quality)
	return out.Bytes(), err
}

// onWhite returns a picture without transparency, before white.
func onWhite(img image.Image) image.Image {
	n, ok := img.(*image.NRGBA)
	if !ok {
		return img
	}
	out := image.NewRGBA(n.Rect)
	for i := 0; i+3 < len(n.Pix); i += 4 {
		a := uint32(n.Pix[i+3])
		for c := range 3 {
			out.Pix[i+c] = byte((uint32(n.Pix[i+c])*a + 255*(255-a) + 127) / 255)
		}
		out.Pix[i+3] = 255
	}
	return out
}

// paletted returns an opaque picture with a palette if it has few colours, else nil.
func paletted(img image.Image) image.Image {
	rgba, ok := img.(*image.RGBA)
	if !ok {
		return nil
	}
	index := map[[3]byte]byte{}
	var palette color.Palette
	out := make([]byte, 0, len(rgba.Pix)/4)
	for i := 0; i+3 < len(rgba.Pix); i += 4 {
		c := [3]byte(rgba.Pix[i:])
		at, known := index[c]
		if !known {
			if len(palette) == fewColors {
				return nil
			}
			at = byte(len(palette))
			index[c] = at
			palette = append(palette, color.RGBA{R: c[0], G: c[1], B: c[2], A: 255})
		}
		out = append(out, at)
	}
	return &image.Paletted{
		Pix:     out,
		Stride:  rgba.Rect.Dx(),
		Rect:    rgba.Rect,
		Palette: palette,
	}
}
