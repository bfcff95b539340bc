package api_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// makeCollection makes a collection as the editor and returns its path.
func makeCollection(k *testkit.Kit, body string) string {
	k.T.Helper()
	return "/v1/collections/" + k.As(cms.Editor, "POST", "/v1/collections").JSON(body).Want(201).Text("id")
}

// addItem adds an item to a collection as the editor and returns its id.
func addItem(k *testkit.Kit, collection, body string) string {
	k.T.Helper()
	return k.As(cms.Editor, "POST", collection+"/items").JSON(body).Want(201).Text("id")
}

// storyCalled publishes an article and returns its id.
func storyCalled(k *testkit.Kit, title string, tags ...string) string {
	k.T.Helper()
	k.Clock.Move(time.Second) // each is newer than the one before
	return k.Published(map[string]any{"title": title, "tags": tags}).Text("id")
}

// rowTitles are the titles of rows, of what was pinned with a star.
func rowTitles(rows []any) string {
	var list []string
	for _, r := range rows {
		item := r.(map[string]any)["item"].(map[string]any)
		title := item["title"].(string)
		if item["pinned"] == true {
			title += "*"
		}
		list = append(list, title)
	}
	return strings.Join(list, " ")
}

func wantRows(k *testkit.Kit, target, want string) *testkit.Response {
	k.T.Helper()
	var r *testkit.Response
	for _, from := range []string{"made", "from memory"} {
		r = k.Public("GET", target).Want(200)
		if got := rowTitles(r.List("data")); got != want {
			k.T.Errorf("%s, %s, shows %q, want %q", target, from, got, want)
		}
	}
	return r
}

