package rest

import (
	"fmt"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
)

// repeat returns as many items, separated by commas, as may stand between two ends of a body.
func repeat(before string, item func(i int) string, after string) string {
	var b strings.Builder
	b.WriteString(before)
	values := 2 // the object and the list around the items
	for i := 0; ; i++ {
		next := item(i)
		values += max(1, strings.Count(next, ":")+strings.Count(next, "{"))
		if b.Len()+1+len(next)+len(after) > maxBody || values > maxValues {
			return b.String() + after
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(next)
	}
}

func same(item string) func(int) string { return func(int) string { return item } }

// bindJSON parses a body and sets it, as a whole or as a patch.
func bindJSON(body string, patch bool) error {
	v, err := parseJSON([]byte(body))
	if err == nil {
		err = bind(v, new(everyKind), patch)
	}
	return err
}

// largest are the largest inputs that a parser takes, of the kinds that make most work.
var largest = map[string]func() func() error{
	"body of unknown names": func() func() error {
		body := repeat("{", func(i int) string { return fmt.Sprintf(`"k%06d":0`, i) }, "}")
		return func() error { return bindJSON(body, false) }
	},
	"body of 80,000 unknown names": func() func() error {
		items := make([]string, 80_000)
		for i := range items {
			items[i] = fmt.Sprintf(`"k%d":1`, i)
		}
		body := "{" + strings.Join(items, ",") + "}"
		return func() error { return bindJSON(body, false) }
	},
	"patch of objects that lack everything": func() func() error {
		body := repeat(`{"data":[`, same("{}"), "]}")
		return func() error { return bindJSON(body, true) }
	},
	"body of objects with unknown names": func() func() error {
		body := repeat(`{"data":[`, same(`{"x":1,"y":1}`), "]}")
		return func() error { return bindJSON(body, false) }
	},
	"body of numbers for texts": func() func() error {
		body := repeat(`{"tags":[`, same("0"), "]}")
		return func() error { return bindJSON(body, false) }
	},
	"body of escapes": func() func() error {
		body := repeat(`{"tags":[`, same(`"\n"`), "]}")
		return func() error { return bindJSON(body, false) }
	},
	"body of values under a long name": func() func() error {
		body := repeat(`{"extra":{"`+strings.Repeat("n", maxBody/2)+`":[`, same(`"a"`), "]}}")
		return func() error { return bindJSON(body, false) }
	},
	"body of bad texts under a long name": func() func() error {
		body := repeat(`{"extra":{"`+strings.Repeat("n", maxBody/2)+`":[`, same(`"\u0000"`), "]}}")
		return func() error { return bindJSON(body, false) }
	},
	"body of one long unknown name": func() func() error {
		body := `{"` + strings.Repeat("n", maxBody-10) + `":0}`
		return func() error { return bindJSON(body, false) }
	},
	"body of one long time": func() func() error {
		body := `{"at":"` + strings.Repeat("n", maxBody-10) + `"}`
		return func() error { return bindJSON(body, false) }
	},
	"merge patch": func() func() error {
		body := repeat("{", func(i int) string { return fmt.Sprintf(`"k%d":{"":{}}`, i) }, "}")
		v, err := parseJSON([]byte(body))
		if err != nil {
			panic(err)
		}
		return func() error {
			mergePatch(v, v)
			return nil
		}
	},
	"query of unknown names": func() func() error {
		var query strings.Builder
		for i := 0; query.Len() < maxURL-10; i++ {
			fmt.Fprintf(&query, "&p%d", i)
		}
		return func() error { return queryOf(query.String()).Done() }
	},
	"query of long unknown names": func() func() error {
		query := strings.Repeat("&"+strings.Repeat("n", 63), maxURL/64)
		return func() error { return queryOf(query).Done() }
	},
	"query of bad values": func() func() error {
		query := "colors=" + strings.Repeat("rad,", maxURL/4-10)
		return func() error {
			q := queryOf(query)
			q.listOf("colors", []string{"red", "green"})
			return q.Done()
		}
	},
	"query of one value many times": func() func() error {
		query := strings.Repeat("&id=a", maxURL/5)
		return func() error {
			q := queryOf(query)
			q.ids("id")
			return q.Done()
		}
	},
	"cursor": func() func() error {
		s := &Server{cursorKey: make([]byte, 32)}
		cursor := strings.Repeat("A", maxURL)
		return func() error {
			_, ok := s.openCursor("/v1/articles?", cursor)
			return fmt.Errorf("%v", ok)
		}
	},
	"filter": func() func() error {
		filter := strings.Repeat("(", cms.MaxFilterDepth) +
			strings.Repeat("title:a OR ", cms.MaxFilterParts-1) + "title:b AND title:c"
		return func() error {
			_, err := cms.ParseFilter(cms.LiveView, filter)
			return err
		}
	},
	"filter of one long word": func() func() error {
		filter := "type=" + strings.Repeat("n", cms.MaxFilterBytes-5)
		return func() error {
			_, err := cms.ParseFilter(cms.LiveView, filter)
			return err
		}
	},
	"If-Match": func() func() error {
		c := echo.New().NewContext(httptest.NewRequest("GET", "/", nil), nil)
		c.Request().Header["If-Match"] = []string{strings.Repeat(`"7",`, maxHeader/4)}
		return func() error {
			_, err := IfMatch(c)
			return err
		}
	},
	"If-None-Match": func() func() error {
		tags := []string{strings.Repeat(`"a",`, maxHeader/4)}
		return func() error { return fmt.Errorf("%v", matchesETag(tags, `"b"`)) }
	},
	"X-Forwarded-For": func() func() error {
		callers := &clientIPs{}
		chain := []string{strings.Repeat("10.0.0.1,", maxHeader/9)}
		return func() error {
			return fmt.Errorf("%s", callers.client("10.0.0.1", lastNodes(chain, true)))
		}
	},
}

func queryOf(query string) *Query {
	request := httptest.NewRequest("GET", "/?"+query, nil)
	return NewQuery(echo.New().NewContext(request, nil))
}

// TestTheLargestInputIsLittleWork counts work by what is allocated for it, which is the same on a
// busy machine. Where a part was made for each error, or a path for each value, it was gigabytes.
// BenchmarkLargestInput has the times; 50 ms on a quiet core is the aim.
func TestTheLargestInputIsLittleWork(t *testing.T) {
	for name, prepare := range largest {
		t.Run(name, func(t *testing.T) {
			parse := prepare()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_ = parse()
			runtime.ReadMemStats(&after)
			if n := after.TotalAlloc - before.TotalAlloc; n > 64<<20 {
				t.Errorf("%d bytes were allocated", n)
			}
			if n := after.Mallocs - before.Mallocs; n > 5*maxValues {
				t.Errorf("there were %d allocations", n)
			}
		})
	}
}

func BenchmarkLargestInput(b *testing.B) {
	for name, prepare := range largest {
		b.Run(name, func(b *testing.B) {
			parse := prepare()
			b.ReportAllocs()
			for b.Loop() {
				_ = parse()
			}
		})
	}
}

// TestAnErrorIsNotManyTimesAsLongAsTheRequest holds for names that stand in the path of everything
// within them.
func TestAnErrorIsNotManyTimesAsLongAsTheRequest(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"body of bad texts under a long name", "body of one long unknown name",
		"body of one long time", "body of unknown names",
	} {
		refusal, ok := largest[name]()().(*cms.Error)
		if !ok || len(refusal.Fields) > maxErrors {
			t.Errorf("%s: no refusal, or one of more than %d errors", name, maxErrors)
			continue
		}
		size := 0
		for _, f := range refusal.Fields {
			size += len(f.Field) + len(f.Detail)
		}
		if size > 100_000 {
			t.Errorf("%s: the errors have %d bytes", name, size)
		}
	}
}

func TestABodyHasABoundedNumberOfValues(t *testing.T) {
	t.Parallel()
	most := "[" + strings.Repeat("0,", maxValues-2) + "0]"
	if _, err := parseJSON([]byte(most)); err != nil {
		t.Errorf("%d values: %v", maxValues, err)
	}
	if _, err := parseJSON([]byte("[" + most + "]")); err == nil {
		t.Errorf("%d values are taken", maxValues+1)
	}
}
