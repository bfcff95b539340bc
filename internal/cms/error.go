package cms

import (
	"errors"
	"fmt"
	"time"
)

// Word names a kind of refusal, for programs; it is the last segment of a problem's type.
type Word string

// The refusals the rules can give.
const (
	Invalid         Word = "validation-failed"      // a well-formed request that breaks a rule
	BadQuestion     Word = "invalid-parameter"      // a list asked for in a way that cannot be answered
	NotFound        Word = "not-found"              // it is not there, or the caller may not know that it is
	Unauthenticated Word = "unauthenticated"        // a credential is needed and missing or bad
	BadLogin        Word = "invalid-credentials"    // the e-mail and password do not belong together
	Forbidden       Word = "forbidden"              // a known caller who may not
	Duplicate       Word = "duplicate"              // something else already has that slug, name or address
	WrongState      Word = "wrong-state"            // the state machine has no such move
	Stale           Word = "version-mismatch"       // the caller's version is not the present one
	VersionRequired Word = "precondition-required"  // the caller must say which version it means
	KeyReused       Word = "idempotency-key-reused" // the same Idempotency-Key with another request
	StillRunning    Word = "request-in-progress"    // the first request with this Idempotency-Key has not ended
	Throttled       Word = "too-many-requests"      // try again later
	Unavailable     Word = "service-unavailable"    // the server cannot answer now
	Full            Word = "insufficient-storage"   // no room to write
)

// Fault says what is wrong with one part of a request. Exactly one of Field, Parameter and Header names the part.
type Fault struct {
	Field     string // a field's path in the written object, parts joined by a slash: "source/url", "tags/3"
	Parameter string // a query parameter
	Header    string // a request header
	Code      string // for programs: required, too_long, wrong_type, unknown ...
	Detail    string // for people: what is wrong and how to mend it
}

// Error is a refusal: a word for programs and a sentence for people. Any other error is a fault of ours.
type Error struct {
	Word   Word
	Detail string
	Faults []Fault

	Version int64         // with Stale: the present version
	Changed []string      // with Stale: the fields that changed since the caller's version
	Retry   time.Duration // with Throttled and Unavailable: how long to wait
}

// Error is the sentence, and the faults behind it.
func (e *Error) Error() string {
	if len(e.Faults) == 0 {
		return e.Detail
	}
	f := e.Faults[0]
	return fmt.Sprintf("%s (%s%s%s: %s)", e.Detail, f.Field, f.Parameter, f.Header, f.Detail)
}

// Refuse makes a refusal of a word and a sentence.
func Refuse(word Word, format string, args ...any) *Error {
	return &Error{Word: word, Detail: fmt.Sprintf(format, args...)}
}

// RefuseField makes a refusal that is about one written field.
func RefuseField(word Word, field, code, format string, args ...any) *Error {
	fault := Fault{Field: field, Code: code, Detail: fmt.Sprintf(format, args...)}
	return &Error{Word: word, Detail: "The request is understood, but " + countFaults(1) + ".", Faults: []Fault{fault}}
}

// RefuseFaults makes one Invalid refusal of all that is wrong, nil if nothing is.
func RefuseFaults(faults []Fault) error {
	if len(faults) == 0 {
		return nil
	}
	return &Error{Word: Invalid, Detail: "The request is understood, but " + countFaults(len(faults)) + ".", Faults: faults}
}

func countFaults(n int) string {
	if n == 1 {
		return "one field breaks a rule"
	}
	return fmt.Sprintf("%d fields break rules", n)
}

// Is tells whether err is a refusal with that word.
func Is(err error, word Word) bool {
	var e *Error
	return errors.As(err, &e) && e.Word == word
}
