package api

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/rest"
	"github.com/masthead-cms/masthead/internal/wire"
)

// standardJSON is what encoding/json writes.
func standardJSON(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return []byte(err.Error())
	}
	return b.Bytes()
}

// sent are the wire types that are sent; others stand in them.
var sent = []reflect.Type{
	reflect.TypeFor[Article](), reflect.TypeFor[Draft](), reflect.TypeFor[ArticlePage](), reflect.TypeFor[articlePage](),
	reflect.TypeFor[rest.Page[RelatedArticle]](), reflect.TypeFor[rest.Page[CollectedLink]](), reflect.TypeFor[rest.Page[Tag]](), reflect.TypeFor[rest.Page[any]](),
	reflect.TypeFor[Tag](), reflect.TypeFor[CollectedLink](), reflect.TypeFor[RelatedLinkList](), reflect.TypeFor[SuggestionList](),
	reflect.TypeFor[Index](), reflect.TypeFor[rest.Problem](), reflect.TypeFor[rest.ProblemExplanation](), reflect.TypeFor[TokenPair](), reflect.TypeFor[Me](),
}

// hostile are pieces of texts that are hard to write.
var hostile = []string{
	"", "a", "plain words that need nothing", `"`, `\`, "\n", "\t", "\r", "\b", "\f", "\x00", "\x1f", "\x7f", "</script>", "&", "<!--",
	"نهر", "“quoted”", "—", "\u2028", "\u2029", "\ufffd", "\U0001f30a", "\xff", "\xe2", "\xe2\x80", "\xed\xa0\x80", "\xc0\xaf",
}

func hostileText(r *rand.Rand) string {
	var s strings.Builder
	for range r.IntN(6) {
		s.WriteString(hostile[r.IntN(len(hostile))])
	}
	return s.String()
}

// draw sets a value to whatever its type can hold.
func draw(t *testing.T, r *rand.Rand, v reflect.Value) {
	t.Helper()
	drawWithin(t, r, v, 3)
}

// drawWithin is draw with lists to a depth: a type may have a list of itself.
func drawWithin(t *testing.T, r *rand.Rand, v reflect.Value, depth int) {
	t.Helper()
	at := time.Unix(r.Int64N(200_000_000_000), r.Int64N(2)*r.Int64N(1e9)).UTC()
	absent := r.IntN(4) == 0
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(at))
		return
	case moment:
		v.Set(reflect.ValueOf(moment{[]*time.Time{nil, &at}[r.IntN(2)]}))
		return
	case optionalText:
		text := hostileText(r)
		v.Set(reflect.ValueOf(optionalText{[]*string{nil, &text}[r.IntN(2)]}))
		return
	case creator:
		v.Set(reflect.ValueOf(creator{hostileText(r), hostileText(r), r.IntN(2) == 0}))
		return
	case json.RawMessage:
		v.SetBytes([][]byte{nil, []byte("{}"), []byte(`{"a":["<\u003c` + "نهر" + `",1.50,null]}`)}[r.IntN(3)])
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			drawWithin(t, r, v.Field(i), depth)
		}
	case reflect.Pointer:
		if !absent {
			v.Set(reflect.New(v.Type().Elem()))
			drawWithin(t, r, v.Elem(), depth)
		}
	case reflect.Interface:
		rows := []any{&ArticleRow{}, &Tag{}, json.RawMessage(`{"title":"part"}`)}
		row := rows[r.IntN(len(rows))]
		if e := reflect.ValueOf(row); e.Kind() == reflect.Pointer {
			drawWithin(t, r, e.Elem(), depth)
		}
		v.Set(reflect.ValueOf(row))
	case reflect.Slice:
		if !absent {
			v.Set(reflect.MakeSlice(v.Type(), r.IntN(min(4, depth+1)), 4))
			for i := range v.Len() {
				drawWithin(t, r, v.Index(i), depth-1)
			}
		}
	case reflect.Map:
		if !absent {
			v.Set(reflect.MakeMap(v.Type()))
			for range r.IntN(3) {
				key, e := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
				drawWithin(t, r, key, depth)
				drawWithin(t, r, e, depth)
				v.SetMapIndex(key, e)
			}
		}
	case reflect.String:
		v.SetString(hostileText(r))
	case reflect.Bool:
		v.SetBool(absent)
	case reflect.Float64:
		v.SetFloat([]float64{0, 0.5, 0.0001, -0.25, 1, 92.4, 1e21, 1e-7}[r.IntN(8)])
	case reflect.Int, reflect.Int64:
		v.SetInt([]int64{0, 1, -1, r.Int64(), -r.Int64()}[r.IntN(5)])
	default:
		t.Fatalf("there is no way to draw a %s", v.Type())
	}
}

func TestAnswersAreWrittenAsTheStandardLibraryWritesThem(t *testing.T) {
	t.Parallel()
	for _, typ := range sent {
		t.Run(typ.String(), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(1, 2))
			for range 300 {
				v := reflect.New(typ)
				draw(t, r, v.Elem())
				for _, v := range []any{v.Interface(), v.Elem().Interface()} {
					if got, want := wire.JSON(v), standardJSON(v); !bytes.Equal(got, want) {
						t.Fatalf("%s is written\n%s\nwhich should be\n%s", typ, got, want)
					}
				}
			}
		})
	}
}

// standardPart is an object with the named fields of a row, cut from the whole.
func standardPart(t *testing.T, row any, names []string) []byte {
	t.Helper()
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(standardJSON(row), &whole); err != nil {
		t.Fatal(err)
	}
	var fields [][]byte
	for _, name := range names {
		if value, ok := whole[name]; ok {
			fields = append(fields, slices.Concat([]byte(`"`+name+`":`), value))
		}
	}
	return slices.Concat([]byte{'{'}, bytes.Join(fields, []byte{','}), []byte{'}'})
}

func TestPartsOfRowsAreCutFromTheWhole(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for _, row := range []any{&Article{}, &ArticleRow{}, &RelatedArticle{}, &CollectedLink{}, &Tag{}} {
		v := reflect.ValueOf(row).Elem()
		for range 300 {
			v.SetZero()
			draw(t, r, v)
			names := rest.FieldNames(v.Type())
			r.Shuffle(len(names), reflect.Swapper(names))
			names = names[:r.IntN(len(names)+1)]
			if got, want := wire.Part(row, names), standardPart(t, row, names); !bytes.Equal(got, want) {
				t.Fatalf("%s of %T is written\n%s\nwhich should be\n%s", names, row, got, want)
			}
		}
	}
}

// BenchmarkJSON is what an answer costs to write, held against encoding/json. The two take turns too short to be interrupted
// often, and medians count.
func BenchmarkJSON(b *testing.B) {
	for name, v := range answers() {
		b.Run(name, func(b *testing.B) {
			var ours, standard []time.Duration
			taken := func(write func(any) []byte) time.Duration {
				start := time.Now()
				for range 20 {
					write(v)
				}
				return time.Since(start) / 20
			}
			for b.Loop() {
				ours, standard = append(ours, taken(wire.JSON)), append(standard, taken(standardJSON))
			}
			slices.Sort(ours)
			slices.Sort(standard)
			middle := len(ours) / 2
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(ours[middle].Nanoseconds()), "ns")
			b.ReportMetric(float64(standard[middle])/float64(ours[middle]), "times-as-fast")
		})
	}
}

// answers are those that are asked for most: an article of 6 KB in two scripts, and 20 rows.
func answers() map[string]any {
	s, at := wireServer(), time.Date(2026, 3, 12, 8, 0, 0, 0, time.UTC)
	id := cms.ID("019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a13")
	link := cms.LinkDetail{Link: cms.Link{ID: id, Rel: "related", Title: "A page elsewhere", URL: "https://example.org/page"}}
	story := func(paragraph string) *cms.ArticleView {
		return &cms.ArticleView{
			Edition: &cms.Edition{ArticleID: id, Number: 1, PublishedAt: at, EditionAt: at, CreatedAt: at, UpdatedAt: at, Content: cms.Content{
				ArticleDetails: cms.ArticleDetails{
					Title: "How rivers are measured", Slug: "how-rivers-are-measured", Type: cms.News, Locale: "en",
					Summary: "A gauging station needs a quiet bend and patience.", Extra: "{}",
				},
				Direction: "ltr", WordCount: 1000,
			}},
			Refs: slices.Repeat([]cms.NamedRef{{
				Noun: cms.TagNoun, Ref: cms.Ref{ID: id, Slug: "central-asia", Name: "Central Asia"},
			}}, 3),
			Text:  &cms.Text{HTML: strings.Repeat(paragraph, 6000/len(paragraph))},
			Links: slices.Repeat([]cms.LinkDetail{link}, 5),
		}
	}
	english := story("<p>Every river tells how much water it carries, and <a href=\"/a\">many a person</a> doesn’t listen to it for long.</p>\n")
	row := *english
	row.Text, row.Links = nil, nil
	one := s.article(&row)
	rows := rest.Page[any]{Data: slices.Repeat([]any{&one}, 20), Page: rest.PageInfo{Limit: 20}}
	return map[string]any{
		"an article":         s.fullArticle(english),
		"an article, Arabic": s.fullArticle(story("<p>يخبر كل نهر عن كمية المياه التي يحملها، ويستمع إليه كثير من الناس</p>\n")),
		"20 rows":            articlePage{rows, nil},
	}
}
