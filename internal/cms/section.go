package cms

// Section is a part of the site, such as World or Sport. Sections form a tree.
type Section struct {
	Base        `gorm:"embedded"`
	Name        string
	NameKey     string // the name folded for comparing
	Description string
	ImageID     ID // empty: none
	ParentID    *ID
	Position    int64  // among its siblings, which are ordered by position, then name
	Path        string // the slugs from the root to it, joined by slashes
	Depth       int64  // 1 at the root
	TreeKey     string // orders sections as the tree is read: each before those below it
	// how many live articles are in it and below it; publishing counts
	ArticleCount int64   `gorm:"<-:create"`
	Parent       *Ref    `gorm:"-"`
	Image        *Medium `gorm:"-"` // nil: it has none, or it has expired
}

// SectionInput is what an editor may set of a section.
type SectionInput struct {
	Name        string
	Slug        string // empty: made from the name
	Description string
	Parent      string // id or slug; empty: none
	Position    int64
	Image       string // id of a medium; empty: none
	Localized   Localized
}

// The limits of a section.
const (
	MaxSectionName        = 100
	MaxSectionDescription = 1000
	MaxSectionDepth       = 4
	MaxSectionPosition    = 1_000_000
)

// Cursor returns where the section stands in an order.
func (s *Section) Cursor(sort Sort) Cursor {
	if sort.By == "tree" {
		return Cursor{ID: s.ID, Text: s.TreeKey}
	}
	return s.place(sort, s.NameKey, s.ArticleCount)
}

// Input returns what an editor may set of the section, as it is.
func (s *Section) Input() SectionInput {
	in := SectionInput{
		Localized:   s.Localized,
		Name:        s.Name,
		Slug:        s.Slug,
		Description: s.Description,
		Position:    s.Position,
		Image:       string(s.ImageID),
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
	f.within("position", in.Position, 0, MaxSectionPosition)
	f.medium("image", in.Image)
	f.localized(in.Localized)
	return InvalidFields(f)
}
