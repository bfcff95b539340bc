package api_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// asking is the address of a question in words, with more parameters behind it.
func asking(words, more string) string {
	return "/v1/articles?q=" + url.QueryEscape(words) + more
}

// headlines are the titles of a list's rows with bars between them.
func headlines(r *testkit.Response) string {
	r.T.Helper()
	var out []string
	for _, row := range r.List("data") {
		out = append(out, row.(map[string]any)["title"].(string))
	}
	return strings.Join(out, "|")
}

// answers are the titles of the live articles that answer a question, in the order of their titles.
func answers(k *testkit.Kit, words string) string {
	k.T.Helper()
	return headlines(k.Public("GET", asking(words, "&sort=title")).Want(200))
}

// workingAnswers are the titles of the working copies that do.
func workingAnswers(k *testkit.Kit, words string) string {
	k.T.Helper()
	return headlines(k.As(cms.Contributor, "GET", asking(words, "&sort=title&view=draft")).Want(200))
}

// wantAnswers wants a question to be answered by what readers see and by the working copies with these titles.
func wantAnswers(t *testing.T, k *testkit.Kit, words, live, draft string) {
	t.Helper()
	if got := answers(k, words); got != live {
		t.Errorf("readers who ask for %s find %q, want %q", words, got, live)
	}
	if got := workingAnswers(k, words); got != draft {
		t.Errorf("editors who ask for %s find %q, want %q", words, got, draft)
	}
}

// places are articles of which each has one word, glimmer, in another place, from the place that counts most to the one
// that counts least.
var places = []map[string]any{
	{"title": "A glimmer at the pass", "slug": "title"},
	{"title": "Second of them", "slug": "kicker", "kicker": "Some glimmer first"},
	{"title": "Third of them", "slug": "summary", "summary": "It has a glimmer in it"},
	{"title": "Fourth of them", "slug": "body", "body": "It was *late* when a **glimmer** came."},
}

func TestAWordIsFoundInEachPlaceAlone(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for place, article := range map[string]map[string]any{
		"title":   {"title": "An ibex far up", "slug": "in-title"},
		"kicker":  {"kicker": "Marmot weeks", "slug": "in-kicker"},
		"summary": {"summary": "Where the lynx goes.", "slug": "in-summary"},
		"body":    {"body": "## A heading\n\nNobody saw the [wolverine](https://example.org/otter) come.", "slug": "in-body"},
		"byline":  {"byline": "Gazelle Karimova", "slug": "in-byline"},
		"tag":     {"tags": []string{"Argali sheep"}, "slug": "in-tag"},
	} {
		if place != "title" {
			article["title"] = "In " + place
		}
		k.Published(article)
	}
	argali := k.Public("GET", "/v1/tags/argali-sheep").Want(200).Text("id")
	reviseTag(k, argali, `{"aliases": ["Ovis ammon"]}`)
	for word, want := range map[string]string{
		"ibex": "An ibex far up", "marmot": "In kicker", "lynx": "In summary", "wolverine": "In body", "heading": "In body",
		"karimova": "In byline", "argali": "In tag", "ammon": "In tag", `"ovis ammon"`: "In tag", `"argali sheep"`: "In tag",
		"otter": "", "strong": "", "https": "", "example.org": "", `"sheep argali"`: "", "in-tag": "In tag", "published": "",
	} {
		wantAnswers(t, k, word, want, want)
	}
}

