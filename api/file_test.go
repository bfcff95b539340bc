package api_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net/http"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// fileURL returns where the file of a medium is.
func fileURL(k *testkit.Kit, id string) string {
	return k.As(cms.Editor, "GET", "/v1/media/"+id+"?view=draft").Want(200).Text("url")
}

// getFile asks for a file as a reader does.
func getFile(k *testkit.Kit, target string) *testkit.Call {
	return k.Public("GET", target).Undocumented()
}

// wantHeaders fails the test if a response lacks headers.
func wantHeaders(t *testing.T, r *testkit.Response, want map[string]string) {
	t.Helper()
	for name, value := range want {
		if got := r.Header.Get(name); got != value {
			t.Errorf("%s is %q, not %q", name, got, value)
		}
	}
}

func TestFilesAreServed(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	url := fileURL(k, k.UploadPicture(1))
	r := getFile(k, url).Header("Accept-Encoding", "gzip, br").
		Header("Origin", "https://elsewhere.example").Want(200)
	wantHeaders(t, r, map[string]string{
		"Content-Type":                 "image/jpeg",
		"Cache-Control":                "public, max-age=31536000, immutable",
		"Access-Control-Allow-Origin":  "*",
		"Cross-Origin-Resource-Policy": "cross-origin",
		"X-Content-Type-Options":       "nosniff",
		"Content-Encoding":             "",
		"Accept-Ranges":                "bytes",
		"Content-Disposition":          "",
		"Expires":                      "",
	})
	if _, format, err := image.Decode(bytes.NewReader(r.Body)); err != nil || format != "jpeg" {
		t.Errorf("served is %s, error %v", format, err)
	}
	if etag := r.ETag(); len(etag) < 20 || strings.HasPrefix(etag, "W/") {
		t.Errorf("the ETag is %s", etag)
	}
	not := getFile(k, url).Header("If-None-Match", r.ETag()).Want(304)
	if not.ETag() != r.ETag() || len(not.Body) > 0 {
		t.Errorf("304 has the ETag %s and %d bytes", not.ETag(), len(not.Body))
	}
	head := k.Public("HEAD", url).Undocumented().Want(200)
	if len(head.Body) > 0 || head.Header.Get("Content-Length") != r.Header.Get("Content-Length") {
		t.Errorf("HEAD has %d bytes and Content-Length %s", len(head.Body),
			head.Header.Get("Content-Length"))
	}
}

func TestWhatIsNoPictureIsSavedOrPlayedInASandbox(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	pdf := []byte("%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\nxref\n0 1\n" +
		"0000000000 65535 f \ntrailer\n<< /Root 1 0 R >>\nstartxref\n45\n%%EOF\n")
	sound := fileURL(k, k.Upload("a.wav", testkit.Sound(), nil))
	paper := fileURL(k, k.Upload("a.pdf", pdf, nil))
	r := getFile(k, paper).Want(200)
	if !bytes.Equal(r.Body, pdf) {
		t.Error("other bytes are served than came")
	}
	wantHeaders(t, r, map[string]string{
		"Content-Type":            "application/pdf",
		"Content-Security-Policy": "sandbox; default-src 'none'",
		"Content-Disposition":     `attachment; filename="` + path.Base(paper) + `"`,
	})
	wantHeaders(t, getFile(k, sound).Want(200), map[string]string{
		"Content-Type":            "audio/wav",
		"Content-Security-Policy": "sandbox; default-src 'none'",
		"Content-Disposition":     "",
	})
	wantProblem(t, getFile(k, sound+"?w=160").Do(), 400, cms.InvalidParameter, "", "")
}

