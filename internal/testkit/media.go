package testkit

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"maps"
	"mime/multipart"
	"net/textproto"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/blob/blobtest"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/library"
	"github.com/masthead-cms/masthead/internal/media"
)

// Library opens a library of files for a test: in a folder of its own, or a bucket at
// TEST_MEDIA_URL.
func Library(t testing.TB, clock func() time.Time) *library.Library {
	t.Helper()
	l, err := library.Open(t.Context(), library.Options{
		URL:       blobtest.URL(t),
		DataDir:   t.TempDir(),
		MaxBytes:  32 << 20,
		Inspector: inspector,
		Clock:     clock,

		CacheBytes:  16 << 20,
		CacheFailed: func(err error) { t.Errorf("a rendition is not kept: %v", err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// inspector is shared by all kits, as a server has one.
var inspector = media.New(media.Options{})

// Picture returns a JPEG of a size, of which no two with another seed are alike.
func Picture(t testing.TB, width, height int, seed byte) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			shade := color.RGBA{uint8(x), uint8(y), seed, 255}
			picture.SetRGBA(x, y, shade)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Form sets a body of multipart/form-data with a file and fields.
func (c *Call) Form(name string, file []byte, fields map[string]string) *Call {
	c.kit.T.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		header := textproto.MIMEHeader{}
		header.Set("Content-Disposition", fmt.Sprintf("form-data; name=%q", field))
		if strings.ContainsAny(fields[field][:1], "{[") {
			header.Set("Content-Type", "application/json")
		}
		part, err := form.CreatePart(header)
		if err != nil {
			c.kit.T.Fatal(err)
		}
		if _, err := io.WriteString(part, fields[field]); err != nil {
			c.kit.T.Fatal(err)
		}
	}
	if file != nil {
		part, err := form.CreateFormFile("file", name)
		if err != nil {
			c.kit.T.Fatal(err)
		}
		if _, err := part.Write(file); err != nil {
			c.kit.T.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		c.kit.T.Fatal(err)
	}
	return c.Bytes(form.FormDataContentType(), b.Bytes())
}

// Upload makes a medium as the editor and returns its id.
func (k *Kit) Upload(name string, file []byte, fields map[string]string) string {
	k.T.Helper()
	return k.As(cms.Editor, "POST", "/v1/media").Form(name, file, fields).Want(201).Text("id")
}

// UploadPicture makes a medium of a small picture with an alt and returns its id.
func (k *Kit) UploadPicture(seed byte) string {
	k.T.Helper()
	return k.Upload("picture.jpg", Picture(k.T, 64, 48, seed), map[string]string{"alt": "A bend"})
}

// Sound returns a WAV of a tenth of a second.
func Sound() []byte {
	const rate, samples = 8000, 800
	b := []byte("RIFF")
	b = binary.LittleEndian.AppendUint32(b, 36+2*samples)
	b = append(b, "WAVEfmt "...)
	for _, n := range []uint32{16, 1 | 1<<16, rate, 2 * rate, 2 | 16<<16} {
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, 2*samples)
	return append(b, make([]byte, 2*samples)...)
}

// Film returns an MP4 of 640 by 360 pixels and 2.5 seconds with nothing to be seen.
func Film() []byte {
	const length = 2500 // milliseconds
	track := box("trak",
		box("tkhd", words(0, 0, 0, 1, 0, length, 0, 0, 0, 0),
			words(1<<16, 0, 0, 0, 1<<16, 0, 0, 0, 1<<30), words(640<<16, 360<<16)),
		box("mdia", box("mdhd", words(0, 0, 0, 1000, length, 0)),
			box("hdlr", words(0, 0), []byte("vide"), words(0, 0, 0, 0)),
			box("minf", box("stbl", box("stsd", words(0, 1), box("avc1", make([]byte, 60)))))))
	return slices.Concat(box("ftyp", []byte("isom\x00\x00\x02\x00isomavc1")),
		box("moov", box("mvhd", words(0, 0, 0, 1000, length), make([]byte, 80)), track),
		box("mdat", make([]byte, 100)))
}

// box returns a part of an MP4 file.
func box(name string, parts ...[]byte) []byte {
	body := slices.Concat(parts...)
	return append(append(words(uint32(len(body)+8)), name...), body...)
}

func words(values ...uint32) []byte {
	var out []byte
	for _, v := range values {
		out = binary.BigEndian.AppendUint32(out, v)
	}
	return out
}