func TestACollectionShowsItsItemsThenWhatItsRuleFinds(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	one := storyCalled(k, "One", "Water")
	two := storyCalled(k, "Two", "Water")
	storyCalled(k, "Three", "Water")
	storyCalled(k, "Four")
	c := makeCollection(k, `{"name": "Lead", "size": 4, "rule": {"filter": "tags:water"}}`)
	wantRows(k, c+"/articles", "Three Two One")
	addItem(k, c, `{"url": "https://example.org/x", "title": "Out"}`)
	addItem(k, c, fmt.Sprintf(`{"article": %q, "title": "Uno", "kicker": "K", "position": 1}`, one))
	r := wantRows(k, "/v1/collections/lead/articles", "Uno* Out* Three Two")
	for path, want := range map[string]any{
		"data.0.item.url": "https://news.example.org/articles/one", "data.0.item.kicker": "K",
		"data.0.article.title": "One", "data.0.article.id": one,
		"data.1.item.url": "https://example.org/x", "data.1.article": nil,
		"data.2.item.id": nil, "data.2.article.title": "Three", "page.limit": 4.0, "page.next": nil,
	} {
		if got := r.Field(path); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
	wantRows(k, c+"/articles?limit=3", "Uno* Out* Three")
	wantRows(k, c+"/articles?limit=200", "Uno* Out* Three Two")
	r = wantRows(k, c+"/articles?limit=1&fields=slug,body_html", "Uno*")
	if got := fmt.Sprint(r.Field("data.0.article")); got != "map[body_html: slug:one]" {
		t.Errorf("with fields an article is %s", got)
	}
	verb(k, two, "withdraw")
	wantRows(k, c+"/articles", "Uno* Out* Three")
	verb(k, one, "withdraw")
	wantRows(k, c+"/articles", "Out* Three")
}

func TestARuleMeansTheSameWhenWhatItNamesIsRenamed(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	storyCalled(k, "One", "Water")
	c := makeCollection(k, `{"name": "Lead", "rule": {"filter": "tags:water AND type = news", "sort": "title"}}`)
	shows := func(filter, rows string) {
		t.Helper()
		for range 2 {
			r := k.Public("GET", c).Want(200)
			if got := r.Text("rule.filter"); got != filter {
				t.Errorf("the filter is %q, want %q", got, filter)
			}
			list := k.Public("GET", "/v1/collections").Want(200)
			if got := list.Text("data.0.rule.filter"); got != filter {
				t.Errorf("in the list the filter is %q, want %q", got, filter)
			}
		}
		wantRows(k, c+"/articles", rows)
	}
	shows(`tags:"water" AND type = "news"`, "One")
	tag := k.Public("GET", "/v1/tags/water").Want(200).Text("id")
	reviseTag(k, tag, `{"name": "Aqua", "slug": "aqua"}`)
	shows(`tags:"aqua" AND type = "news"`, "One")
	k.As(cms.Editor, "PATCH", c).JSON(`{"rule": {"sort": "-title"}}`).Want(200)
	other := makeTag(k, `{"name": "Sea"}`)
	storyCalled(k, "Two", "Sea")
	k.As(cms.Editor, "POST", "/v1/tags/"+tag+"/merge").JSON(`{"into": "sea"}`).Want(200)
	shows(`tags:"sea" AND type = "news"`, "Two One")
	k.As(cms.Editor, "PATCH", c).JSON(`{"name": "Leads"}`).Want(200)
	k.As(cms.Editor, "DELETE", "/v1/tags/"+other.Text("id")).Want(204)
	wantRows(k, c+"/articles", "")
	k.As(cms.Editor, "PATCH", c).JSON(`{"description": "D"}`).Want(200)
	r := k.As(cms.Editor, "PATCH", c).JSON(`{"rule": null}`).Want(200)
	if r.Field("rule") != nil {
		t.Errorf("the rule is %v", r.Field("rule"))
	}
}

func TestItemsHaveABeginningAndAnEnd(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	one := storyCalled(k, "One")
	c := makeCollection(k, `{"name": "Lead"}`)
	addItem(k, c, fmt.Sprintf(`{"article": %q, "from": %q, "until": %q}`, one, at(10), at(20)))
	addItem(k, c, fmt.Sprintf(`{"url": "https://example.org/", "title": "Out", "until": %q}`, at(15)))
	for _, step := range []struct {
		minute int
		rows   string
		until  int
	}{{9, "Out*", 10}, {10, "One* Out*", 15}, {14, "One* Out*", 15}, {15, "One*", 20}, {20, "", 0}} {
		k.Clock.Move(testkit.Start.Add(time.Duration(step.minute) * time.Minute).Sub(k.Clock.Now()))
		r := wantRows(k, c+"/articles", step.rows)
		items := k.Public("GET", c).Want(200)
		if n := len(items.List("items")); n != len(strings.Fields(step.rows)) {
			t.Errorf("at %d readers get %d items", step.minute, n)
		}
		want := ""
		if step.until > 0 {
			want = testkit.Start.Add(time.Duration(step.until) * time.Minute).Format("Mon, 02 Jan 2006 15:04:05 GMT")
		}
		if got := []string{r.Header.Get("Expires"), items.Header.Get("Expires")}; !slices.Equal(got, []string{want, want}) {
			t.Errorf("at %d it expires at %q, want %q", step.minute, got, want)
		}
	}
	if n := len(k.As(cms.Editor, "GET", c+"?view=draft").Want(200).List("items")); n != 2 {
		t.Errorf("editors get %d items", n)
	}
}

func TestDraftsDoNotShowThroughItems(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	draft := k.Draft(map[string]any{"title": "Canary", "slug": "canary", "tags": []string{"Quiet"}}).Text("id")
	c := makeCollection(k, `{"name": "Lead", "rule": {"filter": "tags:quiet"}}`)
	item := addItem(k, c, fmt.Sprintf(`{"article": %q, "title": "Canary", "summary": "canary"}`, draft))
	front := k.As(cms.Editor, "POST", "/v1/fronts").JSON(`{"name": "Home", "slots": [{"collection": "lead"}]}`).Want(201).Text("id")
	targets := []string{c, c + "/articles", "/v1/collections", "/v1/fronts/home", "/v1/fronts/" + front, "/v1/fronts"}
	hidden := func(when string) {
		t.Helper()
		for _, target := range targets {
			r := k.Public("GET", target).Want(200)
			for _, secret := range []string{"anary", item} {
				if strings.Contains(string(r.Body), secret) {
					t.Errorf("%s, %s tells %q: %s", when, target, secret, r.Body)
				}
			}
		}
	}
	hidden("as a draft")
	k.Publish(draft)
	if got := rowTitles(k.Public("GET", "/v1/fronts/home").Want(200).List("slots.0.rows")); got != "Canary*" {
		t.Errorf("what was published does not show, so this test shows nothing: %q", got)
	}
	verb(k, draft, "withdraw")
	hidden("once withdrawn")
	trash(k, draft)
	hidden("in the trash")
	k.As(cms.Admin, "DELETE", articlePath(draft)+"?permanent=true").If("*").Want(204)
	if r := k.As(cms.Editor, "GET", c+"?view=draft").Want(200); len(r.List("items")) != 0 || strings.Contains(string(r.Body), "anary") {
		t.Errorf("after it was removed for good there is %s", r.Body)
	}
}

// tooManyPrefixes are more beginnings of words than a question may have.
func tooManyPrefixes() []string {
	words := make([]string, 17)
	for i := range words {
		words[i] = fmt.Sprintf("word%d*", i)
	}
	return words
}

func TestItemsThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	k.Draft(map[string]any{"slug": "here"})
	c := makeCollection(k, `{"name": "Lead"}`)
	item := addItem(k, c, `{"article": "here"}`)
	etag := k.As(cms.Editor, "GET", c+"?view=draft").Want(200).ETag()
	for body, pointer := range map[string]string{
		`{}`:                     "/article",
		`{"article": "nowhere"}`: "/article",
		`{"article": "here", "url": "https://example.org/"}`:                                               "/url",
		`{"url": "https://example.org/"}`:                                                                  "/title",
		`{"url": "ftp://example.org/", "title": "T"}`:                                                      "/url",
		`{"url": "https://example.org/", "title": "T", "from": "` + at(1) + `", "until": "` + at(1) + `"}`: "/until",
		`{"url": "https://example.org/", "title": "T", "position": 0}`:                                     "/position",
		`{"url": "https://example.org/", "title": "T", "image": "x"}`:                                      "/image",
	} {
		wantProblem(t, k.As(cms.Editor, "POST", c+"/items").JSON(body).Do(), 422, cms.Invalid, "pointer", pointer)
	}
	wantProblem(t, k.As(cms.Editor, "POST", c+"/items").JSON(`{"article": "here"}`).Do(), 409, cms.Duplicate, "pointer", "/article")
	for body, pointer := range map[string]string{
		`{"data": [{"article": "here"}, {"article": "here"}]}`: "/data/1",
		`{"data": [{"id": "` + nothing + `"}]}`:                "/data/0/id",
		`{"data": [{"id": "x"}]}`:                              "/data/0/id",
	} {
		wantProblem(t, k.As(cms.Editor, "PUT", c+"/items").If(etag).JSON(body).Do(), 422, cms.Invalid, "pointer", pointer)
	}
	k.As(cms.Editor, "PUT", c+"/items").JSON(`{"data": []}`).Want(428)
	k.As(cms.Editor, "PUT", c+"/items").If(`"99"`).JSON(`{"data": []}`).Want(412)
	k.As(cms.Editor, "PATCH", c+"/items/"+item).If(`"99"`).JSON(`{"title": "T"}`).Want(412)
	k.As(cms.Editor, "PATCH", c+"/items/"+nothing).JSON(`{"title": "T"}`).Want(404)
	k.As(cms.Editor, "DELETE", c+"/items/"+nothing).Want(404)
	for body, pointer := range map[string]string{
		`{"name": "N", "size": 0}`:                                                     "/size",
		`{"name": "N", "rule": {"filter": "tags:"}}`:                                   "/rule/filter",
		`{"name": "N", "rule": {"filter": "tags:nowhere"}}`:                            "/rule/filter",
		`{"name": "N", "rule": {"filter": "status = live"}}`:                           "/rule/filter",
		`{"name": "N", "rule": {"sort": "relevance"}}`:                                 "/rule/sort",
		`{"name": "N", "rule": {"sort": "colour"}}`:                                    "/rule/sort",
		`{"name": "N", "rule": {"q": "` + strings.Join(tooManyPrefixes(), " ") + `"}}`: "/rule/q",
	} {
		wantProblem(t, k.As(cms.Editor, "POST", "/v1/collections").JSON(body).Do(), 422, cms.Invalid, "pointer", pointer)
	}
	if r := k.As(cms.Editor, "GET", c+"?view=draft").Want(200); r.ETag() != etag {
		t.Errorf("what was refused changed the collection: %s", r.Body)
	}
}