func TestFilesAreServedInParts(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	url := fileURL(k, k.Upload("a.wav", testkit.Sound(), nil))
	whole := getFile(k, url).Want(200)
	r := getFile(k, url).Header("Range", "bytes=4-11").Want(206)
	if !bytes.Equal(r.Body, whole.Body[4:12]) || r.ETag() != whole.ETag() {
		t.Errorf("a part is %q", r.Body)
	}
	if r := getFile(k, url).Header("Range", "bytes=0-1,8-9").Want(206); !strings.HasPrefix(
		r.Header.Get("Content-Type"), "multipart/byteranges") {
		t.Errorf("two parts are %s", r.Header.Get("Content-Type"))
	}
	many := "bytes=0-1" + strings.Repeat(",4-5", 8)
	if r := getFile(k, url).Header("Range", many).Want(200); !bytes.Equal(r.Body, whole.Body) {
		t.Error("nine parts are not the whole file")
	}
	if r := getFile(k, url).Header("Range", "bytes=0-1").Header("If-Range", `"other"`).
		Want(200); !bytes.Equal(r.Body, whole.Body) {
		t.Error("a part of other bytes is not the whole file")
	}
	r = getFile(k, url).Header("Range", "bytes=999999-").Do()
	wantProblem(t, r, 416, "range-not-satisfiable", "", "")
	if !strings.HasPrefix(r.Header.Get("Content-Range"), "bytes */") {
		t.Errorf("Content-Range is %q", r.Header.Get("Content-Range"))
	}
}

func TestPicturesComeInSizesShapesAndFormats(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	url := fileURL(k, k.Upload("a.jpg", testkit.Picture(t, 700, 400, 1), nil))
	for query, want := range map[string]struct {
		mime string
		w, h int
	}{
		"?w=320":                        {"image/jpeg", 320, 183},
		"?w=1280":                       {"image/jpeg", 700, 400},
		"?w=160&ratio=1x1&format=png":   {"image/png", 160, 160},
		"?w=160&format=webp":            {"image/webp", 160, 91},
		"?ratio=9x16":                   {"image/jpeg", 225, 400},
		"?format=jpeg":                  {"image/jpeg", 700, 400},
		"?w=480&ratio=16x9&format=jpeg": {"image/jpeg", 480, 270},
	} {
		r := getFile(k, url+query).Want(200)
		cfg, format, err := image.DecodeConfig(bytes.NewReader(r.Body))
		if err != nil || "image/"+format != want.mime || r.Header.Get("Content-Type") != want.mime ||
			cfg.Width != want.w || cfg.Height != want.h {
			t.Errorf("%s: %s of %d × %d as %s, error %v", query, format, cfg.Width, cfg.Height,
				r.Header.Get("Content-Type"), err)
		}
		if r.Header.Get("Vary") != "" {
			t.Errorf("%s: Vary is %s", query, r.Header.Get("Vary"))
		}
		getFile(k, url+query).Header("If-None-Match", r.ETag()).Want(304)
	}
	auto := getFile(k, url+"?w=320&format=auto").Header("Accept", "image/avif,image/webp,*/*").
		Want(200)
	other := getFile(k, url+"?w=320&format=auto").Header("Accept", "image/*").Want(200)
	for r, want := range map[*testkit.Response]string{auto: "image/webp", other: "image/jpeg"} {
		wantHeaders(t, r, map[string]string{"Vary": "Accept", "Content-Type": want})
	}
	if auto.ETag() == other.ETag() {
		t.Error("WebP and JPEG have the same ETag")
	}
	for query, parameter := range map[string]string{
		"?w=321": "w", "?w=": "", "?w=-160": "w", "?ratio=2x1": "ratio", "?format=avif": "format",
		"?width=320": "width", "?w=160&w=320": "w", "?focal=1": "focal",
	} {
		if parameter == "" {
			getFile(k, url+query).Want(200)
			continue
		}
		r := getFile(k, url+query).Do()
		wantProblem(t, r, 400, cms.InvalidParameter, "parameter", parameter)
		if parameter == "w" && query == "?w=321" && !strings.Contains(string(r.Body), "160, 320, 480, 640") {
			t.Errorf("the widths are not named: %s", r.Body)
		}
	}
}

