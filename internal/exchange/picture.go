package exchange

import (
	"cmp"
	"html"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Picture is a picture that an item shows, as its source has it.
type Picture struct {
	Address string // as it is written
	File    string // its path in the source; empty if it lies on the web, at Address
	Alt     string // what is said of it; may be empty
	Caption string
	Credit  string
	Place   PicturePlace

	// Open opens the file; nil if it lies on the web.
	Open func() (io.ReadCloser, error)
}

// PicturePlace is where an item shows a picture.
type PicturePlace string

// The places.
const (
	BodyPlace  PicturePlace = "body" // whose words about it stand there, and win
	ImagePlace PicturePlace = "image"
	SoundPlace PicturePlace = "audio"
)

// PictureUse says what became of a picture of an item.
type PictureUse struct {
	Address string
	Result  PictureResult
	Reason  string // why it was not brought; empty if it was
	NoAlt   bool   // it was brought, and nothing is said of what it shows
}

// PictureResult is what became of a picture.
type PictureResult string

// The results.
const (
	Brought PictureResult = "brought" // it is a new medium; in a dry run it would be
	Known   PictureResult = "known"   // there is a medium with these bytes
	Missing PictureResult = "missing" // the source has no such file
	Refused PictureResult = "refused" // it cannot be a medium, or could not be fetched
)

// pictureFiles finds and opens the pictures of a folder.
type pictureFiles struct {
	fsys  fs.FS
	named map[string][]string       // paths by the last element, with and without ending
	data  map[string]map[string]any // what data files say of pictures, by their names
}

func newPictureFiles(fsys fs.FS) *pictureFiles {
	return &pictureFiles{fsys, map[string][]string{}, map[string]map[string]any{}}
}

// add notes a file, if it is a picture or data about one, such as data/images/quay.yml.
func (p *pictureFiles) add(name string) {
	base := path.Base(name)
	stem := strings.TrimSuffix(base, path.Ext(base))
	if isPictureName(name) {
		p.named[base] = append(p.named[base], name)
		p.named[stem] = append(p.named[stem], name)
		return
	}
	dir := path.Dir(name)
	if !slices.Contains(dataSuffixes, strings.ToLower(path.Ext(base))) ||
		!slices.Contains(pictureFolders, path.Base(dir)) ||
		!slices.Contains(dataFolders, path.Dir(dir)) {
		return
	}
	if raw, _, err := readWhole(p.fsys, name); err == nil && utf8.Valid(raw) {
		if fields, err := parseData(path.Ext(base), string(raw)); err == nil {
			p.data[stem] = fields
		}
	}
}

// pictureFolders are the folders of data about pictures.
var pictureFolders = []string{"images", "pictures", "photos", "media"}

// describe adds what a data file says of a picture that is called by its mere name.
func (r *record) describe(p *Picture) {
	if r.files == nil {
		return
	}
	fields := r.files.data[p.Address]
	p.Alt = cmp.Or(p.Alt, r.wordsIn(fields, pictureAlt))
	p.Caption = cmp.Or(p.Caption, r.wordsIn(fields, pictureCaption))
	p.Credit = cmp.Or(p.Credit, r.wordsIn(fields, pictureCredit))
	address := textOf(firstOf(fields, pictureAddress...))
	if r.files.find(".", p.Address) == "" && isPictureName(address) {
		p.Address = strings.TrimSpace(address)
	}
}

// publicFolders are the folders whose files have addresses at the root of a site.
var publicFolders = []string{"static", "assets", "public", "source", "src", "content"}

// find returns the file that a page refers to, empty if there is none. An address at the root of
// the site may lie in a folder for such files. A mere name, with or without its ending, is that of
// the only file of that name.
func (p *pictureFiles) find(page, target string) string {
	target, _, _ = strings.Cut(target, "#")
	target, _, _ = strings.Cut(target, "?")
	if target = decodePercent(target); target == "" || strings.Contains(target, "\\") {
		return ""
	}
	var candidates []string
	if !strings.HasPrefix(target, "/") {
		candidates = append(candidates, path.Join(path.Dir(page), target))
	}
	rooted := strings.TrimPrefix(path.Clean("/"+target), "/")
	candidates = append(candidates, rooted)
	for _, folder := range publicFolders {
		candidates = append(candidates, path.Join(folder, rooted))
	}
	for _, name := range candidates {
		info, err := fs.Stat(p.fsys, name)
		if err == nil && info.Mode().IsRegular() {
			return name
		}
	}
	if named := p.named[target]; len(named) == 1 {
		return named[0]
	}
	return ""
}

// pictureEndings are those of the names of pictures.
var pictureEndings = []string{".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".heic", ".svg",
	".bmp", ".tif", ".tiff"}

// isPictureName reports whether an address has the ending of a picture.
func isPictureName(address string) bool {
	address, _, _ = strings.Cut(address, "#")
	address, _, _ = strings.Cut(address, "?")
	return slices.Contains(pictureEndings, strings.ToLower(path.Ext(address)))
}

// isAbsolute reports whether an address names a place on the web by itself.
func isAbsolute(address string) bool {
	return strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://") ||
		strings.HasPrefix(address, "//")
}

// missPicture notes that the source lacks the file of a picture.
func (it *Item) missPicture(address string) {
	it.Pictures = append(it.Pictures, PictureUse{
		Address: shorten(address),
		Result:  Missing,
		Reason:  "the source has no such file",
	})
}

// bringPicture brings a picture that an item shows, and returns the id of its medium; empty if
// there is none, which the item says, unless the picture is to stay where it is.
func (o *Options) bringPicture(it *Item, page string, files *pictureFiles, p Picture) string {
	switch {
	case o.Picture == nil || p.Address == "" || strings.HasPrefix(p.Address, "data:") ||
		strings.HasPrefix(p.Address, "media:"):
		return ""
	case isAbsolute(p.Address):
		if !o.FetchPictures {
			return ""
		}
		if strings.HasPrefix(p.Address, "//") {
			p.Address = "https:" + p.Address
		}
		return o.Picture(it, p)
	case files == nil:
		return ""
	}
	if p.File = files.find(page, p.Address); p.File == "" {
		it.missPicture(p.Address)
		return ""
	}
	p.Open = func() (io.ReadCloser, error) { return files.fsys.Open(p.File) }
	return o.Picture(it, p)
}

// bareAddress matches an address in Markdown that is not in brackets; parentheses in it are paired.
const bareAddress = `(?:[^()<>\s]|\([^()<>\s]*\))+`

var (
	markdownPicture = regexp.MustCompile(
		`^!\[((?:[^\[\]\\]|\\.)*)\]\(\s*(?:<([^<>\n]+)>|(` + bareAddress +
			`))(\s+(?:"[^"\n]*"|'[^'\n]*'|\([^()\n]*\)))?\s*\)`)
	htmlPicture = regexp.MustCompile(
		`(?is)^<img\b[^>]*?\ssrc\s*=\s*(?:"([^"]+)"|'([^']+)'|([^"'\s>]+))`)
	htmlPictureAlt = regexp.MustCompile(`(?is)\salt\s*=\s*(?:"([^"]*)"|'([^']*)')`)
)

// bringPictures brings the pictures of an item: those of its body, whose addresses become those of
// media, and the one that stands for it. Code is left alone.
func (o *Options) bringPictures(it *Item, page string, files *pictureFiles) {
	if o.Picture == nil || it.Skip != "" {
		return
	}
	if it.picture.Address != "" {
		it.Image = o.bringPicture(it, page, files, it.picture)
	}
	if it.sound.Address != "" {
		it.Audio = o.bringPicture(it, page, files, it.sound)
	}
	c := &converter{Options: o, item: it, file: page, whole: it.Body, out: &strings.Builder{}}
	for text, offset := it.Body, 0; len(text) > 0 && c.failures < maxFailures; {
		size := c.codeAt(text, offset)
		if size == 0 {
			size = c.pictureAt(text, files)
		} else {
			c.out.WriteString(text[:size])
		}
		if size == 0 {
			if size = 1; text[0] != '\n' {
				if size = strings.IndexAny(text[1:], "`!<\n") + 1; size == 0 {
					size = len(text)
				}
			}
			c.out.WriteString(text[:size])
		}
		text = text[size:]
		offset += size
		c.at = offset
	}
	it.Body = c.out.String() + it.Body[c.at:]
}

// pictureAt writes the picture at the start of a text with the address of its medium, and returns
// how much it took; 0 if there is none, or it stays as it is.
func (c *converter) pictureAt(text string, files *pictureFiles) int {
	near := text[:min(len(text), maxCall)]
	if m := markdownPicture.FindStringSubmatch(near); m != nil {
		id := c.bringPicture(c.item, c.file, files, Picture{
			Address: m[2] + m[3],
			Alt:     m[1],
			Place:   BodyPlace,
		})
		if id == "" {
			return 0
		}
		c.out.WriteString("![" + m[1] + "](media:" + id + m[4] + ")")
		return len(m[0])
	}
	m := htmlPicture.FindStringSubmatchIndex(near)
	if m == nil {
		return 0
	}
	m = onlyGroup(m)
	p := Picture{Address: html.UnescapeString(near[m[2]:m[3]]), Place: BodyPlace}
	tag, _, _ := strings.Cut(near, ">")
	if alt := htmlPictureAlt.FindStringSubmatch(tag); alt != nil {
		p.Alt = html.UnescapeString(alt[1] + alt[2])
	}
	id := c.bringPicture(c.item, c.file, files, p)
	if id == "" {
		return 0
	}
	c.out.WriteString(near[:m[2]] + "media:" + id)
	return m[3]
}

// onlyGroup returns a match with the only one of its last groups that has matched.
func onlyGroup(m []int) []int {
	for k := 2; k < len(m); k += 2 {
		if m[k] >= 0 {
			return []int{m[0], m[1], m[k], m[k+1]}
		}
	}
	return m
}

// hasPicture reports whether the source has the file of a picture that a page refers to.
func (c *converter) hasPicture(target string) bool {
	return c.files != nil && c.Picture != nil && !isAbsolute(target) &&
		c.files.find(c.file, target) != ""
}

// pictureFields are the fields that name the picture of an article, folded, the best first.
var pictureFields = []string{"image", "featuredimage", "featureimage", "featured", "leadimage",
	"primaryimage", "heroimage", "hero", "coverimage", "cover", "bannerimage", "banner",
	"headerimage", "header", "images", "picture", "photo", "thumbnail", "thumb", "teaserimage",
	"ogimage", "socialimage"}

// What is said of a picture: members of its record, and the ends of the names of fields beside it.
var (
	pictureAddress = []string{"src", "url", "path", "image", "file", "filename", "name", "source",
		"teaser", "overlay_image"}
	pictureAlt     = []string{"alt", "image_alt", "alt_text", "alttext", "imageAlt", "description"}
	pictureCaption = []string{"caption", "image_caption", "imageCaption", "title",
		"image_description"}
	pictureCredit = []string{"credit", "image_credit", "imageCredit", "attribution", "author",
		"photographer", "credits", "copyright"}
)

// setPicture sets the picture that stands for an item, of the first field that names one.
func (r *record) setPicture(it *Item) {
	for _, name := range pictureFields {
		f := r.fields[name]
		if f == nil || f.used || r.claimed[name] {
			continue
		}
		value := f.value
		if list, isList := value.([]any); isList && len(list) > 0 {
			value = list[0]
		}
		p := Picture{Address: strings.TrimSpace(r.clean(textOf(value))), Place: ImagePlace}
		if table, isTable := value.(map[string]any); isTable {
			p.Address = strings.TrimSpace(r.clean(textOf(firstOf(table, pictureAddress...))))
			p.Alt = r.wordsIn(table, pictureAlt)
			p.Caption = r.wordsIn(table, pictureCaption)
			p.Credit = r.wordsIn(table, pictureCredit)
		}
		r.describe(&p)
		if !isPictureName(p.Address) && !isAbsolute(p.Address) &&
			(r.files == nil || r.files.named[p.Address] == nil) {
			continue
		}
		f.used = true
		r.besidePicture(name, []string{"alt", "alttext"}, &p.Alt)
		r.besidePicture(name, []string{"caption", "title"}, &p.Caption)
		r.besidePicture(name, []string{"credit", "credits", "attribution", "author"}, &p.Credit)
		it.picture = p
		return
	}
}

// soundFields are the fields that name the sound of an article, folded, the best first.
var soundFields = []string{"audio", "audiofile", "audiourl", "podcast", "enclosure", "mp3"}

// soundEndings are those of the names of sounds.
var soundEndings = []string{".mp3", ".m4a", ".ogg", ".oga", ".opus", ".wav"}

// setSound sets the sound that belongs to an item, of the first field that names one.
func (r *record) setSound(it *Item) {
	for _, name := range soundFields {
		f := r.fields[name]
		if f == nil || f.used || r.claimed[name] {
			continue
		}
		value := f.value
		if table, isTable := value.(map[string]any); isTable {
			value = firstOf(table, pictureAddress...)
		}
		address := strings.TrimSpace(r.clean(textOf(value)))
		file, _, _ := strings.Cut(address, "?")
		if slices.Contains(soundEndings, strings.ToLower(path.Ext(file))) {
			f.used = true
			it.sound = Picture{Address: address, Place: SoundPlace}
			return
		}
	}
}

// wordsIn returns the first of the members of a table that has words.
func (r *record) wordsIn(table map[string]any, names []string) string {
	return oneLine(r.plainText(r.clean(textOf(firstOf(table, names...)))))
}

// besidePicture sets words about a picture from the fields beside the one that names it:
// image_alt, imageCaption, photo_credit.
func (r *record) besidePicture(field string, endings []string, words *string) {
	for _, name := range []string{field, "image", "photo"} {
		for _, ending := range endings {
			f := r.fields[name+ending]
			if f == nil || f.used || *words != "" {
				continue
			}
			if text := oneLine(r.plainText(r.clean(textOf(f.value)))); text != "" {
				f.used = true
				*words = text
			}
		}
	}
}
