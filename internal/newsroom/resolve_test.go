package newsroom_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/testkit"

	"github.com/masthead-cms/masthead/api"
)

// thing is something that has a page: its list and its id.
type thing struct{ list, id string }

// siteWalk changes a site at random, and remembers every address that a page ever had.
type siteWalk struct {
	k     *testkit.Kit
	r     *rand.Rand
	mixed bool // kinds have names in common

	known  []thing
	merged map[thing]thing
	gone   map[thing]bool
	live   map[thing]string           // the addresses of pages
	had    map[string]map[thing]bool  // whose page was at an address
	slugs  map[thing]map[string]bool  // that a thing had
	names  map[thing]map[string]bool  // of tags, as slugs, with those merged into it: they may lead to it, too
	said   map[string]map[string]bool // the slugs of the pages that were at an address
	log    []string
}

func newWalk(t *testing.T, seed uint64) *siteWalk {
	k := testkit.New(t, func(o *newsroom.Options, _ *api.Options) { o.Site = cms.FixedSite{} })
	return &siteWalk{
		k:      k,
		r:      rand.New(rand.NewPCG(seed, 1)),
		mixed:  seed%3 == 0,
		merged: map[thing]thing{},
		gone:   map[thing]bool{},
		had:    map[string]map[thing]bool{},
		slugs:  map[thing]map[string]bool{},
		names:  map[thing]map[string]bool{},
		said:   map[string]map[string]bool{},
	}
}

var lists = []string{"articles", "sections", "tags", "authors", "collections", "fronts"}

// patternsOf are patterns that a walk gives to the paths of each kind.
var patternsOf = map[string][]string{
	"article": {"/articles/{slug}", "/{year}/{month}/{slug}", "/{locale}/{slug}", "/a/{id}", "/{slug}", "/{type}-{slug}",
		"/{slug}/{day}/", "/{section_path}/{slug}", "/{section}/{slug}", "/{section}/of/{id}"},
	"section":    {"/sections/{slug}", "/{section_path}", "/s/{id}/{slug}", "/in/{section_path}/all"},
	"tag":        {"/tags/{slug}", "/t/{id}", "/topic-{slug}", "/{slug}"},
	"author":     {"/authors/{slug}", "/by/{slug}", "/{slug}/by"},
	"collection": {"/c/{slug}", "/c-{id}", "/{slug}/list"},
	"front":      {"/fronts/{slug}", "/f/{slug}"},
}

func pick[T any](w *siteWalk, from []T) T { return from[w.r.IntN(len(from))] }

// name returns a name, of few that there are.
func (w *siteWalk) name(list string) string {
	if w.mixed {
		list = "name"
	}
	return fmt.Sprintf("%s %c", list, 'a'+w.r.IntN(5))
}

// some returns a thing of a list that is not gone, false if there is none.
func (w *siteWalk) some(list string) (thing, bool) {
	var there []thing
	for _, t := range w.known {
		if _, merged := w.merged[t]; t.list == list && !w.gone[t] && !merged {
			there = append(there, t)
		}
	}
	if len(there) == 0 {
		return thing{}, false
	}
	return pick(w, there), true
}

// do makes a call as an administrator, which may be refused, and reports whether it was done.
func (w *siteWalk) do(method, path string, body any) (*testkit.Response, bool) {
	call := w.k.As(cms.Admin, method, path)
	if method != "POST" || strings.Count(path, "/") > 2 {
		call.If("*")
	}
	if body != nil {
		call.JSON(body)
	}
	r := call.Do()
	if r.Status >= 500 || r.Status == 400 {
		w.k.T.Fatalf("%s %s: %d %s", method, path, r.Status, r.Body)
	}
	w.log = append(w.log, fmt.Sprint(method, " ", path, " ", body, ": ", r.Status))
	return r, r.Status < 300
}

func (t thing) path() string { return "/v1/" + t.list + "/" + t.id }

