package cms

// AuthorRole is what an author is to an article.
type AuthorRole string

// The roles of authors.
const (
	AsAuthor       AuthorRole = "author"
	AsEditor       AuthorRole = "editor"
	AsReporter     AuthorRole = "reporter"
	AsPhotographer AuthorRole = "photographer"
	AsTranslator   AuthorRole = "translator"
	AsIllustrator  AuthorRole = "illustrator"
	AsContributor  AuthorRole = "contributor"
)

// AuthorRoles are all roles of authors, the default first.
var AuthorRoles = []AuthorRole{
	AsAuthor, AsEditor, AsReporter, AsPhotographer, AsTranslator, AsIllustrator, AsContributor,
}

// AuthorLink is a page of an author's own.
type AuthorLink struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// AuthorProfile is somebody whose name stands over articles. It is nobody who can sign in.
type AuthorProfile struct {
	Base     `gorm:"embedded"`
	Name     string
	NameKey  string // the name folded for comparing
	Bio      string // Markdown
	BioHTML  string `gorm:"column:bio_html"`
	JobTitle string
	Links    []AuthorLink `gorm:"serializer:json"`
	SameAs   []string     `gorm:"serializer:json"`
	UserID   *ID          // the user who it is; gives them no right
	ImageID  ID           // empty: none
	// how many live articles it has a part in; publishing counts
	ArticleCount int64   `gorm:"<-:create"`
	Image        *Medium `gorm:"-"` // nil: there is none, or it has expired
}

// AuthorInput is what an editor may set of an author.
type AuthorInput struct {
	Name      string
	Slug      string // empty: made from the name
	Bio       string
	JobTitle  string
	Links     []AuthorLink
	SameAs    []string
	User      string // id; empty: none
	Image     string // id of a medium; empty: none
	Localized Localized
}

// The limits of an author.
const (
	MaxAuthorName  = 100
	MaxAuthorBio   = 10_000
	MaxJobTitle    = 200
	MaxAuthorLinks = 20
)

// Cursor returns where the author stands in an order.
func (a *AuthorProfile) Cursor(sort Sort) Cursor { return a.place(sort, a.NameKey, a.ArticleCount) }

// Input returns what an editor may set of the author, as it is.
func (a *AuthorProfile) Input() AuthorInput {
	in := AuthorInput{
		Localized: a.Localized,
		Name:      a.Name,
		Slug:      a.Slug,
		Bio:       a.Bio,
		JobTitle:  a.JobTitle,
		Links:     a.Links,
		SameAs:    a.SameAs,
		Image:     string(a.ImageID),
	}
	if a.UserID != nil {
		in.User = string(*a.UserID)
	}
	return in
}

// Check returns an Invalid error if the author breaks a rule.
func (in AuthorInput) Check() error {
	var f fieldErrors
	f.required("name", in.Name)
	f.line("name", in.Name, MaxAuthorName)
	f.slug("slug", in.Slug)
	f.text("bio", in.Bio, MaxAuthorBio)
	f.line("job_title", in.JobTitle, MaxJobTitle)
	f.count("links", len(in.Links), MaxAuthorLinks)
	for i, link := range in.Links[:min(len(in.Links), MaxAuthorLinks)] {
		at := itemPath("links", i)
		f.required(at+"/name", link.Name)
		f.line(at+"/name", link.Name, MaxAuthorName)
		f.required(at+"/url", link.URL)
		f.url(at+"/url", link.URL)
	}
	f.count("same_as", len(in.SameAs), MaxAuthorLinks)
	for i, address := range in.SameAs[:min(len(in.SameAs), MaxAuthorLinks)] {
		f.required(itemPath("same_as", i), address)
		f.url(itemPath("same_as", i), address)
	}
	if in.User != "" {
		if _, ok := ParseID(in.User); !ok {
			f.add("user", "invalid", "user is the id of a user (a UUID).")
		}
	}
	f.medium("image", in.Image)
	f.localized(in.Localized)
	return InvalidFields(f)
}
