package cms_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
)

// shownFields are the fields that the API shows of an article, in its order.
const shownFields = `id slug url type locale direction kicker title summary dateline byline source canonical_url meta extra
	tags sections authors image audio video retracted word_count reading_minutes edition published_at edition_at created_at updated_at body_html outline blocks related_links corrections translations body
	body_format warnings byline_shown status version has_unpublished_changes translation_of created_by trashed_at note reason notice allowed_moves`

func TestEveryFieldOfAnArticleIsRegisteredInOrder(t *testing.T) {
	t.Parallel()
	outer := cms.ArticleFields.Where(
		func(f cms.Field) bool { return !strings.Contains(f.Name, ".") })
	if got, want := outer.Names(), strings.Fields(shownFields); !slices.Equal(got, want) {
		t.Errorf("registered are %v,\nwant %v", got, want)
	}
}

func TestTheFieldsOfAnArticleAgreeWithThemselves(t *testing.T) {
	t.Parallel()
	seen := map[string]cms.Field{}
	for _, f := range cms.ArticleFields {
		if _, twice := seen[f.Name]; twice {
			t.Errorf("%s stands twice", f.Name)
		}
		if named, ok := cms.ArticleField(f.Name); !ok || named.Name != f.Name {
			t.Errorf("asked for %s, the registry answers %s", f.Name, named.Name)
		}
		if outer, _, inner := strings.Cut(f.Name, "."); inner {
			if o, ok := seen[outer]; !ok || o.Kind != cms.ObjectKind || o.Draft != f.Draft {
				t.Errorf("%s has no object of its view before it that it is in", f.Name)
			}
		}
		if f.Values != nil && (f.Kind != cms.WordKind || f.Optional) {
			t.Errorf("%s has fixed values, but is a %s that may be missing: %t", f.Name, f.Kind,
				f.Optional)
		}
		if f.Filter == (f.Advice != "") {
			t.Errorf("%s must be either comparable or say what to ask instead", f.Name)
		}
		if f.Filter && len(f.Kind.Operators()) == 0 {
			t.Errorf("%s may be compared, but a %s has no operators", f.Name, f.Kind)
		}
		if f.Draft && (f.Sort || f.Facet != "") {
			t.Errorf("%s stands in the draft view only, but is for sorting or counting in both",
				f.Name)
		}
		if f.Sort && f.Kind != cms.TextKind && f.Kind != cms.TimeKind {
			t.Errorf("%s is a %s, which lists are not ordered by", f.Name, f.Kind)
		}
		if f.Description == "" || strings.HasSuffix(f.Description, ".") || f.Kind == "" {
			t.Errorf("%s needs a kind and a phrase about it without a full stop", f.Name)
		}
		seen[f.Name] = f
	}
	if _, ok := cms.ArticleField("colour"); ok {
		t.Error("an article has a colour")
	}
}

func TestFieldsAreFoundByWhatTheyAreFor(t *testing.T) {
	t.Parallel()
	draft := cms.ArticleFields.Where(func(f cms.Field) bool { return f.Draft }).Names()
	if want := strings.Fields(
		"body body_format warnings byline_shown status version has_unpublished_changes translation_of created_by created_by.id trashed_at note reason notice allowed_moves"); !slices.Equal(draft, want) {
		t.Errorf("in the draft view only: %v, want %v", draft, want)
	}
	shown := strings.Fields(`id slug type locale direction kicker title summary dateline byline source.name source.url
		source.license canonical_url meta.title meta.description meta.noindex tags sections authors image.id audio.id video.id retracted word_count reading_minutes edition published_at
		edition_at created_at updated_at`)
	hidden := strings.Fields(
		"body_format status version has_unpublished_changes translation_of created_by.id trashed_at")
	live, all := cms.ArticleFields.Filterable(cms.LiveView).Names(),
		cms.ArticleFields.Filterable(cms.DraftView).Names()
	if !slices.Equal(live, shown) || !slices.Equal(all, append(shown, hidden...)) {
		t.Errorf("to be compared are %v in the live view, %v in the draft view", live, all)
	}
	sorts := cms.ArticleFields.Where(func(f cms.Field) bool { return f.Sort }).Names()
	if want := []string{"title", "published_at", "updated_at"}; !slices.Equal(sorts, want) {
		t.Errorf("lists are ordered by %v, want %v", sorts, want)
	}
	facets := cms.ArticleFields.Where(func(f cms.Field) bool { return f.Facet != "" }).Names()
	if want := []string{"type", "locale", "tags", "sections", "authors", "published_at"}; !slices.Equal(facets, want) {
		t.Errorf("counted are %v, want %v", facets, want)
	}
}
