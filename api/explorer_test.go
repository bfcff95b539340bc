package api_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/masthead-cms/masthead/internal/testkit"
)

// forPeople are the pages and files around the API that people and programs read, with their media types.
var forPeople = map[string]string{
	"/docs":                      "text/html; charset=utf-8",
	"/docs/guide":                "text/html; charset=utf-8",
	"/docs/operations":           "text/html; charset=utf-8",
	"/docs/guide.md":             "text/markdown; charset=utf-8",
	"/docs/operations.md":        "text/markdown; charset=utf-8",
	"/docs/explorer.css":         "text/css; charset=utf-8",
	"/docs/swagger.css":          "text/css; charset=utf-8",
	"/docs/explorer.js":          "text/javascript; charset=utf-8",
	"/docs/swagger-ui.css":       "text/css; charset=utf-8",
	"/docs/swagger-ui-bundle.js": "text/javascript; charset=utf-8",
	"/docs/favicon-32x32.png":    "image/png",
	"/llms.txt":                  "text/plain; charset=utf-8",
}

func TestPagesAndFilesForPeopleAreHandedOut(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for address, mediaType := range forPeople {
		got := k.Public("GET", address).Want(200)
		if got.Header.Get("Content-Type") != mediaType || len(got.Body) < 100 {
			t.Errorf("%s is %s with %d bytes", address, got.Header.Get("Content-Type"), len(got.Body))
		}
		head := k.Public("HEAD", address).Want(200)
		if len(head.Body) != 0 || head.Header.Get("Content-Length") != got.Header.Get("Content-Length") || head.ETag() != got.ETag() {
			t.Errorf("HEAD %s: %v", address, head.Header)
		}
		if again := k.Public("GET", address).Header("If-None-Match", got.ETag()).Want(304); len(again.Body) != 0 {
			t.Errorf("%s that is known already comes again", address)
		}
	}
}

func TestThereIsNothingElseBesideThePages(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for _, address := range []string{
		"/docs/index.html", "/docs/pages", "/docs/pages/top.html", "/docs/top.html", "/docs/embed.go", "/docs/swagger-ui.js",
		"/docs/oauth2-redirect.html", "/docs/guide/", "/docs/guide/x", "/docs/GUIDE", "/docs/decisions", "/docs/openapi.json", "/llms", "/llms.txt/",
	} {
		wantProblem(t, k.Public("GET", address).Do(), 404, "not-found", "", "")
	}
}

func TestLibrariesComeCompressedToThoseWhoTakeIt(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	const address = "/docs/swagger-ui-bundle.js"
	whole := k.Public("GET", address).Want(200)
	packed := k.Public("GET", address).Header("Accept-Encoding", "br, gzip").Want(200)
	if packed.Header.Get("Content-Encoding") != "gzip" || packed.ETag() == whole.ETag() || whole.Header.Get("Content-Encoding") != "" {
		t.Errorf("headers: %v", packed.Header)
	}
	if packed.Header.Get("Vary") != "Accept-Encoding" || whole.Header.Get("Vary") != "Accept-Encoding" {
		t.Errorf("Vary is %q and %q", packed.Header.Get("Vary"), whole.Header.Get("Vary"))
	}
	unpacker, err := gzip.NewReader(bytes.NewReader(packed.Body))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(unpacker); err != nil || !bytes.Equal(got, whole.Body) {
		t.Errorf("unpacked it has %d bytes, not %d: %v", len(got), len(whole.Body), err)
	}
}

// web is a page that was fetched: every element, by name.
type web struct {
	elements []*html.Node
	ids      map[string]int
}

func browse(t *testing.T, page *testkit.Response) web {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page.Body))
	if err != nil {
		t.Fatal(err)
	}
	w := web{ids: map[string]int{}}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			w.elements = append(w.elements, n)
			if id := attribute(n, "id"); id != "" {
				w.ids[id]++
			}
		}
	}
	return w
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func TestPagesLoadNothingFromOutsideAndNothingInline(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for _, address := range []string{"/docs", "/docs/guide", "/docs/operations"} {
		page := k.Public("GET", address).Want(200)
		policy := page.Header.Get("Content-Security-Policy")
		if scripts := strings.Contains(policy, "script-src 'self';"); scripts != (address == "/docs") {
			t.Errorf("%s: the policy is %q", address, policy)
		}
		if !strings.Contains(policy, "style-src 'self';") || strings.Contains(policy, "http") || strings.Contains(policy, "*") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: the policy is %q", address, policy)
		}
		loaded := 0
		for _, n := range browse(t, page).elements {
			source := attribute(n, "src")
			if n.Data == "link" {
				source = attribute(n, "href")
			}
			if source != "" {
				loaded++
				if forPeople[source] == "" {
					t.Errorf("%s loads %q", address, source)
				}
			}
			if n.Data == "style" || n.Data == "script" && (n.FirstChild != nil || source == "") || attribute(n, "style") != "" {
				t.Errorf("%s: there is an inline %s", address, n.Data)
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: %s has %s", address, n.Data, a.Key)
				}
			}
		}
		if loaded < 2 {
			t.Errorf("%s loads only %d files", address, loaded)
		}
	}
}

