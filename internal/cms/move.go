package cms

// ArticleUse is a thing that shows an article, or leads to it.
type ArticleUse struct {
	Kind string // collection, front, alert, article or site
	Ref
}

// MoveWords are what was said with the last move of an article. An empty text is none.
type MoveWords struct {
	Note   string // to colleagues, with submit and return
	Reason string // to colleagues, with withdraw and kill
	Notice string // to readers, with kill
}

// MoveInput is a move with what is said of it.
type MoveInput struct {
	Move Move
	MoveWords
}

// MaxMoveWords is how many characters each of MoveWords may have.
const MaxMoveWords = 1000

// Check returns an Invalid error if what is said with a move breaks a rule.
func (in *MoveInput) Check() error {
	var f fieldErrors
	f.text("note", in.Note, MaxMoveWords)
	f.text("reason", in.Reason, MaxMoveWords)
	f.text("notice", in.Notice, MaxMoveWords)
	if in.Move == MoveKill {
		f.required("reason", in.Reason)
	}
	return InvalidFields(f)
}
