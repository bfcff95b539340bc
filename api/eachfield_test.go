package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// changed is what a field is changed to, and where and as what that is shown then.
type changed struct {
	to    any
	path  string // empty: as the field is called
	shown any    // nil: as it was written
}

// fieldCase is something whose fields can be changed.
type fieldCase struct {
	schema string // of a change
	path   string
	fields map[string]changed
}

// object is a JSON object.
type object = map[string]any

// articleFields returns another value for each field of an article, which may be a translation of
// another one.
func articleFields(of string) map[string]changed {
	return map[string]changed{
		"title": {to: "Locks"}, "slug": {to: "locks"}, "type": {to: "video"}, "locale": {to: "ar"},
		"kicker": {to: "K"}, "summary": {to: "S"}, "body": {to: "B"}, "body_format": {to: "html"},
		"dateline": {to: "D"}, "byline": {to: "By"}, "canonical_url": {to: "https://example.org/"},
		"tags": {[]any{"above"}, "tags.0.slug", "above"}, "sections": {[]any{"above"}, "sections.0.slug", "above"},
		"authors": {[]any{object{"author": "ada", "role": "editor"}}, "authors.0.role", "editor"},
		"source":  {object{"name": "Wire"}, "source.name", "Wire"}, "meta": {object{"title": "M"}, "meta.title", "M"},
		"extra": {to: object{"a": 1.0}}, "published_at": {to: at(-10)}, "translation_of": {to: of},
	}
}

// shownMedium is a field changed to a medium.
func shownMedium(field, id string) changed { return changed{id, field + ".id", id} }

// withMedia adds the fields of an article that are media.
func withMedia(k *testkit.Kit, fields map[string]changed, picture string) map[string]changed {
	k.T.Helper()
	fields["image"] = shownMedium("image", picture)
	fields["audio"] = shownMedium("audio", k.Upload("a.wav", testkit.Sound(), nil))
	fields["video"] = shownMedium("video", k.Upload("a.mp4", testkit.Film(), nil))
	return fields
}

// nounFields returns a noun of each kind, with another value for each of its fields.
func nounFields(k *testkit.Kit) []fieldCase {
	k.T.Helper()
	made := func(path, body string) string {
		return path + "/" + k.As(cms.Editor, "POST", path).JSON(body).Want(201).Text("id")
	}
	user := k.As(cms.Author, "GET", "/v1/auth/me").Want(200).Text("id")
	article := k.Published(object{"title": "Canals"}).Text("id")
	other := makeCollection(k, `{"name": "Other"}`)
	collection := makeCollection(k, `{"name": "Lead"}`)
	addItem(k, collection, `{"url": "https://example.org/", "title": "First"}`)
	name := changed{to: "Another name"}
	slug := changed{to: "another"}
	description := changed{to: "Another description."}
	localized := changed{object{"ar": object{"name": "آسيا"}}, "localized.ar.name", "آسيا"}
	above := changed{"above", "parent.slug", "above"}
	picture := shownMedium("image", k.UploadPicture(1))
	made("/v1/tags", `{"name": "Above"}`)
	made("/v1/sections", `{"name": "Above"}`)
	return []fieldCase{
		{"TagPatch", made("/v1/tags", `{"name": "Asia"}`), map[string]changed{
			"name": name, "slug": slug, "description": description, "localized": localized,
			"parent": above, "aliases": {to: []any{"Orient"}},
		}},
		{"SectionPatch", made("/v1/sections", `{"name": "Asia"}`), map[string]changed{
			"name": name, "slug": slug, "description": description, "localized": localized,
			"parent": above, "position": {to: 7.0}, "image": picture,
		}},
		{"AuthorPatch", made("/v1/authors", `{"name": "Ada"}`), map[string]changed{
			"name": name, "slug": slug, "localized": localized, "bio": {to: "Writes."}, "user": {to: user},
			"job_title": {to: "Reporter"}, "image": picture, "same_as": {to: []any{"https://example.org/ada"}},
			"links": {to: []any{object{"name": "Home", "url": "https://example.org/"}}},
		}},
		{"AlertPatch", made("/v1/alerts", `{"text": "Snow."}`), map[string]changed{
			"text": {to: "Rain."}, "level": {to: "urgent"}, "locale": {to: "ar"},
			"starts_at": {to: at(10)}, "ends_at": {to: at(90)},
			"article": {article, "article.id", article},
		}},
		{"AlertPatch", made("/v1/alerts", `{"text": "Snow."}`), map[string]changed{
			"url": {to: "https://example.org/"},
		}},
		{"CollectionPatch", collection, map[string]changed{
			"name": name, "slug": slug, "description": description, "localized": localized, "size": {to: 7.0},
			"rule": {object{"filter": `type = "video"`}, "rule.filter", `type = "video"`},
		}},
		{"CollectionItemPatch", collection + "/items/" + addItem(k, collection,
			`{"url": "https://example.org/2", "title": "Second"}`), map[string]changed{
			"title": {to: "Another"}, "kicker": {to: "K"}, "summary": {to: "S"}, "url": {to: "https://example.org/3"},
			"from": {to: at(10)}, "until": {to: at(90)}, "position": {to: 1.0}, "image": picture,
		}},
		{"CollectionItemPatch", collection + "/items/" + addItem(k, collection,
			fmt.Sprintf(`{"article": %q}`, article)), map[string]changed{
			"article": {k.Draft(object{"title": "Rivers"}).Text("id"), "article.slug", "rivers"},
		}},
		{"FrontPatch", made("/v1/fronts", `{"name": "Home", "slots": [{"collection": "lead"}]}`), map[string]changed{
			"name": name, "slug": slug, "localized": localized,
			"slots": {[]any{object{"collection": "other"}}, "slots.0.collection.slug", "other"},
		}},
		{"FrontPatch", makeFront(k, `{"name": "Home", "slots": [{"collection": "lead"}]}`), map[string]changed{
			"slots": {[]any{object{"collection": other[len("/v1/collections/"):], "limit": 3}}, "slots.0.limit", 3.0},
		}},
		{"RedirectPatch", made("/v1/redirects", `{"from": "/a", "to": "/b"}`), map[string]changed{
			"from": {to: "/c"}, "to": {to: "/d"}, "status": {to: 302.0}, "note": {to: "N"},
		}},
		{"ArticlePatch", articlePath(k.Draft(object{"title": "Dams"}).Text("id")), withMedia(k, articleFields(article), k.UploadPicture(2))},
		{"MediumPatch", "/v1/media/" + k.UploadPicture(3), mediumFields()},
		{"MediumPatch", "/v1/media/" + k.Upload("b.jpg", testkit.Picture(k.T, 20, 10, 4), nil), map[string]changed{
			"decorative": {to: true},
		}},
		{"CorrectionPatch", correctionPath(correct(k, article, `{"text": "Seven."}`).Text("id")), map[string]changed{
			"text": {to: "Nine."}, "type": {to: "update"}, "published_at": {to: at(-10)},
		}},
	}
}