func TestAQuestionIsReadAsPeopleMeanIt(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for _, a := range [][2]string{
		{"A", "The glacier lake rose overnight; two rivers met below."},
		{"B", "A lake below the glacier, and a city on one river."},
		{"C", "Élèves à l'école: déjà-vu in the cities. Straße."},
		{"D", "Policy and politics: a well-known story of 1,250 analyses and one church."},
		{"E", "State-of-the-art boxes, women, children; news of a new series."},
	} {
		k.Published(map[string]any{"title": a[0], "body": a[1]})
	}
	for words, want := range map[string]string{
		"glacier lake": "A|B", "lake glacier": "A|B", `"glacier lake"`: "A", `"lake glacier"`: "", "“glacier lake”": "A", "«glacier lake»": "A",
		`"the glacier"`: "A|B", `"overnight two"`: "A", "glacier -overnight": "B", `lake -"glacier lake"`: "B", "-lake": "C|D|E",
		`-lake -"well known"`: "C|E", "glacier school": "", "lake -glacier": "", "-lake lake": "",
		"glac*": "A|B", "poli*": "D", "polit*": "D", `"glacier la*"`: "A", "overn*": "A", "-glac*": "C|D|E", "lacier": "", "night": "", "over": "",
		"GLACIER": "A|B", "Glacier's": "", "eleves": "C", "ÉLÈVES": "C", "école": "C", "ecole": "C", "deja vu": "C", "deja-vu": "C", "STRASSE": "C",
		"strasse": "C", "e\u0301cole": "C", "river": "A|B", "rivers": "A|B", "city": "B|C", "cities": "B|C", "lakes": "A|B", "analysis": "D",
		"churches": "D", "policies": "D", "box": "E", "woman": "E", "child": "E", "news": "E", "1 250": "D", "1,250": "D",
		"well-known": "D", "known-well": "", "state-of-the-art": "E", "glacier glacier glacier": "A|B", `"`: "", "-": "", "*": "", "…": "",
		`"glacier`: "A|B", `glacier"`: "A|B", `"glacier" OR nothing`: "", "(glacier)": "A|B", "title:glacier": "", "glacier^2": "",
	} {
		wantAnswers(t, k, words, want, want)
	}
}

func TestNewsIsNotThePluralOfNew(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	k.Published(map[string]any{"title": "A new bridge"})
	k.Published(map[string]any{"title": "News of a bridge"})
	wantAnswers(t, k, "new bridge", "A new bridge", "A new bridge")
	wantAnswers(t, k, "news bridge", "News of a bridge", "News of a bridge")
}

func TestArabicIsFoundHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for _, a := range [][2]string{
		{"أ", "اِفْتُتِحَتِ المَدْرَسَةُ الجَدِيدَةُ في إيران عام ٢٠٢٦."},
		{"ب", "وبالكتاب يبدأ الطلاب يومهم في المكتبات، ثم يسألون المعلم."},
		{"ج", "قال الرئيس للصحفيين إن المسؤولين سيلتقون في مستشفى المدينة."},
		{"د", "المياه للجميع: هذا شعار طاجيكستان وجارتها الآن بإذن الله."},
	} {
		k.Published(map[string]any{"title": a[0], "body": a[1], "locale": "ar"})
	}
	for words, want := range map[string]string{
		"مدرسة": "أ", "المدرسه": "أ", "مَدْرَسَة": "أ", "والمدرسة": "أ", "بالمدرسة": "أ", "للمدرسة": "أ", "مـدرسـة": "أ", "المدرسة الجديدة": "أ",
		`"المدرسة الجديدة"`: "أ", `"مدرسة جديدة"`: "أ", `"الجديدة المدرسة"`: "", "ایران": "أ", "ايران": "أ", "إيران": "أ", "آيران": "أ", "2026": "أ", "۲۰۲۶": "أ",
		"٢٠٢٦": "أ", "كتاب": "ب", "الكتاب": "ب", "بالكتاب": "ب", "والكتاب": "ب", "لكتاب": "ب", "کتاب": "ب", "طلاب": "ب", "المعلّم": "ب", "مكتبات": "ب",
		"رئيس": "ج", "الرييس": "ج", "صحفيين": "ج", "للصحفيين": "ج", "الصحفيين": "ج", "مسؤولين": "ج", "المسوولين": "ج", "مستشفي": "ج", "المستشفى": "ج",
		"مدينه": "ج", "مياه": "د", "الجميع": "د", "جميع": "د", "جارتها": "د", "الله": "د", "الان": "د", "طاجيك*": "د", "المدر*": "أ",
		"مدينه -رئيس": "", "-رئيس": "أ|ب|د", "دينة": "", "كتب": "",
	} {
		wantAnswers(t, k, words, want, want)
	}
}

func TestOtherWritingsAreFound(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for _, a := range [][2]string{
		{"fa", "آب\u200cهای گرم خلیج فارس"}, {"ru", "Ещё одна река: Амударья"}, {"tg", "Рӯди Вахш дар Тоҷикистон"}, {"zh", "东京都的河流"},
		{"th", "แม่น้ำโขง"}, {"tr", "İstanbul'da ılık bir gün"}, {"hi", "यह नदी गहरी है"}, {"de", "Größe der Flüsse"},
	} {
		k.Published(map[string]any{"title": a[0], "body": a[1], "locale": a[0]})
	}
	for words, want := range map[string]string{
		"خليج": "fa", "آبهای": "fa", "еще": "ru", "РЕКА": "ru", "тоҷикистон": "tg", "河流": "zh", "京都": "zh", "京东": "", "河*": "zh", "น้ำ": "th",
		"istanbul": "tr", "नदी": "hi", "grosse": "de", "GRÖSSE": "de", "flusse": "de",
	} {
		wantAnswers(t, k, words, want, want)
	}
}

