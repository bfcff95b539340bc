package cms

import "slices"

// Precondition is the version of a thing that a caller means to change. The zero Precondition
// names none.
type Precondition struct {
	Any         bool    // whatever version it is, said explicitly
	Versions    []int64 // one of these
	NotAVersion bool    // something that is no version was named, such as a live answer's validator
}

// None reports whether no version was named at all.
func (p Precondition) None() bool {
	return !p.Any && !p.NotAVersion && len(p.Versions) == 0
}

// Require returns VersionRequired if no version was named, and VersionMismatch if another one than
// the present was.
func (p Precondition) Require(version int64) error {
	if p.None() {
		return &Error{
			Code:    VersionRequired,
			Version: version,
			Detail:  "Say which version you mean to change.",
		}
	}
	return p.Check(version)
}

// Check returns VersionMismatch if another version than the present was named; naming none is fine.
func (p Precondition) Check(version int64) error {
	if p.Any || p.None() || slices.Contains(p.Versions, version) {
		return nil
	}
	if p.NotAVersion && len(p.Versions) == 0 {
		return &Error{
			Code:    VersionMismatch,
			Version: version,
			Detail:  "What was named is not a version.",
			Hint:    HintLiveETag,
		}
	}
	return &Error{
		Code:    VersionMismatch,
		Version: version,
		Detail:  "It has changed since you read it.",
	}
}
