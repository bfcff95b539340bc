package cms

import (
	"slices"
	"strings"
)

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

// InTrash is where an article stands that is in the trash, whatever its status is. It is no status,
// and so no constant: constants are what the specification lists.
var InTrash = Status("trashed")

// Places are all places where an article can stand.
var Places = append(slices.Clone(Statuses), InTrash)

// Move is a verb that changes where an article stands.
// @name Move
type Move string

// The moves.
const (
	MoveSubmit   Move = "submit"
	MoveReturn   Move = "return"
	MovePublish  Move = "publish"
	MoveWithdraw Move = "withdraw"
	MoveKill     Move = "kill"
	MoveTrash    Move = "trash"
	MoveRestore  Move = "restore"
)

// MoveRule is what there is to know of a move. What was killed is brought back only by those who
// may kill.
type MoveRule struct {
	Move       Move
	Permission Permission
	Verb       EventType
	To         map[Status]Status // from each place where it can be made; see Places
}

// MoveRules are the status machine: which move leads from where to where, and what it takes to
// make it. What has no row here is refused.
var MoveRules = []MoveRule{
	{MoveSubmit, SubmitArticle, ArticleSubmitted, map[Status]Status{Draft: InReview}},
	{MoveReturn, ReturnArticle, ArticleReturned, map[Status]Status{InReview: Draft}},
	{MovePublish, PublishArticle, ArticlePublished, map[Status]Status{
		Draft: Published, InReview: Published, Scheduled: Published, Published: Published,
		Withdrawn: Published}},
	{MoveWithdraw, WithdrawArticle, ArticleWithdrawn, map[Status]Status{Published: Withdrawn}},
	{MoveKill, KillArticle, ArticleKilled, map[Status]Status{
		Draft: Killed, InReview: Killed, Scheduled: Killed, Published: Killed, Withdrawn: Killed,
		Killed: Killed}},
	{MoveTrash, TrashArticle, ArticleTrashed, map[Status]Status{
		Draft: InTrash, InReview: InTrash, Scheduled: InTrash, Published: InTrash,
		Withdrawn: InTrash, Killed: InTrash}},
	{MoveRestore, RestoreArticle, ArticleRestored, map[Status]Status{
		InTrash: Draft, Killed: Draft}},
}

// Moves are all moves, in the order of MoveRules.
var Moves = func() []Move {
	moves := make([]Move, len(MoveRules))
	for i, rule := range MoveRules {
		moves[i] = rule.Move
	}
	return moves
}()

// Rule returns what there is to know of the move.
func (m Move) Rule() MoveRule {
	return MoveRules[slices.IndexFunc(MoveRules, func(r MoveRule) bool { return r.Move == m })]
}

// CheckMay returns Unauthenticated or Forbidden if the actor may not make the move of an article.
func (r MoveRule) CheckMay(actor Actor, article *Article) error {
	if r.Move == MoveRestore && article.Status == Killed {
		if err := actor.CheckOn(KillArticle, article); err != nil {
			return err
		}
	}
	return actor.CheckOn(r.Permission, article)
}

// Place returns where the article stands: its status, or InTrash.
func (a *Article) Place() Status {
	if a.TrashedAt != nil {
		return InTrash
	}
	return a.Status
}

// CheckMove returns WrongState, with the moves that the actor may make, if the article does not
// stand where a move begins.
func (a *Article) CheckMove(actor Actor, move Move) error {
	place := a.Place()
	if _, ok := move.Rule().To[place]; ok {
		return nil
	}
	allowed := actor.MovesOf(a)
	err := Errorf(WrongState, "An article that is %q cannot be moved by %q. %s", place, move,
		allowedSentence(allowed))
	err.AllowedMoves = allowed
	return err
}

func allowedSentence(moves []Move) string {
	if len(moves) == 0 {
		return "There is no move from there that you may make."
	}
	return "From there you may: " + strings.Join(stringsOf(moves), ", ") + "."
}

// Apply moves the article to where a move leads that CheckMove allows. A killed article stays so in
// the trash; others are drafts there.
func (a *Article) Apply(move Move) {
	next := move.Rule().To[a.Place()]
	switch {
	case next != InTrash:
		a.Status = next
	case a.Status != Killed:
		a.Status = Draft
	}
}

// MovesOf returns the moves that the actor may make of an article from where it stands, in the
// order of Moves; never nil.
func (a Actor) MovesOf(article *Article) []Move {
	moves := []Move{}
	place := article.Place()
	for _, rule := range MoveRules {
		if _, ok := rule.To[place]; ok && rule.CheckMay(a, article) == nil {
			moves = append(moves, rule.Move)
		}
	}
	return moves
}

// CheckEditable returns WrongState if the article is in the trash or killed.
func (a *Article) CheckEditable() error {
	switch a.Place() {
	case InTrash:
		return Errorf(WrongState, "The article is in the trash.").WithHint(HintRestoreFirst)
	case Killed:
		return Errorf(WrongState, "The article is killed.").WithHint(HintRestoreFirst)
	}
	return nil
}
