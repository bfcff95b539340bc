package api_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"path"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// movingGIF returns a GIF of two frames.
func movingGIF(t *testing.T) []byte {
	t.Helper()
	all := &gif.GIF{}
	for i := range 2 {
		frame := image.NewPaletted(image.Rect(0, 0, 400, 200), color.Palette{color.White,
			color.Black})
		frame.SetColorIndex(i, i, 1)
		all.Image = append(all.Image, frame)
		all.Delay = append(all.Delay, 10)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, all); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// movingPNG returns a PNG that says that it moves.
func movingPNG(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	const header = 8 + 12 + 13
	chunk := []byte("acTL\x00\x00\x00\x02\x00\x00\x00\x00")
	moving := append(bytes.Clone(b.Bytes()[:header]), 0, 0, 0, 8)
	moving = append(moving, chunk...)
	moving = binary.BigEndian.AppendUint32(moving, crc32.ChecksumIEEE(chunk))
	return append(moving, b.Bytes()[header:]...)
}

func TestFilesCarryTheTagOfTheirMedium(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.UploadPicture(1)
	url := fileURL(k, id)
	tag := string(cms.MediumNoun.CacheTag(cms.ID(id)))
	for _, query := range []string{"", "?w=160", "?format=auto"} {
		wantHeaders(t, getFile(k, url+query).Want(200), map[string]string{
			"Surrogate-Key": tag,
			"Cache-Tag":     tag,
		})
	}
}

func TestWhatMovesGoesOnMovingOrIsNamed(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	url := fileURL(k, k.Upload("a.gif", movingGIF(t), nil))
	for query, frames := range map[string]int{"": 2, "?format=auto": 2, "?w=320&format=auto": 2} {
		r := getFile(k, url+query).Want(200)
		all, err := gif.DecodeAll(bytes.NewReader(r.Body))
		if err != nil || len(all.Image) != frames {
			t.Errorf("%s: %d frames, %v", query, len(all.Image), err)
		}
	}
	still := getFile(k, url+"?w=320&ratio=1x1&format=auto").Want(200)
	if got := still.Header.Get("Content-Type"); got != "image/png" {
		t.Errorf("a crop is %s", got)
	}
	id := k.Upload("a.png", movingPNG(t), map[string]string{"alt": "A bend"})
	moved := k.As(cms.Editor, "GET", "/v1/media/"+id+"?view=draft").Want(200)
	if got := moved.Text("warnings.0.code"); got != "animation_lost" {
		t.Errorf("the warning is %q", got)
	}
	if got := getFile(k, moved.Text("url")).Want(200).Header.Get("Content-Type"); got !=
		"image/png" {
		t.Errorf("it is served as %s", got)
	}
}

func TestRangesThatMakeNoSenseAreIgnored(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	url := fileURL(k, k.Upload("a.wav", testkit.Sound(), nil))
	for _, ranges := range []string{"items=0-1", "bytes=9-1", "bytes=", "bytes=a-b", "bytes",
		"bytes=0-1,9-1", "bytes=-", "bytes=0-1;2-3"} {
		getFile(k, url).Header("Range", ranges).Want(200)
	}
	for _, ranges := range []string{"bytes=0-1", "Bytes=0-1", "bytes=-5", "bytes=5-",
		"bytes= 0-1 , 4-5"} {
		getFile(k, url).Header("Range", ranges).Want(206)
	}
}

func TestWebPIsForThoseWhoTakeIt(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	url := fileURL(k, k.UploadPicture(1)) + "?format=auto"
	for accept, want := range map[string]string{
		"image/webp":                       "image/webp",
		"image/avif,image/webp;q=0.8,*/*":  "image/webp",
		"IMAGE/WEBP ; q=1":                 "image/webp",
		"image/webp;q=0":                   "image/jpeg",
		"image/webp;q=0.000, image/*":      "image/jpeg",
		"text/html, x-image/webp":          "image/jpeg",
		"*/*":                              "image/jpeg",
		"image/webp-like, image/*;q=image": "image/jpeg",
	} {
		r := getFile(k, url).Header("Accept", accept).Want(200)
		if got := r.Header.Get("Content-Type"); got != want || r.Header.Get("Vary") != "Accept" {
			t.Errorf("%s: %s, Vary %s", accept, got, r.Header.Get("Vary"))
		}
	}
}

func TestPagesOfAnyOriginMayAskForPartsOfFiles(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, listsDesk)
	url := fileURL(k, k.Upload("a.wav", testkit.Sound(), nil))
	for _, origin := range []string{desk, stranger} {
		r := k.Public("OPTIONS", url).Undocumented().Header("Origin", origin).
			Header("Access-Control-Request-Method", "GET").
			Header("Access-Control-Request-Headers", "range").Want(204)
		if got := r.Header.Get("Access-Control-Allow-Headers"); !strings.Contains(got, " Range,") {
			t.Errorf("%s may send %s", origin, got)
		}
		r = getFile(k, url).Header("Origin", origin).Header("Range", "bytes=0-1").Want(206)
		for _, name := range []string{"ETag", "Accept-Ranges", "Content-Range"} {
			if got := r.Header.Get("Access-Control-Expose-Headers"); !strings.Contains(got, name) {
				t.Errorf("%s sees %s", origin, got)
			}
		}
	}
}

func TestDocumentsAreSavedUnderTheirTitle(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	pdf := []byte("%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\nxref\n0 1\n" +
		"0000000000 65535 f \ntrailer\n<< /Root 1 0 R >>\nstartxref\n45\n%%EOF\n")
	id := k.Upload("a.pdf", pdf, nil)
	url := fileURL(k, id)
	for title, want := range map[string]string{
		"":                       `attachment; filename="` + path.Base(url) + `"`,
		"The budget":             `attachment; filename="The budget.pdf"`,
		"The budget.pdf":         `attachment; filename="The budget.pdf"`,
		`..\../a "b"; 100%`:      `attachment; filename="-..-a -b-; 100_.pdf"; filename*=UTF-8''-..-a%20-b-%3B%20100%25.pdf`,
		"Grüße":                  `attachment; filename="Gr__e.pdf"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.pdf`,
		strings.Repeat("a", 300): `attachment; filename="` + strings.Repeat("a", 100) + `.pdf"`,
	} {
		k.As(cms.Editor, "PATCH", "/v1/media/"+id).If("*").
			JSON(map[string]any{"title": title}).Want(200)
		wantHeaders(t, getFile(k, url).Want(200), map[string]string{"Content-Disposition": want})
	}
}

func TestIDsOfMediaMayBeWrittenInCapitals(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.UploadPicture(1)
	article := k.As(cms.Editor, "POST", "/v1/articles").JSON(map[string]any{
		"title": "A", "body": "B.", "image": strings.ToUpper(id)}).Want(201)
	if got := article.Text("image.id"); got != id {
		t.Errorf("the picture is %q", got)
	}
	section := k.As(cms.Editor, "POST", "/v1/sections").JSON(map[string]any{
		"name": "A", "image": strings.ToUpper(id)}).Want(201)
	if got := section.Text("image.id"); got != id {
		t.Errorf("the picture of a section is %q", got)
	}
}
