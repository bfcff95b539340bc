package media

import (
	"bytes"
	"cmp"
	"context"
	"image"
	"image/color"
	"image/draw"
	"io"
	"math"
	"testing"
)

// opener returns a function that opens bytes.
func opener(b []byte) func(context.Context) (io.ReadCloser, error) {
	return func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(b)), nil
	}
}

// render makes one rendition of a served picture.
func render(ctx context.Context, i *Inspector, served []byte, spec Spec) (b []byte, mime string,
	err error) {
	failed := i.WithPicture(ctx, opener(served), func(p *Picture) { b, mime, err = p.Render(spec) })
	return b, mime, cmp.Or(failed, err)
}

// rendered renders a picture and returns it decoded, with its MIME type.
func rendered(t *testing.T, served []byte, spec Spec) (image.Image, string) {
	t.Helper()
	b, mime, err := render(t.Context(), New(Options{}), served, spec)
	if err != nil {
		t.Fatal(err)
	}
	img, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return img, mime
}

func TestRenditionsAreNeverEnlarged(t *testing.T) {
	t.Parallel()
	served := asJPEG(t, photo(900, 600))
	for _, test := range []struct {
		spec Spec
		w, h int
	}{
		{Spec{}, 900, 600},
		{Spec{Width: 320}, 320, 213},
		{Spec{Width: 960}, 900, 600},
		{Spec{Width: 2560, Ratio: "16x9"}, 900, 506},
		{Spec{Width: 160, Ratio: "16x9"}, 160, 90},
		{Spec{Width: 640, Ratio: "1x1"}, 600, 600},
		{Spec{Width: 160, Ratio: "9x16"}, 160, 284},
		{Spec{Width: 480, Ratio: "3x2"}, 480, 320},
	} {
		img, mime := rendered(t, served, test.spec)
		if b := img.Bounds(); b.Dx() != test.w || math.Abs(float64(b.Dy()-test.h)) > 1 {
			t.Errorf("%+v: %d × %d, not %d × %d", test.spec, b.Dx(), b.Dy(), test.w, test.h)
		}
		if mime != "image/jpeg" {
			t.Errorf("%+v: %s", test.spec, mime)
		}
	}
}

func TestTheFocalPointStaysInTheCrop(t *testing.T) {
	t.Parallel()
	for _, at := range []struct{ x, y float64 }{{0, 0}, {1, 1}, {0.1, 0.9}, {0.5, 0.5},
		{0.73, 0.2}} {
		img := image.NewRGBA(image.Rect(0, 0, 1200, 800))
		draw.Draw(img, img.Rect, image.NewUniform(color.RGBA{0, 0, 200, 255}), image.Point{},
			draw.Src)
		spot := image.Pt(int(at.x*1180), int(at.y*780))
		draw.Draw(img, image.Rectangle{spot, spot.Add(image.Pt(20, 20))},
			image.NewUniform(color.RGBA{255, 0, 0, 255}), image.Point{}, draw.Src)
		served := asJPEG(t, img)
		for _, ratio := range Ratios {
			got, _ := rendered(t, served, Spec{Width: 640, Ratio: ratio, X: at.x, Y: at.y})
			if !hasRed(got) {
				t.Errorf("%s: the point %v is cut off", ratio, at)
			}
		}
	}
}

func hasRed(img image.Image) bool {
	b := img.Bounds()
	for y := range b.Dy() {
		for x := range b.Dx() {
			if near(img.At(x, y), color.RGBA{255, 0, 0, 255}, 40) {
				return true
			}
		}
	}
	return false
}

func TestRenditionsHaveTheFormatThatIsAskedFor(t *testing.T) {
	t.Parallel()
	photo := asJPEG(t, photo(400, 300))
	clear := image.NewNRGBA(image.Rect(0, 0, 400, 300))
	draw.Draw(clear, image.Rect(0, 0, 200, 300), image.NewUniform(color.NRGBA{9, 99, 9, 255}),
		image.Point{}, draw.Src)
	drawing := asPNG(t, clear)
	for _, test := range []struct {
		served []byte
		format string
		mime   string
		right  color.Color // of a pixel in the right half of the drawing
	}{
		{photo, "", "image/jpeg", nil},
		{photo, "png", "image/png", nil},
		{photo, "webp", "image/webp", nil},
		{drawing, "webp", "image/png", color.NRGBA{}},
		{drawing, "", "image/png", color.NRGBA{}},
		{drawing, "png", "image/png", color.NRGBA{}},
		{drawing, "jpeg", "image/jpeg", color.White},
		{asGIF(t, 60, 40, 3), "", "image/png", nil},
	} {
		img, mime := rendered(t, test.served, Spec{Width: 160, Format: test.format})
		if mime != test.mime {
			t.Errorf("%s: %s, not %s", test.format, mime, test.mime)
		}
		if test.right != nil && !near(img.At(140, 60), test.right, 3) {
			t.Errorf("%s: %v", test.format, img.At(140, 60))
		}
	}
}

func TestASpecAsksForWhatThereIs(t *testing.T) {
	t.Parallel()
	for _, spec := range []Spec{{Width: 1}, {Width: -160}, {Ratio: "2x1"}, {Format: "avif"}} {
		if _, _, err := new(Picture).Render(spec); err == nil || spec.Check() == nil {
			t.Errorf("%+v is rendered", spec)
		}
	}
}

// Scaling keeps the mean of a picture and invents nothing where it is even.
func TestScalingKeepsColours(t *testing.T) {
	t.Parallel()
	even := image.NewYCbCr(image.Rect(0, 0, 333, 217), image.YCbCrSubsampleRatio422)
	for i := range even.Y {
		even.Y[i] = 90
	}
	for i := range even.Cb {
		even.Cb[i], even.Cr[i] = 120, 140
	}
	small := scale(even, even.Rect, 101, 67).(*image.YCbCr)
	for i, v := range small.Y {
		if v != 90 {
			t.Fatalf("pixel %d is %d", i, v)
		}
	}
	for i := range small.Cb {
		if small.Cb[i] != 120 || small.Cr[i] != 140 {
			t.Fatalf("colour %d is %d, %d", i, small.Cb[i], small.Cr[i])
		}
	}
	checks := image.NewGray(image.Rect(0, 0, 300, 300))
	for i := range checks.Pix {
		checks.Pix[i] = uint8(255 * ((i%300 + i/300) % 2))
	}
	for i, v := range scale(checks, checks.Rect, 90, 90).(*image.Gray).Pix {
		if v < 120 || v > 136 {
			t.Fatalf("a board of black and white: pixel %d is %d", i, v)
		}
	}
}
