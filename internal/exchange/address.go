package exchange

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/masthead-cms/masthead/internal/text"
)

var (
	percentEncoded = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
	cutEncoding    = regexp.MustCompile(`%[0-9A-Fa-f]?$`)
)

// mostEncodings is how often a slug may have been percent-encoded: exports encode what the database
// holds encoded.
const mostEncodings = 3

// decodePercent decodes percent-encoding, also where it was applied twice. A last character that
// was cut in two, as WordPress cuts long slugs, is dropped. Text that does not decode to UTF-8 is
// returned as it is.
func decodePercent(s string) string {
	for range mostEncodings {
		if !percentEncoded.MatchString(s) {
			return s
		}
		decoded, err := url.PathUnescape(cutEncoding.ReplaceAllString(s, ""))
		if err != nil {
			return s
		}
		if decoded = dropCutRune(decoded); !utf8.ValidString(decoded) {
			return s
		}
		s, _ = scrub(decoded)
	}
	return s
}

// dropCutRune removes the beginning of a character at the end of s.
func dropCutRune(s string) string {
	for n := 1; n < utf8.UTFMax && n <= len(s); n++ {
		if b := s[len(s)-n]; utf8.RuneStart(b) {
			if b >= utf8.RuneSelf && !utf8.FullRuneInString(s[len(s)-n:]) {
				return s[:len(s)-n]
			}
			return s
		}
	}
	return s
}

// decodeName decodes a name that is percent-encoded letters beyond ASCII; any other name with a
// percent sign means what it says.
func decodeName(s string) string {
	decoded := decodePercent(s)
	if strings.IndexFunc(decoded, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return s
	}
	return decoded
}

// pathOf returns the path of a URL or path, decoded, beginning with a slash and without query and
// last slash. It is empty for the root, and for a pattern such as /:year/:title/. Of a page that
// WordPress finds by its id it is /?p=77.
func pathOf(address string) string {
	address = strings.TrimSpace(address)
	byID := text.WordPressID(address)
	if _, rest, ok := strings.Cut(address, "://"); ok {
		_, address, _ = strings.Cut(rest, "/")
	}
	if i := strings.IndexAny(address, "?#"); i >= 0 {
		address = address[:i]
	}
	address = strings.Trim(address, "/")
	address = strings.Trim(strings.TrimSuffix(address, "index.html"), "/")
	if byID != "" && (address == "" || address == "index.php") {
		return "/?" + byID
	}
	if address == "" || strings.ContainsAny(address, "{}") || strings.Contains("/"+address, "/:") {
		return ""
	}
	return "/" + decodePercent(address)
}

// lastSegment returns the last segment of a URL or path, without a file suffix. It is empty for a
// pattern such as /:year/:title/.
func lastSegment(address string) string {
	last := pathOf(address)
	last = last[strings.LastIndexByte(last, '/')+1:]
	for _, suffix := range []string{".html", ".htm", ".php", ".md"} {
		last = strings.TrimSuffix(last, suffix)
	}
	if strings.ContainsAny(last, ":{}?") {
		return ""
	}
	return strings.TrimSpace(last)
}
