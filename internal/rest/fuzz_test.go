package rest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/docs"
	"github.com/masthead-cms/masthead/internal/cms"
)

// A cursor that this server made for a question opens as what was put in; any other text opens nothing.
func FuzzCursor(f *testing.F) {
	s := &Server{cursorKey: []byte("a key that only this test knows, long enough")}
	good := *s.cursor("/v1/tags?", cursorPayload{ID: "019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a11", Text: "water", Rank: &rank{1, 2, 3, 4}})
	f.Add("/v1/tags?", good, "water", int64(12), false, true)
	f.Add("/v1/tags?q=a", good, "", int64(-1), true, false)
	f.Add("", "", "", int64(0), false, false)
	f.Add("/v1/articles?", "AXsi", "\xff\x00", int64(1<<62), true, true)
	f.Fuzz(func(t *testing.T, question, cursor, text string, number int64, missing, before bool) {
		if p, ok := s.openCursor(question, cursor); ok && cursor != *s.cursor(question, p) {
			t.Errorf("%q opens as %+v, which was not what it was made of", cursor, p)
		}
		text = strings.ToValidUTF8(text, "?") // JSON has no other texts
		in := cursorPayload{ID: "019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a11", Text: text, Number: number, Missing: missing, Before: before}
		made := *s.cursor(question, in)
		if out, ok := s.openCursor(question, made); !ok || out != in {
			t.Fatalf("%+v came back as %+v, %v", in, out, ok)
		}
		if _, ok := s.openCursor(question+"&x=1", made); ok {
			t.Error("the cursor opens for another question")
		}
		sealed, _ := base64.RawURLEncoding.DecodeString(made)
		i := int(uint64(number) % uint64(len(sealed)))
		sealed[i] ^= 1
		if _, ok := s.openCursor(question, base64.RawURLEncoding.EncodeToString(sealed)); ok {
			t.Errorf("the cursor opens although byte %d of it was changed", i)
		}
	})
}

// everyKind has a field of every kind that bodies have.
type everyKind struct {
	Title string          `json:"title"`
	Tags  *[]string       `json:"tags,omitempty"`
	Count *int            `json:"count,omitempty"`
	Flag  *bool           `json:"flag,omitempty"`
	At    *time.Time      `json:"at,omitempty"`
	Extra *map[string]any `json:"extra,omitempty"`
	Inner *struct {
		Name *string `json:"name,omitempty"`
	} `json:"inner,omitempty"`
	Data []struct {
		ID string `json:"id"`
	} `json:"data,omitempty"`
}

// A body that is taken is JSON to the standard library too and means the same there; written again it stays what it is.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		`{"title": "Rain", "count": 1.0, "flag": true, "at": "2026-03-12T08:00:00Z", "inner": {"name": "a"}, "data": [{"id": "a"}, {}]}`,
		`{"title": "Rain", "tags": ["a", "b"], "extra": {"n": 1e400, "o": -0.0}}`, `{"a": 1, "a": 2}`, `"\ud800"`, `"\ud83d\ude00"`,
		`[[[[1]]]]`, `null`, ` {} `, `{} {}`, "\"\x00\"", `"\u0000"`, "\xef\xbb\xbf{}", `{"a":`, `01`, strings.Repeat("[", 65) + strings.Repeat("]", 65),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		v, err := parseJSON(body)
		if err != nil {
			return
		}
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber()
		var plain any
		if !json.Valid(body) || d.Decode(&plain) != nil || !reflect.DeepEqual(v, plain) {
			t.Fatalf("%q was read as %#v; the standard library reads %#v", body, v, plain)
		}
		again, err := parseJSON([]byte(CanonicalJSON(v)))
		if err != nil || !reflect.DeepEqual(v, again) {
			t.Errorf("%q written again is %#v, %v", body, again, err)
		}
		for _, into := range []any{&everyKind{}, &struct{}{}} {
			for _, patch := range []bool{false, true} {
				refusal, ok := bind(v, into, patch).(*cms.Error)
				if ok && len(refusal.Fields) == 0 {
					t.Errorf("%q is refused without a reason", body)
				}
			}
		}
	})
}

