package cms

import "slices"

// Precondition is which version of a thing a caller means to change. The zero Match means none was named.
type Precondition struct {
	Any         bool    // whatever it is, said explicitly
	Versions    []int64 // one of these
	NotAVersion bool    // something that is no version was named, such as the validator of a live answer
}

// Require refuses a change without a version, and one of another version than the present.
func (m Precondition) Require(version int64) error {
	if !m.Any && !m.NotAVersion && len(m.Versions) == 0 {
		return &Error{
			Code: VersionRequired, Version: version,
			Detail: "Say which version you mean to change: send If-Match with the ETag of the draft view (GET ...?view=draft), or If-Match: * to change it whatever it is.",
			Fields: []FieldError{{Header: "If-Match", Code: "required", Detail: "If-Match is required here."}},
		}
	}
	return m.Check(version)
}

// Check refuses a change of another version than the present; naming none is fine.
func (m Precondition) Check(version int64) error {
	if m.Any || slices.Contains(m.Versions, version) || (!m.NotAVersion && len(m.Versions) == 0) {
		return nil
	}
	detail := "It has changed since you read it. Read it again, apply your change to that, and send its ETag in If-Match."
	if m.NotAVersion && len(m.Versions) == 0 {
		detail = "If-Match takes the strong ETag of the draft view (GET ...?view=draft), such as \"7\"; the ETag of a live answer is for If-None-Match only."
	}
	return &Error{Code: VersionMismatch, Version: version, Detail: detail,
		Fields: []FieldError{{Header: "If-Match", Code: "stale", Detail: "The present version is another one."}}}
}
