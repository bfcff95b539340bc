package cms

// Status is the place of an article on its way to readers.
type Status string

// The statuses.
const (
	Draft     Status = "draft"     // being written
	InReview  Status = "in_review" // waiting for an editor
	Scheduled Status = "scheduled" // will be published by itself
	Published Status = "published" // readers see an edition of it
	Withdrawn Status = "withdrawn" // readers saw it once
	Killed    Status = "killed"    // will not run
)

// Statuses are all statuses, in the order of an article's life.
var Statuses = []Status{Draft, InReview, Scheduled, Published, Withdrawn, Killed}

// Move is a verb that changes the status of an article.
type Move string

// The moves.
const (
	MovePublish  Move = "publish"
	MoveWithdraw Move = "withdraw"
	MoveTrash    Move = "trash"
	MoveRestore  Move = "restore"
)

// moves is the status machine: from which status a move leads to which. What has no row is refused.
var moves = map[Move]map[Status]Status{
	MovePublish: {Draft: Published, InReview: Published, Scheduled: Published,
		Published: Published, Withdrawn: Published},
	MoveWithdraw: {Published: Withdrawn},
	MoveTrash: {Draft: Draft, InReview: Draft, Scheduled: Draft, Published: Draft,
		Withdrawn: Draft, Killed: Draft},
	MoveRestore: {Draft: Draft},
}

// Next returns the status that a move leads to, or WrongState. An article in the trash can only be
// restored, and nothing else can be.
func (a *Article) Next(move Move) (Status, error) {
	if trashed := a.TrashedAt != nil; trashed != (move == MoveRestore) {
		if trashed {
			return "", a.CheckEditable()
		}
		return "", Errorf(WrongState,
			"The article is not in the trash, so there is nothing to restore.")
	}
	next, ok := moves[move][a.Status]
	if !ok {
		return "", Errorf(WrongState, "An article that is %q cannot be moved by %q.", a.Status,
			move)
	}
	return next, nil
}

// CheckEditable returns WrongState if the article is in the trash.
func (a *Article) CheckEditable() error {
	if a.TrashedAt != nil {
		return Errorf(WrongState, "The article is in the trash.").WithHint(HintRestoreFirst)
	}
	return nil
}
