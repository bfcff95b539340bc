package api_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/corpora"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// nested is an object that many levels deep, counting the body itself.
func nested(levels int) string {
	return `{"title": "x", "extra": {"v": ` + strings.Repeat("[", levels-2) + strings.Repeat("]", levels-2) + `}}`
}

// mayBeLeftOut tells whether a call takes no body for one that has nothing to say.
func mayBeLeftOut(path string) bool {
	return strings.HasSuffix(path, "/submit") || strings.HasSuffix(path, "/return") || strings.HasSuffix(path, "/withdraw")
}

func TestABrokenBodyIsRefusedByEveryCallThatTakesOne(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	before := k.state()
	for _, w := range k.writes() {
		name := strings.Split(w.text, "/")[1]
		for what, body := range map[string]string{
			"nothing":          "",
			"spaces":           "  \n",
			"no JSON":          "title=x",
			"cut off":          w.body[:len(w.body)-1],
			"two values":       w.body + w.body,
			"a comma too many": strings.Replace(w.body, "}", ",}", 1),
			"single quotes":    strings.ReplaceAll(w.body, `"`, "'"),
			"a comment":        "/* */" + w.body,
			"a mark of order":  "\ufeff" + w.body,
			"a name twice":     strings.Replace(w.body, "{", fmt.Sprintf(`{"%[1]s": "a", "%[1]s": "a", "`, name)+`x": 1, `, 1),
			"half a pair":      strings.Replace(w.body, "TEXT", `\ud800`, 1),
			"the other half":   strings.Replace(w.body, "TEXT", `\udc00 x`, 1),
			"a pair reversed":  strings.Replace(w.body, "TEXT", `\udc00\ud800`, 1),
			"no UTF-8":         strings.Replace(w.body, "TEXT", "caf\xe9", 1),
			"overlong UTF-8":   strings.Replace(w.body, "TEXT", "\xc0\xaf", 1),
			"UTF-16":           "\xff\xfe{\x00}\x00",
			"a bare newline":   strings.Replace(w.body, "TEXT", "a\nb", 1),
			"too deep":         `{"x": ` + strings.Repeat("[", 64) + strings.Repeat("]", 64) + `}`,
			"far too deep":     strings.Repeat("[", 100_000),
		} {
			if body == "" && mayBeLeftOut(w.path) {
				continue
			}
			r := k.send(w).Bytes("application/json", []byte(body)).Do()
			if r.Status != 400 || r.Text("type") != "/problems/malformed-request" {
				t.Errorf("%s %s with %s: %d %s", w.method, w.path, what, r.Status, r.Body)
			}
		}
	}
	if after := k.state(); after != before {
		t.Errorf("something changed:\n%s\n%s", before, after)
	}
}

func TestABodyThatFitsNotIsRefusedWithAPointer(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	before := k.state()
	for _, w := range k.writes() {
		for _, c := range []struct{ what, body, pointer, code string }{
			{"U+0000", strings.Replace(w.body, "TEXT", `a\u0000b`, 1), w.text, "invalid_text"},
			{"a number", strings.Replace(w.body, `"TEXT"`, `5`, 1), w.text, "wrong_type"},
			{"a list", strings.Replace(w.body, `"TEXT"`, `["x"]`, 1), w.text, "wrong_type"},
			{"an object", strings.Replace(w.body, `"TEXT"`, `{}`, 1), w.text, "wrong_type"},
			{"a truth", strings.Replace(w.body, `"TEXT"`, `true`, 1), w.text, "wrong_type"},
			{"an unknown field", strings.Replace(w.body, "{", `{"colour": "red", `, 1), "/colour", "unknown"},
			{"a field in capitals", strings.Replace(w.body, "{", `{"TITLE": "red", `, 1), "/TITLE", "unknown"},
			{"a list around it", "[" + w.body + "]", "", "wrong_type"},
			{"a text", `"x"`, "", "wrong_type"},
			{"null", `null`, "", "wrong_type"},
			{"a number alone", `1e400`, "", "wrong_type"},
		} {
			r := k.send(w).JSON(c.body).Do()
			what := fmt.Sprintf("%s %s with %s", w.method, w.path, c.what)
			if r.Status != 422 || r.Text("type") != "/problems/validation-failed" {
				t.Errorf("%s: %d %s", what, r.Status, r.Body)
				continue
			}
			if pointer, code := r.Field("errors.0.pointer"), r.Field("errors.0.code"); pointer != c.pointer || code != c.code {
				t.Errorf("%s: pointer %v and code %v, want %q and %s", what, pointer, code, c.pointer, c.code)
			}
		}
	}
	if after := k.state(); after != before {
		t.Errorf("something changed:\n%s\n%s", before, after)
	}
}