func TestStyleSheetsLoadNothingFromOutside(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	loads := regexp.MustCompile(`(?:url\(\s*|@import\s+)["']?([^"')\s]+)`)
	found := 0
	for address, mediaType := range forPeople {
		if !strings.HasPrefix(mediaType, "text/css") {
			continue
		}
		for _, match := range loads.FindAllStringSubmatch(string(k.Public("GET", address).Want(200).Body), -1) {
			found++
			if source := match[1]; !strings.HasPrefix(source, "data:") && !strings.HasPrefix(source, "url(") && forPeople[source] == "" {
				t.Errorf("%s loads %q", address, source)
			}
		}
	}
	if found < 3 {
		t.Errorf("only %d addresses were found", found)
	}
}

func TestLinksOfThePagesLeadSomewhereOnThisServer(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for _, address := range []string{"/docs", "/docs/guide", "/docs/operations"} {
		here := browse(t, k.Public("GET", address).Want(200))
		for id, times := range here.ids {
			if times > 1 {
				t.Errorf("%s: the id %q is there %d times", address, id, times)
			}
		}
		followed := 0
		for _, n := range here.elements {
			if n.Data != "a" {
				continue
			}
			followed++
			target, fragment, _ := strings.Cut(attribute(n, "href"), "#")
			there := here
			if target != "" && target != address {
				if !strings.HasPrefix(target, "/") {
					t.Errorf("%s: a link leads to %q", address, target)
					continue
				}
				there = browse(t, k.Public("GET", target).Want(200))
			}
			if fragment != "" && there.ids[fragment] == 0 {
				t.Errorf("%s: nothing has the id of the link to %q", address, attribute(n, "href"))
			}
		}
		if followed < 7 {
			t.Errorf("%s: only %d links were followed", address, followed)
		}
	}
}

func TestLinksBetweenDocumentsAreTurnedToThisServer(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	page := string(k.Public("GET", "/docs/guide").Want(200).Body)
	for _, want := range []string{
		`<a href="#for-editors">write and publish</a>`, `<a href="/openapi.yaml"><code>openapi.yaml</code></a>`,
		`<a href="/docs/operations#backing-up">operations</a>`, `<a href="/docs/operations">operations</a>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the guide does not have %s", want)
		}
	}
	if n := strings.Count(page, "<h1>"); n != 1 || !strings.Contains(page, "<h1>The guide</h1>") {
		t.Errorf("there are %d headings of the first level", n)
	}
	page = string(k.Public("GET", "/docs/operations").Want(200).Body)
	if strings.Contains(page, "decisions/") {
		t.Error("operations links to what this server does not have")
	}
}

func TestTheExplorerSignsInWithTheSchemeOfTheSpecification(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	script := string(k.Public("GET", "/docs/explorer.js").Want(200).Body)
	name := regexp.MustCompile(`const scheme = "(\w+)"`).FindStringSubmatch(script)
	if name == nil || k.Specification().Components.SecuritySchemes[name[1]] == nil {
		t.Errorf("the scheme %q is not in the specification", name)
	}
	for _, store := range []string{"localStorage", "sessionStorage", "document.cookie", "persistAuthorization: true"} {
		if strings.Contains(script, store) {
			t.Errorf("tokens may outlive the page: %s", store)
		}
	}
	here := browse(t, k.Public("GET", "/docs").Want(200))
	for _, id := range regexp.MustCompile(`part\("([\w-]+)"\)`).FindAllStringSubmatch(script, -1) {
		if here.ids[id[1]] != 1 {
			t.Errorf("the page has no element %q", id[1])
		}
	}
}

func TestWhatProgramsReadFirstIsTrue(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	text := string(k.Public("GET", "/llms.txt").Want(200).Body)
	if !strings.HasPrefix(text, "# Masthead\n\n> ") {
		t.Errorf("it begins %.40q", text)
	}
	links := regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(text, -1)
	for _, link := range links {
		k.Public("GET", link[1]).Want(200)
	}
	routes := documented(k)
	calls := regexp.MustCompile("`([A-Z]+ /v1/[^`]+)`").FindAllStringSubmatch(text, -1)
	for _, call := range calls {
		if !routes[call[1]] {
			t.Errorf("there is no %s", call[1])
		}
	}
	if len(links) < 6 || len(calls) < 10 {
		t.Errorf("only %d links and %d calls were found", len(links), len(calls))
	}
	source, err := os.ReadFile("../docs/guide.md")
	if err != nil || !bytes.Equal(source, k.Public("GET", "/docs/guide.md").Want(200).Body) {
		t.Errorf("the guide as Markdown is not the guide: %v", err)
	}
}

func TestDocsWithASlashLeadToTheExplorer(t *testing.T) {
	t.Parallel()
	r := testkit.New(t).Public("GET", "/docs/").Undocumented().Want(308)
	if got := r.Header.Get("Location"); got != "/docs" {
		t.Errorf("it leads to %q", got)
	}
}
