package cms

import (
	"fmt"
	"slices"
	"time"

	"github.com/masthead-cms/masthead/internal/text"
)

// Alert is a line that readers are shown for a time, such as breaking news. It may lead to an
// article here (ArticleID) or to a page elsewhere (URL).
type Alert struct {
	Record    `gorm:"embedded"`
	Text      string
	Level     AlertLevel
	ArticleID *ID
	URL       string
	Locale    string // BCP 47
	StartsAt  time.Time
	EndsAt    time.Time
	Rank      string      // orders alerts: the higher, the earlier
	Target    *ArticleRef `gorm:"-"` // nil if the view that was asked for has no such article
}

// AlertLevel says how urgent an alert is.
type AlertLevel string

// The levels.
const (
	Breaking AlertLevel = "breaking"
	Urgent   AlertLevel = "urgent"
	Info     AlertLevel = "info"
)

// AlertLevels are all levels, the most urgent first.
var AlertLevels = []AlertLevel{Breaking, Urgent, Info}

// AlertInput is what an editor may set of an alert.
type AlertInput struct {
	Text     string
	Level    AlertLevel
	Article  string // id or slug; empty: none
	URL      string
	Locale   string     // empty: the site's
	StartsAt *time.Time // nil: now
	EndsAt   *time.Time // nil: AlertLife after it starts
}

// The limits of an alert.
const (
	MaxAlertText = 280
	AlertLife    = 6 * time.Hour // of one that names no end
)

// MaxTime is the latest time there is.
var MaxTime = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)

// ActiveAt reports whether readers see the alert at a time.
func (a *Alert) ActiveAt(now time.Time) bool {
	return !a.StartsAt.After(now) && a.EndsAt.After(now)
}

// SetRank sets the order of the alert, which follows from its level and when it starts.
func (a *Alert) SetRank() {
	level := len(AlertLevels) - slices.Index(AlertLevels, a.Level)
	a.Rank = fmt.Sprintf("%d%012d", level, a.StartsAt.Unix()-time.Time{}.Unix())
}

// The orders of alerts.
var (
	AlertsByLevel = Sort{By: "level", Descending: true}     // the most urgent, then the newest
	AlertsByStart = Sort{By: "starts_at", Descending: true} // the newest first
)

// Cursor returns where the alert stands in an order.
func (a *Alert) Cursor(sort Sort) Cursor {
	if sort == AlertsByLevel {
		return Cursor{ID: a.ID, Text: a.Rank}
	}
	return Cursor{ID: a.ID, Time: a.StartsAt}
}

// Input returns what an editor may set of the alert, as it is.
func (a *Alert) Input() AlertInput {
	in := AlertInput{
		Text:     a.Text,
		Level:    a.Level,
		URL:      a.URL,
		Locale:   a.Locale,
		StartsAt: new(a.StartsAt),
		EndsAt:   new(a.EndsAt),
	}
	if a.ArticleID != nil {
		in.Article = string(*a.ArticleID)
	}
	return in
}

// Check returns an Invalid error if the alert breaks a rule.
func (in AlertInput) Check() error {
	var f fieldErrors
	f.required("text", in.Text)
	f.line("text", in.Text, MaxAlertText)
	f.oneOf("level", string(in.Level), stringsOf(AlertLevels))
	f.line("article", in.Article, MaxRef)
	f.url("url", in.URL)
	if in.Article != "" && in.URL != "" {
		f.add("url", "not_allowed",
			"Send article (one here) or url (a page elsewhere), not both.")
	}
	if in.Locale != "" {
		if _, err := text.Locale(in.Locale); err != nil {
			f.add("locale", "invalid", "%s", err)
		}
	}
	return InvalidFields(f)
}

// AlertQuery asks for alerts.
type AlertQuery struct {
	View   View  // live: only what readers see now
	Active *bool // draft view: only those that readers see now, or only the others; nil: all
	IDs    []ID  // nil: all
	Sort   Sort
	Page   PageRequest
}

// CacheTags returns the cache tags of a response that shows one alert.
func (a *Alert) CacheTags() []CacheTag {
	return alertCacheTags([]CacheTag{AlertNoun.CacheTag(a.ID), SiteCacheTag}, a)
}

// AlertCacheTags returns the cache tags of a response that shows a list of alerts.
func AlertCacheTags(list []Alert) []CacheTag {
	tags := AlertNoun.ListCacheTags()
	for i := range list {
		tags = alertCacheTags(tags, &list[i])
	}
	return tags
}

// alertCacheTags adds that of the article that an alert leads to. One that is not live may be soon.
func alertCacheTags(tags []CacheTag, a *Alert) []CacheTag {
	if a.ArticleID == nil {
		return tags
	}
	return append(tags, ArticleCacheTag(*a.ArticleID))
}