func TestABodyOfAnotherTypeIsRefused(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	before := k.state()
	for _, w := range k.writes() {
		types := []string{
			"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "text/json",
			"application/json; charset=latin1", "application/json; charset=utf-16", "application/json;;", "application/jsonp", "json", "*/*",
			"application/json, text/plain", "application/problem+json", "application/json-patch+json",
		}
		if w.method != "PATCH" {
			types = append(types, "application/merge-patch+json")
		}
		for _, mediaType := range types {
			wantProblem(t, k.send(w).Bytes(mediaType, []byte(w.body)).Do(), 415, "unsupported-media-type", "", "")
		}
		for _, coding := range []string{"gzip", "br", "deflate", "gzip, identity"} {
			r := k.send(w).Header("Content-Encoding", coding).Bytes("application/json", []byte(w.body)).Do()
			wantProblem(t, r, 415, "unsupported-media-type", "", "")
		}
	}
	if after := k.state(); after != before {
		t.Errorf("something changed:\n%s\n%s", before, after)
	}
}

func TestABodyOfTheRightTypeIsTakenHoweverItIsSpelled(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for _, mediaType := range []string{"application/json", "Application/JSON", `application/json; charset="UTF-8"`, "application/json;charset=utf-8"} {
		k.As(cms.Editor, "POST", "/v1/articles").Header("Content-Encoding", "identity").Bytes(mediaType, []byte(`{"title": "x"}`)).Want(201)
	}
}

func TestABodyMayHaveOneMebibyte(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	for _, w := range k.writes() {
		fits := w.body + strings.Repeat(" ", 1<<20-len(w.body))
		if r := k.send(w).JSON(fits + " ").Do(); true {
			wantProblem(t, r, 413, "body-too-large", "", "")
		}
		if r := k.send(w).JSON(fits).Do(); r.Status == 413 {
			t.Errorf("%s %s: a body of 1 MiB is refused: %s", w.method, w.path, r.Body)
		}
	}
	for _, verb := range []string{"publish", "withdraw", "restore", "discard", "revisions/1/restore"} {
		r := k.As(cms.Editor, "POST", "/v1/articles/"+k.article+"/"+verb).If("*").Bytes("application/json", make([]byte, 1<<20+1)).Do()
		wantProblem(t, r, 413, "body-too-large", "", "")
	}
}

func TestNestingEndsAt64Levels(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	k.As(cms.Editor, "POST", "/v1/articles").JSON(nested(64)).Want(201)
	wantProblem(t, k.As(cms.Editor, "POST", "/v1/articles").JSON(nested(65)).Do(), 400, "malformed-request", "", "")
}

func TestVerbsTakeNoBodyButAnEmptyObject(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	for _, verb := range []string{"publish", "withdraw", "restore", "discard", "revisions/1/restore"} {
		call := func() *testkit.Call {
			return k.As(cms.Editor, "POST", "/v1/articles/"+k.article+"/"+verb).If("*")
		}
		wantProblem(t, call().JSON(`{"at": "now"}`).Do(), 422, cms.Invalid, "pointer", "/at")
		wantProblem(t, call().JSON(`[`).Do(), 400, "malformed-request", "", "")
		wantProblem(t, call().Bytes("text/plain", []byte("x")).Do(), 415, "unsupported-media-type", "", "")
	}
	publish := "/v1/articles/" + k.article + "/publish"
	k.As(cms.Editor, "POST", publish).If("*").JSON(`{}`).Undocumented().Want(200)
	k.As(cms.Editor, "POST", publish).If("*").Want(200)
}