func TestItemsAreReplacedMovedAndRemoved(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	c := makeCollection(k, `{"name": "Lead"}`)
	link := func(n int) string {
		return fmt.Sprintf(`{"url": "https://example.org/%d", "title": "%d"}`, n, n)
	}
	ids := map[int]string{}
	for n := range 4 {
		ids[n] = addItem(k, c, link(n))
	}
	wantRows(k, c+"/articles", "0* 1* 2* 3*")
	r := k.As(cms.Editor, "PATCH", c+"/items/"+ids[3]).JSON(`{"position": 2}`).Want(200)
	if r.Field("position") != 2.0 {
		t.Errorf("it was moved to %v", r.Field("position"))
	}
	wantRows(k, c+"/articles", "0* 3* 1* 2*")
	k.As(cms.Editor, "PATCH", c+"/items/"+ids[0]).JSON(`{"position": 99, "title": "zero"}`).Want(200)
	wantRows(k, c+"/articles", "3* 1* 2* zero*")
	k.As(cms.Editor, "DELETE", c+"/items/"+ids[1]).Want(204)
	wantRows(k, c+"/articles", "3* 2* zero*")
	etag := k.As(cms.Editor, "GET", c+"?view=draft").Want(200).ETag()
	r = k.As(cms.Editor, "PUT", c+"/items").If(etag).
		JSON(fmt.Sprintf(`{"data": [{"id": %q}, %s, {"id": %q, "url": "https://example.org/3", "title": "three"}]}`, ids[2], link(5), ids[3])).
		Want(200)
	if r.ETag() == etag || r.Text("items.0.id") != ids[2] || r.Text("items.2.id") != ids[3] {
		t.Errorf("the items are %s", r.Body)
	}
	wantRows(k, c+"/articles", "2* 5* three*")
	same := k.As(cms.Editor, "PUT", c+"/items").If(r.ETag()).
		JSON(fmt.Sprintf(`{"data": [{"id": %q}, {"id": %q}, {"id": %q}]}`, ids[2], r.Text("items.1.id"), ids[3])).
		Want(200)
	if same.ETag() != r.ETag() {
		t.Errorf("what changes nothing makes version %s of %s", same.ETag(), r.ETag())
	}
}

