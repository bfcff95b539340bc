package exchange

import (
	"path"
	"slices"
	"strings"
	"time"
)

// languages are the codes of ISO 639-1 and a few of ISO 639-3. File names such as about.usa.gov.md
// and node.js.md show why not every short suffix is a language.
const languages = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch " +
	"co cr cs cu " +
	"cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi " +
	"ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks " +
	"ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl " +
	"nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl " +
	"sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve " +
	"vi vo wa wo xh yi yo za zh zu ckb fil haw kmr prs yue"

// fileName is what a file's name states. Fields it does not state are zero.
type fileName struct {
	slug string
	date time.Time
}

// parseFileName parses a path such as 2020-01-02-slug.ar.md. For index.md it parses the folder's
// name.
func parseFileName(file string, zone *time.Location) fileName {
	var name fileName
	stem := path.Base(file)
	stem = stem[:len(stem)-len(path.Ext(stem))]
	if i := strings.LastIndexByte(stem, '.'); i > 0 && isLanguage(stem[i+1:]) {
		stem = stem[:i]
	}
	if stem == "index" {
		if stem = path.Base(path.Dir(file)); stem == "." {
			return name
		}
	}
	name.date, name.slug = splitDate(stem, zone)
	name.slug = decodePercent(name.slug)
	return name
}

// isLanguage reports whether a name is a language, alone or with script and region: ar, pt-br,
// zh-hant-tw.
func isLanguage(s string) bool {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '-' || r == '_' })
	if len(parts) == 0 || len(parts) > 3 || len(strings.Join(parts, "-")) != len(s) {
		return false
	}
	for _, part := range parts[1:] {
		if len(part) != 2 && len(part) != 4 && len(part) != 3 {
			return false
		}
	}
	return slices.Contains(strings.Fields(languages), strings.ToLower(parts[0]))
}

// splitDate splits a name that begins with a date, or a date and a time, into the date and the
// rest.
func splitDate(stem string, zone *time.Location) (time.Time, string) {
	parts := strings.SplitN(stem, "-", 4)
	if len(parts) == 3 {
		if day, rest, ok := strings.Cut(parts[2], "_"); ok {
			parts = []string{parts[0], parts[1], day, rest}
		}
	}
	if len(parts) < 3 || len(parts[0]) != 4 {
		return time.Time{}, stem
	}
	date, err := parseTime(strings.Join(parts[:3], "-"), zone)
	if err != nil {
		return time.Time{}, stem
	}
	if len(parts) == 4 {
		if slug := strings.Trim(parts[3], "-_ "); slug != "" {
			return date, slug
		}
	}
	return date, stem
}
