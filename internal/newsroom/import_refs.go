package newsroom

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/exchange"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/text"
)

// importedRef is a noun that an item refers to, by its name and the names above it.
type importedRef struct {
	noun   cms.Noun
	names  []string // from the root of its tree
	role   string
	author exchange.Author // what its source says of an author
}

// nounKey is a folded name of a noun.
type nounKey struct {
	noun cms.Noun
	key  string
}

func keyOf(noun cms.Noun, name string) nounKey { return nounKey{noun, text.NameKey(name)} }

// hamzasBeforeWaw are the ways in which writers spell a hamza before a waw: مسئول, مسؤول, رءوس.
var hamzasBeforeWaw = []string{"ئو", "ؤو", "ءو"}

// otherSpellings returns the folded names that are the same in other spellings.
func otherSpellings(key string) []string {
	var others []string
	for _, written := range hamzasBeforeWaw {
		if !strings.Contains(key, written) {
			continue
		}
		for _, other := range hamzasBeforeWaw {
			if other != written {
				others = append(others, strings.ReplaceAll(key, written, other))
			}
		}
	}
	return others
}

// pickRefs returns the nouns that an item refers to, with a note for each that cannot be.
func (p *prepared) pickRefs(item *exchange.Item) []importedRef {
	var refs []importedRef
	for _, name := range item.Tags {
		refs = p.addRef(refs, cms.TagInput{Name: name}.Check(),
			importedRef{noun: cms.TagNoun, names: []string{name}})
	}
	for _, path := range item.Sections {
		var names []string
		err := checkSectionDepth(path)
		for _, name := range strings.Split(path, "/") {
			if name = cms.TrimLine(name); name != "" {
				names = append(names, name)
				err = cmp.Or(err, cms.SectionInput{Name: name}.Check())
			}
		}
		if names != nil {
			refs = p.addRef(refs, err, importedRef{noun: cms.SectionNoun, names: names})
		}
	}
	for _, author := range item.Authors {
		role := strings.ToLower(author.Role)
		if !slices.Contains(cms.AuthorRoles, cms.AuthorRole(role)) {
			role = string(cms.AuthorRoles[0])
		}
		refs = p.addRef(refs, cms.AuthorInput{Name: author.Name}.Check(), importedRef{
			noun:   cms.AuthorNoun,
			names:  []string{author.Name},
			role:   role,
			author: author,
		})
	}
	return refs
}

func checkSectionDepth(path string) error {
	if strings.Count(strings.Trim(path, "/"), "/") >= cms.MaxSectionDepth {
		return cms.Errorf(cms.Invalid, "a chain of sections holds at most %d", cms.MaxSectionDepth)
	}
	return nil
}

// addRef adds a noun to references, unless it cannot have its name, an article cannot have more of
// its kind, or it is there.
func (p *prepared) addRef(refs []importedRef, err error, ref importedRef) []importedRef {
	name := strings.Join(ref.names, "/")
	if err != nil {
		p.notes = append(p.notes, fmt.Sprintf("%.60q cannot be the name of %s and was left out: %s",
			name, ref.noun.WithArticle(), refusalText(refusalOf(err))))
		return refs
	}
	count := 0
	for _, other := range refs {
		if other.noun == ref.noun {
			count++
			if keyOf(ref.noun, strings.Join(other.names, "/")) == keyOf(ref.noun, name) {
				return refs
			}
		}
	}
	kind, _ := cms.ReferenceTo(ref.noun.Singular)
	if count < kind.Most {
		return append(refs, ref)
	}
	note := fmt.Sprintf("it has more than %d %s; the rest were left out", kind.Most,
		ref.noun.Plural)
	if !slices.Contains(p.notes, note) {
		p.notes = append(p.notes, note)
	}
	return refs
}

// findNouns looks up the nouns that items refer to, by their names, and where a name is nobody's,
// by the slug that it makes.
func (b *batch) findNouns(refs []importedRef) error {
	b.nouns = map[nounKey]cms.ID{}
	for _, kind := range cms.References {
		var keys, slugs []string
		asked := map[string][]nounKey{} // by slug
		for _, ref := range refs {
			if ref.noun != kind.Noun {
				continue
			}
			for _, name := range ref.names {
				key, slug := keyOf(ref.noun, name), text.Slug(name)
				keys = append(append(keys, key.key), otherSpellings(key.key)...)
				if slug != "" && ref.noun != cms.TagNoun {
					slugs = append(slugs, slug)
					asked[slug] = append(asked[slug], key)
				}
			}
		}
		bySlug, err := b.db.KnownNouns(kind.Noun, slugs)
		if err != nil {
			return err
		}
		for slug, noun := range bySlug {
			for _, key := range asked[slug] {
				b.nouns[key] = noun.ID
			}
		}
		byName, err := b.db.NounsByName(kind.Noun, keys)
		if err != nil {
			return err
		}
		for key, id := range byName {
			b.nouns[nounKey{kind.Noun, key}] = id
		}
		for _, key := range keys {
			for _, other := range otherSpellings(key) {
				if id, found := byName[other]; found && b.nouns[nounKey{kind.Noun, key}] == "" {
					b.nouns[nounKey{kind.Noun, key}] = id
				}
			}
		}
	}
	return nil
}

