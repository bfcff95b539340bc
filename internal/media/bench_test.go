package media

import (
	"bytes"
	"testing"
)

// A picture of 24 megapixels is received: read, scaled, described and written.
func BenchmarkInspect24Megapixels(b *testing.B) {
	picture := asJPEG(b, photo(6000, 4000))
	i := New(Options{})
	for b.Loop() {
		_, err := i.Inspect(b.Context(), bytes.NewReader(picture), int64(len(picture)), "a.jpg")
		if err != nil {
			b.Fatal(err)
		}
	}
}

// A rendition of 1,280 pixels is made of a served picture of 2,560.
func BenchmarkRender1280(b *testing.B) {
	served, err := inspect(b, asJPEG(b, photo(2560, 1707)), "a.jpg")
	if err != nil {
		b.Fatal(err)
	}
	for _, format := range Formats {
		b.Run(format, func(b *testing.B) {
			i := New(Options{})
			for b.Loop() {
				_, _, err := render(b.Context(), i, served.Served,
					Spec{Width: 1280, Format: format})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkProfile(b *testing.B) {
	img := photo(1280, 960)
	profile := adobeRGB()
	for b.Loop() {
		toSRGB(img, profile)
	}
}
