package cms

import (
	"errors"
	"fmt"
	"time"
)

// Code names a kind of error, for programs. It is the last segment of a problem's type.
type Code string

// The codes of the errors that rules return.
const (
	// Invalid is a well-formed request that breaks a rule.
	Invalid Code = "validation-failed"
	// InvalidParameter is a list asked for in a way that cannot be answered.
	InvalidParameter Code = "invalid-parameter"
	// NotFound is something that does not exist, or that the caller may not know of.
	NotFound Code = "not-found"
	// Unauthenticated is a credential that is needed and is missing or bad.
	Unauthenticated Code = "unauthenticated"
	// InvalidCredentials is an e-mail and a password that do not belong together.
	InvalidCredentials Code = "invalid-credentials"
	// Forbidden is a known caller who lacks the permission.
	Forbidden Code = "forbidden"
	// Duplicate is a slug, name or address that something else has already.
	Duplicate Code = "duplicate"
	// WrongState is a move that the state machine does not have.
	WrongState Code = "wrong-state"
	// Gone is something that was there for readers and was taken from them for good.
	Gone Code = "gone"
	// InUse is a noun that cannot be deleted because others refer to it.
	InUse Code = "in-use"
	// Fixed is a change of what the operator has set for good.
	Fixed Code = "fixed"
	// VersionMismatch is a change based on another version than the present one.
	VersionMismatch Code = "version-mismatch"
	// VersionRequired is a change that does not say which version it is based on.
	VersionRequired Code = "precondition-required"
	// KeyReused is an idempotency key that was used for another request.
	KeyReused Code = "idempotency-key-reused"
	// RequestInProgress is an idempotency key whose first request has not ended.
	RequestInProgress Code = "request-in-progress"
	// OffsetMismatch is a part of an upload that is for another place than where it goes on.
	OffsetMismatch Code = "offset-mismatch"
	// UploadBusy is an upload that another call is just finishing.
	UploadBusy Code = "upload-busy"
	// TooManyRequests asks the caller to try again later.
	TooManyRequests Code = "too-many-requests"
	// Unavailable says that the server cannot answer now.
	Unavailable Code = "service-unavailable"
	// UnsupportedMedia is a file of a kind that is not taken.
	UnsupportedMedia Code = "unsupported-media-type"
	// TooLarge is a body that has more bytes than are allowed.
	TooLarge Code = "body-too-large"
	// InsufficientStorage says that there is no room to write.
	InsufficientStorage Code = "insufficient-storage"
)

// Hint names advice on how to mend a call. Rules name it; internal/rest, which knows the calls,
// has its words.
type Hint string

// The hints.
const (
	HintSignIn       Hint = "sign-in"       // a credential is needed
	HintSignInAgain  Hint = "sign-in-again" // the credential is good no longer
	HintPrivateSite  Hint = "private-site"  // reading needs a credential here
	HintPermissions  Hint = "permissions"   // where the caller's permissions can be read
	HintRestoreFirst Hint = "restore-first" // the article is in the trash
	HintCreateTag    Hint = "create-tag"    // the tag does not exist
	HintDeleteInto   Hint = "delete-into"   // the noun is in use
	HintMediumUses   Hint = "medium-uses"   // the medium is in use
	HintLiveETag     Hint = "live-etag"     // the validator was one of a live answer
	HintRetryIsSafe  Hint = "retry-is-safe" // the same call may be sent again
)

// FieldError says what is wrong with one part of a request. Exactly one of Field, Parameter and
// Header names the part.
type FieldError struct {
	Field     string // the path in the written object, joined by slashes: "source/url", "tags/3"
	Parameter string // a query parameter
	Header    string // a request header; set by internal/rest only
	Code      string // for programs: required, too_long, wrong_type, unknown ...
	Detail    string // for people: what is wrong and how to mend it
	Hint      Hint   // advice that stands behind Detail, if any
}

// Error is an error that the caller should hear of: a code for programs and a sentence for people.
// Any other error is a fault of the server.
type Error struct {
	Code   Code
	Detail string
	Hint   Hint // advice that stands behind Detail, if any
	Fields []FieldError

	// how many field errors there are besides Fields
	Omitted int

	Version       int64         // with VersionMismatch and VersionRequired: the present version
	ChangedFields []string      // with VersionMismatch: what changed since the caller's version
	Changed       *Changed      // with VersionMismatch: more of that; nil: nothing is known
	AllowedMoves  []Move        // with WrongState of a move: what the caller may do instead
	Notice        string        // with Gone: what readers are told; may be empty
	RetryAfter    time.Duration // with TooManyRequests and Unavailable: how long to wait
}

// Changed says what happened to a thing since a version of it.
type Changed struct {
	By     *UserRef // who changed it last; nil: nobody did by hand
	At     time.Time
	Base   *ArticleInput // an article as it was then; nil: it is none, or its words are not kept
	Theirs *ArticleInput // as it is now; nil: it is none
	// by field what it was then and is now, as callers know them; nil where not known
	Values map[string]ChangedValue
}

// ChangedValue is what a field was and is.
type ChangedValue struct{ Base, Theirs any }

// Error returns the sentence, with the first field error if there are any.
func (e *Error) Error() string {
	if len(e.Fields) == 0 {
		return e.Detail
	}
	f := e.Fields[0]
	return fmt.Sprintf("%s (%s%s%s: %s)", e.Detail, f.Field, f.Parameter, f.Header, f.Detail)
}

// Errorf returns an error with a code and a formatted sentence.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Detail: fmt.Sprintf(format, args...)}
}

// WithHint returns the error with advice.
func (e *Error) WithHint(hint Hint) *Error {
	e.Hint = hint
	return e
}

// FieldErrorf returns an error that is about one written field.
func FieldErrorf(code Code, field, fieldCode, format string, args ...any) *Error {
	return &Error{
		Code:   code,
		Detail: "The request is understood, but " + fieldCount(1) + ".",
		Fields: []FieldError{
			{Field: field, Code: fieldCode, Detail: fmt.Sprintf(format, args...)},
		},
	}
}

// ParameterErrorf returns an InvalidParameter error that is about one parameter.
func ParameterErrorf(name, code, format string, args ...any) *Error {
	return &Error{
		Code:   InvalidParameter,
		Detail: "The parameters of the request cannot be taken as they are.",
		Fields: []FieldError{{Parameter: name, Code: code, Detail: fmt.Sprintf(format, args...)}},
	}
}

// WithFieldHint returns the error with advice on its only field.
func (e *Error) WithFieldHint(hint Hint) *Error {
	e.Fields[0].Hint = hint
	return e
}

// InvalidFields returns one Invalid error of all field errors, nil if there are none.
func InvalidFields(fields []FieldError) error { return InvalidFieldsOf(fields, 0) }

// InvalidFieldsOf is InvalidFields where a number of field errors were counted and not made.
func InvalidFieldsOf(fields []FieldError, omitted int) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{
		Code:    Invalid,
		Detail:  "The request is understood, but " + fieldCount(len(fields)+omitted) + ".",
		Fields:  fields,
		Omitted: omitted,
	}
}

func fieldCount(n int) string {
	if n == 1 {
		return "one field breaks a rule"
	}
	return fmt.Sprintf("%d fields break rules", n)
}

// Is reports whether err is, or wraps, an Error with that code.
func Is(err error, code Code) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}
