package api_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/api"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/fetch"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/testkit"
)

func TestAPictureIsUploadedShownAndKept(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	r := k.As(cms.Contributor, "POST", "/v1/media").Form("bend.jpg", testkit.Picture(t, 700, 400, 1),
		map[string]string{"alt": "A bend", "credit": "Night desk",
			"focal_point": `{"x": 0.25, "y": 0.75}`, "people": "Ada"}).Want(201)
	id := r.Text("id")
	for path, want := range map[string]any{
		"kind": "image", "width": 700.0, "height": 400.0, "alt": "A bend", "credit": "Night desk",
		"focal_point.x": 0.25, "focal_point.y": 0.75, "people.0": "Ada", "mime_type": "image/jpeg",
		"used_by": 0.0, "version": 1.0, "renditions.0.width": 160.0, "decorative": false,
	} {
		if got := r.Field(path); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
	article := k.Draft(map[string]any{"image": id})
	if got := article.Text("image.url"); got != r.Text("url") {
		t.Errorf("the article shows %s", got)
	}
	k.Public("GET", "/v1/media/"+id).Want(404)
	k.Publish(article.Text("id"))
	if got := k.Public("GET", "/v1/media/"+id).Want(200).Field("used_by"); got != 1.0 {
		t.Errorf("it is used by %v", got)
	}
	page := k.Public("GET", "/v1/articles").Want(200)
	if got := page.Text("data.0.image.alt"); got != "A bend" {
		t.Errorf("the list shows %q", got)
	}
	k.As(cms.Editor, "PATCH", "/v1/media/"+id).JSON(`{"alt": "Another bend"}`).Want(200)
	page = k.Public("GET", "/v1/articles").Want(200)
	if got := page.Text("data.0.image.alt"); got != "Another bend" {
		t.Errorf("after the change the list shows %q", got)
	}
	wantProblem(t, k.As(cms.Editor, "DELETE", "/v1/media/"+id).Do(), 409, cms.InUse, "", "")
	uses := k.As(cms.Editor, "GET", "/v1/media/"+id+"/uses").Want(200)
	if uses.Text("data.0.kind") != "article" || uses.Text("data.0.fields.0") != "image" ||
		uses.Field("data.0.live") != true {
		t.Errorf("it is shown by %s", uses.Body)
	}
}

func TestBodiesShowMedia(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.UploadPicture(1)
	article := k.Published(map[string]any{"body": "Before.\n\n![A bend](media:" + id + " \"Words\")\n\nBehind."})
	html := k.Public("GET", "/v1/articles/"+article.Text("slug")).Want(200).Text("body_html")
	for _, part := range []string{`src="/media/` + id, `alt="A bend"`, "Words", `width="64"`} {
		if !strings.Contains(html, part) {
			t.Errorf("the body lacks %s: %s", part, html)
		}
	}
	other := k.As(cms.Editor, "POST", "/v1/articles").JSON(map[string]any{"title": "T",
		"body": "![x](media:019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a77)"}).Do()
	wantProblem(t, other, 422, cms.Invalid, "pointer", "/body")
}

func TestAnExpiredMediumLeavesAtThatSecond(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Upload("p.jpg", testkit.Picture(t, 64, 48, 3), map[string]string{"alt": "A",
		"expires_at": testkit.Start.Add(time.Hour).Format(time.RFC3339)})
	slug := k.Published(map[string]any{"image": id, "body": "![A](media:" + id + ")"}).Text("slug")
	front := func() (any, string) {
		r := k.Public("GET", "/v1/articles/"+slug).Want(200)
		return r.Field("image"), r.Text("body_html")
	}
	if image, html := front(); image == nil || !strings.Contains(html, "/media/") {
		t.Errorf("it is not shown: %v, %s", image, html)
	}
	k.Clock.Move(time.Hour)
	if image, html := front(); image != nil || strings.Contains(html, "/media/") {
		t.Errorf("it is still shown: %v, %s", image, html)
	}
	draft := k.As(cms.Editor, "GET", "/v1/articles/"+slug+"?view=draft").Want(200)
	if got := draft.Text("warnings.0.code"); got != "expired" {
		t.Errorf("editors are told %q", got)
	}
	if got := draft.Text("image.id"); got != id {
		t.Errorf("editors see the image %q", got)
	}
	k.Public("GET", "/v1/media/"+id).Want(404)
}

func TestAPictureWithoutAltIsNotPublished(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Upload("p.jpg", testkit.Picture(t, 64, 48, 4), nil)
	draft := k.Draft(map[string]any{"image": id}).Text("id")
	refused := k.As(cms.Editor, "POST", "/v1/articles/"+draft+"/publish").If("*").Do()
	wantProblem(t, refused, 422, cms.Invalid, "pointer", "/image")
	k.As(cms.Admin, "PATCH", "/v1/site").JSON(`{"rules": {"alt": "warn"}}`).Want(200)
	warned := k.As(cms.Editor, "POST", "/v1/articles/"+draft+"/publish").If("*").Want(200)
	if got := warned.Text("warnings.0.code"); got != "no_alt" {
		t.Errorf("the answer warns of %q", got)
	}
	k.As(cms.Admin, "PATCH", "/v1/site").JSON(`{"rules": {"alt": "refuse"}}`).Want(200)
	k.As(cms.Editor, "PATCH", "/v1/media/"+id).JSON(`{"decorative": true}`).Want(200)
	body := k.Draft(map[string]any{"body": "![](media:" + id + ")"}).Text("id")
	k.Publish(body)
}

// An article with twenty pictures is one call and few statements, and so is a list whose rows have
// some.
func TestPicturesCostOneStatement(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.NothingKept)
	var body strings.Builder
	var last string
	for i := range 20 {
		last = k.UploadPicture(byte(i))
		body.WriteString("![A](media:" + last + ")\n\n")
	}
	face := k.UploadPicture(99)
	k.As(cms.Editor, "POST", "/v1/authors").JSON(map[string]any{"name": "Ada", "image": face}).Want(201)
	slug := k.Published(map[string]any{"image": last, "body": body.String(), "authors": []any{
		map[string]any{"author": "ada"}}}).Text("slug")
	for range 4 {
		k.Published(map[string]any{"image": last})
	}
	for target, most := range map[string]int64{"/v1/articles/" + slug: 6, "/v1/articles": 6} {
		k.Public("GET", target).Want(200) // what is remembered of names is not asked again
		before := k.Statements()
		r := k.Public("GET", target).Want(200)
		if n := k.Statements() - before; n > most {
			t.Errorf("%s takes %d statements, want at most %d", target, n, most)
		}
		if n := strings.Count(string(r.Body), "/media/"); n < 5 {
			t.Errorf("%s shows %d addresses of media", target, n)
		}
	}
	one := k.Public("GET", "/v1/articles/"+slug).Want(200)
	if n := strings.Count(one.Text("body_html"), "<img "); n != 20 {
		t.Errorf("the body shows %d pictures", n)
	}
	if got := one.Text("authors.0.image.id"); got != face {
		t.Errorf("the author has the picture %s", got)
	}
}

