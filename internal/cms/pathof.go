package cms

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/masthead-cms/masthead/internal/text"
)

// PathOf returns the path that an address means, as paths of the site are compared: below the
// site's own address, decoded, in NFC, without query and fragment, with a slash in front and none
// behind. The address is a path or a URL; it reports false for a URL that is not of the site.
func (s *Site) PathOf(address string) (path string, ok bool) {
	below, ok := s.below(address)
	return comparedPath(below), ok
}

// AskedPath returns PathOf an address in the parameter path. It is an InvalidParameter error if the
// address is neither a path nor a URL of the site.
func (s *Site) AskedPath(address string) (string, error) {
	if _, absolute := afterScheme(address); !absolute && !strings.HasPrefix(address, "/") {
		return "", ParameterErrorf("path", "invalid",
			"path is a path with a slash in front, or an http or https URL, not %q.", address)
	}
	path, ok := s.PathOf(address)
	if !ok && s.URL == "" {
		return "", ParameterErrorf("path", "elsewhere",
			"The site has no address of its own yet: ask for a path, without a host.")
	}
	if !ok {
		return "", ParameterErrorf("path", "elsewhere",
			"%q is an address of another site; this one is at %s.", address, s.URL)
	}
	return path, nil
}

// TargetOf returns an address as redirects keep it, and the path of the site that it means, empty
// if it is elsewhere. A URL of the site is kept as what stands behind the site's own address.
func (s *Site) TargetOf(address string) (target, path string) {
	below, ok := s.below(address)
	if address == "" || !ok {
		return address, ""
	}
	return below, comparedPath(below)
}

// below returns what stands behind the site's own address in a path or URL, with a slash in front.
// It reports false for a URL that is not of the site.
func (s *Site) below(address string) (rest string, ok bool) {
	own, err := url.Parse(s.URL)
	if err != nil {
		own = &url.URL{}
	}
	rest, absolute := afterScheme(address)
	if absolute {
		end := strings.IndexAny(rest, "/?#")
		if end < 0 {
			end = len(rest)
		}
		if own.Host == "" || hostOf(rest[:end]) != hostOf(own.Host) {
			return "", false
		}
		rest = "/" + strings.TrimPrefix(rest[end:], "/")
	} else {
		rest = address
	}
	for _, base := range []string{own.EscapedPath(), own.Path} {
		behind, inside := strings.CutPrefix(rest, strings.TrimRight(base, "/"))
		if inside && (behind == "" || strings.ContainsAny(behind[:1], "/?#")) {
			return "/" + strings.TrimPrefix(behind, "/"), true
		}
	}
	return rest, !absolute
}

// afterScheme returns what stands behind the scheme of a web address and two slashes, and whether
// these are there.
func afterScheme(address string) (rest string, absolute bool) {
	for _, scheme := range []string{"http://", "https://", "//"} {
		if len(address) >= len(scheme) && strings.EqualFold(address[:len(scheme)], scheme) {
			return address[len(scheme):], true
		}
	}
	return "", false
}

// hostOf returns a host as hosts are compared: in lower case, without the port that goes without
// saying.
func hostOf(host string) string {
	host = strings.ToLower(host)
	return strings.TrimSuffix(strings.TrimSuffix(host, ":443"), ":80")
}

// comparedPath returns a path as paths are compared. What it returns stays as it is: encoded are in
// it only a percent sign, a question mark, a number sign and controls, and what is no text
// when it is decoded.
func comparedPath(path string) string {
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		path = path[:i]
	}
	decoded := decodedPath(path)
	if utf8.ValidString(decoded) {
		path = decoded
	}
	return "/" + strings.Trim(text.NFC(path), "/")
}

func decodedPath(path string) string {
	if !strings.Contains(path, "%") {
		return path
	}
	b := make([]byte, 0, len(path))
	for i := 0; i < len(path); i++ {
		if path[i] != '%' {
			b = append(b, path[i])
			continue
		}
		c, err := url.PathUnescape(path[i:min(i+3, len(path))])
		switch {
		case err != nil:
			b = append(b, "%25"...)
			continue
		case c[0] < ' ' || c[0] == 0x7f || strings.Contains("%?#", c):
			b = append(b, strings.ToUpper(path[i:i+3])...)
		default:
			b = append(b, c...)
		}
		i += 2
	}
	return string(b)
}

// encoded returns an address as it is sent in a header: percent-encoded behind its host.
func encoded(address string) string {
	begin := 0
	if rest, absolute := afterScheme(address); absolute {
		begin = len(address) - len(rest)
		if i := strings.IndexAny(rest, "/?#"); i >= 0 {
			begin += i
		} else {
			begin = len(address)
		}
	}
	var b strings.Builder
	b.WriteString(address[:begin])
	for i := begin; i < len(address); i++ {
		if c := address[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
