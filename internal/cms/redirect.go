package cms

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Redirect leads readers from a path of the site to another address, or tells them that what they
// look for is gone.
type Redirect struct {
	Record   `gorm:"embedded"`
	FromPath string // as Site.PathOf returns it
	ToURL    string // a path of the site, or a URL elsewhere; empty: it is gone
	ToPath   string // the path that ToURL means, as Site.PathOf returns it; empty: it is elsewhere
	Status   int
	Note     string // for editors
}

// The statuses of addresses.
const (
	StatusThere     = 200 // of a page that readers find there; no redirect has it
	StatusMoved     = 301
	StatusFound     = 302 // for a while
	StatusPermanent = 308 // as StatusMoved, also for what is not only read
	StatusGone      = 410
	StatusNowhere   = 404 // no redirect has it
)

// RedirectStatuses are the statuses that a redirect can have, the default first.
var RedirectStatuses = []int{StatusMoved, StatusFound, StatusPermanent, StatusGone}

// RedirectInput is what an editor may set of a redirect.
type RedirectInput struct {
	From   string // a path of the site
	To     string // a path or a URL; empty with StatusGone only
	Status int
	Note   string
}

// The limits of a redirect.
const (
	MaxRedirectPath = 2048 // bytes of the path that it leads from
	MaxRedirectNote = 500
	MaxRedirectHops = 10 // how many redirects are followed, one behind the other
)

// Cursor returns where the redirect stands in an order.
func (r *Redirect) Cursor(sort Sort) Cursor { return r.place(sort, r.FromPath, 0) }

// Input returns what an editor may set of the redirect, as it is.
func (r *Redirect) Input() RedirectInput {
	return RedirectInput{From: r.FromPath, To: r.ToURL, Status: r.Status, Note: r.Note}
}

// Check returns an Invalid error if the redirect breaks a rule.
func (in RedirectInput) Check() error {
	var f fieldErrors
	f.required("from", in.From)
	if in.From != "" {
		f.path("from", in.From)
	}
	if !slices.Contains(RedirectStatuses, in.Status) {
		f.add("status", "not_allowed", "status is one of %s.",
			strings.Trim(strings.ReplaceAll(fmt.Sprint(RedirectStatuses), " ", ", "), "[]"))
	}
	switch gone := in.Status == StatusGone; {
	case gone && in.To != "":
		f.add("to", "not_allowed", "What is gone (410) leads nowhere: send to as null.")
	case !gone && in.To == "":
		f.add("to", "required", "to is required, but with status 410.")
	case strings.HasPrefix(in.To, "/"):
		f.path("to", in.To)
	default:
		f.url("to", in.To)
	}
	f.line("note", in.Note, MaxRedirectNote)
	return InvalidFields(f)
}

// path checks a path of the site, which may be percent-encoded or not.
func (f *fieldErrors) path(field, s string) {
	bad := func(r rune) bool { return unicode.IsControl(r) || r == '\\' || r == utf8.RuneError }
	switch {
	case utf8.RuneCountInString(s) > MaxURL:
		f.add(field, "too_long", "%s has %d characters; %d are allowed.", field,
			utf8.RuneCountInString(s), MaxURL)
	case !strings.HasPrefix(s, "/"), strings.HasPrefix(s, "//"), strings.ContainsFunc(s, bad),
		strings.ContainsAny(s, lineBreaks):
		f.add(field, "invalid", "%s begins with one slash, such as /2019/05/rivers.html, and has no "+
			"control characters and no backslash.", field)
	}
}

// CacheTags returns the cache tags of a response that shows one redirect.
func (r *Redirect) CacheTags() []CacheTag { return RedirectNoun.ListCacheTags() }