// What shows a picture follows it: sections, authors, items and the site.
func TestPicturesOfWhatStandsAroundArticles(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.UploadPicture(1)
	soon := k.Upload("p.jpg", testkit.Picture(t, 64, 48, 3), map[string]string{"alt": "A",
		"expires_at": testkit.Start.Add(time.Hour).Format(time.RFC3339)})
	section := k.As(cms.Editor, "POST", "/v1/sections").JSON(map[string]any{"name": "World", "image": id}).Want(201).Text("id")
	k.As(cms.Editor, "POST", "/v1/authors").JSON(map[string]any{"name": "Ada", "image": soon}).Want(201)
	k.As(cms.Admin, "PATCH", "/v1/site").JSON(map[string]any{"logo": id, "icon": soon}).Want(200)
	lead := makeCollection(k, `{"name": "Lead"}`)
	addItem(k, lead, `{"url": "https://example.org/", "title": "T", "image": "`+id+`"}`)
	shown := map[string]string{
		"/v1/sections/world": "image", "/v1/sections": "data.0.image", "/v1/authors/ada": "image",
		"/v1/authors": "data.0.image", "/v1/site": "logo", lead: "items.0.image", lead + "/articles": "data.0.item.image",
		"/v1/site?include=sections": "sections.0.image",
	}
	for target, path := range shown {
		if got := k.Public("GET", target).Want(200).Text(path + ".alt"); !strings.HasPrefix("A bend", got) {
			t.Errorf("%s shows %q", target, got)
		}
	}
	k.As(cms.Editor, "PATCH", "/v1/media/"+id).JSON(`{"alt": "Now"}`).Want(200)
	k.Clock.Move(time.Hour)
	for target, path := range shown {
		got := k.Public("GET", target).Want(200).Field(path)
		if strings.Contains(target, "authors") {
			if got != nil {
				t.Errorf("%s shows what has expired: %v", target, got)
			}
		} else if got.(map[string]any)["alt"] != "Now" {
			t.Errorf("%s shows %v", target, got)
		}
	}
	if got := k.Public("GET", "/v1/site").Want(200).Field("icon"); got != nil {
		t.Errorf("the site shows the icon %v", got)
	}
	k.As(cms.Editor, "PATCH", "/v1/media/"+id).
		JSON(map[string]any{"expires_at": testkit.Start.Format(time.RFC3339)}).Want(200)
	shown["/v1/site"] = "icon"
	for target, path := range shown {
		if got := k.Public("GET", target).Want(200).Field(path); got != nil {
			t.Errorf("%s shows readers what has expired: %v", target, got)
		}
		if strings.Contains(target, "?") || strings.HasSuffix(target, "/articles") {
			continue // which have no draft view
		}
		draft := k.As(cms.Admin, "GET", target+"?view=draft").Want(200)
		if got := draft.Text(path + ".id"); got != id && got != soon {
			t.Errorf("%s shows editors %q", target, got)
		}
	}
	kinds := []string{}
	for _, use := range k.As(cms.Author, "GET", "/v1/media/"+id+"/uses").Want(200).List("data") {
		kinds = append(kinds, use.(map[string]any)["kind"].(string))
	}
	slices.Sort(kinds)
	if want := []string{"collection", "section", "site"}; !slices.Equal(kinds, want) {
		t.Errorf("it is used by %v, want %v", kinds, want)
	}
	wantProblem(t, k.As(cms.Editor, "DELETE", "/v1/media/"+id).Do(), 409, cms.InUse, "", "")
	k.As(cms.Admin, "PATCH", "/v1/site").JSON(`{"logo": null}`).Want(200)
	k.As(cms.Editor, "DELETE", "/v1/sections/"+section).Want(204)
	k.As(cms.Editor, "DELETE", lead).Want(204)
	k.As(cms.Editor, "DELETE", "/v1/media/"+id).Want(204)
}