func TestAWrongFieldIsNamedWithWhatWouldDo(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for _, c := range []struct{ body, pointer, code, hint string }{
		{`{}`, "/title", "required", "title is required"},
		{`{"title": null}`, "/title", "required", "title is required"},
		{`{"title": " "}`, "/title", "required", "visible"},
		{`{"title": "x", "sumary": "y"}`, "/sumary", "unknown", `did you mean "summary"?`},
		{`{"title": "x", "Slug": "y"}`, "/Slug", "unknown", `did you mean "slug"?`},
		{`{"title": "x", "a/b~c": 1}`, "/a~1b~0c", "unknown", "Known are"},
		{`{"title": "x", "status": "published"}`, "/status", "unknown", "Known are"},
		{`{"title": "x", "source": {"nmae": "y"}}`, "/source/nmae", "unknown", `did you mean "name"?`},
		{`{"title": "x", "source": {"url": 5}}`, "/source/url", "wrong_type", "source.url must be a string; it is a number"},
		{`{"title": "x", "source": "y"}`, "/source", "wrong_type", "must be an object"},
		{`{"title": "x", "meta": {"noindex": "yes"}}`, "/meta/noindex", "wrong_type", "true or false"},
		{`{"title": "x", "tags": "y"}`, "/tags", "wrong_type", "must be a list"},
		{`{"title": "x", "tags": ["a", 5]}`, "/tags/1", "wrong_type", "must be a string"},
		{`{"title": "x", "tags": [null]}`, "/tags/0", "wrong_type", "it is null"},
		{`{"title": "x", "extra": []}`, "/extra", "wrong_type", "must be an object"},
		{`{"title": "x", "extra": {"a": ["\u0000"]}}`, "/extra/a/0", "invalid_text", "U+0000"},
		{`{"title": "x", "extra": {"\u0000": 1}}`, "/extra", "invalid_text", "U+0000"},
		{`{"title": "x", "published_at": 5}`, "/published_at", "wrong_type", "must be a time"},
		{`{"title": "x", "published_at": "yesterday"}`, "/published_at", "invalid_time", "RFC 3339"},
		{`{"title": "x", "published_at": "2030-01-01T00:00:00Z"}`, "/published_at", "in_future", "cannot lie in the future"},
		{`{"title": "x", "type": "blog"}`, "/type", "not_allowed", "news"},
		{`{"title": "x", "body_format": "rtf"}`, "/body_format", "not_allowed", "markdown"},
	} {
		r := k.As(cms.Editor, "POST", "/v1/articles").JSON(c.body).Do()
		wantProblem(t, r, 422, cms.Invalid, "pointer", c.pointer)
		if code, detail := r.Field("errors.0.code"), fmt.Sprint(r.Field("errors.0.detail")); code != c.code || !strings.Contains(detail, c.hint) {
			t.Errorf("%s: code %v and %q, want %s and %q", c.body, code, detail, c.code, c.hint)
		}
	}
}

func TestAllWrongFieldsAreNamedAtOnce(t *testing.T) {
	t.Parallel()
	r := testkit.New(t).As(cms.Editor, "POST", "/v1/articles").JSON(`{"slug": 5, "tags": [1, 2], "colour": "red"}`).Want(422)
	for _, pointer := range []string{"/title", "/slug", "/tags/0", "/tags/1", "/colour"} {
		wantProblem(t, r, 422, cms.Invalid, "pointer", pointer)
	}
	if n := len(r.List("errors")); n != 5 {
		t.Errorf("%d errors, want 5: %s", n, r.Body)
	}
}

// jsonText is a text that a parser must accept if status is 0, and must refuse with that status else.
type jsonText struct {
	name   string
	text   []byte
	status int
}

