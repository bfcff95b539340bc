package cms

import "time"

// Event is a fact of the newsroom: who did what to which thing, recorded in the transaction that did it.
type Event struct {
	Seq     int64 `gorm:"primaryKey;autoIncrement"`
	At      time.Time
	ActorID *ID // nil: the server itself
	Verb    Verb
	Subject ID
	Version int64    // of the subject, after the change
	Fields  []string `gorm:"serializer:json"` // what changed, by the API's names
}

// Verb is what happened.
type Verb string

// The verbs of events: noun.past_participle.
const (
	ArticleCreated   Verb = "article.created"
	ArticleRevised   Verb = "article.revised"
	ArticlePublished Verb = "article.published"
	ArticleWithdrawn Verb = "article.withdrawn"
	ArticleTrashed   Verb = "article.trashed"
	ArticleRestored  Verb = "article.restored"
	ArticlePurged    Verb = "article.purged"
	LinksRevised     Verb = "article.links_revised"
	TagCreated       Verb = "tag.created"
	TagRevised       Verb = "tag.revised"
	TagMerged        Verb = "tag.merged"
	TagDeleted       Verb = "tag.deleted"
	UserCreated      Verb = "user.created"
	SignedIn         Verb = "user.signed_in"
	SignedOut        Verb = "user.signed_out"
	TokenReused      Verb = "user.token_reused"
)