func TestAReplacedFileHasAnotherAddress(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.UploadPicture(1)
	slug := k.Published(map[string]any{"image": id}).Text("slug")
	was := k.Public("GET", "/v1/articles/"+slug).Want(200).Text("image.url")
	path := "/v1/media/" + id + "/file"
	k.As(cms.Editor, "PUT", path).If(`"1"`).Form("b.jpg", testkit.Picture(t, 90, 60, 2), nil).Want(200)
	image := k.Public("GET", "/v1/articles/"+slug).Want(200)
	if image.Text("image.url") == was || image.Field("image.width") != 90.0 || image.Text("image.alt") != "A bend" {
		t.Errorf("it is shown as %v", image.Field("image"))
	}
	wantProblem(t, k.As(cms.Editor, "PUT", path).If(`"1"`).Form("b.jpg", testkit.Picture(t, 90, 60, 2), nil).Do(),
		412, cms.VersionMismatch, "", "")
	wantProblem(t, k.As(cms.Editor, "PUT", path).Form("b.wav", testkit.Sound(), nil).Do(), 422, cms.Invalid, "pointer", "/file")
}

func TestMediaListAndIdempotency(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	upload := func(seed byte, title string) *testkit.Response {
		return k.As(cms.Editor, "POST", "/v1/media").Header("Idempotency-Key", "k").
			Form("a.jpg", testkit.Picture(t, 30, 20, seed), map[string]string{"title": title}).Do()
	}
	first, again := upload(1, "One"), upload(1, "One")
	if first.Status != 201 || again.Text("id") != first.Text("id") || again.Header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("%d, then %s", first.Status, again.Body)
	}
	wantProblem(t, upload(2, "One"), 422, cms.KeyReused, "", "")
	wantProblem(t, upload(1, "Two"), 422, cms.KeyReused, "", "")
	double := k.As(cms.Editor, "POST", "/v1/media").Form("b.jpg", testkit.Picture(t, 30, 20, 1), nil).Want(201)
	if got := double.Text("warnings.1.code"); got != "duplicate" {
		t.Errorf("it warns of %q", got)
	}
	k.Upload("s.wav", testkit.Sound(), map[string]string{"title": "River"})
	for query, want := range map[string]int{"": 3, "kind=audio": 1, "q=riv": 1, "used=true": 0, "expired=false": 3, "expired=true": 0, "id=" + first.Text("id"): 1} {
		if got := len(k.As(cms.Author, "GET", "/v1/media?"+query).Want(200).List("data")); got != want {
			t.Errorf("%s lists %d, want %d", query, got, want)
		}
	}
	wantProblem(t, k.Public("GET", "/v1/media").Do(), 401, cms.Unauthenticated, "", "")
}

func TestFormsThatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	picture := testkit.Picture(t, 30, 20, 1)
	post := func() *testkit.Call { return k.As(cms.Editor, "POST", "/v1/media") }
	wantProblem(t, post().JSON(`{}`).Do(), 415, cms.UnsupportedMedia, "", "")
	wantProblem(t, post().Form("", nil, map[string]string{"title": "T"}).Do(), 422, cms.Invalid, "pointer", "/file")
	wantProblem(t, post().Form("a.svg", []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), nil).Do(), 415, cms.UnsupportedMedia, "", "")
	wantProblem(t, post().Form("a.jpg", picture[:len(picture)/2], nil).Do(), 422, cms.Invalid, "pointer", "/file")
	wantProblem(t, post().Form("a.jpg", picture, map[string]string{"titel": "T"}).Do(), 422, cms.Invalid, "pointer", "/titel")
	wantProblem(t, post().Form("a.jpg", picture, map[string]string{"focal_point": "{x"}).Do(), 422, cms.Invalid, "pointer", "/focal_point")
	for name, part := range map[string][2]string{ // what stands in it, and what is said
		"decorative":  {"yes", "true or false"},
		"focal_point": {"0.5", "object"},
		"localized":   {"ar", "JSON object"},
		"people":      {"[Ada]", "JSON array"},
		"expires_at":  {"soon", "2"},
	} {
		r := post().Form("a.jpg", picture, map[string]string{name: part[0]}).Do()
		wantProblem(t, r, 422, cms.Invalid, "pointer", "/"+name)
		if got := r.Text("errors.0.detail"); !strings.Contains(got, part[1]) {
			t.Errorf("of %s it is said %q", name, got)
		}
	}
	aside := post().Form("a.jpg", picture, map[string]string{"focal_point": `{"x": 0.5, "y": 30}`}).Do()
	wantProblem(t, aside, 422, cms.Invalid, "pointer", "/focal_point/y")
	if got := aside.Text("errors.0.detail"); !strings.Contains(got, "x and y are between 0 and 1") {
		t.Errorf("of a point outside it is said %q", got)
	}
	wantProblem(t, post().Form("a.jpg", picture, map[string]string{"title": strings.Repeat("t", 400)}).Do(), 422, cms.Invalid, "pointer", "/title")
	wantProblem(t, post().Form("a.jpg", picture, map[string]string{"extra": "{" + strings.Repeat(" ", 300<<10) + "}"}).Do(), 413, cms.TooLarge, "", "")
	wantProblem(t, post().Bytes("multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nabc")).Do(), 400, "malformed-request", "", "")
	if got := len(k.As(cms.Editor, "GET", "/v1/media").Want(200).List("data")); got != 0 {
		t.Errorf("%d media were made", got)
	}
}

func TestAMediumIsImportedFromTheWeb(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	address := picturesOnTheWeb(k)
	r := k.As(cms.Editor, "POST", "/v1/media/import").JSON(map[string]any{"url": address, "alt": "A"}).Want(201)
	if r.Text("source_url") != address || r.Text("kind") != "image" || r.Text("alt") != "A" {
		t.Errorf("it is made as %s", r.Body)
	}
	closed := testkit.New(t, func(o *newsroom.Options, _ *api.Options) { o.Fetcher = fetch.New() })
	refused := closed.As(cms.Editor, "POST", "/v1/media/import").JSON(map[string]any{"url": address}).Do()
	wantProblem(t, refused, 422, cms.Invalid, "pointer", "/url")
	if got := refused.Text("errors.0.detail"); !strings.Contains(got, "not on the open web") {
		t.Errorf("of an address at home it says %q", got)
	}
}

func TestRefusalsOfAnImportNameTheAddressAndSayWhy(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	huge := append(testkit.Picture(t, 30, 20, 1), make([]byte, 33<<20)...)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/huge.jpg":
			_, _ = w.Write(huge)
		case "/a.svg":
			_, _ = w.Write([]byte("<svg xmlns='http://www.w3.org/2000/svg'/>"))
		case "/half.jpg":
			_, _ = w.Write(testkit.Picture(t, 30, 20, 1)[:200])
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(web.Close)
	gone := httptest.NewServer(nil)
	gone.Close()
	for address, want := range map[string]struct {
		status int
		code   cms.Code
		why    string
	}{
		"ftp://example.org/a.jpg": {422, cms.Invalid, "http or https"},
		"quay.jpg":                {422, cms.Invalid, "http or https"},
		web.URL + "/none.jpg":     {422, cms.Invalid, "404"},
		gone.URL + "/a.jpg":       {422, cms.Invalid, "does not answer"},
		web.URL + "/half.jpg":     {422, cms.Invalid, ""},
		web.URL + "/a.svg":        {415, cms.UnsupportedMedia, "SVG"},
		web.URL + "/huge.jpg":     {413, cms.TooLarge, "MiB"},
	} {
		refused := k.As(cms.Editor, "POST", "/v1/media/import").JSON(map[string]any{"url": address}).Do()
		wantProblem(t, refused, want.status, want.code, "pointer", "/url")
		if got := refused.Text("errors.0.detail"); !strings.Contains(got, want.why) ||
			strings.Contains(got, "source_url") {
			t.Errorf("%s: %s", address, got)
		}
	}
}

