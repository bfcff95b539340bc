package webp

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"golang.org/x/image/webp"

	"github.com/masthead-cms/masthead/internal/corpora"
)

// photo returns a picture with soft colours, edges and some grain.
func photo(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	random := rand.New(rand.NewPCG(1, 2))
	for y := range h {
		for x := range w {
			grain := random.IntN(7)
			wave := 60 * math.Sin(float64(x)/37) * math.Cos(float64(y)/23)
			if (x/40+y/30)%5 == 0 {
				wave = 90
			}
			img.SetRGBA(x, y, color.RGBA{uint8(80 + x*100/w + grain), uint8(100 + int(wave) + grain),
				uint8(60 + y*120/h + grain), 255})
		}
	}
	return img
}

// decoded decodes a picture, as the frame that it is.
func decoded(t testing.TB, b []byte) *image.YCbCr {
	t.Helper()
	img, err := webp.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return img.(*image.YCbCr)
}

// distance returns how near a decoded picture is to the frame that was encoded, in decibels of
// luminance (PSNR).
func distance(f *frame, img *image.YCbCr) float64 {
	var sum float64
	for y := range f.height {
		for x := range f.width {
			d := float64(f.planes[0].pix[y*f.planes[0].stride+x]) - float64(img.Y[y*img.YStride+x])
			sum += d * d
		}
	}
	return 10 * math.Log10(255*255/max(sum/float64(f.width*f.height), 1e-9))
}

// A decoder must make the same picture as the encoder, which predicts from it.
func TestDecodersMakeThePictureThatWasPredictedFrom(t *testing.T) {
	t.Parallel()
	for _, size := range []image.Point{{1, 1}, {7, 5}, {16, 16}, {17, 33}, {160, 90}, {333, 217}} {
		for _, quality := range []int{0, 30, 80, 100} {
			t.Run(fmt.Sprintf("%v quality %d", size, quality), func(t *testing.T) {
				t.Parallel()
				e := newEncoder(newFrame(photo(size.X, size.Y)), quality)
				e.filter = 0 // which is not predicted from
				e.encode()
				var b bytes.Buffer
				if err := write(&b, e); err != nil {
					t.Fatal(err)
				}
				img := decoded(t, b.Bytes())
				if img.Rect.Size() != size {
					t.Fatalf("the size is %v", img.Rect.Size())
				}
				for p, pix := range [][]uint8{img.Y, img.Cb, img.Cr} {
					w, h, stride := size.X, size.Y, img.YStride
					if p > 0 {
						w, h, stride = (w+1)/2, (h+1)/2, img.CStride
					}
					made := e.made.planes[p]
					for y := range h {
						if !bytes.Equal(pix[y*stride:][:w], made.pix[y*made.stride:][:w]) {
							t.Fatalf("plane %d differs in row %d", p, y)
						}
					}
				}
			})
		}
	}
}

func TestQualityIsWorthItsBytes(t *testing.T) {
	t.Parallel()
	img := photo(640, 480)
	size, near := 0, 0.0
	for _, quality := range []int{10, 40, 60, 80, 95} {
		var b bytes.Buffer
		if err := Encode(&b, img, quality); err != nil {
			t.Fatal(err)
		}
		psnr := distance(newFrame(img), decoded(t, b.Bytes()))
		if b.Len() <= size || psnr <= near {
			t.Errorf("quality %d: %d bytes, %.1f dB; below it %d bytes, %.1f dB", quality, b.Len(),
				psnr, size, near)
		}
		size, near = b.Len(), psnr
	}
	if near < 38 {
		t.Errorf("the best is %.1f dB", near)
	}
}

// Real photographs take fewer bytes than as JPEG, and are as near to the original.
func TestPhotographsAreSmallerThanAsJPEG(t *testing.T) {
	t.Parallel()
	var asWebP, asJPEG int
	for _, name := range []string{"ship.jpeg", "austin_avatar.jpg", "chappen_eleni.jpeg",
		"def-intel-portfolio/uncle-sam.jpg", "cloud-gov/chandika-raktabija.jpg"} {
		file, err := os.Open(corpora.Path(t, "media-18f", "assets", "blog", name))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		img, err := jpeg.Decode(file)
		if err != nil {
			t.Fatal(err)
		}
		var a, b bytes.Buffer
		if err := Encode(&a, img, 80); err != nil {
			t.Fatal(err)
		}
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 80}); err != nil {
			t.Fatal(err)
		}
		again, err := jpeg.Decode(&b)
		if err != nil {
			t.Fatal(err)
		}
		f := newFrame(img)
		ours, theirs := distance(f, decoded(t, a.Bytes())), distance(f, inRange(again))
		b.Reset()
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 80}); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d bytes of %.1f dB, as JPEG %d of %.1f", name, a.Len(), ours, b.Len(), theirs)
		asWebP += a.Len()
		asJPEG += b.Len()
	}
	if asWebP > asJPEG*9/10 {
		t.Errorf("%d bytes as WebP, %d as JPEG", asWebP, asJPEG)
	}
}

// inRange returns a picture in the range that VP8 has.
func inRange(img image.Image) *image.YCbCr {
	f := newFrame(img)
	return &image.YCbCr{Y: f.planes[0].pix, YStride: f.planes[0].stride}
}

func TestWhatCannotBeWrittenIsAnError(t *testing.T) {
	t.Parallel()
	for _, size := range []image.Point{{0, 5}, {5, 0}, {16_384, 1}} {
		img := image.NewGray(image.Rectangle{Max: size})
		if err := Encode(&bytes.Buffer{}, img, 80); err == nil {
			t.Errorf("%v is written", size)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	img := subsampled(photo(1280, 853))
	for b.Loop() {
		if err := Encode(&bytes.Buffer{}, img, 80); err != nil {
			b.Fatal(err)
		}
	}
}
