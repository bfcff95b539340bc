package cms

// Tag is a topic that articles share. It is public once made, whether articles carry it or not.
type Tag struct {
	Base         `gorm:"embedded"`
	Name         string
	NameKey      string // the name folded for comparing
	Description  string
	ParentID     *ID
	ArticleCount int64 // how many live articles carry it
}

// TagDetail is a tag with its surroundings.
type TagDetail struct {
	Tag
	Parent  *Ref
	Aliases []string // other names, in the order given
}

// TagInput is what an editor may set of a tag.
type TagInput struct {
	Name        string
	Slug        string // empty: made from the name
	Description string
	Parent      string // id or slug; empty: none
	Aliases     []string
}

// The limits of a tag.
const (
	MaxTagName        = 100
	MaxTagDescription = 1000
	MaxTagAliases     = 20
	MaxTagDepth       = 8 // how many tags a chain of parents may hold
)

// Check returns an Invalid error if the tag breaks a rule.
func (c *TagInput) Check() error {
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
	return InvalidFields(f)
}