// step changes something.
func (w *siteWalk) step() {
	list := pick(w, lists)
	switch n := w.r.IntN(10); {
	case n < 3:
		w.create(list)
		return
	case n == 3:
		w.k.Clock.Move(time.Duration(w.r.IntN(40)) * 24 * time.Hour)
		kind := pick(w, slices.Sorted(maps.Keys(patternsOf)))
		zone := pick(w, []string{"UTC", "Pacific/Kiritimati", "Pacific/Niue"})
		change := map[string]any{"paths": map[string]any{kind: pick(w, patternsOf[kind])}, "time_zone": zone}
		if front, ok := w.some("fronts"); ok && w.r.IntN(3) == 0 {
			change["home"] = front.id
		}
		w.do("PATCH", "/v1/site", change)
		return
	}
	t, ok := w.some(list)
	switch {
	case !ok:
	case list == "articles":
		w.changeArticle(t)
	default:
		w.changeNoun(t)
	}
}

func (w *siteWalk) create(list string) {
	body := map[string]any{"name": w.name(list)}
	if list == "articles" {
		body = map[string]any{"title": w.name(list)}
	}
	r, ok := w.do("POST", "/v1/"+list, body)
	if !ok {
		return
	}
	t := thing{list, r.Text("id")}
	w.known = append(w.known, t)
	if list == "tags" {
		add(w.names, t, strings.ReplaceAll(body["name"].(string), " ", "-"))
	}
	if list == "articles" {
		w.do("POST", t.path()+"/publish", nil)
	}
}

func (w *siteWalk) changeArticle(t thing) {
	switch w.r.IntN(8) {
	case 0:
		w.do("POST", t.path()+"/withdraw", nil)
	case 1:
		w.do("DELETE", t.path(), nil)
	case 2:
		w.do("POST", t.path()+"/restore", nil)
	case 3:
		if _, ok := w.do("DELETE", t.path()+"?permanent=true", nil); ok {
			w.gone[t] = true
		}
		return
	case 4:
		w.do("PATCH", t.path(), map[string]any{
			"type":   pick(w, []string{"news", "opinion", "press_release"}),
			"locale": pick(w, []string{"en", "ar-EG", "fr"}),
		})
	case 5:
		if s, ok := w.some("sections"); ok {
			w.do("PATCH", t.path(), map[string]any{"sections": []string{s.id}})
		}
	default:
		w.do("PATCH", t.path(), map[string]any{
			"slug": strings.ReplaceAll(w.name(t.list), " ", "-") + pick(w, []string{"", "-x"}),
		})
	}
	if w.r.IntN(4) > 0 {
		w.do("POST", t.path()+"/publish", nil)
	}
}

func (w *siteWalk) changeNoun(t thing) {
	other, _ := w.some(t.list)
	switch n := w.r.IntN(6); {
	case n == 0:
		if _, ok := w.do("DELETE", t.path(), nil); ok {
			w.gone[t] = true
		}
	case n == 1 && t.list == "sections" && other != t:
		if _, ok := w.do("DELETE", t.path()+"?into="+other.id, nil); ok {
			w.merged[t] = other
		}
	case n == 1 && (t.list == "tags" || t.list == "authors") && other != t:
		body := map[string]any{"into": other.id}
		if _, ok := w.do("POST", t.path()+"/merge", body); ok {
			w.merged[t] = other
			for name := range w.names[t] {
				add(w.names, other, name)
			}
		}
	case n == 2 && t.list == "sections":
		parent := any(other.id)
		if w.r.IntN(3) == 0 {
			parent = nil
		}
		w.do("PATCH", t.path(), map[string]any{"parent": parent})
	default:
		w.do("PATCH", t.path(), map[string]any{"slug": strings.ReplaceAll(w.name(t.list), " ", "-")})
	}
}

