package api_test

import (
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/api"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/library"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/testkit"
)

const (
	uploads = "/v1/media/uploads"
	pieces  = "application/offset+octet-stream"
)

// metadata returns words with their values as Upload-Metadata has them.
func metadata(words map[string]string) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(words)) {
		pairs = append(pairs, name+" "+base64.StdEncoding.EncodeToString([]byte(words[name])))
	}
	return strings.Join(pairs, ",")
}

// beginUpload begins an upload of a file.
func beginUpload(k *testkit.Kit, role cms.Role, length int, name string) *testkit.Response {
	k.T.Helper()
	return k.As(role, "POST", uploads).Header("Upload-Length", strconv.Itoa(length)).
		Header("Upload-Metadata", metadata(map[string]string{"filename": name})).
		Header("Tus-Resumable", "1.0.0").Want(201)
}

// addTo adds to an upload.
func addTo(k *testkit.Kit, at string, offset int, piece []byte) *testkit.Call {
	k.T.Helper()
	return k.As(cms.Editor, "PATCH", at).Header("Tus-Resumable", "1.0.0").
		Header("Upload-Offset", strconv.Itoa(offset)).Bytes(pieces, piece)
}

// wantTus wants headers of an answer.
func wantTus(t *testing.T, r *testkit.Response, want map[string]string) {
	t.Helper()
	for name, value := range want {
		if got := r.Header.Get(name); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
}

func TestAnUploadInPiecesBecomesAMedium(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	file := testkit.Picture(t, 400, 300, 1)
	r := k.As(cms.Editor, "POST", uploads).Header("Tus-Resumable", "1.0.0").
		Header("Upload-Length", strconv.Itoa(len(file))).
		Header("Upload-Metadata", metadata(map[string]string{"filename": "bend.jpg",
			"filetype": "image/jpeg", "alt": "A bend", "focal_point": `{"x": 0.25, "y": 0.75}`,
			"decorative": "0", "people": "Ada"})).Want(201)
	at := r.Header.Get("Location")
	expires := testkit.Start.Add(library.PiecesAge)
	wantTus(t, r, map[string]string{"Tus-Resumable": "1.0.0", "Upload-Offset": "0",
		"Upload-Expires": expires.Format("Mon, 02 Jan 2006 15:04:05 GMT")})
	if at != uploads+"/"+r.Text("id") || r.Text("name") != "bend.jpg" || r.Field("medium") != nil {
		t.Errorf("it is at %s: %s", at, r.Body)
	}
	half := len(file) / 2
	wantTus(t, addTo(k, at, 0, file[:half]).Want(204), map[string]string{
		"Upload-Offset": strconv.Itoa(half), "Location": "", "Masthead-Medium": ""})
	wantTus(t, k.As(cms.Editor, "HEAD", at).Want(200), map[string]string{
		"Upload-Offset": strconv.Itoa(half), "Upload-Length": strconv.Itoa(len(file)),
		"Cache-Control": "private, no-store, no-transform"})
	done := addTo(k, at, half, file[half:]).Want(204)
	medium := done.Header.Get("Masthead-Medium")
	wantTus(t, done, map[string]string{"Upload-Offset": strconv.Itoa(len(file)),
		"Location": "/v1/media/" + medium})
	made := k.As(cms.Editor, "GET", "/v1/media/"+medium+"?view=draft").Want(200)
	for field, want := range map[string]any{"kind": "image", "width": 400.0, "alt": "A bend",
		"focal_point.x": 0.25, "people.0": "Ada", "version": 1.0} {
		if got := made.Field(field); got != want {
			t.Errorf("%s is %v, want %v", field, got, want)
		}
	}
	// Whoever did not hear of it is told again.
	shown := k.As(cms.Editor, "GET", at).Want(200)
	if shown.Text("medium") != medium || shown.Field("offset") != float64(len(file)) {
		t.Errorf("after its end: %s", shown.Body)
	}
	again := addTo(k, at, len(file), nil).Want(204)
	wantTus(t, again, map[string]string{"Masthead-Medium": medium})
	k.As(cms.Editor, "DELETE", at).Want(204)
	k.As(cms.Editor, "GET", at).Want(404)
	k.As(cms.Editor, "GET", "/v1/media/"+medium+"?view=draft").Want(200)
}

func TestAnUploadCanBringItsBytesWhenItBegins(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	file := testkit.Picture(t, 40, 30, 2)
	begin := func(part []byte) *testkit.Response {
		return k.As(cms.Editor, "POST", uploads).Header("Upload-Length", strconv.Itoa(len(file))).
			Bytes(pieces, part).Want(201)
	}
	some := begin(file[:100])
	wantTus(t, some, map[string]string{"Upload-Offset": "100", "Masthead-Medium": ""})
	addTo(k, some.Header.Get("Location"), 100, file[100:]).Want(204)
	all := begin(file)
	medium := all.Header.Get("Masthead-Medium")
	if medium == "" || all.Text("medium") != medium || !strings.HasPrefix(all.Header.Get("Location"), uploads) {
		t.Errorf("all at once: %v %s", all.Header, all.Body)
	}
	if got := k.As(cms.Editor, "GET", "/v1/media/"+medium+"?view=draft").Want(200).
		Text("warnings.1.code"); got != "duplicate" {
		t.Errorf("the second of the same bytes is told %q", got)
	}
}

func TestAnUploadIsSeenByItsOwnerAlone(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	at := beginUpload(k, cms.Contributor, 10, "a.jpg").Header.Get("Location")
	for _, role := range []cms.Role{cms.Author, cms.Editor, cms.Admin} {
		for _, method := range []string{"HEAD", "GET", "PATCH", "DELETE"} {
			c := k.As(role, method, at)
			if method == "PATCH" {
				c.Header("Upload-Offset", "0").Bytes(pieces, []byte("x"))
			}
			c.Want(404)
		}
	}
	k.Public("GET", at).Want(401)
	k.As(cms.Contributor, "HEAD", at).Want(200)
	k.As(cms.Editor, "GET", uploads+"/019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a51").Want(404)
	k.As(cms.Editor, "GET", uploads+"/none").Undocumented().Want(404)
}

func TestUploadsThatCannotBeTakenAreRefused(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	at := beginUpload(k, cms.Editor, 10, "a.jpg").Header.Get("Location")
	wantProblem(t, addTo(k, at, 3, []byte("x")).Do(), 409, cms.OffsetMismatch, "", "")
	wantProblem(t, addTo(k, at, 0, []byte("01234567890")).Do(), 413, cms.TooLarge, "", "")
	wantProblem(t, k.As(cms.Editor, "PATCH", at).Bytes(pieces, []byte("x")).Undocumented().Do(),
		400, cms.InvalidParameter, "header", "Upload-Offset")
	wantProblem(t, addTo(k, at, 0, nil).Header("Content-Type", "image/jpeg").Undocumented().Do(),
		415, cms.UnsupportedMedia, "", "")
	wantProblem(t, addTo(k, at, 0, nil).Header("Idempotency-Key", "x").Undocumented().Do(),
		400, cms.InvalidParameter, "header", "Idempotency-Key")
	wantTus(t, k.As(cms.Editor, "HEAD", at).Want(200), map[string]string{"Upload-Offset": "0"})
	for method, path := range map[string]string{"POST": uploads, "GET": at, "PATCH": at, "DELETE": at} {
		old := withFile(k, k.As(cms.Editor, method, path), method, path).Header("Tus-Resumable", "0.2.2").Do()
		wantProblem(t, old, 412, "tus-version", "", "")
		wantTus(t, old, map[string]string{"Tus-Version": "1.0.0"})
	}

	create := func() *testkit.Call {
		return k.As(cms.Editor, "POST", uploads).Header("Upload-Length", "10").Undocumented()
	}
	for _, length := range []string{"", "-1", "1.5", "ten", "99999999999999999999"} {
		wantProblem(t, create().Header("Upload-Length", length).Do(), 400, cms.InvalidParameter,
			"header", "Upload-Length")
	}
	wantProblem(t, create().Header("Upload-Length", "0").Do(), 422, cms.Invalid, "pointer", "/file")
	wantProblem(t, create().Header("Upload-Length", "33554433").Do(), 413, cms.TooLarge, "", "")
	wantProblem(t, create().JSON(`{}`).Do(), 415, cms.UnsupportedMedia, "", "")
	for _, words := range []string{"alt !", "alt " + base64.StdEncoding.EncodeToString([]byte{0xff}),
		"alt QQ==,alt QQ==", "focal_point QQ=="} {
		wantProblem(t, create().Header("Upload-Metadata", words).Do(), 400, cms.InvalidParameter,
			"header", "Upload-Metadata")
	}
	for field, value := range map[string]string{"atl": "x", "source_url": "ftp://x"} {
		words := metadata(map[string]string{field: value})
		wantProblem(t, create().Header("Upload-Metadata", words).Do(), 422, cms.Invalid, "pointer",
			"/"+field)
	}
}

// What cannot be taken is refused when all of it is there, and the upload is gone.
func TestAFileThatIsRefusedEndsItsUpload(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	svg := []byte("<svg xmlns='http://www.w3.org/2000/svg'/>")
	broken := testkit.Picture(t, 400, 300, 3)[:2000]
	for _, file := range []struct {
		content []byte
		status  int
		code    cms.Code
		pointer string
	}{{svg, 415, cms.UnsupportedMedia, ""}, {broken, 422, cms.Invalid, "/file"}} {
		at := beginUpload(k, cms.Editor, len(file.content), "a").Header.Get("Location")
		where := ""
		if file.pointer != "" {
			where = "pointer"
		}
		wantProblem(t, addTo(k, at, 0, file.content).Do(), file.status, file.code, where, file.pointer)
		k.As(cms.Editor, "HEAD", at).Want(404)
	}
	if got := k.As(cms.Editor, "GET", "/v1/media?count=exact").Want(200).Field("page.total"); got != 0.0 {
		t.Errorf("there are %v media", got)
	}
}

func TestUploadsOfOneAreBoundedAndExpire(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	at := beginUpload(k, cms.Editor, 10, "a.jpg").Header.Get("Location")
	for range library.MaxUploadsOf - 1 {
		beginUpload(k, cms.Editor, 10, "a.jpg")
	}
	r := k.As(cms.Editor, "POST", uploads).Header("Upload-Length", "10").Do()
	wantProblem(t, r, 429, cms.TooManyRequests, "", "")
	if r.Header.Get("Retry-After") == "" {
		t.Error("it is not said when to try again")
	}
	beginUpload(k, cms.Author, 10, "a.jpg")
	k.As(cms.Editor, "DELETE", at).Want(204)
	at = beginUpload(k, cms.Editor, 10, "a.jpg").Header.Get("Location")
	k.Clock.Move(library.PiecesAge - time.Minute)
	addTo(k, at, 0, []byte("x")).Want(204)
	k.Clock.Move(library.PiecesAge - time.Minute)
	k.As(cms.Editor, "HEAD", at).Want(200)
	k.Clock.Move(2 * time.Minute)
	k.As(cms.Editor, "HEAD", at).Want(404)
	addTo(k, at, 1, []byte("x")).Want(404)
	for range library.MaxUploadsOf {
		beginUpload(k, cms.Editor, 10, "a.jpg")
	}
}

func TestClientsOfTusFindOutWhatCanBeDone(t *testing.T) {
	t.Parallel()
	const desk = "https://desk.example.org"
	k := testkit.New(t, func(_ *newsroom.Options, o *api.Options) { o.CORSOrigins = []string{desk} })
	for _, path := range []string{uploads, uploads + "/019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a51"} {
		r := k.Public("OPTIONS", path).Want(204)
		wantTus(t, r, map[string]string{"Tus-Version": "1.0.0", "Tus-Resumable": "1.0.0",
			"Tus-Extension": "creation,creation-with-upload,termination,expiration",
			"Tus-Max-Size":  fmt.Sprint(32 << 20)})
		r = k.Public("OPTIONS", path).Header("Origin", desk).
			Header("Access-Control-Request-Method", "PATCH").Want(204)
		for header, want := range map[string]string{"Access-Control-Allow-Headers": "Upload-Offset",
			"Access-Control-Expose-Headers": "Masthead-Medium", "Access-Control-Allow-Origin": desk} {
			if got := r.Header.Get(header); !strings.Contains(got, want) {
				t.Errorf("%s is %q", header, got)
			}
		}
	}
	if got := k.Public("OPTIONS", "/v1/media").Want(204).Header.Get("Tus-Version"); got != "" {
		t.Errorf("other calls speak tus %s", got)
	}
}

func TestKeysOfFilesAreListedInOrderAndOnce(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for _, seed := range []byte{1, 2, 1} {
		k.UploadPicture(seed)
	}
	k.Upload("s.wav", testkit.Sound(), nil)
	var keys []string
	for key, err := range k.Newsroom.Media.FileKeys(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key)
	}
	// Two of each picture, and one of the sound.
	if len(keys) != 5 || !slices.IsSorted(keys) || len(slices.Compact(slices.Clone(keys))) != 5 {
		t.Errorf("the keys are %q", keys)
	}
	const none = "ab/none.jpg"
	used, err := k.Newsroom.Media.UsedFiles(t.Context(), append([]string{none}, keys...))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		if !used[key] {
			t.Errorf("%s is not used", key)
		}
	}
	if used[none] {
		t.Error("a key that nothing has is used")
	}
}