// refsOf returns the nouns that the article of an item is to refer to. It creates those that do not
// exist.
func (b *batch) refsOf(p *prepared, o *Outcome) ([]cms.RefID, error) {
	var refs []cms.RefID
	for _, ref := range p.refs {
		id, err := b.nounOf(ref, o)
		if refusal := refusalOf(err); refusal != nil {
			o.Notes = append(o.Notes, fmt.Sprintf("%s %q was left out: %s", ref.noun.Singular,
				strings.Join(ref.names, "/"), refusalText(refusal)))
			continue
		}
		if err != nil {
			return nil, err
		}
		added := cms.RefID{Noun: ref.noun, ID: id, Role: ref.role}
		there := func(other cms.RefID) bool { return other.Noun == ref.noun && other.ID == id }
		if !slices.ContainsFunc(refs, there) {
			refs = append(refs, added)
			o.Refs = append(o.Refs, Named{ref.noun, ref.names[len(ref.names)-1]})
		}
	}
	return refs, nil
}

// nounOf returns the noun that a reference means. It creates it, and those above it, if needed.
func (b *batch) nounOf(ref importedRef, o *Outcome) (id cms.ID, err error) {
	for _, name := range ref.names {
		above := id
		if known, ok := b.nouns[keyOf(ref.noun, name)]; ok {
			id = known
			continue
		}
		if id, err = b.createNoun(ref, name, above); err != nil {
			return "", err
		}
		key := keyOf(ref.noun, name)
		b.nouns[key] = id
		for _, other := range otherSpellings(key.key) {
			b.nouns[nounKey{ref.noun, other}] = id
		}
		o.Created = append(o.Created, Named{ref.noun, name})
		if left := ref.author.Homeless; len(left) > 0 {
			o.Notes = append(o.Notes, fmt.Sprintf("of the author %q it is also known, and has no "+
				"place here: %s", name, strings.Join(left, "; ")))
		}
	}
	return id, nil
}

// createNoun creates the noun of a name that is nobody's, below another one if there is one.
func (b *batch) createNoun(ref importedRef, name string, parent cms.ID) (cms.ID, error) {
	n := b.newsroom
	switch ref.noun {
	case cms.SectionNoun:
		return createdIn(b, &n.Sections.Noun,
			cms.SectionInput{Name: name, Parent: string(parent)})
	case cms.AuthorNoun:
		return createdIn(b, &n.Authors.Noun, authorInput(ref.author))
	default:
		return createdIn(b, &n.Tags.Noun, cms.TagInput{Name: name})
	}
}

// createdIn creates a noun and returns its id.
func createdIn[D any, P store.Common[D], In input](b *batch, verbs *Noun[D, P, In],
	in In) (cms.ID, error) {
	if err := b.actor.Check(verbs.create); err != nil {
		return "", err
	}
	made, err := verbs.createIn(b.db, b.actor, in)
	if err != nil {
		return "", err
	}
	return made.Common().ID, nil
}

// authorInput returns what a source says of an author, as far as it is valid.
func authorInput(author exchange.Author) cms.AuthorInput {
	in := cms.AuthorInput{Name: author.Name}
	for _, more := range []func(*cms.AuthorInput){
		func(in *cms.AuthorInput) { in.Bio = author.Bio },
		func(in *cms.AuthorInput) { in.JobTitle = author.JobTitle },
	} {
		with := in
		if more(&with); with.Check() == nil {
			in = with
		}
	}
	links := author.Links
	if author.URL != "" {
		links = append([]exchange.Link{{Title: author.Name, URL: author.URL}}, links...)
	}
	for _, link := range links {
		with := in
		with.Links = append(slices.Clone(in.Links), cms.AuthorLink{Name: link.Title, URL: link.URL})
		if with.Check() == nil {
			in = with
		}
	}
	return in
}