func TestWordsOfADraftAreForEditors(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	k.Draft(map[string]any{"title": "Unfinished", "body": "About herons.", "tags": []string{"Wetland"}})
	id := k.Published(map[string]any{"title": "Finished", "body": "About storks.", "tags": []string{"Meadow"}}).Text("id")
	revise(k, id, map[string]any{"title": "Revised", "body": "About cranes.", "tags": []string{"wetland"}})
	for words, want := range map[string][2]string{
		"herons": {"", "Unfinished"}, "storks": {"Finished", ""}, "cranes": {"", "Revised"}, "meadow": {"Finished", ""},
		"wetland": {"", "Revised|Unfinished"}, "finished": {"Finished", ""}, "about": {"Finished", "Revised|Unfinished"},
		"-cranes": {"Finished", "Unfinished"}, "-wetland": {"Finished", ""},
	} {
		wantAnswers(t, k, words, want[0], want[1])
	}
}

func TestTheIndexFollowsEveryMoveAtOnce(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	k.Published(map[string]any{"title": "Bystander", "body": "Swallows stay."})
	id := k.Draft(map[string]any{"title": "Mover", "body": "Ducks."}).Text("id")
	admin := func(method, more string) { k.As(cms.Admin, method, articlePath(id)+more).If("*").Want(204) }
	for _, step := range []struct {
		what              string
		do                func()
		ducks, geese      [2]string
		swallows, loosely [2]string // loosely: -swallows
	}{
		{"draft", func() {}, [2]string{"", "Mover"}, [2]string{}, [2]string{"Bystander", "Bystander"}, [2]string{"", "Mover"}},
		{"publish", func() { k.Publish(id) }, [2]string{"Mover", "Mover"}, [2]string{}, [2]string{"Bystander", "Bystander"}, [2]string{"Mover", "Mover"}},
		{"revise", func() { revise(k, id, `{"body": "Geese."}`) }, [2]string{"Mover", ""}, [2]string{"", "Mover"}, [2]string{"Bystander", "Bystander"}, [2]string{"Mover", "Mover"}},
		{"publish again", func() { k.Publish(id) }, [2]string{}, [2]string{"Mover", "Mover"}, [2]string{"Bystander", "Bystander"}, [2]string{"Mover", "Mover"}},
		{"date it back", func() { revise(k, id, `{"published_at": "2020-01-01T00:00:00Z"}`); k.Publish(id) }, [2]string{}, [2]string{"Mover", "Mover"}, [2]string{"Bystander", "Bystander"}, [2]string{"Mover", "Mover"}},
		{"take an edit back", func() { revise(k, id, `{"body": "Ducks."}`); revise(k, id, `{"body": "Geese."}`) }, [2]string{}, [2]string{"Mover", "Mover"}, [2]string{"Bystander", "Bystander"}, [2]string{"Mover", "Mover"}},
		{"withdraw", func() { verb(k, id, "withdraw") }, [2]string{}, [2]string{"", "Mover"}, [2]string{"Bystander", "Bystander"}, [2]string{"", "Mover"}},
		{"publish once more", func() { k.Publish(id) }, [2]string{}, [2]string{"Mover", "Mover"}, [2]string{"Bystander", "Bystander"}, [2]string{"Mover", "Mover"}},
		{"trash", func() { trash(k, id) }, [2]string{}, [2]string{}, [2]string{"Bystander", "Bystander"}, [2]string{}},
		{"restore", func() { verb(k, id, "restore") }, [2]string{}, [2]string{"", "Mover"}, [2]string{"Bystander", "Bystander"}, [2]string{"", "Mover"}},
		{"purge", func() { admin("DELETE", "?permanent=true") }, [2]string{}, [2]string{}, [2]string{"Bystander", "Bystander"}, [2]string{}},
	} {
		step.do()
		for words, want := range map[string][2]string{"ducks": step.ducks, "geese": step.geese, "swallows": step.swallows, "-swallows": step.loosely} {
			t.Log("after", step.what)
			wantAnswers(t, k, words, want[0], want[1])
		}
		if step.what == "trash" {
			found := headlines(k.As(cms.Editor, "GET", asking("geese", "&view=draft&trashed=true")).Want(200))
			if found != "Mover" {
				t.Errorf("in the trash geese finds %q", found)
			}
		}
	}
}

