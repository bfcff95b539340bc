package api_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// counted are the kinds of nouns that count articles, with the parameter of lists of articles.
var counted = map[string]string{"/v1/sections": "section", "/v1/authors": "author", "/v1/tags": "tag"}

// wantTrueCounts wants each noun to count as many articles as a list of them has.
func wantTrueCounts(k *testkit.Kit) (nouns int) {
	k.T.Helper()
	for list, parameter := range counted {
		for _, row := range k.Public("GET", list+"?limit=100").Want(200).List("data") {
			noun := row.(map[string]any)
			query := fmt.Sprintf("/v1/articles?limit=1&count=exact&%s=%s", parameter, noun["id"])
			if total := k.Public("GET", query).Want(200).Field("page.total"); total != noun["article_count"] {
				k.T.Errorf("%s %v counts %v articles, a list has %v", parameter, noun["slug"],
					noun["article_count"], total)
			}
			nouns++
		}
	}
	return nouns
}

// disorder is what many editors do at once.
type disorder struct {
	k        *testkit.Kit
	articles []string
	nouns    map[string][]string // ids by the path of the list
}

func newDisorder(k *testkit.Kit, size int) *disorder {
	k.T.Helper()
	d := &disorder{k: k, nouns: map[string][]string{}}
	for list := range counted {
		for i := range size {
			body := map[string]any{"name": fmt.Sprintf("N%d", i)}
			if i%3 > 0 && list == "/v1/sections" {
				body["parent"] = d.nouns[list][i-1]
			}
			made := k.As(cms.Editor, "POST", list).JSON(body).Want(201)
			d.nouns[list] = append(d.nouns[list], made.Text("id"))
		}
	}
	for i := range 2 * size {
		dice := rand.New(rand.NewPCG(uint64(i), 0))
		made := k.Draft(d.references(dice, map[string]any{"title": fmt.Sprint("A", i)}))
		d.articles = append(d.articles, made.Text("id"))
	}
	return d
}

// references adds some references to an article.
func (d *disorder) references(dice *rand.Rand, body map[string]any) map[string]any {
	some := func(list string) []string {
		at := dice.IntN(len(d.nouns[list]) - 1)
		return d.nouns[list][at : at+2]
	}
	body["sections"] = some("/v1/sections")
	body["tags"] = some("/v1/tags")
	body["authors"] = []any{map[string]any{"author": d.one(dice, "/v1/authors")}}
	return body
}

func (d *disorder) one(dice *rand.Rand, list string) string {
	return d.nouns[list][dice.IntN(len(d.nouns[list]))]
}

// do makes one change. Any may come too late, and is refused then.
func (d *disorder) do(dice *rand.Rand) {
	article := "/v1/articles/" + d.articles[dice.IntN(len(d.articles))]
	section, author, tag := d.one(dice, "/v1/sections"), d.one(dice, "/v1/authors"), d.one(dice, "/v1/tags")
	change := func(method, target string, body any) {
		call := d.k.As(cms.Editor, method, target).If("*")
		if body != nil {
			call = call.JSON(body)
		}
		if r := call.Do(); r.Status >= 500 {
			d.k.T.Errorf("%s %s: %d %s", method, target, r.Status, r.Body)
		}
	}
	switch n := dice.IntN(60); {
	case n < 24:
		change("POST", article+"/publish", nil)
	case n < 38:
		change("PATCH", article, d.references(dice, map[string]any{}))
	case n < 43:
		change("POST", article+"/withdraw", nil)
	case n < 45:
		change("DELETE", article, nil)
	case n < 52:
		change("PATCH", "/v1/sections/"+section, map[string]any{"parent": d.one(dice, "/v1/sections")})
	case n < 56:
		change("PATCH", "/v1/sections/"+section, map[string]any{"parent": nil})
	case n == 56:
		change("DELETE", "/v1/sections/"+section+"?into="+d.one(dice, "/v1/sections"), nil)
	case n == 57:
		change("POST", "/v1/authors/"+author+"/merge", map[string]any{"into": d.one(dice, "/v1/authors")})
	case n == 58:
		change("POST", "/v1/tags/"+tag+"/merge", map[string]any{"into": d.one(dice, "/v1/tags")})
	default:
		change("DELETE", "/v1/tags/"+tag, nil)
	}
}

// However many publish, file, move, merge and remove at once, the counts are those of the lists.
func TestCountsAreTrueWhateverIsDoneAtOnce(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	d := newDisorder(k, 30)
	for round := range 2 {
		atOnce(func(i int) {
			dice := rand.New(rand.NewPCG(uint64(round), uint64(i)))
			for range 8 {
				d.do(dice)
			}
		})
		if n := wantTrueCounts(k); n < 25 {
			t.Fatalf("only %d nouns are left", n)
		}
	}
	live := k.Public("GET", "/v1/articles?limit=1&count=exact").Want(200).Field("page.total").(float64)
	if live < 5 {
		t.Errorf("only %v articles are live", live)
	}
}
