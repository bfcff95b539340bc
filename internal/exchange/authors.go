package exchange

import (
	"cmp"
	"encoding/json"
	"errors"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// authorFolders are the folders of records of authors: pages below a content folder, and data of
// Hugo and Jekyll.
var (
	authorFolders = []string{"authors", "_authors", "author"}
	dataFolders   = []string{"data", "_data"}
	dataSuffixes  = []string{".yml", ".yaml", ".json", ".toml"}
)

// authorPage returns the key of the author whose page a file is, such as authors/ada.md or
// authors/ada/_index.md; empty if it is none.
func authorPage(file string) string {
	dir, base := path.Split(file)
	key, _, _ := strings.Cut(base, ".")
	if dir = path.Clean(dir); key == "_index" || key == "index" {
		dir, key = path.Dir(dir), path.Base(dir)
	}
	if !slices.Contains(authorFolders, path.Base(dir)) || !inContentFolder(dir) {
		return ""
	}
	return key
}

// isAuthorData reports whether a file is data about authors, such as data/authors/ada.yml or
// _data/authors.yml.
func isAuthorData(file string) bool {
	ext := strings.ToLower(path.Ext(file))
	if !slices.Contains(dataSuffixes, ext) {
		return false
	}
	dir := path.Dir(file)
	if !slices.Contains(authorFolders, path.Base(dir)) {
		dir = strings.TrimSuffix(file, path.Ext(file))
	}
	return slices.Contains(authorFolders, path.Base(dir)) &&
		slices.Contains(dataFolders, path.Dir(dir))
}

// addAuthors reads data about one author or several.
func (f *folder) addAuthors(file string) error {
	raw, _, err := readWhole(f.fsys, file)
	if err != nil {
		return err
	}
	if !utf8.Valid(raw) {
		return errors.New("not valid UTF-8")
	}
	fields, err := parseData(path.Ext(file), string(raw))
	if err != nil {
		return err
	}
	key := strings.TrimSuffix(path.Base(file), path.Ext(file))
	if !slices.Contains(authorFolders, key) {
		f.addAuthor(key, fields)
		return nil
	}
	for _, key := range sortedKeys(fields) {
		record, isTable := fields[key].(map[string]any)
		if !isTable {
			record = map[string]any{"name": fields[key]}
		}
		f.addAuthor(key, record)
	}
	return nil
}

// parseData parses a table of YAML, TOML or JSON.
func parseData(ext, text string) (map[string]any, error) {
	text = strings.TrimPrefix(text, byteOrderMark)
	switch strings.ToLower(ext) {
	case ".toml":
		return parseTOML(text, 1)
	case ".json":
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		var decoded any
		if err := decoder.Decode(&decoded); err != nil {
			return nil, err
		}
		value, err := fromDecoded(decoded, 0)
		if err != nil {
			return nil, err
		}
		return toTable(value, 1)
	}
	fields, _, err := parseYAML(text, 1)
	return fields, err
}

// addAuthor notes the record of an author, by the keys that items may refer to it with.
func (f *folder) addAuthor(key string, fields map[string]any) {
	var r record
	author, ok := r.authorOf(fields)
	if !ok {
		return
	}
	for _, key := range []string{key, textOf(fields["slug"]), textOf(fields["username"])} {
		if key != "" {
			f.authors[strings.ToLower(key)] = author
		}
	}
}

// authorOf returns the author in a text or a table, which may be the key of a record.
func (r *record) authorOf(value any) (Author, bool) {
	name, ok := r.nameOf(plainNames(value))
	if !ok {
		return Author{}, false
	}
	author, known := r.authors[strings.ToLower(name)]
	if !known {
		author.Name = name
	}
	table, isTable := value.(map[string]any)
	if !isTable {
		return author, true
	}
	text := func(names ...string) string {
		return strings.TrimSpace(r.clean(textOf(firstOf(table, names...))))
	}
	author.Role = cmp.Or(text("role"), author.Role)
	author.Bio = cmp.Or(text("bio", "description", "about"), author.Bio)
	author.JobTitle = cmp.Or(oneLine(text("job_title", "jobTitle", "position")), author.JobTitle)
	author.URL = cmp.Or(text("url", "website", "web", "link"), author.URL)
	r.addProfiles(&author, table)
	return author, true
}

// profiles are the sites where people have pages, by the fields that name these by a handle or an
// address: what the site is called and what its addresses begin with.
var profiles = map[string]Link{
	"twitter":   {Title: "X", URL: "https://x.com/"},
	"x":         {Title: "X", URL: "https://x.com/"},
	"github":    {Title: "GitHub", URL: "https://github.com/"},
	"instagram": {Title: "Instagram", URL: "https://www.instagram.com/"},
	"facebook":  {Title: "Facebook", URL: "https://www.facebook.com/"},
	"linkedin":  {Title: "LinkedIn", URL: "https://www.linkedin.com/in/"},
	"youtube":   {Title: "YouTube", URL: "https://www.youtube.com/@"},
	"tiktok":    {Title: "TikTok", URL: "https://www.tiktok.com/@"},
	"threads":   {Title: "Threads", URL: "https://www.threads.net/@"},
	"bluesky":   {Title: "Bluesky", URL: "https://bsky.app/profile/"},
	"telegram":  {Title: "Telegram", URL: "https://t.me/"},
	"mastodon":  {Title: "Mastodon"},
}

// handleEndings are what fields say beside the site: twitter_username.
var handleEndings = []string{"username", "handle", "url", "user", "profile", "account", "link"}

// authorFields are what is read of the record of an author, and what only tells records apart.
var authorFields = []string{"name", "displayname", "fullname", "title", "label", "role", "bio",
	"description", "about", "jobtitle", "position", "url", "website", "web", "link", "slug",
	"username", "id", "key", "layout", "date", "draft"}

// addProfiles adds what else the record of an author tells: pages elsewhere as links, and what has
// no home here by its name, if it is short.
func (r *record) addProfiles(author *Author, table map[string]any) {
	for _, name := range sortedKeys(table) {
		if inner, isTable := table[name].(map[string]any); isTable {
			r.addProfiles(author, inner) // social: {twitter: ada}
			continue
		}
		value := oneLine(r.clean(textOf(table[name])))
		folded := fold(name)
		if value == "" || slices.Contains(authorFields, folded) {
			continue
		}
		for _, ending := range handleEndings {
			folded = strings.TrimSuffix(folded, ending)
		}
		if site, known := profiles[folded]; known {
			if site.URL = profileAddress(site.URL, value); site.URL != "" {
				author.Links = append(author.Links, site)
				continue
			}
		}
		author.Homeless = append(author.Homeless, shorten(name)+": "+shorten(value))
	}
}

// profileAddress returns the address of a page by a handle or the address itself, empty if it is
// neither.
func profileAddress(prefix, value string) string {
	switch {
	case isAbsolute(value) && !strings.HasPrefix(value, "//"):
		return value
	case strings.Contains(value, "/") && strings.Contains(value, "."):
		return "https://" + strings.TrimLeft(value, "/")
	case strings.Count(value, "@") == 2 && value[0] == '@': // of Mastodon
		user, host, _ := strings.Cut(value[1:], "@")
		return "https://" + host + "/@" + user
	case prefix == "" || strings.ContainsAny(value, " /"):
		return ""
	}
	return prefix + strings.TrimPrefix(value, "@")
}

// authorList returns the authors in a field: a text, a table, or a list of such.
func (r *record) authorList(f *field) []Author {
	values, isList := f.value.([]any)
	if _, isTable := f.value.(map[string]any); isTable {
		values = []any{f.value}
	} else if !isList {
		names, _ := r.splitNames(&field{name: f.name, value: plainNames(f.value)})
		for _, name := range names {
			values = append(values, name)
		}
	}
	var list []Author
	add := func(value any) {
		author, ok := r.authorOf(value)
		there := func(other Author) bool { return other.Name == author.Name }
		if ok && !slices.ContainsFunc(list, there) {
			list = append(list, author)
		}
	}
	for _, value := range values {
		text, isText := value.(string)
		if !isText {
			add(value)
			continue
		}
		for _, name := range splitPeople(text) {
			add(name)
		}
	}
	return list
}

// between is what stands between the names of several people.
var between = regexp.MustCompile(
	`\s*[,،、]\s*(?:(?:and\s+|و\s*)?)|\s+(?:and|&|und|et|y|e|و)\s+`)

// andBefore matches the Arabic and, which is written to the front of the next name.
var andBefore = regexp.MustCompile(`\s+و(\p{Arabic}+)`)

// namesWithWaw are names that begin with the letter that means and.
var namesWithWaw = strings.Fields("وليد وائل وسام وفاء وسيم وجدي ورد وردة وداد وهيب واصف وديع وحيد " +
	"وضاح وصفي والد ولاء وجيه وفيق ويليام وهبة وهبي وسن وعد وئام")

// splitPeople returns the names in a text such as Ada Byron and Bo Lind: each has two words or
// more, which begin with capitals where there are some. Any other text is one name.
func splitPeople(text string) []string {
	spaced := andBefore.ReplaceAllStringFunc(text, func(next string) string {
		name := strings.TrimSpace(next)
		if slices.Contains(namesWithWaw, name) {
			return next
		}
		return " و " + strings.TrimPrefix(name, "و")
	})
	names := between.Split(spaced, -1)
	small := func(word string) bool {
		first, _ := utf8.DecodeRuneInString(word)
		return !unicode.IsUpper(first) && !unicode.Is(unicode.Lo, first)
	}
	for _, name := range names {
		words := strings.Fields(name)
		if len(words) < 2 || slices.ContainsFunc(words, small) {
			return []string{text}
		}
	}
	return names
}

// setAuthors sets an item's authors from the first field that names some.
func (r *record) setAuthors(it *Item) {
	if r.authorsInByline {
		return
	}
	for _, f := range r.candidates("authors") {
		if it.Authors = r.authorList(f); len(it.Authors) > 0 {
			f.used = true
			return
		}
	}
}
