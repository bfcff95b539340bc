package media

import (
	"bytes"
	"errors"
	"testing"
)

// FuzzInspect looks for files that make the inspector panic, take forever, or give nonsense. Small
// bounds make it quick.
func FuzzInspect(f *testing.F) {
	for _, b := range samples(f) {
		f.Add(b)
	}
	plain := asJPEG(f, quarters(16, 16))
	f.Add(withSegments(plain, segment(0xed, photoshopOf(iptcSet(2, 5, "a title"))),
		segment(0xe1, []byte("Exif\x00\x00"), exifOf([]exifEntry{{tag: 0x010e, text: "caption"}},
			[]exifEntry{{tag: tagTaken, text: "2024:05:06 07:08:09"}})),
		segment(0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00<a><b>c</b></a>"))))
	f.Add(append([]byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00"),
		"\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"...))
	i := New(Options{Pixels: 1 << 16, Memory: 16 << 20, Frames: 20, Boxes: 10_000})
	f.Fuzz(func(t *testing.T, b []byte) {
		found, err := i.Inspect(t.Context(), bytes.NewReader(b), int64(len(b)), "")
		if err != nil {
			var refusal *Refusal
			if !errors.As(err, &refusal) || refusal.Sentence == "" {
				t.Fatalf("not a refusal: %v", err)
			}
			return
		}
		if found.Duration < 0 || found.Width < 0 || found.Width > maxSide ||
			found.Height < 0 || found.Height > maxSide {
			t.Fatalf("%d × %d pixels, %v", found.Width, found.Height, found.Duration)
		}
		if found.Kind != Image {
			r := Overlay(bytes.NewReader(b), int64(len(b)), found.Patches)
			again, err := i.Inspect(t.Context(), r, int64(len(b)), "")
			if err != nil || again.Kind != found.Kind || again.Duration != found.Duration {
				t.Fatalf("what is served is %+v, %v", again, err)
			}
			return
		}
		if _, _, err := render(t.Context(), i, found.Served,
			Spec{Width: 160, Ratio: "1x1", X: 0.3, Y: 2}); err != nil {
			t.Fatalf("what is served cannot be rendered: %v", err)
		}
	})
}

// FuzzProfile looks for colour profiles that make their reader panic or take forever.
func FuzzProfile(f *testing.F) {
	f.Add(adobeRGB())
	f.Add(matrixProfile([3]float64{}, [3]float64{}, [3]float64{}, 0))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, channels := range []int{1, 3, 4} {
			convert, err := profileOf(b, channels)
			if err != nil {
				continue
			}
			var out [4]float64
			for v := range 9 {
				x := float64(v) / 8
				convert(&out, &[4]float64{x, 1 - x, x * x, x})
			}
		}
	})
}
