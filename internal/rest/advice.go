package rest

import "github.com/masthead-cms/masthead/internal/cms"

// advice says how to mend a call, by the hint that the rules gave. It stands behind their sentence.
var advice = map[cms.Hint]string{
	cms.HintSignIn:       "Send Authorization: Bearer <token>; POST /v1/auth/login gives one.",
	cms.HintSignInAgain:  "Sign in again (POST /v1/auth/login).",
	cms.HintPrivateSite:  "Send Authorization: Bearer <token>.",
	cms.HintPermissions:  "GET /v1/auth/me tells what it may do.",
	cms.HintRestoreFirst: "Restore it first (POST /v1/articles/{id}/restore).",
	cms.HintCreateTag:    "Make it first (POST /v1/tags), or send ?create_tags=true.",
	cms.HintMediumUses:   "GET /v1/media/{id}/uses tells where it is shown.",
	cms.HintDeleteInto:   "Name another one that takes its place (DELETE ...?into=<id or slug>).",
	cms.HintLiveETag: `If-Match takes the ETag of the draft view (GET ...?view=draft), ` +
		`such as "7"; the ETag of a live answer is for If-None-Match only.`,
	cms.HintRetryIsSafe: "With an Idempotency-Key a retry is safe.",
}

// codeAdvice is the advice for errors that have one remedy, whatever their cause.
var codeAdvice = map[cms.Code]string{
	cms.VersionRequired: "Send If-Match with the ETag of the draft view (GET ...?view=draft), " +
		"or If-Match: * to change it whatever it is.",
	cms.VersionMismatch: "Read it again, apply your change to that, and send its ETag in If-Match.",
}

func ptr[T any](v T) *T { return &v }

// headerErrors are the parts of a request that are wrong with errors that are about one header.
var headerErrors = map[cms.Code]ProblemError{
	cms.VersionRequired: {
		Header: ptr("If-Match"),
		Code:   "required",
		Detail: "If-Match is required here.",
	},
	cms.VersionMismatch: {
		Header: ptr("If-Match"),
		Code:   "stale",
		Detail: "The present version is another one.",
	},
	cms.KeyReused: {
		Header: ptr("Idempotency-Key"),
		Code:   "reused",
		Detail: "The key belongs to an earlier request with another body.",
	},
}

// withAdvice returns a sentence with the advice of a hint, if it has any.
func withAdvice(sentence string, hint cms.Hint) string {
	if words := advice[hint]; words != "" {
		return sentence + " " + words
	}
	return sentence
}

// adviceFor returns the sentence of an error, with how to mend the call.
func adviceFor(e *cms.Error) string {
	if e.Hint == "" && codeAdvice[e.Code] != "" {
		return e.Detail + " " + codeAdvice[e.Code]
	}
	return withAdvice(e.Detail, e.Hint)
}
