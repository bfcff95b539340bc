package cms

import (
	"errors"
	"fmt"
	"time"
)

// Code names a kind of refusal, for programs; it is the last segment of a problem's type.
type Code string

// The refusals the rules can give.
const (
	Invalid             Code = "validation-failed"      // a well-formed request that breaks a rule
	InvalidParameter    Code = "invalid-parameter"      // a list asked for in a way that cannot be answered
	NotFound            Code = "not-found"              // it is not there, or the caller may not know that it is
	Unauthenticated     Code = "unauthenticated"        // a credential is needed and missing or bad
	InvalidCredentials  Code = "invalid-credentials"    // the e-mail and password do not belong together
	Forbidden           Code = "forbidden"              // a known caller who may not
	Duplicate           Code = "duplicate"              // something else already has that slug, name or address
	WrongState          Code = "wrong-state"            // the state machine has no such move
	VersionMismatch     Code = "version-mismatch"       // the caller's version is not the present one
	VersionRequired     Code = "precondition-required"  // the caller must say which version it means
	KeyReused           Code = "idempotency-key-reused" // the same Idempotency-Key with another request
	RequestInProgress   Code = "request-in-progress"    // the first request with this Idempotency-Key has not ended
	TooManyRequests     Code = "too-many-requests"      // try again later
	Unavailable         Code = "service-unavailable"    // the server cannot answer now
	InsufficientStorage Code = "insufficient-storage"   // no room to write
)

// FieldError says what is wrong with one part of a request. Exactly one of Field, Parameter and Header names the part.
type FieldError struct {
	Field     string // a field's path in the written object, parts joined by a slash: "source/url", "tags/3"
	Parameter string // a query parameter
	Header    string // a request header
	Code      string // for programs: required, too_long, wrong_type, unknown ...
	Detail    string // for people: what is wrong and how to mend it
}

// Error is a refusal: a word for programs and a sentence for people. Any other error is a fault of ours.
type Error struct {
	Code   Code
	Detail string
	Fields []FieldError

	Version    int64         // with Stale: the present version
	Changed    []string      // with Stale: the fields that changed since the caller's version
	RetryAfter time.Duration // with Throttled and Unavailable: how long to wait
}

// Error is the sentence, and the faults behind it.
func (e *Error) Error() string {
	if len(e.Fields) == 0 {
		return e.Detail
	}
	f := e.Fields[0]
	return fmt.Sprintf("%s (%s%s%s: %s)", e.Detail, f.Field, f.Parameter, f.Header, f.Detail)
}

// Errorf makes a refusal of a word and a sentence.
func Errorf(word Code, format string, args ...any) *Error {
	return &Error{Code: word, Detail: fmt.Sprintf(format, args...)}
}

// FieldErrorf makes a refusal that is about one written field.
func FieldErrorf(word Code, field, code, format string, args ...any) *Error {
	fault := FieldError{Field: field, Code: code, Detail: fmt.Sprintf(format, args...)}
	return &Error{Code: word, Detail: "The request is understood, but " + fieldCount(1) + ".", Fields: []FieldError{fault}}
}

// InvalidFields makes one Invalid refusal of all that is wrong, nil if nothing is.
func InvalidFields(faults []FieldError) error {
	if len(faults) == 0 {
		return nil
	}
	return &Error{Code: Invalid, Detail: "The request is understood, but " + fieldCount(len(faults)) + ".", Fields: faults}
}

func fieldCount(n int) string {
	if n == 1 {
		return "one field breaks a rule"
	}
	return fmt.Sprintf("%d fields break rules", n)
}

// Is tells whether err is a refusal with that word.
func Is(err error, word Code) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == word
}