// mediumFields returns another value for each field of a medium.
func mediumFields() map[string]changed {
	return map[string]changed{
		"title": {to: "Title"}, "alt": {to: "Another alt"}, "caption": {to: "C"}, "credit": {to: "Desk"},
		"license": {to: "CC0"}, "expires_at": {to: at(90)}, "source_url": {to: "https://example.org/p"},
		"locale": {to: "ar"}, "people": {to: []any{"Ada"}}, "extra": {to: object{"a": 1.0}},
		"focal_point": {to: object{"x": 0.25, "y": 1.0}},
		"localized":   {object{"ar": object{"alt": "منعطف"}}, "localized.ar.alt", "منعطف"},
	}
}

// readAgain reads what stands at a path. An item is read with its collection.
func readAgain(k *testkit.Kit, path string) *testkit.Response {
	k.T.Helper()
	collection, item, isItem := strings.Cut(path, "/items/")
	r := k.As(cms.Editor, "GET", collection+"?view=draft").Want(200)
	if !isItem {
		return r
	}
	at := slices.IndexFunc(r.List("items"), func(row any) bool { return row.(object)["id"] == item })
	body, err := json.Marshal(r.List("items")[at])
	if err != nil {
		k.T.Fatal(err)
	}
	return &testkit.Response{T: k.T, Status: r.Status, Header: r.Header, Body: body}
}

func TestEachFieldOfANounCanBeChangedByItself(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	known := map[string]map[string]bool{} // the fields that were changed, by schema
	for _, c := range nounFields(k) {
		if known[c.schema] == nil {
			known[c.schema] = map[string]bool{}
		}
		for _, field := range slices.Sorted(maps.Keys(c.fields)) {
			known[c.schema][field] = true
			change := c.fields[field]
			if change.path == "" {
				change.path = field
			}
			if change.shown == nil {
				change.shown = change.to
			}
			var version int
			if _, err := fmt.Sscanf(readAgain(k, c.path).ETag(), `"%d"`, &version); err != nil {
				t.Fatal(err)
			}
			next := fmt.Sprintf(`"%d"`, version+1)
			answer := k.As(cms.Editor, "PATCH", c.path).If("*").JSON(object{field: change.to}).Want(200)
			again := k.As(cms.Editor, "PATCH", c.path).If("*").JSON(object{field: change.to}).Want(200)
			if diff := cmp.Diff(answer.Object(), again.Object()); diff != "" {
				t.Errorf("%s: %s, changed to what it is (-changed +again):\n%s", c.schema, field, diff)
			}
			after := readAgain(k, c.path)
			for what, r := range map[string]*testkit.Response{"answered": answer, "read again": after} {
				if diff := cmp.Diff(change.shown, r.Field(change.path)); diff != "" {
					t.Errorf("%s: %s, %s (-want +got):\n%s", c.schema, field, what, diff)
				}
				if got := r.ETag(); got != next {
					t.Errorf("%s: %s, %s, makes version %s, want %s", c.schema, field, what, got, next)
				}
			}
		}
	}
	for schema, fields := range known {
		for field := range k.Specification().Components.Schemas[schema].Value.Properties {
			if !fields[field] && field != "change_note" { // which says what is changed
				t.Errorf("%s: %s was not changed", schema, field)
			}
		}
	}
}
