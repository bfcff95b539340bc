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
	ArticleCreated   EventType = "article.created"
	ArticleRevised   EventType = "article.revised"
	ArticlePublished EventType = "article.published"
	ArticleWithdrawn EventType = "article.withdrawn"
	ArticleTrashed   EventType = "article.trashed"
	ArticleRestored  EventType = "article.restored"
	ArticlePurged    EventType = "article.purged"
	LinksRevised     EventType = "article.links_revised"
	TagCreated       EventType = "tag.created"
	TagRevised       EventType = "tag.revised"
	TagMerged        EventType = "tag.merged"
	TagDeleted       EventType = "tag.deleted"
	UserCreated      EventType = "user.created"
	SignedIn         EventType = "user.signed_in"
	SignedOut        EventType = "user.signed_out"
	TokenReused      EventType = "user.token_reused"
)