// A patch does what RFC 7396 says: what it names is as it says, what it does not name is as it was, null takes away.
func FuzzMergePatch(f *testing.F) {
	for _, example := range mergePatches {
		f.Add([]byte(example[0]), []byte(example[1]))
	}
	f.Fuzz(func(t *testing.T, was, change []byte) {
		target, err := parseJSON(was)
		if err != nil {
			return
		}
		patch, err := parseJSON(change)
		if err != nil {
			return
		}
		before := CanonicalJSON(target)
		merged := mergePatch(target, patch)
		checkMerged(t, target, patch, merged)
		if again := mergePatch(merged, patch); !reflect.DeepEqual(again, merged) {
			t.Errorf("twice is not once: %s on %s", change, was)
		}
		if CanonicalJSON(target) != before {
			t.Errorf("%s was changed by %s", was, change)
		}
	})
}

func checkMerged(t *testing.T, target, patch, merged any) {
	t.Helper()
	changes, ok := patch.(map[string]any)
	if !ok {
		if !reflect.DeepEqual(merged, patch) {
			t.Errorf("a patch that is no object must replace all: %v", merged)
		}
		return
	}
	old, _ := target.(map[string]any)
	is, ok := merged.(map[string]any)
	if !ok {
		t.Fatalf("an object made %#v", merged)
	}
	for name, v := range old {
		if _, named := changes[name]; !named && !reflect.DeepEqual(is[name], v) {
			t.Errorf("%q was not named and is now %v", name, is[name])
		}
	}
	for name := range is {
		_, had := old[name]
		if _, named := changes[name]; !had && !named {
			t.Errorf("%q came from nowhere", name)
		}
	}
	for name, v := range changes {
		if now, there := is[name]; v == nil && there {
			t.Errorf("null left %q as %v", name, now)
		} else if v != nil {
			checkMerged(t, old[name], v, now)
		}
	}
}

// If-Match is read or refused, as the specification says; what is written as RFC 9110 has it is read.
func FuzzIfMatch(f *testing.F) {
	documented := ifMatchPattern(f)
	for _, seed := range []string{`"7"`, `*`, `W/"7"`, `"a,b", "7"`, `"7",,"8"`, `7`, `"`, `W/`, ``, `"7" "8"`, `*, "7"`, "\"\xff\""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		match, err := ifMatchOf(value)
		refusal, refused := err.(*cms.Error)
		if err != nil && (!refused || len(refusal.Fields) != 1 || refusal.Fields[0].Header != "If-Match") {
			t.Fatalf("%q is refused with %v", value, err)
		}
		if err == nil && !match.Any && !match.NotAVersion && len(match.Versions) == 0 {
			t.Errorf("%q was read as if nothing had been sent", value)
		}
		if utf8.ValidString(value) && documented.MatchString(value) != (err == nil) {
			t.Errorf("%q: %v, and the specification has %s", value, err, documented)
		}
		opaque := strings.Map(func(r rune) rune {
			if r == '"' || r == 0xfffd || notEntityTag(r) {
				return -1
			}
			return r
		}, value)
		if match, err := ifMatchOf(`W/"x` + opaque + `" , "x` + opaque + `",W/"7"`); err != nil || !slices.Contains(match.Versions, 7) || !match.NotAVersion {
			t.Errorf("%q in a list of validators: %+v, %v", opaque, match, err)
		}
	})
}

func ifMatchOf(value string) (cms.Precondition, error) {
	r := httptest.NewRequest(http.MethodPut, "/", nil)
	r.Header["If-Match"] = []string{value}
	return IfMatch(echo.New().NewContext(r, httptest.NewRecorder()))
}

// ifMatchPattern is what the specification says of If-Match.
func ifMatchPattern(f *testing.F) *regexp.Regexp {
	var spec struct {
		Paths map[string]map[string]struct {
			Parameters []struct {
				Name   string
				Schema struct{ Pattern string }
			}
		}
	}
	if err := json.Unmarshal(docs.OpenAPIJSON, &spec); err != nil {
		f.Fatal(err)
	}
	for _, p := range spec.Paths["/v1/articles/{id}/publish"]["post"].Parameters {
		if p.Name == "If-Match" && p.Schema.Pattern != "" {
			return regexp.MustCompile(p.Schema.Pattern)
		}
	}
	f.Fatal("the specification has no pattern for If-Match")
	return nil
}
