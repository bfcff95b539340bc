package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/corpora"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// sample is at most n of the texts, spread evenly over them, so that every run has the same.
func sample(texts []string, n int) []string {
	if len(texts) <= n {
		return texts
	}
	out := make([]string, n)
	for i := range out {
		out[i] = texts[i*len(texts)/n]
	}
	return out
}

// hostileTexts is a source of texts that mean harm.
type hostileTexts struct {
	naughty []string // that programs stumble over
	scripts []string // that try to run something in a browser
	sql     []string // that try to change a query
}

// hostileSources are our own texts, which are always there, and those of others, without which a test is skipped.
var hostileSources = map[string]func(*testing.T) hostileTexts{
	"our own": func(t *testing.T) hostileTexts {
		return hostileTexts{
			naughty: corpora.Hostile(t, "strings.json"),
			scripts: corpora.Hostile(t, "scripts.txt", "addresses.txt", "mutation.txt", "markdown.txt"),
			sql:     corpora.Hostile(t, "sql.json"),
		}
	},
	"others": func(t *testing.T) hostileTexts {
		h := hostileTexts{scripts: scripts(t), sql: lines(t, "SQL Injection/Intruder")}
		readJSON(t, corpora.Path(t, "hostile-blns/blns.json"), &h.naughty)
		return h
	},
}

func readJSON(t *testing.T, file string, into any) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// lines are the lines of all text files in a folder of hostile-payloads.
func lines(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(corpora.Path(t, "hostile-payloads"), folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimRight(line, "\r\n"); line != "" && utf8.ValidString(line) {
				out = append(out, line)
			}
		}
	}
	if len(out) < 50 {
		t.Fatalf("only %d lines were found in %s", len(out), folder)
	}
	return out
}

// scripts are texts that try to run something in a browser.
func scripts(t *testing.T) []string {
	t.Helper()
	texts := lines(t, "XSS Injection/Intruders")
	var purify []struct{ Payload string }
	readJSON(t, corpora.Path(t, "hostile-dompurify/expect.json"), &purify)
	for _, p := range purify {
		texts = append(texts, p.Payload)
	}
	var monday []struct{ In string }
	readJSON(t, corpora.Path(t, "hostile-bluemonday/cases.json"), &monday)
	for _, c := range monday {
		texts = append(texts, c.In)
	}
	return texts
}

// everywhere is an article with a text in every field that takes any.
func everywhere(text, format string) map[string]any {
	return map[string]any{
		"title": text, "kicker": text, "summary": text, "body": text, "body_format": format, "dateline": text, "byline": text,
		"source": map[string]any{"name": text, "url": nil, "license": text},
		"meta":   map[string]any{"title": text, "description": text, "noindex": false},
		"extra":  map[string]any{"key": text, "list": []any{text}},
	}
}

// hurl sends a text in every field of an article, and wants it back to the byte, or refused for a reason. It tells
// whether it was taken.
func hurl(t *testing.T, k *testkit.Kit, text, format string) bool {
	t.Helper()
	sent := everywhere(text, format)
	r := k.As(cms.Editor, "POST", "/v1/articles").JSON(encoded(t, sent)).Do()
	if r.Status == 422 {
		if len(r.List("errors")) == 0 {
			t.Errorf("%q is refused without a reason: %s", text, r.Body)
		}
		return false
	}
	if r.Status != 201 {
		t.Errorf("%q: %d %s", text, r.Status, r.Body)
		return false
	}
	k.Publish(r.Text("id"))
	draft := k.As(cms.Editor, "GET", "/v1/articles/"+r.Text("id")+"?view=draft").Want(200)
	live := k.Public("GET", "/v1/articles/"+url.PathEscape(r.Text("slug"))).Want(200)
	for name, want := range sent {
		for _, got := range []*testkit.Response{draft, live} {
			if got == live && strings.HasPrefix(name, "body") {
				continue
			}
			if is := encoded(t, got.Field(name)); is != encoded(t, orNull(trimmed(name, want))) {
				t.Errorf("%s was %s and reads back as %s", name, encoded(t, want), is)
			}
		}
	}
	if why := unsafe(live.Text("body_html")); why != "" {
		t.Errorf("%q becomes %q, which has %s", text, live.Text("body_html"), why)
	}
	return true
}

// trimmed returns what a field is stored as: texts of one line lose the space around them.
func trimmed(name string, v any) any {
	switch v := v.(type) {
	case string:
		if slices.Contains([]string{"title", "kicker", "dateline", "byline", "name", "license"}, name) {
			return cms.TrimLine(v)
		}
	case map[string]any:
		if name == "source" || name == "meta" {
			out := map[string]any{}
			for inner, value := range v {
				out[inner] = trimmed(inner, value)
			}
			return out
		}
	}
	return v
}