// What readers see, contributors leave to others, and no picture loses its alt.
func TestShownMediaAreGuarded(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := mediumNoun.createAs(k, cms.Contributor, "Bend")
	path := "/v1/media/" + id
	k.As(cms.Contributor, "PATCH", path).JSON(`{"caption": "Mine"}`).Want(200)
	k.Published(map[string]any{"image": id})
	wantProblem(t, k.As(cms.Contributor, "PATCH", path).JSON(`{"caption": "Other"}`).Do(), 403, cms.Forbidden, "", "")
	wantProblem(t, k.As(cms.Contributor, "PUT", path+"/file").Form("b.jpg", testkit.Picture(t, 9, 9, 1), nil).Do(),
		403, cms.Forbidden, "", "")
	wantProblem(t, k.As(cms.Editor, "PATCH", path).JSON(`{"alt": null}`).Do(), 422, cms.Invalid, "pointer", "/alt")
	k.As(cms.Editor, "PATCH", path).JSON(`{"alt": null, "decorative": true}`).Want(200)
	was := k.As(cms.Editor, "GET", path+"?view=draft").Want(200).Text("url")
	moved := k.As(cms.Editor, "PATCH", path).JSON(`{"focal_point": {"x": 0, "y": 1}}`).Want(200)
	if moved.Text("url") == was || k.Public("GET", was).Undocumented().Do().Status != 404 ||
		k.Public("GET", moved.Text("url")).Undocumented().Do().Status != 200 {
		t.Errorf("with another focal point the address is %s, and was %s", moved.Text("url"), was)
	}
}

func TestCallsOfMediaAreRefusedAsThoseOfOtherNouns(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := mediumNoun.create(k, "Bend")
	path, unknown := "/v1/media/"+id, "/v1/media/019cd8c2-5a00-7c3e-8f00-3f9f3c1d2aff"
	picture := testkit.Picture(t, 30, 20, 5)
	replace := func(path string) *testkit.Call {
		return k.As(cms.Editor, "PUT", path+"/file").Form("a.jpg", picture, nil)
	}
	patch := func(path string) *testkit.Call {
		return k.As(cms.Editor, "PATCH", path).JSON(`{"title": "T"}`)
	}
	wantProblem(t, replace(unknown).Do(), 404, cms.NotFound, "", "")
	wantProblem(t, patch(unknown).If("*").Do(), 404, cms.NotFound, "", "")
	wantProblem(t, k.As(cms.Editor, "DELETE", unknown).If("*").Do(), 404, cms.NotFound, "", "")
	wantProblem(t, k.As(cms.Editor, "GET", unknown+"/uses").Do(), 404, cms.NotFound, "", "")
	wantProblem(t, patch(path).If(`"9"`).Do(), 412, cms.VersionMismatch, "", "")
	wantProblem(t, k.As(cms.Editor, "DELETE", path).If(`"9"`).Do(), 412, cms.VersionMismatch, "", "")
	wantProblem(t, k.As(cms.Editor, "PUT", path+"/file").If("*").JSON(`{}`).Do(), 415, cms.UnsupportedMedia, "", "")
	tooLong := map[string]string{"title": strings.Repeat("t", 300<<10)}
	wantProblem(t, k.As(cms.Editor, "PUT", path+"/file").If("*").Form("a.jpg", picture, tooLong).Do(), 413, cms.TooLarge, "", "")
	wantProblem(t, k.Public("GET", path+"?view=draft").Do(), 401, cms.Unauthenticated, "", "")
	wantProblem(t, k.Public("GET", path+"/uses").Do(), 401, cms.Unauthenticated, "", "")
	if got := k.As(cms.Editor, "GET", path+"?view=draft").Want(200); got.Field("version") != 1.0 || got.Text("title") != "Bend" {
		t.Errorf("after the refusals it is %s", got.Body)
	}
	k.Published(map[string]any{"image": id})
	etag := k.Public("GET", path).Want(200).Header.Get("ETag")
	k.Public("GET", path).Header("If-None-Match", etag).Want(304)
}
