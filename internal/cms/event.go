package cms

import (
	"net/netip"
	"time"
)

// Event records who did what to which thing. It is saved in the transaction of the change and never
// changed: events are a chain, in which the hash of each covers the one before.
type Event struct {
	Seq       int64
	At        time.Time
	ActorID   *ID // nil: the server itself
	Verb      EventType
	Subject   ID
	Version   int64    // of the subject, after the change
	Fields    []string // what changed, by the API's names
	Channel   Channel
	RequestID string // of the call that made the change; empty: it was none
	EventDetails
	Digest string // of the details, hexadecimal; empty: there were none
	Hash   string // of the event and the hash before, hexadecimal; empty: older than the chain
}

// EventView is an event with the name of who did it.
type EventView struct {
	Event
	ActorName string
}

// EventDetails are what can be erased of an event: the chain has their digest alone. The zero value
// is details that never were, or are erased.
type EventDetails struct {
	Salt    string // random, so that an erased value cannot be guessed from its digest
	Address string // of the caller
	Before  string // a JSON object of the fields that changed, as they were; empty: of none
	After   string // and as they are
}

// Erased reports whether the event had details that are gone.
func (e *Event) Erased() bool { return e.Digest != "" && e.Salt == "" }

// Channel is the way on which a change came.
type Channel string

// The channels.
const (
	ByServer  Channel = "server"  // the server itself
	ByAPI     Channel = "api"     // a call
	ByImport  Channel = "import"  // an import of another system's files
	ByCommand Channel = "command" // a command of the operator
)

// Channels are all channels.
var Channels = []Channel{ByServer, ByAPI, ByImport, ByCommand}

// Origin is how an actor came to make a change. The zero value is the server's own.
type Origin struct {
	Channel   Channel
	RequestID string     // of the call
	Address   netip.Addr // of the caller
}

// EventQuery says which events are listed.
type EventQuery struct {
	Subjects, Actors []ID // empty: all
	Verbs            []string
	From, Until      *time.Time // at or after, and before
	After            int64      // only those with a greater number
	AboutArticles    bool       // only those of articles
	Oldest           bool       // the oldest first
	Values           bool       // with what the fields were and are
	Page             PageRequest
}

// EventType names what happened: noun.past_participle.
type EventType string

// The event types.
const (
	ArticleCreated     EventType = "article.created"
	ArticleRevised     EventType = "article.revised"
	ArticleSubmitted   EventType = "article.submitted"
	ArticleReturned    EventType = "article.returned"
	ArticlePublished   EventType = "article.published"
	ArticleWithdrawn   EventType = "article.withdrawn"
	ArticleKilled      EventType = "article.killed"
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