// orNull is how a text comes back: an empty one is no value.
func orNull(v any) any {
	switch v := v.(type) {
	case string:
		if v == "" {
			return nil
		}
	case map[string]any:
		if _, own := v["key"]; own {
			return v
		}
		out := map[string]any{}
		for name, value := range v {
			out[name] = orNull(value)
		}
		return out
	}
	return v
}

// encoded is a value as JSON with sorted keys and nothing escaped without need.
func encoded(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// unsafe tells what in a body could run or load something on its own; empty if nothing could.
func unsafe(body string) string {
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		return err.Error()
	}
	forbidden := []string{
		"script", "style", "iframe", "frame", "object", "embed", "applet", "form", "input", "button", "textarea", "select", "base",
		"link", "meta", "svg", "math", "template", "noscript", "title", "xmp", "plaintext", "marquee", "audio", "video",
	}
	first := 0 // html, head and body are there always
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if first++; slices.Contains(forbidden, n.Data) || n.Namespace != "" {
			return "a <" + n.Data + ">"
		}
		for _, a := range n.Attr {
			if why := unsafeAttribute(n.Data, a.Key, a.Val); why != "" {
				return why
			}
		}
	}
	if first < 3 {
		return "no body"
	}
	return ""
}

func unsafeAttribute(element, name, value string) string {
	switch {
	case strings.HasPrefix(name, "on"), slices.Contains([]string{"style", "srcdoc", "formaction", "action", "background", "xlink:href", "ping"}, name):
		return fmt.Sprintf("%s=%q on <%s>", name, value, element)
	case name == "href" || name == "src" || name == "cite" || name == "poster" || name == "srcset":
		u, err := url.Parse(value)
		if err != nil || !slices.Contains([]string{"", "http", "https", "mailto", "tel"}, strings.ToLower(u.Scheme)) {
			return fmt.Sprintf("%s=%q on <%s>", name, value, element)
		}
	}
	return ""
}

func TestTheJudgeOfBodiesSeesWhatIsUnsafe(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"<p>x</p><script>1</script>", `<img src=x onerror=1>`, `<a href="javascript:1">`, `<a href=" JaVaScript:1">`, "<a href='java\tscript:1'>",
		`<p style="x">`, "<svg><a></a></svg>", "<math></math>", `<img srcset="data:x 1x">`, "<iframe>",
	} {
		if unsafe(body) == "" {
			t.Errorf("%s passes", body)
		}
	}
	if why := unsafe(`<h2 id="h-x">x</h2><a href="https://example.org/?a=b">y</a><img src="/a.png" alt="onerror=1">`); why != "" {
		t.Errorf("a harmless body has %s", why)
	}
}

func TestHostileTextsAreKeptToTheByteOrRefused(t *testing.T) {
	t.Parallel()
	for name, texts := range map[string]func(*testing.T) []string{
		"our own": func(t *testing.T) []string {
			h := hostileSources["our own"](t)
			return slices.Concat(sample(h.naughty, 35), sample(h.scripts, 25), sample(h.sql, 10))
		},
		"naughty strings": func(t *testing.T) []string { return hostileSources["others"](t).naughty },
		"scripts":         scripts,
		"SQL":             func(t *testing.T) []string { return hostileSources["others"](t).sql },
		"all kinds":       func(t *testing.T) []string { return lines(t, "*/Intruder*") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := testkit.New(t)
			kept := 0
			for i, text := range sample(texts(t), 70) {
				if hurl(t, k, text, []string{"markdown", "html"}[i%2]) {
					kept++
				}
			}
			if n := articles(k); n != kept || kept < 20 {
				t.Errorf("%d texts were kept and %d articles are there", kept, n)
			}
		})
	}
}

func TestNoBodyCanRunAnything(t *testing.T) {
	t.Parallel()
	for name, load := range hostileSources {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkBodiesRunNothing(t, sample(load(t).scripts, 240))
		})
	}
}

func checkBodiesRunNothing(t *testing.T, all []string) {
	t.Helper()
	k := testkit.New(t)
	id := k.Draft(nil).Text("id")
	const each = 24 // a body of many, so that one may also break out into the next
	for i := 0; i < len(all); i += each {
		for _, format := range []string{"markdown", "html"} {
			body := strings.Join(all[i:min(i+each, len(all))], "\n\n")
			r := k.As(cms.Editor, "PATCH", "/v1/articles/"+id).If("*").JSON(encoded(t, map[string]any{"body": body, "body_format": format})).Want(200)
			if why := unsafe(r.Text("body_html")); why != "" {
				t.Errorf("texts %d to %d as %s have %s", i, i+each, format, why)
			}
		}
	}
}

