package rest

import "github.com/masthead-cms/masthead/internal/cms"

// explanations are all kinds of problems there are, with what to do about each.
var explanations = map[cms.Code]explanation{
	"malformed-request": {
		400, "The request cannot be read",
		`The request itself is broken: its body is no JSON, or not the JSON that RFC 8259 allows
		(valid UTF-8, no name twice in an object, at most 64 levels of nesting, nothing behind
		the value), or it ended early. The detail says where. Mend the text that is sent;
		sending the same again cannot help.`,
	},
	cms.InvalidParameter: {
		400, "A parameter cannot be taken",
		`A parameter or header of the request is unknown, stands twice, or has a value that is
		not allowed. Nothing is ever ignored: errors names each one, what is allowed, and the
		nearest name that is known. A cursor is only good for the question it came from: the
		same path, filters, sort and view.`,
	},
	cms.Unauthenticated: {
		401, "A credential is needed",
		`The call needs a credential and had none, or one that is not, or no longer, good. Sign
		in with POST /v1/auth/login and send Authorization: Bearer <access_token>. An access
		token lives for ten minutes; POST /v1/auth/refresh gives the next one. After signing
		out, or when a refresh token was used twice, sign in again.`,
	},
	cms.InvalidCredentials: {
		401, "E-mail and password do not belong together",
		`No user has this e-mail address with this password. The answer is the same whether the
		address exists or not. Check both; after several failures the next attempts must wait.`,
	},
	cms.Forbidden: {
		403, "You may not do this",
		`The credential is good, but its role does not allow the call, or not on this article.
		GET /v1/auth/me tells what the role may do and how far.`,
	},
	cms.NotFound: {
		404, "There is nothing here",
		`The address names nothing, or nothing that the caller may know of. An article that is
		not published is found with view=draft and a credential only. Calls that change
		something take ids, not slugs.`,
	},
	"method-not-allowed": {
		405, "The address does not know this method",
		`The Allow header lists the methods it knows.`,
	},
	cms.Duplicate: {
		409, "It exists already",
		`Another thing has this slug, name or e-mail address, or an article had this slug once:
		slugs stay with their article for ever, so that old links keep working. Choose another,
		or leave the slug out to have a free one made from the title.`,
	},
	cms.InUse: {
		409, "It is in use",
		`Something else refers to it, so it cannot be deleted. The detail says what; move or
		delete that first.`,
	},
	cms.Fixed: {
		409, "It is set where the server is started",
		`The operator has set this field of the site by a flag, a variable of the environment or
		the settings file, and what is set there wins. Leave the field out of the change, or ask
		the operator. GET /v1/site?view=draft lists such fields under fixed.`,
	},
	cms.WrongState: {
		409, "It cannot be done from here",
		`The article stands where this move does not begin: for example, only a published article
		can be withdrawn, and what is in the trash or killed must be restored before it is
		changed. After a move, allowed_moves names those that the caller may make instead; the
		article has them too with view=draft, beside its status.`,
	},
	cms.Gone: {
		410, "It is gone",
		`Readers could see this article once, and it was taken down for good. Remove links to it;
		notice, where there is one, is what readers shall be told. Asking again does not help.`,
	},
	cms.RequestInProgress: {
		409, "The first call with this key is still running",
		`A call with the same Idempotency-Key has not been answered yet. Wait a moment and send
		the same again: it will be answered what the first one was answered.`,
	},
	cms.OffsetMismatch: {
		409, "The upload goes on at another place",
		`What was sent begins at another byte (Upload-Offset) than the one where the upload goes
		on. Nothing was taken. HEAD of the upload says in Upload-Offset where it goes on: send
		what comes from there.`,
	},
	"tus-version": {
		412, "Uploads speak another version of tus",
		`Uploads in pieces speak the version of tus that Tus-Version names. Send it in
		Tus-Resumable.`,
	},
	cms.VersionMismatch: {
		412, "It has changed since you read it",
		`The version in If-Match is not the present one: somebody changed it in between. The ETag
		header has the present version, changed_fields the fields that differ. Read it again
		(view=draft), apply your change to what it is now, and send that version. The ETag of a
		live answer names bytes, not a version, and is good for If-None-Match only.`,
	},
	"body-too-large": {
		413, "The body is too large",
		`A body may have 1 MiB. Send less.`,
	},
	"url-too-long": {
		414, "The address is too long",
		`An address may have 16 KiB. Split long lists of ids over several calls.`,
	},
	"unsupported-media-type": {
		415, "The body is of a type the call does not take",
		`Bodies are JSON: send Content-Type: application/json, for PATCH also
		application/merge-patch+json, in UTF-8 and not compressed.`,
	},
	cms.Invalid: {
		422, "The request breaks a rule",
		`The body is well-formed, but a field is missing, unknown, of the wrong type, or breaks a
		rule. errors lists every field with a pointer into the body, a code and what to do.
		Nothing was changed.`,
	},
	cms.KeyReused: {
		422, "The key was used for another request",
		`The Idempotency-Key was sent before with another body. A key stands for one request;
		make a new one (a UUID, for example) for each.`,
	},
	cms.UploadBusy: {
		423, "The upload is being finished",
		`All of the upload has come, and the call that sent the last of it is still making a
		medium. Ask again in a moment (HEAD): Masthead-Medium names the medium then.`,
	},
	cms.VersionRequired: {
		428, "Say which version you mean",
		`The call changes an article and must name the version it is based on, so that nobody's
		work is overwritten unseen. Send If-Match with the ETag of the draft view, or If-Match:
		* to change the article whatever it is.`,
	},
	cms.TooManyRequests: {
		429, "Too many attempts",
		`Too many sign-ins failed. Wait as long as Retry-After says. A right password from a
		place you have signed in from before is not held up by what others do elsewhere.`,
	},
	"range-not-satisfiable": {
		416, "The file has no such part",
		`The Range header asks for bytes that the file does not have. Content-Range says how many
		there are. Ask for a range within that, or for the whole file without the header.`,
	},
	"headers-too-large": {
		431, "The headers are too large",
		`All headers together may have 16 KiB.`,
	},
	"internal": {
		500, "Something went wrong on our side",
		`The server made a mistake; it is in its log under the request id. Nothing was changed.
		Tell the operator the request id.`,
	},
	cms.Unavailable: {
		503, "The server cannot answer now",
		`The database is busy or out of reach, or the server is stopping. Wait as long as
		Retry-After says and send the same again; for a change, with the same Idempotency-Key,
		so that it is done only once.`,
	},
	cms.InsufficientStorage: {
		507, "There is no room left",
		`The disk of the server is full, so nothing can be changed. Reading goes on. Tell the
		operator; once there is room, the same call will work.`,
	},
}
