package main

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"strings"
	"time"
)

const (
	pictureName = "picture.jpg" // of the file that the bare server sends
	renderGoal  = 1500 * time.Millisecond
)

// picture returns a JPEG of 24 megapixels with soft colours and grain.
func picture() ([]byte, error) {
	const w, h = 6000, 4000
	img := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	random := rand.New(rand.NewPCG(1, 2))
	for y := range h {
		for x := range w {
			wave := 60 * math.Sin(float64(x)/97) * math.Cos(float64(y)/61)
			img.Y[y*img.YStride+x] = uint8(120 + wave + float64(random.IntN(9)))
		}
	}
	for i := range img.Cb {
		img.Cb[i] = uint8(90 + i%img.CStride/50)
		img.Cr[i] = uint8(100 + i/img.CStride/50)
	}
	var out bytes.Buffer
	err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 92})
	return out.Bytes(), err
}

// upload makes a medium of a picture and returns where its file is on its server.
func (e *editor) upload(picture []byte) (string, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "picture.jpg")
	if err != nil {
		return "", err
	}
	if _, err = part.Write(picture); err == nil {
		err = form.Close()
	}
	if err != nil {
		return "", err
	}
	var made struct{ URL string }
	err = e.send("/v1/media", form.FormDataContentType(), body.Bytes(), http.StatusCreated, &made)
	_, path, _ := strings.Cut(made.URL, "/media/")
	return "/media/" + path, err
}

// openPicture uploads a picture of 24 megapixels and asks for its first rendition. It notes where
// that is, and how much time of one processor both took.
func (b *bench) openPicture() error {
	original, err := picture()
	if err != nil {
		return err
	}
	before := b.hot.cpu()
	file, err := b.editor.upload(original)
	if err != nil {
		return err
	}
	b.picture = file + "?w=1280"
	rendition, header, err := b.hot.fetch(b.picture)
	if err != nil {
		return err
	}
	b.pictureTook = b.hot.cpu() - before
	cfg, err := jpeg.DecodeConfig(bytes.NewReader(rendition))
	if err == nil && (cfg.Width != 1280 || header.Get("Content-Type") != "image/jpeg") {
		err = fmt.Errorf("the rendition is %s of %d pixels", header.Get("Content-Type"), cfg.Width)
	}
	return err
}

// pictures returns the row of what a picture takes from its upload to its first rendition.
func (b *bench) pictures() []*result {
	r := &result{
		what:  "from the upload of 24 megapixels to 1,280 pixels, of one processor",
		value: b.pictureTook.Round(10 * time.Millisecond).String(),
		goal:  "≤ " + renderGoal.String(),
		far:   b.pictureTook > 2*renderGoal,
	}
	if b.pictureTook == 0 { // processor time is not known here
		return nil
	}
	b.say("%s", r)
	return []*result{r}
}

// fileFromDisk holds a rendition that is there against the same bytes as a file.
func fileFromDisk(b *bench) (*side, *side, error) {
	return both(b.hot, []request{get(b.picture)}, b.bare, []request{get("/" + pictureName)})
}
