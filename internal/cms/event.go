package cms

import "time"

// Event records who did what to which thing. It is saved in the transaction of the change.
type Event struct {
	Seq     int64
	At      time.Time
	ActorID *ID // nil: the server itself
	Verb    EventType
	Subject ID
	Version int64    // of the subject, after the change
	Fields  []string // what changed, by the API's names
}

// EventType names what happened: noun.past_participle.
type EventType string

// The event types.
const (
	ArticleCreated     EventType = "article.created"
	ArticleRevised     EventType = "article.revised"
	ArticlePublished   EventType = "article.published"
	ArticleWithdrawn   EventType = "article.withdrawn"
	ArticleTrashed     EventType = "article.trashed"
	ArticleRestored    EventType = "article.restored"
	ArticlePurged      EventType = "article.purged"
	LinksRevised       EventType = "article.links_revised"
	CorrectionsRevised EventType = "article.corrections_revised"
	SiteRevised        EventType = "site.revised"
	UserCreated        EventType = "user.created"
	// The following changes of a user end their sessions.
	UserRoleChanged     EventType = "user.role_changed"
	UserPasswordChanged EventType = "user.password_changed"
	UserDisabled        EventType = "user.disabled"
	UserEnabled         EventType = "user.enabled"
	SessionsEnded       EventType = "user.sessions_ended"
	SignedIn            EventType = "user.signed_in"
	SignedOut           EventType = "user.signed_out"
	SignInFailed        EventType = "user.sign_in_failed"
	TokenReused         EventType = "user.token_reused"
)