func TestFiftyEditorsAtOnceLoseNoItem(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	c := makeCollection(k, `{"name": "Lead"}`)
	k.Token(cms.Editor)
	var old [50]string
	for i := range old {
		old[i] = addItem(k, c, fmt.Sprintf(`{"url": "https://example.org/old/%d", "title": "old"}`, i))
	}
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			made := k.As(cms.Editor, "POST", c+"/items").JSON(fmt.Sprintf(
				`{"url": "https://example.org/new/%d", "title": "new", "position": %d}`, i, 1+i%7)).Do()
			if made.Status != 201 {
				t.Errorf("add %d: %d %s", i, made.Status, made.Body)
				return
			}
			moved := k.As(cms.Editor, "PATCH", c+"/items/"+made.Text("id")).JSON(fmt.Sprintf(`{"title": "moved", "position": %d}`, 1+i%11)).Do()
			if moved.Status != 200 {
				t.Errorf("move %d: %d %s", i, moved.Status, moved.Body)
			}
			if gone := k.As(cms.Editor, "DELETE", c+"/items/"+old[i]).Do(); gone.Status != 204 {
				t.Errorf("remove %d: %d %s", i, gone.Status, gone.Body)
			}
		})
	}
	all.Wait()
	r := k.As(cms.Editor, "GET", c+"?view=draft").Want(200)
	urls := map[string]bool{}
	for i, item := range r.List("items") {
		urls[item.(map[string]any)["url"].(string)] = true
		if got := item.(map[string]any)["position"]; got != float64(i+1) {
			t.Errorf("item %d has the position %v", i+1, got)
		}
	}
	for i := range 50 {
		if !urls[fmt.Sprintf("https://example.org/new/%d", i)] || urls[fmt.Sprintf("https://example.org/old/%d", i)] {
			t.Errorf("of %d the new one is lost, or the old one came back", i)
		}
	}
	var version int64
	if err := json.Unmarshal([]byte(strings.Trim(r.ETag(), `"`)), &version); err != nil || version != 201 {
		t.Errorf("200 changes made version %d (%v)", version, err)
	}
}

