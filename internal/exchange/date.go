package exchange

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

var errDate = errors.New("not a date")

// dayLayouts are the layouts of a date. Where the year stands last, after slashes, dots or hyphens,
// the day always comes before the month.
var dayLayouts = []string{
	"2006-1-2", "2006/1/2", "20060102", "2/1/2006", "2-1-2006", "2.1.2006",
	"January 2, 2006", "Jan 2, 2006", "January 2 2006", "Jan 2 2006",
	"2 January 2006", "2 Jan 2006", "Mon, 2 Jan 2006", "Monday, 2 January 2006",
	"Monday, January 2, 2006",
}

var clockLayouts = []string{"15:04:05", "15:04", "150405", "1504", "3:04:05 PM", "3:04 PM",
	"3:04PM", "3PM"}

// zoneHours are the zone names that RFC 822 defines. Other abbreviations mean different things in
// different places.
var zoneHours = map[string]int{
	"UTC": 0, "GMT": 0, "Z": 0, "UT": 0,
	"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}

// parseTime parses a time in any of the layouts found in articles: RFC 3339 and its variants,
// DD/MM/YYYY, English month names, Unix seconds or milliseconds, in ASCII or Arabic digits. Without
// a zone of its own it is a local time of zone, and UTC if that is nil; without a time of day it is
// midnight. The result is in UTC and whole seconds; a year outside 1 to 9999 is an error.
func parseTime(s string, zone *time.Location) (time.Time, error) {
	s = strings.TrimSpace(strings.Map(asciiDigit, s))
	t, ok := parseUnix(s)
	if !ok {
		t, ok = parseDayAndClock(s, zone)
	}
	if t = t.UTC().Truncate(time.Second); !ok || t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}, errDate
	}
	return t, nil
}

func parseDayAndClock(s string, zone *time.Location) (time.Time, bool) {
	day, clock := splitDay(s)
	date, ok := parseLayouts(day, dayLayouts)
	if !ok {
		return time.Time{}, false
	}
	since, zoned, ok := parseClock(clock)
	t := date.Add(since)
	if ok && !zoned && zone != nil {
		t = inZone(t, zone)
	}
	return t, ok
}

// inZone returns the instant at which the clocks of zone show what t shows.
func inZone(t time.Time, zone *time.Location) time.Time {
	return time.Date(
		t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone)
}

// asciiDigit maps Arabic and Persian digits to ASCII and removes the marks that set the direction
// of text.
func asciiDigit(r rune) rune {
	switch {
	case r >= '٠' && r <= '٩':
		return '0' + r - '٠'
	case r >= '۰' && r <= '۹':
		return '0' + r - '۰'
	case r == '\u200e' || r == '\u200f' || r == '\u061c':
		return -1
	}
	return r
}

// parseUnix parses seconds (9 or 10 digits) or milliseconds (13 digits) since 1970. Fewer digits
// could be a year or a compact date, other lengths a compact date with its time.
func parseUnix(s string) (time.Time, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	switch {
	case err != nil:
		return time.Time{}, false
	case n >= 1e8 && n < 1e10:
		return time.Unix(n, 0), true
	case n >= 1e12 && n < 1e13:
		return time.UnixMilli(n), true
	}
	return time.Time{}, false
}

// splitDay splits a date from its time of day: at a T between digits, or at the last space before
// the first colon.
func splitDay(s string) (day, clock string) {
	for i := 1; i+1 < len(s); i++ {
		if (s[i] == 'T' || s[i] == 't') && isDigit(s[i-1]) && isDigit(s[i+1]) {
			return s[:i], s[i+1:]
		}
	}
	colon := strings.IndexByte(s, ':')
	if colon < 0 {
		return s, ""
	}
	space := strings.LastIndexByte(s[:colon], ' ')
	if space < 0 {
		return s, ""
	}
	return strings.TrimSpace(s[:space]), strings.TrimSpace(s[space+1:])
}

// parseClock parses a time of day. It returns what to add to midnight UTC of the written day, and
// reports whether a zone is stated.
func parseClock(s string) (since time.Duration, zoned, ok bool) {
	if s == "" {
		return 0, false, true
	}
	clock, offset, zoned, ok := cutZone(s)
	if !ok {
		return 0, false, false
	}
	t, ok := parseLayouts(strings.ToUpper(clock), clockLayouts)
	if !ok {
		return 0, false, false
	}
	midnight := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	return t.Sub(midnight) - offset, zoned, true
}

// cutZone splits a time of day from its zone: a name, or an offset such as +01:00, +0100, +01 or
// -5.
func cutZone(s string) (clock string, offset time.Duration, zoned, ok bool) {
	if i := strings.LastIndexAny(s, "+-"); i > 0 {
		offset, ok = parseOffset(s[i:])
		return strings.TrimSpace(s[:i]), offset, true, ok
	}
	end := strings.LastIndexAny(s, " 0123456789") + 1
	name := strings.ToUpper(s[end:])
	if name == "" || name == "AM" || name == "PM" {
		return s, 0, false, true
	}
	hours, ok := zoneHours[name]
	return strings.TrimSpace(s[:end]), time.Duration(hours) * time.Hour, true, ok
}

func parseOffset(s string) (time.Duration, bool) {
	digits := strings.Replace(s[1:], ":", "", 1)
	if len(digits) <= 2 {
		digits += "00"
	}
	n, err := strconv.ParseUint(digits, 10, 16)
	if err != nil || len(digits) > 4 || n/100 > 23 || n%100 > 59 {
		return 0, false
	}
	offset := time.Duration(n/100)*time.Hour + time.Duration(n%100)*time.Minute
	if s[0] == '-' {
		return -offset, true
	}
	return offset, true
}

func parseLayouts(s string, layouts []string) (time.Time, bool) {
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// dateInPath returns the date in an address or path: year, month and day as consecutive segments.
func dateInPath(path string, zone *time.Location) (time.Time, bool) {
	parts := strings.Split(path, "/")
	for i := 0; i+2 < len(parts); i++ {
		if len(parts[i]) != 4 {
			continue
		}
		t, err := parseTime(strings.Join(parts[i:i+3], "-"), zone)
		if err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
