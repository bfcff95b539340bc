package cms_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/masthead-cms/masthead/internal/cms"
)

// refusal returns the fault of a filter that is refused.
func refusal(t *testing.T, view cms.View, s string) cms.FieldError {
	t.Helper()
	f, err := cms.ParseFilter(view, s)
	var e *cms.Error
	if f != nil || !errors.As(err, &e) || e.Code != cms.InvalidParameter || len(e.Fields) != 1 ||
		e.Fields[0].Parameter != "filter" {
		t.Fatalf("%s: answers %v and %v, want one refusal of the parameter", s, f, err)
	}
	return e.Fields[0]
}

// bad are filters that are refused in the live view, with the code and parts of the sentence.
var bad = []struct {
	filter, code string
	says         []string
}{
	// What is no filter.
	{"", "empty", []string{"At character 1: ", "leave it out"}},
	{" \n", "empty", nil},
	{"title:a\x00", "invalid_text", []string{"At character 8: ", "U+0000"}},
	{"title:é\xff", "invalid_text", []string{"At character 8: ", "UTF-8"}},
	{"news", "malformed", []string{"At character 1: ", `"news"`, `title:"news"`, "q="}},
	{`"news"`, "malformed", []string{"q="}},
	{"type = news AND water rights", "malformed", []string{"At character 17: ", `"water"`, "q="}},
	{"type", "malformed", []string{"an operator is missing after type: one of = != :", "type:*"}},
	{"type IN (news)", "malformed", []string{"an operator is missing after type"}},
	{"= news", "malformed", []string{"a field is missing", `type = "news"`}},
	{"type =", "malformed", []string{"At character 7: ", "a value is missing after type ="}},
	{"type = AND title:a", "malformed",
		[]string{"At character 8: ", "a value is missing", "quotes"}},
	{"(type =)", "malformed", []string{"At character 8: ", "a value is missing"}},
	{"title = =a", "malformed", []string{"begins with a sign"}},
	{"*", "malformed", []string{"q="}},

	// Joining.
	{"type=news title:a", "malformed", []string{"At character 11: ", "side by side", "AND or OR"}},
	{"type=news (title:a)", "malformed", []string{"side by side"}},
	{"type=news -title:a", "malformed", []string{"side by side"}},
	{"title = the river", "malformed",
		[]string{"At character 13: ", `"river" stands here alone`,
			"several words stands in quotes"}},
	{"title:a and title:b", "malformed", []string{"At character 9: ", "in capitals; write AND."}},
	{"title:a Or title:b", "malformed", []string{"in capitals; write OR."}},
	{"not title:a", "malformed", []string{"At character 1: ", "in capitals; write NOT."}},
	{"title:a NOT title:b", "malformed", []string{"write AND NOT or OR NOT"}},
	{"title:a && title:b", "malformed", []string{"write AND."}},
	{"title:a || title:b", "malformed", []string{"write OR."}},
	{"title:a , title:b", "malformed", []string{"write AND or OR."}},
	{"&& title:a", "malformed", []string{"a comparison is missing before this"}},
	{"AND title:a", "malformed", []string{"a comparison is missing before AND"}},
	{"title:a AND", "malformed", []string{"At character 12: ", "a comparison is missing here"}},
	{"title:a AND OR title:b", "malformed",
		[]string{"At character 13: ", "a comparison is missing before OR"}},
	{"NOT", "malformed", []string{"a comparison is missing here"}},
	{"!title:a", "malformed", []string{"write NOT."}},
	{"!(title:a)", "malformed", []string{"write NOT."}},
	{"- title:a", "malformed", []string{"close to what it turns round"}},
	{"--title:a", "malformed", []string{"At character 2: ", "NOT stands twice"}},
	{"NOT NOT title:a", "malformed", []string{"NOT stands twice"}},
	{"NOT -title:a", "malformed", []string{"NOT stands twice"}},

	// Parentheses and quotes.
	{"()", "malformed", []string{"At character 2: ", "a comparison is missing here"}},
	{"(title:a", "malformed", []string{"At character 1: ", "never closed"}},
	{"title:é)", "malformed", []string{"At character 8: ", "closes none"}},
	{"title:a AND (kicker:b OR (byline:c)", "malformed",
		[]string{"At character 13: ", "never closed"}},
	{`title:"a`, "malformed", []string{"At character 7: ", `closing "`}},
	{`title:'a"`, "malformed", []string{"closing '"}},
	{`title:"a\"`, "malformed", []string{"never closed"}},
	{`title:"a\`, "malformed", []string{"a backslash stands before"}},
	{`title:"a\n"`, "malformed", []string{"At character 9: ", "a backslash stands before"}},
	{`title:"a"b`, "malformed", []string{"At character 10: ", "ended before this"}},
	{`title:"a"AND title:b`, "malformed", []string{"write a space here"}},
	{`title:a"b"`, "malformed", []string{"stands in quotes"}},
	{`title:a\b`, "malformed", []string{"stands in quotes"}},

	// Operators.
	{"type == news", "malformed", []string{"At character 6: ", "write =."}},
	{"type <> news", "malformed", []string{"write !=."}},
	{"title =~ news", "malformed", []string{"write :."}},
	{"title !~ news", "malformed", []string{"write != or NOT"}},
	{"word_count => 5", "malformed", []string{"write >=."}},
	{"word_count =< 5", "malformed", []string{"write <=."}},
	{"word_count <<< 5", "malformed", []string{"there are = != < <= > >="}},
	{"type < news", "not_allowed",
		[]string{"At character 6: ", "type cannot be compared by <; allowed are = != :"}},
	{"locale >= en", "not_allowed", []string{"allowed are = != :"}},
	{"id < " + someID, "not_allowed", []string{"allowed are = != :"}},
	{"meta.noindex > true", "not_allowed", []string{"allowed are = !=", "meta.noindex:*"}},
	{"published_at:2026-01-01", "not_allowed",
		[]string{"allowed are = != < <= > >=", "published_at:*"}},
	{"word_count:5", "not_allowed", []string{"word_count:*"}},
	{"tags = iran", "not_allowed", []string{"a set", "tags:iran or NOT tags:iran"}},
	{"tags != iran", "not_allowed", []string{"NOT tags:iran"}},

	// Fields.
	{"titel:a", "unknown", []string{"At character 1: ", `"titel"`, `did you mean "title"?`,
		"Allowed are: id, slug, type,", "updated_at."}},
	{"title:a AND publishd_at > 2026-01-01", "unknown",
		[]string{"At character 13: ", `did you mean "published_at"?`}},
	{strings.Repeat("x", 100) + ":a", "unknown", []string{"xxx…", "to compare. Allowed"}},
	{"source = bbc", "not_allowed", []string{"source cannot be compared; compare source.name"}},
	{"body:river", "not_allowed", []string{"body cannot be compared; q= finds words in the text."}},
	{"body_html:river", "not_allowed", []string{"q="}},
	{"extra:a", "not_allowed", nil},
	{"url:a", "not_allowed", []string{"slug"}},
	{"related_links:*", "not_allowed", []string{"by article, target and host"}},
	{"created_by = " + someID, "not_allowed", []string{"created_by.id"}},
	{"status = draft", "not_allowed",
		[]string{"At character 1: status stands in the draft view only: add view=draft."}},
	{"status", "not_allowed", []string{"view=draft"}},

	// Values.
	{"type = nws", "not_allowed",
		[]string{"At character 8: ",
			`type cannot be "nws"; did you mean "news"? Allowed are: news, analysis, opinion`}},
	{"type = News", "not_allowed", []string{`did you mean "news"?`}},
	{`direction = ""`, "not_allowed", []string{"ltr, rtl"}},
	{"locale = english-language", "invalid", []string{"language tag"}},
	{"locale = ''", "invalid", nil},
	{"id = 12", "invalid", []string{"UUID", `"12"`}},
	{`tags:"Central Asia"`, "invalid", []string{`"Central Asia"`, "central-asia would do"}},
	{"tags:iran,asia", "invalid", []string{"(tags:iran OR tags:tajikistan)"}},
	{"tags:''", "invalid", nil},
	{"tags:'!'", "invalid", []string{`neither the slug nor the id of a tag. Several`}},
	{"published_at > yesterday", "invalid_time",
		[]string{"RFC 3339", "2026-03-12T08:00:00Z", `"yesterday"`}},
	{"published_at > 2026-01-01T00:00:00", "invalid_time", nil},
	{"published_at > '2026-01-01T00:00:00 05:00'", "invalid_time", []string{"+ is written %2B"}},
	{"published_at > 2026-02-30", "invalid_time", nil},
	{"published_at > 2026-01-01T1:00:00Z", "invalid_time", nil},
	{"published_at > 2026-01-01T00:00:00,5Z", "invalid_time", nil},
	{"published_at > 0000-01-01", "invalid_time", nil},
	{"published_at > 0001-01-01T00:00:00+01:00", "invalid_time", nil},
	{"published_at > 2026-01-01T00:00:00.5Z", "invalid_time",
		[]string{"At character 16: ", "whole seconds"}},
	{"published_at > 2026-01-01T00:00:00.000000000001Z", "invalid_time", []string{"whole seconds"}},
	{"published_at > 2026-01-01T00:00:00.0001+02:00", "invalid_time", []string{"whole seconds"}},
	{"kicker = null", "invalid", []string{"At character 10: ", "NOT kicker:*", `"null"`}},
	{"published_at != NULL", "invalid", []string{"NOT published_at:*"}},
	{"tags:(a OR b)", "malformed", []string{"one value", "OR"}},
	{"word_count > many", "wrong_type", []string{"whole number", `"many"`}},
	{"word_count > 1.5", "wrong_type", nil},
	{"word_count > +1", "wrong_type", nil},
	{"word_count > ''", "wrong_type", nil},
	{"word_count > 9223372036854775808", "out_of_range", []string{"18 digits"}},
	{"meta.noindex = True", "wrong_type", []string{"true or false"}},
	{"title:''", "empty", []string{"title:*"}},

	// Stars.
	{"title = a*b", "invalid", []string{"At character 10: ", `\*`}},
	{`title = "a*b"`, "invalid", []string{"At character 11: ", `\*`}},
	{"title = *a", "invalid", []string{"at its end only"}},
	{"title = a**", "invalid", []string{"at its end only"}},
	{`title = "a**"`, "invalid", []string{"at its end only"}},
	{"title = *", "invalid", []string{"At character 9: ", "title:*", `"\*"`}},
	{`title:"*"`, "invalid", []string{"At character 8: ", "title:*"}},
	{"title:riv*", "invalid", []string{"At character 10: ", "anywhere", `title = "riv*"`}},
	{`title < "riv*"`, "invalid", []string{"At character 13: ", "= and != only"}},
	{"slug = riv*", "invalid", []string{"slug is compared whole"}},
	{"tags:ira*", "invalid", []string{"tags is compared whole"}},
	{"type != *", "invalid", []string{"type:*"}},
}

func TestFiltersThatCannotBeTakenAreRefusedWithAdvice(t *testing.T) {
	t.Parallel()
	for _, c := range bad {
		fault := refusal(t, cms.LiveView, c.filter)
		if fault.Code != c.code {
			t.Errorf("%s: the code is %s, want %s: %s", c.filter, fault.Code, c.code, fault.Detail)
		}
		for _, part := range append(c.says, "At character ") {
			if !strings.Contains(fault.Detail, part) {
				t.Errorf("%s: want %q in %s", c.filter, part, fault.Detail)
			}
		}
		if !strings.HasSuffix(fault.Detail, ".") {
			t.Errorf("%s: no sentence: %s", c.filter, fault.Detail)
		}
	}
}

func TestAndMixedWithOrIsRefusedWithBothReadings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ filter, place, one, other string }{
		{"type=news AND tags:iran OR tags:asia", "At character 25: ",
			"(type=news AND tags:iran) OR tags:asia", "type=news AND (tags:iran OR tags:asia)"},
		{"title:a  OR -kicker:'b  c' AND ( title:d OR\ttitle:e )", "At character 28: ",
			"title:a OR (-kicker:'b  c' AND ( title:d OR\ttitle:e ))",
			"(title:a OR -kicker:'b  c') AND ( title:d OR\ttitle:e )"},
		{"type=news AND NOT (title:a OR title:b AND title:c AND title:d OR title:é)",
			"At character 39: ",
			"title:a OR (title:b AND title:c AND title:d) OR title:é",
			"(title:a OR title:b) AND title:c AND (title:d OR title:é)"},
	} {
		fault := refusal(t, cms.LiveView, c.filter)
		if want := "Write " + c.one + " if you mean that, or " + c.other +
			"."; fault.Code != "ambiguous" ||
			!strings.HasPrefix(fault.Detail, c.place) || !strings.HasSuffix(fault.Detail, want) {
			t.Errorf("%s\nis refused (%s): %s\nwant %s", c.filter, fault.Code, fault.Detail, want)
		}
		one, err := cms.ParseFilter(cms.LiveView, c.one)
		other, err2 := cms.ParseFilter(cms.LiveView, c.other)
		if err != nil || err2 != nil || cmp.Equal(one, other) {
			t.Errorf("%s: the readings are %s (%v) and %s (%v)", c.filter, one, err, other, err2)
		}
	}
}

func TestAHiddenFieldTellsNothing(t *testing.T) {
	t.Parallel()
	for field, probes := range map[string][]string{
		"status": {" = draft", " = published", " = nonsense", ":*", " < 5",
			" == draft", "='*'", " = ", "", " = \"open"},
		"version":                 {" > 1", " > many", " = 99999999999999999999"},
		"has_unpublished_changes": {"=true", "=false", "=perhaps"},
		"created_by.id":           {" = " + someID, " = me"},
		"trashed_at":              {":*", " > 2026-01-01", " > once"},
		"body_format":             {"=html", "=markdown", "=word"},
	} {
		first := refusal(t, cms.LiveView, "title:a AND "+field+probes[0])
		if first.Code != "not_allowed" ||
			!strings.Contains(first.Detail, field+" stands in the draft view only") {
			t.Errorf("%s: refused by %+v", field, first)
		}
		for _, probe := range probes {
			if other := refusal(t, cms.LiveView, "title:a AND "+field+probe); other != first {
				t.Errorf("%s%s: %+v,\nbut %+v for %s", field, probe, other, first, probes[0])
			}
		}
	}
	if known := refusal(t, cms.LiveView, "nothing=1").Detail; strings.Contains(known, "status") {
		t.Errorf("the live view offers: %s", known)
	}
	if known := refusal(t, cms.DraftView, "nothing=1").Detail; !strings.Contains(known, "status") {
		t.Errorf("the draft view offers: %s", known)
	}
}

func TestAFilterBeyondItsBoundsIsRefused(t *testing.T) {
	t.Parallel()
	fill := func(s string) string { return strings.Repeat(s, cms.MaxFilterBytes/len(s)) }
	for _, c := range []struct{ filter, code, place, says string }{
		{`title = "` + strings.Repeat("a", cms.MaxFilterBytes-9) + `"`, "too_long",
			"At character 4097: ", "4097 bytes, and 4096 are"},
		{`title = "` + strings.Repeat("ن", cms.MaxFilterBytes) + `"`, "too_long",
			"At character 2053: ", "4096 are"},
		{strings.Repeat("title:a AND ", 32) + "title:a", "too_many", "At character 385: ",
			"32 are"},
		{strings.Repeat("(", 9) + "title:a" + strings.Repeat(")", 9), "too_deep",
			"At character 9: ", "8 deep"},
		{strings.Repeat("-(", 4) + "-title:a" + strings.Repeat(")", 4), "too_deep",
			"At character 9: ", "8 deep"},
		{strings.Repeat("NOT(", 4) + "(title:a)" + strings.Repeat(")", 4), "too_deep",
			"At character 17: ", "8 deep"},
		{fill("("), "too_deep", "At character 9: ", ""},
		{fill("-("), "too_deep", "At character 9: ", ""},
		{fill("(-"), "too_deep", "At character 9: ", ""},
		{fill("-"), "malformed", "At character 2: ", "twice"},
		{fill("NOT "), "malformed", "At character 5: ", "twice"},
		{fill(")"), "malformed", "At character 1: ", ""},
		{fill(`"`), "malformed", "At character 1: ", ""},
		{"title:" + fill(`""`)[6:], "malformed", "At character 9: ", ""},
		{`title:"` + fill(`\"`)[8:], "malformed", "At character 7: ", "never closed"},
		{"title=" + fill("*")[6:], "invalid", "At character 7: ", ""},
		{"title" + fill("=")[5:], "malformed", "At character 6: ", ""},
		{fill("a "), "malformed", "At character 1: ", ""},
		{fill("a"), "malformed", "At character 1: ", "aaa…"},
	} {
		fault := refusal(t, cms.LiveView, c.filter)
		if fault.Code != c.code || !strings.HasPrefix(fault.Detail, c.place) ||
			!strings.Contains(fault.Detail, c.says) || len(fault.Detail) > 400 {
			t.Errorf("%.40s…: %s (%s), want %s%s (%s)", c.filter, fault.Detail, fault.Code, c.place,
				c.says, c.code)
		}
	}
}