func TestHostileNamesOfTagsAndLinks(t *testing.T) {
	t.Parallel()
	for name, load := range hostileSources {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := load(t)
			checkNames(t, slices.Concat(sample(h.naughty, 40), sample(h.sql, 30), sample(h.scripts, 30)))
		})
	}
}

// checkNames makes tags and links of texts, and wants each back as it was, trimmed, or refused.
func checkNames(t *testing.T, texts []string) {
	t.Helper()
	k := newScene(t)
	for _, text := range texts {
		name := cms.TrimLine(text)
		tag := k.As(cms.Editor, "POST", "/v1/tags").JSON(encoded(t, map[string]any{"name": text, "description": text})).Do()
		switch tag.Status {
		case 201:
			if read := k.Public("GET", "/v1/tags/"+tag.Text("id")).Want(200); read.Text("name") != name || read.Field("description") != text {
				t.Errorf("%q reads back as %s", text, read.Body)
			}
		case 409, 422:
		default:
			t.Errorf("a tag %q: %d %s", text, tag.Status, tag.Body)
		}
		for _, url := range []string{"https://example.org/names", text} {
			link := k.As(cms.Editor, "POST", "/v1/articles/"+k.article+"/related-links").
				JSON(encoded(t, map[string]any{"title": text, "url": url, "note": text, "position": 1})).Do()
			if link.Status == 422 {
				continue
			}
			if link.Status != 201 || link.Text("title") != name || link.Text("note") != text || link.Text("url") != url {
				t.Errorf("a link %q: %d %s", text, link.Status, link.Body)
			}
			if !strings.HasPrefix(strings.ToLower(link.Text("url")), "http") {
				t.Errorf("a link leads to %q", link.Text("url"))
			}
			k.As(cms.Editor, "DELETE", "/v1/related-links/"+link.Text("id")).Want(204)
		}
	}
}

func TestQuestionsCannotBeBentByTheirValues(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("long for what it asks, not for its goroutines")
	}
	for name, load := range hostileSources {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := load(t)
			checkQuestions(t, slices.Concat(sample(h.sql, 60), sample(h.naughty, 40), []string{
				"' OR '1'='1", "water' OR 1=1 --", "%' OR '1'='1", `"]') UNION SELECT password_hash FROM users --`,
				"*", "%", "_", "\\",
			}))
		})
	}
}

// checkQuestions asks with texts in place of every value, and wants to be refused or find nothing, and nothing changed.
func checkQuestions(t *testing.T, texts []string) {
	t.Helper()
	k := newScene(t)
	before := k.state()
	for _, text := range texts {
		if text == "" {
			continue // as good as no parameter
		}
		value := url.QueryEscape(text)
		for _, name := range []string{"tag", "tag_all", "slug", "locale", "cursor", "sort", "id", "type", "fields", "published_from", "limit", text} {
			r := k.Public("GET", "/v1/articles?"+url.QueryEscape(name)+"="+value).Do()
			if r.Status != 400 && (r.Status != 200 || len(r.List("data")) != 0) {
				t.Errorf("%s=%q: %d %s", name, text, r.Status, r.Body)
			}
		}
		for _, target := range []string{"/v1/tags?q=", "/v1/related-links?host=", "/v1/related-links?target=", "/v1/related-links?article="} {
			if r := k.Public("GET", target+value).Do(); r.Status != 400 && r.Status != 404 && r.Status != 200 {
				t.Errorf("%s%q: %d %s", target, text, r.Status, r.Body)
			}
		}
		for _, path := range []string{"/v1/articles/", "/v1/tags/", "/v1/related-links/"} {
			if r := k.Public("GET", path+url.PathEscape(text)).Do(); text != "" && r.Status != 404 {
				t.Errorf("%s%q: %d %s", path, text, r.Status, r.Body)
			}
		}
		if r := k.As(cms.Admin, "DELETE", "/v1/articles/"+url.PathEscape(text)).If("*").Do(); r.Status != 404 && r.Status != 405 {
			t.Errorf("DELETE %q: %d %s", text, r.Status, r.Body)
		}
	}
	if after := k.state(); after != before {
		t.Error("a question changed something")
	}
}
