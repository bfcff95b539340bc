package api

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/wire"
)

// leaves are the fields of a struct, those of embedded structs included.
func leaves(v reflect.Value) map[string]reflect.Value {
	fields := map[string]reflect.Value{}
	for _, f := range reflect.VisibleFields(v.Type()) {
		if !f.Anonymous {
			fields[f.Name] = v.FieldByIndex(f.Index)
		}
	}
	return fields
}

// fill sets a value to one that depends on n: another n, another value.
func fill(t *testing.T, v reflect.Value, n int) {
	t.Helper()
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Unix(1_700_000_000+int64(n), 0).UTC()))
	case v.Type() == reflect.TypeFor[cms.Noun]():
		v.Set(reflect.ValueOf(cms.References[n%len(cms.References)].Noun))
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), n)
	case v.Kind() == reflect.Struct:
		for _, f := range leaves(v) {
			fill(t, f, n)
		}
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(t, v.Index(0), n)
	case v.Kind() == reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(t, key, n)
		fill(t, value, n)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case v.Kind() == reflect.String:
		v.SetString(`"text ` + string(rune('a'+n)) + `"`) // also JSON, for extra
	case v.Kind() == reflect.Bool:
		v.SetBool(n%2 == 1)
	case v.CanInt():
		v.SetInt(int64(1000 + 500*n)) // far apart, for minutes of reading
	default:
		t.Fatalf("there is no way to fill a %s", v.Type())
	}
}

// everyFieldShows changes each field of a row by itself and wants the wire to change with it, unless the field is hidden.
func everyFieldShows[T any](t *testing.T, hidden []string, shown func(*T) any) {
	t.Helper()
	var row T
	fill(t, reflect.ValueOf(&row).Elem(), 0)
	plain := string(wire.JSON(shown(&row)))
	known := leaves(reflect.ValueOf(&row).Elem())
	for name, field := range known {
		was := reflect.New(field.Type()).Elem()
		was.Set(field)
		fill(t, field, 1)
		shows := string(wire.JSON(shown(&row))) != plain
		if shows == slices.Contains(hidden, name) {
			t.Errorf("%T.%s reaches the wire: %v; in the hidden list: %v", row, name, shows, !shows)
		}
		field.Set(was)
	}
	for _, name := range hidden {
		if _, ok := known[name]; !ok {
			t.Errorf("%T has no field %s to hide", row, name)
		}
	}
}

func wireServer() *Server {
	return &Server{newsroom: newsroom.Open(newsroom.Options{})}
}

func TestEveryFieldOfAnArticleReachesEditors(t *testing.T) {
	t.Parallel()
	s := wireServer()
	// who made it comes with a name, media with all that is known of them
	hidden := []string{"TitleKey", "CreatedBy", "Image", "Audio", "Video"}
	everyFieldShows(t, hidden, func(a *cms.Article) any {
		return s.draft(&cms.ArticleView{Article: a, Text: &cms.Text{}, Links: []cms.LinkDetail{}, Corrections: []cms.Correction{}, Translations: []cms.ArticleRef{}})
	})
	everyFieldShows(t, []string{"Media"}, func(text *cms.Text) any {
		return s.draft(&cms.ArticleView{Article: &cms.Article{Content: cms.Content{ArticleDetails: cms.ArticleDetails{Extra: "{}"}}}, Text: text, Links: []cms.LinkDetail{}, Corrections: []cms.Correction{}, Translations: []cms.ArticleRef{}})
	})
	everyFieldShows(t, nil, func(story *cms.UserRef) any {
		return s.draft(&cms.ArticleView{Article: &cms.Article{Content: cms.Content{ArticleDetails: cms.ArticleDetails{Extra: "{}"}}}, Text: &cms.Text{}, Links: []cms.LinkDetail{}, Corrections: []cms.Correction{}, Translations: []cms.ArticleRef{}, Creator: story})
	})
}

func TestTheRegistryOfFieldsIsWhatTheWireShows(t *testing.T) {
	t.Parallel()
	outer := cms.ArticleFields.Where(func(f cms.Field) bool { return !strings.Contains(f.Name, ".") }).Names()
	if !slices.Equal(slices.Sorted(slices.Values(outer)), slices.Sorted(slices.Values(articleFields))) {
		t.Errorf("the registry has the fields\n%v\nand the wire\n%v", outer, articleFields)
	}
}

func TestEveryFieldOfAnEditionReachesReaders(t *testing.T) {
	t.Parallel()
	s := wireServer()
	// Its references come with their names.
	everyFieldShows(t, []string{"TitleKey", "Digest", "Live", "Refs", "GroupID", "RetiredAt", "Image", "Audio", "Video"}, func(e *cms.Edition) any {
		return s.article(&cms.ArticleView{Edition: e, Text: &cms.Text{}})
	})
	everyFieldShows(t, []string{"Body", "Format", "Warnings", "Media"}, func(text *cms.Text) any { // readers get the HTML
		return s.article(&cms.ArticleView{Edition: &cms.Edition{Content: cms.Content{ArticleDetails: cms.ArticleDetails{Extra: "{}"}}}, Text: text})
	})
	everyFieldShows(t, []string{"Localized", "ImageID"}, func(section *cms.Ref) any {
		refs := []cms.NamedRef{{Noun: cms.SectionNoun, Ref: *section}}
		return s.article(&cms.ArticleView{Edition: &cms.Edition{Content: cms.Content{ArticleDetails: cms.ArticleDetails{Extra: "{}"}}}, Refs: refs})
	})
}

func TestEveryFieldOfATagReachesTheWire(t *testing.T) {
	t.Parallel()
	// The version is the ETag; the parent comes with its name.
	everyFieldShows(t, []string{"Version", "NameKey", "ParentID"}, func(tag *cms.Tag) any { return newTag(&cms.TagDetail{Tag: *tag}) })
	everyFieldShows(t, []string{"Path", "ImageID", "Localized"}, func(parent *cms.Ref) any { return newTag(&cms.TagDetail{Parent: parent}) })
}

func TestEveryFieldOfALinkReachesTheWire(t *testing.T) {
	t.Parallel()
	s := wireServer()
	// The version is the ETag; the articles at both ends come with their names; the host stands in the URL.
	hidden := []string{"ArticleID", "Version", "TargetID", "Host", "CreatedAt", "UpdatedAt"}
	everyFieldShows(t, hidden, func(link *cms.Link) any { return s.collectedLink(&cms.LinkDetail{Link: *link}) })
	for name, end := range map[string]func(*cms.LinkDetail, *cms.ArticleRef){
		"target": func(d *cms.LinkDetail, a *cms.ArticleRef) { d.Target = a },
		"from":   func(d *cms.LinkDetail, a *cms.ArticleRef) { d.From = a },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hidden := []string{"Type", "Locale", "Sections", "Section"} // they may only stand in the URL
			everyFieldShows(t, hidden, func(a *cms.ArticleRef) any {
				var detail cms.LinkDetail
				end(&detail, a)
				return s.collectedLink(&detail)
			})
		})
	}
}
