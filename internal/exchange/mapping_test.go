package exchange

import (
	"maps"
	"testing"
)

func TestMappingsAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	got, err := ParseMapping(" body=text, published_at = time,source.name=src,extra.no=a.b ")
	want := Mapping{"body": "text", "published_at": "time", "source.name": "src", "extra.no": "a.b"}
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	if got, err := ParseMapping(""); err != nil || len(got) != 0 {
		t.Errorf("an empty mapping: %v, %v", got, err)
	}
}

func TestBadMappingsAreRefused(t *testing.T) {
	t.Parallel()
	const fields = " The fields are id, url, title, slug, type, locale, kicker, summary, body, " +
		"body_html, body_format, " +
		"dateline, byline, authors, sections, tags, aliases, related_links, " +
		"translation_key, published_at, updated_at, " +
		"visible_from, expires_at, draft, " +
		"published, status, " +
		"canonical_url, source.name, source.url, source.license, meta.title, meta.description, " +
		"meta.noindex, extra " +
		"and extra.NAME"
	for _, c := range []struct{ written, want string }{
		{"body", `mapping: "body" is not of the form field=name`},
		{"body=", `mapping: "body=" is not of the form field=name`},
		{"=text", `mapping: "=text" is not of the form field=name`},
		{"body=a,,title=b", `mapping: "" is not of the form field=name`},
		{"body=a,body=b", `mapping: "body" is mapped twice, to "a" and "b"`},
		{"bdy=a", `mapping: there is no field "bdy"; did you mean "body"?` + fields},
		{"date=time", `mapping: there is no field "date"; did you mean "published_at"?` + fields},
		{"source_name=x", `mapping: there is no field "source_name"; did you mean "source.name"?` +
			fields},
		{"sumary=x", `mapping: there is no field "sumary"; did you mean "summary"?` + fields},
		{"extra.=x", `mapping: there is no field "extra."; did you mean "extra"?` + fields},
		{"zzzzz=x", `mapping: there is no field "zzzzz".` + fields},
	} {
		if _, err := ParseMapping(c.written); err == nil || err.Error() != c.want {
			t.Errorf("%q:\n got  %v\n want %s", c.written, err, c.want)
		}
	}
}

func TestEveryOtherNameBelongsToAFieldAndIsFolded(t *testing.T) {
	t.Parallel()
	owner := map[string]string{}
	for target, names := range alternateNames {
		if !isTarget(target) {
			t.Errorf("%q has other names but cannot be mapped", target)
		}
		for _, name := range names {
			if name != fold(name) {
				t.Errorf("%q is not folded: it would never be found", name)
			}
			if owner[name] != "" {
				t.Errorf("%q stands for both %q and %q", name, owner[name], target)
			}
			owner[name] = target
		}
	}
}