func TestTheIndexFollowsTheTags(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	k.Published(map[string]any{"title": "One", "tags": []string{"Harbour"}})
	k.Published(map[string]any{"title": "Two", "tags": []string{"Quay"}})
	k.Draft(map[string]any{"title": "Three", "tags": []string{"harbour"}})
	harbour, quay := k.Public("GET", "/v1/tags/harbour").Want(200).Text("id"), k.Public("GET", "/v1/tags/quay").Want(200).Text("id")
	wantAnswers(t, k, "harbour", "One", "One|Three")
	reviseTag(k, harbour, `{"name": "Old seaport", "aliases": ["ميناء"]}`)
	wantAnswers(t, k, "harbour", "", "")
	wantAnswers(t, k, "seaports", "One", "One|Three")
	wantAnswers(t, k, `"old seaport"`, "One", "One|Three")
	wantAnswers(t, k, "والميناء", "One", "One|Three")
	wantAnswers(t, k, "-seaport", "Two", "Two")
	reviseTag(k, harbour, `{"aliases": []}`)
	wantAnswers(t, k, "ميناء", "", "")
	mergeTags(k, quay, harbour)
	wantAnswers(t, k, "seaport", "One|Two", "One|Three|Two")
	for _, words := range []string{"-seaport", `-"old seaport"`, "-sea*"} {
		wantAnswers(t, k, words, "", "")
	}
	wantAnswers(t, k, "quay", "One|Two", "One|Three|Two") // the name stays as an alias
	k.As(cms.Editor, "DELETE", tagPath(harbour)).Want(204)
	wantAnswers(t, k, "seaport", "", "")
	wantAnswers(t, k, "-seaport", "One|Two", "One|Three|Two")
	wantAnswers(t, k, "two", "Two", "Two")
}

func TestTheBestAnswersComeFirst(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	var want []string
	for _, article := range places {
		k.Published(article)
		want = append(want, article["title"].(string))
		k.Clock.Move(1e9 * 60)
	}
	for _, view := range []string{"live", "draft"} {
		for _, sort := range []string{"", "&sort=relevance"} {
			got := headlines(k.As(cms.Editor, "GET", asking("glimmer", sort+"&view="+view)).Want(200))
			if diff := cmp.Diff(strings.Join(want, "|"), got); diff != "" {
				t.Errorf("%s%s (-want +got):\n%s", view, sort, diff)
			}
		}
	}
	slices.Reverse(want)
	if got := headlines(k.Public("GET", asking("glimmer", "&sort=-published_at")).Want(200)); got != strings.Join(want, "|") {
		t.Errorf("the newest first: %s", got)
	}
	if got := headlines(k.Public("GET", asking("glimmer", "&sort=published_at&limit=2")).Want(200)); got != want[3]+"|"+want[2] {
		t.Errorf("the oldest first: %s", got)
	}
}

func TestOfEqualAnswersTheNewestComesFirst(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	var want []string
	for i := range 12 {
		if i%3 == 0 {
			k.Clock.Move(1e9)
		}
		want = append(want, k.Published(map[string]any{"title": "Same words"}).Text("id"))
	}
	slices.Reverse(want)
	got := idsIn(k.Public("GET", asking("same", "")).Want(200))
	if n := len(want); n != len(got) {
		t.Fatalf("%d of %d are found", len(got), n)
	}
	for from := 0; from < len(want); from += 3 { // within a second there is some order, and always the same
		a, b := slices.Clone(want[from:from+3]), slices.Clone(got[from:from+3])
		slices.Sort(a)
		slices.Sort(b)
		if diff := cmp.Diff(a, b); diff != "" {
			t.Errorf("second %d (-want +got):\n%s", from/3, diff)
		}
	}
	wantIDs(t, k.Public("GET", asking("same", "")), got...)
}