// look remembers where pages are.
func (w *siteWalk) look() {
	w.live = map[thing]string{}
	for _, list := range lists {
		r := w.k.Public("GET", "/v1/"+list+"?limit=100&fields=id,slug,url").Want(200)
		for _, row := range r.List("data") {
			row := row.(map[string]any)
			address, ok := row["url"].(string)
			if !ok {
				continue
			}
			t := thing{list, row["id"].(string)}
			path := decoded(address)
			w.live[t] = address
			add(w.had, path, t)
			add(w.slugs, t, row["slug"].(string))
			if !strings.Contains(path, t.id) {
				add(w.said, path, row["slug"].(string))
			}
		}
	}
}

// decoded returns an address as people see it.
func decoded(address string) string {
	path, _ := url.PathUnescape(address)
	return "/" + strings.Trim(path, "/")
}

func add[K, V comparable](sets map[K]map[V]bool, key K, value V) {
	if sets[key] == nil {
		sets[key] = map[V]bool{}
	}
	sets[key][value] = true
}

// now returns what became of a thing.
func (w *siteWalk) now(t thing) thing {
	for {
		into, ok := w.merged[t]
		if !ok {
			return t
		}
		t = into
	}
}

// allowed returns the answers that an address may have.
func (w *siteWalk) allowed(path string) map[string]bool {
	here, there := map[string]bool{}, map[string]bool{}
	taken, lost := map[string]bool{}, map[string]bool{}
	for t, address := range w.live {
		if decoded(address) == path {
			here["200 "+t.id+" "+address] = true
		}
	}
	kinds := map[string]bool{}
	for t := range w.had[path] {
		kinds[t.list] = true
		t = w.now(t)
		switch address, live := w.live[t]; {
		case live:
			there["301 "+t.id+" "+address] = true
		case w.gone[t]:
			lost["410"] = true
		default:
			lost["404"] = true
		}
	}
	for _, t := range w.known { // its slug may be that of another now
		address, live := w.live[w.now(t)]
		for slug := range w.said[path] {
			if w.slugs[t][slug] && (kinds[t.list] || w.mixed) && live {
				taken["301 "+w.now(t).id+" "+address] = true
			} else if w.slugs[t][slug] && kinds[t.list] && !w.gone[w.now(t)] {
				lost["404"] = true
			}
			if w.names[t][slug] && live {
				lost["301 "+w.now(t).id+" "+address] = true
			}
		}
	}
	if w.mixed && len(there) > 0 {
		maps.Copy(there, taken)
	} else if w.mixed { // of another kind
		maps.Copy(lost, taken)
		taken = nil
	}
	for _, answers := range []map[string]bool{here, there, taken} {
		if len(answers) > 0 {
			return answers
		}
	}
	return lost
}

// check asks where some addresses lead to.
func (w *siteWalk) check(share float64) {
	for _, path := range slices.Sorted(maps.Keys(w.had)) {
		if w.r.Float64() > share {
			continue
		}
		r := w.k.Public("GET", "/v1/resolve?path="+url.QueryEscape(path)).Want(200)
		got := fmt.Sprint(r.Field("status"))
		if id := r.Field("id"); id != nil {
			got += fmt.Sprintf(" %s %s", id, r.Text("location"))
		}
		if want := w.allowed(path); !want[got] {
			w.k.T.Fatalf("%s leads to %s, want one of %q; its pages were %v\n%s", path, got,
				slices.Sorted(maps.Keys(want)), w.had[path], strings.Join(w.log, "\n"))
		}
	}
}

// Every address that a page ever had leads to where that is now, or says that it is gone.
func TestEveryAddressThatEverWasLivesOn(t *testing.T) {
	t.Parallel()
	walks, steps := 16, 120
	if testing.Short() {
		walks, steps = 4, 60
	}
	addresses := 0
	for seed := range walks {
		w := newWalk(t, uint64(seed))
		for i := range steps {
			w.step()
			w.look()
			if i%6 == 5 {
				w.check(0.3)
			}
		}
		w.check(1)
		addresses += len(w.had)
	}
	if addresses < walks*steps/3 {
		t.Errorf("only %d addresses were there", addresses)
	}
}