func TestArticlesOfACollectionAreFoundLikeNouns(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	c := makeCollection(k, `{"name": "Lead"}`)
	articles := "/v1/collections/lead/articles"
	etag := k.Public("GET", articles).Want(200).Header.Get("ETag")
	k.Public("GET", articles).Header("If-None-Match", etag).Want(304)
	testkit.New(t, testkit.ClosedToThePublic).Public("GET", articles).Want(401)
	k.Public("GET", "/v1/collections/nothing/articles").Want(404)
	k.As(cms.Editor, "PATCH", c).JSON(`{"slug": "top"}`).Want(200)
	if moved := k.Public("GET", articles).Want(308); !strings.HasPrefix(moved.Header.Get("Location"), "/v1/collections/top") {
		t.Errorf("it moved to %s", moved.Header.Get("Location"))
	}
}

func TestItemsAreOfAVersionOfTheirCollection(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	one, two := storyCalled(k, "One"), storyCalled(k, "Two")
	c := makeCollection(k, `{"name": "Lead"}`)
	addItem(k, c, `{"article": "`+one+`"}`)
	second := c + "/items/" + addItem(k, c, `{"article": "`+two+`"}`)
	for _, call := range []*testkit.Call{
		k.As(cms.Editor, "POST", c+"/items").JSON(`{"url": "https://example.org/", "title": "T"}`),
		k.As(cms.Editor, "PATCH", second).JSON(`{"title": "T"}`),
		k.As(cms.Editor, "DELETE", second),
	} {
		wantProblem(t, call.If(`"99"`).Do(), 412, cms.VersionMismatch, "", "")
	}
	k.As(cms.Editor, "PATCH", second).JSON(`{"article": "` + one + `"}`).Want(409)
	wantRows(k, "/v1/collections/lead/articles", "One* Two*")
}

// What a rule names may have been merged into something else; that is renamed then.
func TestARuleIsShownWithThePresentNameOfWhatItsNounWasMergedInto(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	water := makeTag(k, `{"name": "Water"}`).Text("id")
	river := makeTag(k, `{"name": "River"}`).Text("id")
	collection := makeCollection(k, `{"name": "C", "rule": {"filter": "tags:water"}}`)
	want := func(filter string) {
		t.Helper()
		if got := k.Public("GET", collection).Want(200).Text("rule.filter"); got != filter {
			t.Errorf("the rule is %s, want %s", got, filter)
		}
	}
	want(`tags:"water"`)
	mergeTags(k, water, river)
	want(`tags:"river"`)
	reviseTag(k, river, `{"slug": "stream"}`)
	want(`tags:"stream"`)
}
