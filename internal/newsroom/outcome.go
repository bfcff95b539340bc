package newsroom

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
)

// outcome is what a verb did to an article; without an event type, nothing.
type outcome struct {
	verb    cms.EventType
	fields  []string       // that have changed
	was, is map[string]any // what those of an input had and have
}

// wordsChanged returns the outcome of a save. Of a body, which is in the revisions, it says how
// long it is and its digest.
func wordsChanged(was, is cms.ArticleInput) outcome {
	fields := cms.ChangedFields(was, is)
	o := outcome{
		verb:   cms.ArticleRevised,
		fields: fields,
		was:    cms.FieldValues(was, fields),
		is:     cms.FieldValues(is, fields),
	}
	if slices.Contains(fields, "body") {
		o.was["body"], o.is["body"] = bodyDigest(was.Body), bodyDigest(is.Body)
	}
	return o
}

// event returns the event of an article that stood elsewhere before.
func (o outcome) event(
	actor cms.Actor, a *cms.Article, stood cms.ArticleState,
) (*cms.Event, error) {
	was, is := cms.FieldValues(stood, o.fields), cms.FieldValues(a.State(), o.fields)
	maps.Copy(was, o.was)
	maps.Copy(is, o.is)
	return withValues(newEvent(actor, o.verb, a.ID, a.Version, o.fields...), was, is)
}

func bodyDigest(body string) map[string]any {
	return map[string]any{
		"bytes":  len(body),
		"sha256": fmt.Sprintf("%x", sha256.Sum256([]byte(body))),
	}
}

// recordNew appends the event of a new article.
func recordNew(db *store.DB, actor cms.Actor, a *cms.Article, is cms.ArticleInput) error {
	o := wordsChanged(cms.ArticleInput{}, is)
	e, err := withValues(newEvent(actor, cms.ArticleCreated, a.ID, a.Version, o.fields...),
		nil, o.is)
	if err != nil {
		return err
	}
	return db.Append(e)
}
