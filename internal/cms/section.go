package cms

// Section is a part of the site, such as World or Sport. Sections form a tree.
type Section struct {
	Base        `gorm:"embedded"`
	Name        string
	NameKey     string // the name folded for comparing
	Description string
	ParentID    *ID
	Position    int64  // among its siblings, which are ordered by position, then name
	Path        string // the slugs from the root to it, joined by slashes
	Depth       int64  // 1 at the root
	TreeKey     string // orders sections as the tree is read: each before those below it
	Parent      *Ref   `gorm:"-"`
}

// SectionInput is what an editor may set of a section.
type SectionInput struct {
	Name        string
	Slug        string // empty: made from the name
	Description string
	Parent      string // id or slug; empty: none
	Position    int64
}

// The limits of a section.
const (
	MaxSectionName        = 100
	MaxSectionDescription = 1000
	MaxSectionDepth       = 4
	MaxSectionPosition    = 1_000_000
)

// Cursor returns where the section stands in the order of the tree, the only one.
func (s *Section) Cursor(Sort) Cursor { return Cursor{ID: s.ID, Text: s.TreeKey} }

// Input returns what an editor may set of the section, as it is.
func (s *Section) Input() SectionInput {
	in := SectionInput{
		Name:        s.Name,
		Slug:        s.Slug,
		Description: s.Description,
		Position:    s.Position,
	}
	if s.ParentID != nil {
		in.Parent = string(*s.ParentID)
	}
	return in
}

// Check returns an Invalid error if the section breaks a rule.
func (in SectionInput) Check() error {
	var f fieldErrors
	f.required("name", in.Name)
	f.line("name", in.Name, MaxSectionName)
	f.text("description", in.Description, MaxSectionDescription)
	f.slug("slug", in.Slug)
	if in.Position < 0 || in.Position > MaxSectionPosition {
		f.add("position", "out_of_range", "position is a whole number from 0 to %d.",
			MaxSectionPosition)
	}
	return InvalidFields(f)
}
