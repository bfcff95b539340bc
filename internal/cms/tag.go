package cms

// Tag is a topic that articles share. It is public once made, whether articles carry it or not.
type Tag struct {
	Base         `gorm:"embedded"`
	Name         string
	NameKey      string // the name folded for comparing
	Description  string
	ParentID     *ID
	ArticleCount int64 `gorm:"<-:create"` // how many live articles carry it; publishing counts
}

// TagDetail is a tag with its surroundings.
type TagDetail struct {
	Tag
	Parent  *Ref
	Aliases []string   // other names, in the order given
	Names   []NounName // all names, the tag's own first; set only to be saved
}

// Cursor returns where the tag stands in an order.
func (t *TagDetail) Cursor(sort Sort) Cursor { return t.place(sort, t.NameKey, t.ArticleCount) }

// Input returns what an editor may set of the tag, as it is.
func (t *TagDetail) Input() TagInput {
	in := TagInput{
		Name:        t.Name,
		Slug:        t.Slug,
		Description: t.Description,
		Aliases:     t.Aliases,
		Localized:   t.Localized,
	}
	if t.ParentID != nil {
		in.Parent = string(*t.ParentID)
	}
	return in
}

// TagInput is what an editor may set of a tag.
type TagInput struct {
	Name        string
	Slug        string // empty: made from the name
	Description string
	Parent      string // id or slug; empty: none
	Aliases     []string
	Localized   Localized
}

// The limits of a tag.
const (
	MaxTagName        = 100
	MaxTagDescription = 1000
	MaxTagAliases     = 20
	MaxTagDepth       = 8 // how many tags a chain of parents may hold
)

// Check returns an Invalid error if the tag breaks a rule.
func (c TagInput) Check() error {
	var f fieldErrors
	f.required("name", c.Name)
	f.line("name", c.Name, MaxTagName)
	f.text("description", c.Description, MaxTagDescription)
	f.slug("slug", c.Slug)
	f.count("aliases", len(c.Aliases), MaxTagAliases)
	for i, alias := range c.Aliases {
		f.required(itemPath("aliases", i), alias)
		f.line(itemPath("aliases", i), alias, MaxTagName)
	}
	f.localized(c.Localized)
	return InvalidFields(f)
}
