package api_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// paper is a newspaper around whose articles things happen.
type paper struct {
	k      *testkit.Kit
	chance *rand.Rand
	things map[string][]string // ids by the path of their list
	pages  []string            // where some have been
}

const (
	sectionsPath    = "/v1/sections"
	authorsPath     = "/v1/authors"
	tagsPath        = "/v1/tags"
	articlesPath    = "/v1/articles"
	alertsPath      = "/v1/alerts"
	collectionsPath = "/v1/collections"
)

func newPaper(k *testkit.Kit) *paper {
	p := &paper{k: k, chance: rand.New(rand.NewPCG(7, 2)), things: map[string][]string{}}
	for i := range 4 {
		for _, list := range []string{sectionsPath, authorsPath, tagsPath} {
			p.create(list, map[string]any{"name": fmt.Sprintf("N%d", i)})
		}
	}
	for i := range 5 {
		p.create(articlesPath, map[string]any{
			"title": fmt.Sprint("A", i), "sections": []string{p.one(sectionsPath)}, "locale": []string{"en", "ar"}[i%2],
		})
	}
	p.create(collectionsPath, map[string]any{"name": "Plain"})
	p.create(collectionsPath, map[string]any{"name": "Ruled", "rule": map[string]any{"filter": "sections:n0 OR tags:n1"}})
	makeFront(k, `{"name": "Home", "slots": [{"collection": "plain"}, {"collection": "ruled", "limit": 3}]}`)
	setSite(k, `{"home": "home", "ticker": "ruled"}`)
	return p
}

// one returns the id of a thing in a list.
func (p *paper) one(list string) string {
	return p.things[list][p.chance.IntN(len(p.things[list]))]
}

func (p *paper) create(list string, body map[string]any) {
	p.k.T.Helper()
	id := p.k.As(cms.Editor, "POST", list).JSON(body).Want(201).Text("id")
	p.things[list] = append(p.things[list], id)
}

// do makes a call, which may be refused, and tells what.
func (p *paper) do(method, target string, body any) string {
	call := p.k.As(cms.Admin, method, target).If("*").Undocumented()
	if body != nil {
		call = call.JSON(body)
	}
	r := call.Do()
	if r.Status == 500 {
		p.k.T.Errorf("%s %s: %s", method, target, r.Body)
	}
	return fmt.Sprintf("%s %s %v: %d", method, target, body, r.Status)
}

// soon returns a time some seconds from now, or before.
func (p *paper) soon() string {
	return p.k.Clock.Now().Add(time.Duration(p.chance.IntN(6)-2) * time.Second).UTC().Format(time.RFC3339)
}

// step does something, which may be refused, and tells what.
func (p *paper) step() string {
	article := articlesPath + "/" + p.one(articlesPath)
	text := fmt.Sprint("T", p.chance.IntN(30))
	switch p.chance.IntN(15) {
	case 0, 1, 2:
		return p.do("POST", article+"/publish", nil)
	case 3:
		return p.do("POST", article+"/withdraw", nil)
	case 4, 5:
		return p.do("PATCH", article, map[string]any{
			"title": text, "sections": []string{p.one(sectionsPath)}, "tags": []string{p.one(tagsPath)},
			"authors": []any{map[string]any{"author": p.one(authorsPath)}},
		}) + p.do("POST", article+"/publish", nil)
	case 6:
		return p.changeNoun(sectionsPath, map[string]any{"parent": []any{nil, p.one(sectionsPath)}[p.chance.IntN(2)]})
	case 7:
		return p.changeNoun([]string{sectionsPath, authorsPath, tagsPath}[p.chance.IntN(3)], map[string]any{"name": text})
	case 8:
		return p.changeCollection(text)
	case 9:
		return p.changeAlert(text)
	case 10:
		return p.changeSite(text)
	case 11:
		return p.do("POST", article+"/corrections", map[string]any{"text": text, "type": []string{"update", "retraction"}[p.chance.IntN(2)]})
	case 12:
		return p.do("PATCH", article, map[string]any{"translation_of": []any{nil, p.one(articlesPath)}[p.chance.IntN(2)]})
	case 13:
		return p.do("POST", article+"/related-links", map[string]any{"article_id": p.one(articlesPath)})
	}
	return p.remove()
}

func (p *paper) changeNoun(list string, change map[string]any) string {
	if p.chance.IntN(2) == 0 {
		change["slug"] = fmt.Sprint("s", p.chance.IntN(30))
	}
	if p.chance.IntN(2) == 0 {
		change["localized"] = map[string]any{"ar": map[string]any{"name": fmt.Sprint("L", p.chance.IntN(30))}}
	}
	return p.do("PATCH", list+"/"+p.one(list), change)
}

func (p *paper) changeCollection(text string) string {
	collection := collectionsPath + "/" + p.one(collectionsPath)
	switch p.chance.IntN(4) {
	case 0:
		return p.do("PATCH", collection, map[string]any{"name": text})
	case 1:
		return p.do("PUT", collection+"/items", map[string]any{"data": []any{}})
	}
	item := map[string]any{"article": p.one(articlesPath), "position": 1, "from": p.soon()}
	if p.chance.IntN(2) == 0 {
		item = map[string]any{"article": p.one(articlesPath), "until": p.soon(), "kicker": text}
	}
	return p.do("POST", collection+"/items", item)
}

