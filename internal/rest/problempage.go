package rest

import (
	"bytes"
	"html/template"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
)

// WantsPage reports whether a browser asks for something to show to a person: no other client
// accepts XHTML. The response must have Vary: Accept.
func WantsPage(c echo.Context) bool {
	r := c.Request()
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) &&
		strings.Contains(r.Header.Get("Accept"), "application/xhtml+xml")
}

// problemPagePolicy lets a page have the style sheet of the documentation, and nothing else.
const problemPagePolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; " +
	"form-action 'none'; frame-ancestors 'none'"

var problemTemplate = template.Must(template.New("problem").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{.Title}} · Masthead</title>
<link rel="stylesheet" href="/docs/explorer.css">
</head>
<body>
<header class="bar"><a class="name" href="/docs">Masthead</a></header>
<main class="problem">
<h1>{{.Title}}</h1>
<p>{{.Detail}}</p>
{{- with .Errors}}
<ul>
{{- range .}}
<li>{{with .Pointer}}<code>{{.}}</code> {{end}}{{with .Parameter}}<code>{{.}}</code> {{end}}
{{- with .Header}}<code>{{.}}</code> {{end}}{{.Detail}}</li>
{{- end}}
</ul>
{{- end}}
{{- with .Type}}
<p><a href="{{.}}">What this means, and how to mend the call</a></p>
{{- end}}
<p class="facts">Status {{.Status}}{{with .Instance}} · <code>{{.}}</code>{{end}}
{{- with .RequestID}} · request <code>{{.}}</code>{{end}}</p>
</main>
</body>
</html>
`))

// problemHTML returns a problem as a browser shows it. What is empty is left out; a type is a link
// to its explanation.
func problemHTML(p Problem) []byte {
	var b bytes.Buffer
	if err := problemTemplate.Execute(&b, p); err != nil {
		panic(err) // the template fits, and a buffer takes everything
	}
	return b.Bytes()
}

// explanation is the content of GET /problems/<code>.
type explanation struct {
	status int
	title  string
	text   string
}

// ProblemExplanation explains a kind of problem.
type ProblemExplanation struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

// ShowProblem sends the explanation of a problem type.
func (s *Server) ShowProblem(c echo.Context) error {
	word, err := PathParam(c, "word")
	if err != nil {
		return err
	}
	if err := NoQuery(c); err != nil {
		return err
	}
	e, ok := explanations[cms.Code(word)]
	if !ok {
		return cms.Errorf(cms.NotFound, "No problem is called %q.", word)
	}
	detail := strings.Join(strings.Fields(e.text), " ")
	c.Response().Header().Add("Vary", "Accept")
	if WantsPage(c) {
		c.Response().Header().Set("Content-Security-Policy", problemPagePolicy)
		page := problemHTML(Problem{Title: e.title, Detail: detail, Status: e.status})
		return s.SendBytes(c, "text/html; charset=utf-8", page)
	}
	return s.SendLive(c, ProblemExplanation{
		Type:   "/problems/" + word,
		Title:  e.title,
		Status: e.status,
		Detail: detail,
	})
}