// TestPagesOfAnswersHoldStill walks through answers in both orders while more come.
func TestPagesOfAnswersHoldStill(t *testing.T) {
	t.Parallel()
	for _, sort := range []string{"relevance", "-published_at", "published_at", "title", "-updated_at"} {
		t.Run(sort, func(t *testing.T) {
			t.Parallel()
			k := testkit.New(t)
			for i := range 17 {
				article := map[string]any{"title": fmt.Sprintf("Number %d", i), "body": "A ferry."}
				if i%3 == 0 {
					article["title"] = fmt.Sprintf("Ferry %d", i)
				}
				if i%4 == 0 {
					article["summary"] = "The ferry sails"
				}
				k.Published(article)
				if i%5 > 2 {
					k.Clock.Move(1e9)
				}
			}
			whole := idsIn(k.Public("GET", asking("ferry", "&limit=100&sort="+sort)).Want(200))
			if len(whole) != 17 {
				t.Fatalf("%d of 17 are found", len(whole))
			}
			var pages [][]string
			at := k.Public("GET", asking("ferry", "&limit=4&sort="+sort)).Want(200)
			for {
				pages = append(pages, idsIn(at))
				if len(pages) > 12 {
					t.Fatal("the walk does not end")
				}
				if next := follow(at, "next"); next != "" {
					if sort == "relevance" || sort == "-published_at" || sort == "-updated_at" { // the others meet what comes later
						k.Clock.Move(1e9)
						k.Published(map[string]any{"title": "Ferry ferry", "kicker": "ferry"})
					}
					back := at
					at = k.Public("GET", next).Want(200)
					if diff := cmp.Diff(idsIn(back), idsIn(k.Public("GET", follow(at, "prev")).Want(200))); diff != "" {
						t.Errorf("the page before page %d is another one:\n%s", len(pages)+1, diff)
					}
					continue
				}
				break
			}
			if diff := cmp.Diff(whole, slices.Concat(pages...)); diff != "" {
				t.Errorf("walked (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnswersAreNumberedAndCounted(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for i := range 9 {
		k.Published(map[string]any{"title": fmt.Sprintf("Ferry %d", i), "type": []string{"news", "opinion", "feature"}[i%3]})
		k.Clock.Move(1e9)
	}
	k.Published(map[string]any{"title": "Something else"})
	k.Draft(map[string]any{"title": "Ferry draft"})
	for _, sort := range []string{"relevance", "-published_at"} {
		whole := idsIn(k.Public("GET", asking("ferry", "&sort="+sort)).Want(200))
		for page := range 4 {
			r := k.Public("GET", asking("ferry", fmt.Sprintf("&limit=4&count=exact&page=%d&sort=%s", page+1, sort))).Want(200)
			if diff := cmp.Diff(whole[min(4*page, 9):min(4*page+4, 9)], idsIn(r)); diff != "" || r.Field("page.total") != 9.0 {
				t.Errorf("%s: page %d of %v (-want +got):\n%s", sort, page+1, r.Field("page.total"), diff)
			}
		}
	}
	for more, want := range map[string]float64{
		"": 9, "&type=news": 3, "&type=news,opinion&filter=" + url.QueryEscape(`title != "Ferry 0"`): 5, "&filter=type:video": 0, "&slug=ferry-1,ferry-2,none": 2,
	} {
		if got := k.Public("GET", asking("ferry", "&count=exact&limit=1"+more)).Want(200).Field("page.total"); got != want {
			t.Errorf("%s: total %v, want %v", more, got, want)
		}
	}
	if got := k.As(cms.Editor, "GET", asking("ferry", "&count=exact&view=draft")).Want(200).Field("page.total"); got != 10.0 {
		t.Errorf("in draft view the total is %v", got)
	}
	if got := k.Public("GET", asking("-ferry", "&count=exact")).Want(200).Field("page.total"); got != 1.0 {
		t.Errorf("without ferries the total is %v", got)
	}
}

func TestACursorOfAnotherQuestionIsRefused(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for i := range 3 {
		k.Published(map[string]any{"title": fmt.Sprintf("Ferry to port %d", i)})
	}
	cursor := "&cursor=" + k.Public("GET", asking("ferry", "&limit=1")).Want(200).Text("page.next")
	k.Public("GET", asking("ferry", "&limit=2&count=exact&highlight=true&facets=type&fields=id"+cursor)).Want(200)
	for _, other := range []string{asking("port", cursor), asking("ferry", "&sort=title"+cursor), asking("ferry", "&filter=type:news"+cursor), "/v1/articles?limit=1" + cursor} {
		wantErrors(t, k.Public("GET", other).Want(400), "cursor invalid_cursor")
	}
}

func TestWhatAQuestionNeedsIsAskedFor(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for target, want := range map[string]string{
		"/v1/articles?highlight=true": "highlight not_allowed", "/v1/articles?sort=relevance": "sort not_allowed",
		"/v1/articles?q=a&sort=-relevance": "sort not_allowed", "/v1/articles?q=a&highlight=yes": "highlight not_allowed",
		"/v1/articles?q=%00": "q invalid_text", "/v1/articles?q=%ff": "q invalid_text", "/v1/articles?q=a&q=b": "q repeated",
		"/v1/articles?q=" + strings.Repeat("a", 501): "q too_long", "/v1/articles?facets=body": "facets not_allowed",
		"/v1/articles?query=a": "query unknown", "/v1/articles?filter=%20": "filter empty",
		"/v1/suggest": "q required", "/v1/suggest?q=": "q required", "/v1/suggest?q=a&limit=21": "limit out_of_range", "/v1/suggest?q=a&kind=tag": "kind unknown",
		"/v1/suggest?q=" + strings.Repeat("a", 501): "q too_long", "/v1/suggest?q=%00": "q invalid_text",
	} {
		wantErrors(t, k.Public("GET", target).Want(400), want)
	}
	k.Public("GET", "/v1/articles?q="+strings.Repeat("%D9%86", 500)).Want(200)
	k.Public("GET", "/v1/articles?highlight=false").Want(200)
}

// The words of a working copy are indexed when it has rested, and before anybody searches: it is found as it is.
func TestAWorkingCopyIsFoundByTheWordsItHasNow(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	k.Draft(map[string]any{"title": "Another", "body": "A heron."})
	id := k.Draft(map[string]any{"title": "One", "body": "A quokka."}).Text("id")
	found := func(words string) string {
		t.Helper()
		return headlines(k.As(cms.Contributor, "GET", asking(words, "&sort=title&view=draft")).Want(200))
	}
	indexed := func(want int) {
		t.Helper()
		if n, err := k.Newsroom.IndexDrafts(t.Context()); n != want || err != nil {
			t.Errorf("%d working copies were indexed, want %d; error %v", n, want, err)
		}
	}
	want := func(words, titles string) {
		t.Helper()
		if got := found(words); got != titles {
			t.Errorf("%q finds %q, want %q", words, got, titles)
		}
	}
	indexed(0) // somebody may still be writing
	want("quokka", "One")
	want("-heron", "One")
	revise(k, id, `{"body": "A numbat."}`)
	want("-heron", "One")
	want("quokka", "")
	want("numbat", "One")
	revise(k, id, `{"body": "A bilby."}`)
	k.Clock.Move(9 * time.Second)
	indexed(0)
	k.Clock.Move(time.Second)
	indexed(1)
	indexed(0)
	want("bilby", "One")
	revise(k, id, `{"body": "A wombat."}`)
	k.Publish(id)
	indexed(0) // publishing has done it
	want("wombat", "One")
	revise(k, id, `{"body": "A dingo."}`)
	if got := headlines(k.Public("GET", asking("wombat", "")).Want(200)); got != "One" {
		t.Errorf("readers find %q by what they see", got)
	}
	want("wombat", "")
	want("dingo", "One")
	if got := headlines(k.Public("GET", asking("dingo", "")).Want(200)); got != "" {
		t.Errorf("readers find %q by what they do not see", got)
	}
}

// A tag that took in many others has many names and many terms: it may not push others out of the question.
func TestTagsThatShareAWordAreAllMeant(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	k.Published(map[string]any{"title": "City", "tags": []string{"Budget city"}})
	k.Published(map[string]any{"title": "Second", "tags": []string{"Budget city"}})
	k.Published(map[string]any{"title": "School", "tags": []string{"Budget school"}})
	const merged = 25
	for i := range merged {
		name := fmt.Sprintf("Budget old%d", i)
		k.Published(map[string]any{"title": fmt.Sprintf("Old %d", i), "tags": []string{name}})
		mergeTags(k, k.Public("GET", tagPath(strings.ReplaceAll(strings.ToLower(name), " ", "-"))).Want(200).Text("id"), "budget-city")
	}
	want := func(words string, n int) {
		t.Helper()
		for _, view := range []string{"", "&view=draft"} {
			if got := k.As(cms.Editor, "GET", asking(words, "&count=exact&limit=1"+view)).Want(200).Field("page.total"); got != float64(n) {
				t.Errorf("%s%s finds %v, want %d", words, view, got, n)
			}
		}
	}
	want(`"budget school"`, 1)
	want("budget", merged+3)
	want("budg*", merged+3)
	want(`budget -"budget school"`, merged+2)
	for i := range merged {
		want(fmt.Sprintf(`"budget old%d"`, i), merged+2)
	}
}