func (p *paper) changeAlert(text string) string {
	if alerts := p.things[alertsPath]; len(alerts) > 3 && p.chance.IntN(2) == 0 {
		return p.do("PATCH", alertsPath+"/"+p.one(alertsPath), map[string]any{"text": text, "ends_at": p.soon()})
	}
	starts := p.k.Clock.Now().Add(time.Duration(p.chance.IntN(3)) * time.Second).UTC().Format(time.RFC3339)
	p.create(alertsPath, map[string]any{"text": text, "article": p.one(articlesPath), "starts_at": starts})
	return "an alert " + text + " at " + starts
}

func (p *paper) changeSite(text string) string {
	switch p.chance.IntN(3) {
	case 0:
		paths := []string{"/{section_path}/{slug}", "/{section}/{id}", "/a/{slug}"}
		return p.do("PATCH", "/v1/site", map[string]any{"paths": map[string]any{"article": paths[p.chance.IntN(3)]}})
	case 1:
		return p.do("PATCH", "/v1/site", map[string]any{"ticker": p.one(collectionsPath), "name": text})
	}
	return p.do("PATCH", "/v1/site", map[string]any{"menus": map[string]any{"main": []any{
		map[string]any{"section": p.one(sectionsPath), "children": []any{map[string]any{"tag": p.one(tagsPath)}}},
		map[string]any{"author": p.one(authorsPath)}, map[string]any{"article": p.one(articlesPath)},
		map[string]any{"collection": p.one(collectionsPath)},
	}}})
}

// remove merges or removes a noun and makes another one.
func (p *paper) remove() string {
	list := []string{sectionsPath, authorsPath, tagsPath}[p.chance.IntN(3)]
	from, into := p.one(list), p.one(list)
	if from == into || p.chance.IntN(3) > 0 {
		return "nothing"
	}
	did := ""
	if list == sectionsPath {
		did = p.do("DELETE", list+"/"+from+"?into="+into, nil)
	} else {
		did = p.do("POST", list+"/"+from+"/merge", map[string]any{"into": into})
	}
	for i, id := range p.things[list] {
		if id == from {
			p.things[list] = append(p.things[list][:i:i], p.things[list][i+1:]...)
			break
		}
	}
	p.create(list, map[string]any{"name": fmt.Sprint("New", p.k.Clock.Now().Unix())})
	return did
}

// visit remembers where the pages of things are now.
func (p *paper) visit() {
	p.k.T.Helper()
	for _, list := range []string{sectionsPath, tagsPath, articlesPath} {
		for _, row := range p.k.Public("GET", list+"?fields=url").Want(200).List("data") {
			page, _ := row.(map[string]any)["url"].(string)
			if resolve := "/v1/resolve?path=" + url.QueryEscape(page); page != "" && !slices.Contains(p.pages, resolve) {
				p.pages = append(p.pages, resolve)
			}
		}
	}
	p.pages = p.pages[max(0, len(p.pages)-40):]
}

// targets are what readers ask of such a newspaper.
func (p *paper) targets() []string {
	targets := []string{
		"/v1/site", wholeSite, "/v1/site?include=sections", "/v1/sections", "/v1/authors", "/v1/tags", "/v1/alerts",
		"/v1/collections", "/v1/fronts", "/v1/fronts/home", "/v1/articles", "/v1/articles?facets=section,author",
		"/v1/related-links", "/v1/suggest?q=n", "/v1/corrections", "/v1/articles?locale=ar,en&fallback=true&fields=url,title",
		"/v1/articles?include=related_links,corrections",
	}
	for _, id := range p.things[collectionsPath] {
		targets = append(targets, collectionsPath+"/"+id, collectionsPath+"/"+id+"/articles")
	}
	for _, id := range p.things[articlesPath] {
		targets = append(targets, articlesPath+"/"+id, articlesPath+"/"+id+"?include=collections", articlesPath+"/"+id+"/related")
	}
	for _, id := range p.things[sectionsPath] {
		targets = append(targets, sectionsPath+"/"+id, "/v1/articles?section="+id)
	}
	targets = append(targets, p.pages...)
	for _, id := range p.things[authorsPath] {
		targets = append(targets, authorsPath+"/"+id, "/v1/articles?fields=url,byline&author="+id)
	}
	return targets
}

// Whatever happens to sections, authors, collections, alerts and the site, what is kept of them is what would be read now, at
// any second.
func TestWhatIsKeptOfAPaperIsWhatWouldBeReadNow(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	bare := bareServer(k)
	p := newPaper(k)
	steps := 200
	if testing.Short() {
		steps = 25
	}
	for i := range steps {
		p.visit()
		did := p.step()
		wantKept(k, bare, p.targets(), fmt.Sprintf("step %d, %s", i, did))
		if i%2 == 0 {
			k.Clock.Move(time.Second)
			wantKept(k, bare, p.targets(), fmt.Sprintf("a second after step %d, %s", i, did))
		}
	}
	if s := k.Cache.Stats(); s.Hits < s.Misses {
		t.Errorf("%d of %d answers came from memory: this proves little", s.Hits, s.Hits+s.Misses)
	}
}