// ownJSON returns the texts of a file of testdata/json: one a line, as a Go string literal, with the status in front if
// it is not 0.
func ownJSON(t *testing.T, file string) []jsonText {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "json", file))
	if err != nil {
		t.Fatal(err)
	}
	var texts []jsonText
	for line := range strings.Lines(string(raw)) {
		literal := strings.TrimSpace(line)
		var status int
		if before, after, ok := strings.Cut(literal, " "); ok {
			if n, err := strconv.Atoi(before); err == nil {
				literal, status = after, n
			}
		}
		text, err := strconv.Unquote(literal)
		if err != nil {
			t.Fatalf("%s: %s: %v", file, literal, err)
		}
		texts = append(texts, jsonText{literal, []byte(text), status})
	}
	return texts
}

// suiteJSON returns texts of JSONTestSuite: those a parser must accept (y) or must refuse (n).
func suiteJSON(t *testing.T, kind string) []jsonText {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(corpora.Path(t, "hostile-jsontestsuite"), "test_parsing", kind+"_*.json"))
	if err != nil {
		t.Fatal(err)
	}
	forbidden := map[string]int{ // what the contract forbids although it is JSON
		"y_object_duplicated_key.json":           400,
		"y_object_duplicated_key_and_value.json": 400,
		"y_string_null_escape.json":              422,
		"y_object_escaped_null_in_key.json":      422,
	}
	var texts []jsonText
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)
		texts = append(texts, jsonText{name, text, forbidden[name]})
	}
	if len(texts) < 10 {
		t.Fatalf("only %d texts of kind %s were found", len(texts), kind)
	}
	return texts
}

func TestTextsThatAreNoJSONAreRefused(t *testing.T) {
	t.Parallel()
	for source, texts := range map[string]func(*testing.T) []jsonText{
		"our own":       func(t *testing.T) []jsonText { return ownJSON(t, "invalid.txt") },
		"JSONTestSuite": func(t *testing.T) []jsonText { return suiteJSON(t, "n") },
	} {
		t.Run(source, func(t *testing.T) {
			t.Parallel()
			k := testkit.New(t)
			for _, c := range texts(t) {
				for _, path := range []string{"/v1/articles", "/v1/tags", "/v1/auth/login"} {
					r := k.As(cms.Editor, "POST", path).Bytes("application/json", c.text).Do()
					if r.Status != 400 && r.Status != 422 {
						t.Errorf("%s: %d %s", c.name, r.Status, r.Body)
					}
				}
			}
		})
	}
}

func TestEveryJSONValueIsKeptInExtra(t *testing.T) {
	t.Parallel()
	for source, texts := range map[string]func(*testing.T) []jsonText{
		"our own": func(t *testing.T) []jsonText {
			return append(ownJSON(t, "valid.txt"), ownJSON(t, "forbidden.txt")...)
		},
		"JSONTestSuite": func(t *testing.T) []jsonText { return suiteJSON(t, "y") },
	} {
		t.Run(source, func(t *testing.T) {
			t.Parallel()
			k := testkit.New(t)
			for _, c := range texts(t) {
				checkKeptInExtra(t, k, c)
			}
		})
	}
}

func checkKeptInExtra(t *testing.T, k *testkit.Kit, c jsonText) {
	t.Helper()
	body := slices.Concat([]byte(`{"title": "x", "extra": {"v": `), c.text, []byte("}}"))
	r := k.As(cms.Editor, "POST", "/v1/articles").Bytes("application/json", body).Do()
	if want := cmp.Or(c.status, 201); r.Status != want {
		t.Errorf("%s: %d, want %d: %s", c.name, r.Status, want, r.Body)
	}
	if r.Status != 201 {
		return
	}
	var got struct{ Extra struct{ V any } }
	var want any
	read := k.As(cms.Editor, "GET", r.Header.Get("Location")+"?view=draft").Want(200).Body
	if err := unmarshal(read, &got); err != nil {
		t.Fatal(err)
	}
	if err := unmarshal(c.text, &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.Extra.V, want) {
		t.Errorf("%s reads back as %v, want %v", c.name, got.Extra.V, want)
	}
}

// unmarshal reads JSON and leaves numbers as they are written.
func unmarshal(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode(into)
}
