package cms

import "time"

// RevisionOrigin says what made a revision.
type RevisionOrigin string

// The origins of revisions.
const (
	FromAPI     RevisionOrigin = "api"     // somebody saved or published it
	FromImport  RevisionOrigin = "import"  // an import brought it
	FromRestore RevisionOrigin = "restore" // earlier words were brought back
	FromBulk    RevisionOrigin = "bulk"    // one change of many articles
	FromSystem  RevisionOrigin = "system"  // the server, by itself
)

// RevisionOrigins are all origins.
var RevisionOrigins = []RevisionOrigin{FromAPI, FromImport, FromRestore, FromBulk, FromSystem}

// The bounds of what is folded.
const (
	FoldWithin    = 10 * time.Minute // from the first save to the last that are folded into one
	FoldedLife    = 24 * time.Hour   // how long the words of a folded save are kept
	MaxChangeNote = 200              // characters
)

// Revision is an article as it was saved once, without its words.
type Revision struct {
	ArticleID ID
	N         int64 // the version of the article after the save
	At        time.Time
	By        *UserRef // nil: nobody did it by hand
	Note      string   // what the change is about; empty: nothing was said
	Origin    RevisionOrigin
	Edition   int       // that was published with it; 0: none was
	Auto      bool      // saved by the desk while somebody was writing
	Since     time.Time // of the first save that is folded into it
	Folds     int       // how many earlier saves are folded into it
	Folded    bool      // into a later one
	Gone      bool      // its words are not kept any more
}

// Fold makes the revision one with the latest before it, if both are of one person who is writing,
// and reports whether it did. Latest is nil if there is none.
func (r *Revision) Fold(latest *Revision) bool {
	r.Since = r.At
	if latest == nil || !r.Auto || !latest.Auto || r.Note != "" || !sameUser(r.By, latest.By) ||
		r.At.Sub(latest.Since) >= FoldWithin {
		return false
	}
	r.Since = latest.Since
	r.Folds = latest.Folds + 1
	return true
}

func sameUser(a, b *UserRef) bool { return a != nil && b != nil && a.ID == b.ID }