func TestTheFocalPointOfAMediumStaysInItsCrops(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	img := image.NewRGBA(image.Rect(0, 0, 900, 300))
	draw.Draw(img, img.Rect, image.NewUniform(color.RGBA{0, 0, 200, 255}), image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(800, 0, 900, 300), image.NewUniform(color.RGBA{250, 0, 0, 255}),
		image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	id := k.Upload("a.png", b.Bytes(), nil)
	red := func() bool {
		shown, err := png.Decode(bytes.NewReader(getFile(k, fileURL(k, id)+"?ratio=1x1&w=160").
			Want(200).Body))
		if err != nil {
			t.Fatal(err)
		}
		r, _, _, _ := shown.At(155, 80).RGBA()
		return r > 0x8000
	}
	if red() {
		t.Error("what stands at the side is in the middle")
	}
	k.As(cms.Editor, "PATCH", "/v1/media/"+id).JSON(`{"focal_point": {"x": 0.95, "y": 0.5}}`).
		Want(200)
	if !red() {
		t.Error("the focal point is cut off")
	}
}

func TestFilesThatAreNotThereAnyMore(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.UploadPicture(1)
	url := fileURL(k, id)
	getFile(k, url+"?w=160").Want(200)
	getFile(k, url).Want(200)
	k.As(cms.Editor, "PUT", "/v1/media/"+id+"/file").Form("b.jpg", testkit.Picture(t, 80, 60, 2),
		nil).Want(200)
	if now := fileURL(k, id); now == url {
		t.Error("other bytes have the same address")
	} else {
		getFile(k, now).Want(200)
	}
	gone := func(url string) {
		t.Helper()
		for _, query := range []string{"", "?w=160"} {
			r := getFile(k, url+query).Do()
			wantProblem(t, r, 404, cms.NotFound, "", "")
			if strings.Contains(r.Header.Get("Cache-Control"), "immutable") {
				t.Errorf("404 may be kept: %s", r.Header.Get("Cache-Control"))
			}
		}
	}
	gone(url)
	gone("/media/" + id + "/none.jpg")
	gone("/media/019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a77/none.jpg")
	url = fileURL(k, id)
	k.As(cms.Editor, "DELETE", "/v1/media/"+id).Want(204)
	gone(url)
}

func TestFilesExpireToTheSecond(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	until := testkit.Start.Add(time.Hour)
	id := k.Upload("a.jpg", testkit.Picture(t, 80, 60, 1), map[string]string{"alt": "A",
		"expires_at": until.Format(time.RFC3339)})
	url := fileURL(k, id)
	k.Clock.Move(until.Add(-90 * time.Second).Sub(k.Clock.Now()))
	for _, query := range []string{"", "?w=160&format=jpeg"} {
		wantHeaders(t, getFile(k, url+query).Want(200), map[string]string{
			"Cache-Control": "public, max-age=90, immutable",
			"Expires":       until.Format(http.TimeFormat),
		})
	}
	k.Clock.Move(until.Sub(k.Clock.Now()))
	for _, query := range []string{"", "?w=160&format=jpeg"} {
		wantProblem(t, getFile(k, url+query).Do(), 404, cms.NotFound, "", "")
	}
}

func TestFiftyReadersOfANewRenditionGetTheSame(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	url := fileURL(k, k.Upload("a.jpg", testkit.Picture(t, 1200, 800, 1), nil)) + "?w=480"
	etags := make([]string, 50)
	var all sync.WaitGroup
	for i := range etags {
		all.Go(func() { etags[i] = getFile(k, url).Want(200).ETag() })
	}
	all.Wait()
	for _, etag := range etags {
		if etag != etags[0] || etag == "" {
			t.Fatalf("two ETags: %s and %s", etag, etags[0])
		}
	}
}
