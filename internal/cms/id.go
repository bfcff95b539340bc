package cms

import "strings"

// ID names one thing for ever: a UUIDv7 (RFC 9562) in its canonical lower-case form.
type ID string

// ParseID reads the canonical 8-4-4-4-12 form of a UUID, in either case, and answers it in lower
// case.
func ParseID(s string) (ID, bool) {
	if len(s) != 36 {
		return "", false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return "", false
			}
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f', c >= 'A' && c <= 'F':
		default:
			return "", false
		}
	}
	return ID(strings.ToLower(s)), true
}
