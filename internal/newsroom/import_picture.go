package newsroom

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/exchange"
	"github.com/masthead-cms/masthead/internal/library"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/text"
)

// pictures are what an import has brought so far.
type pictures struct {
	*Importer
	files map[string]pictureFile // by the path or address of each

	// media are those with the same bytes, by their digest, the oldest first. A dry run adds those
	// that would come, which have no id.
	media map[string][]cms.Medium
}

// pictureFile is a file that was received.
type pictureFile struct {
	digest  string
	refused string // why it cannot be a medium; empty if it can
}

// Picture returns a function for exchange.Options that makes a medium of a picture: of the same
// bytes once, however often and in however many imports they come, unless items say different
// things of them. A dry run makes none, and says what would come.
func (i *Importer) Picture(
	ctx context.Context,
) func(*exchange.Item, exchange.Picture) string {
	brought := pictures{i, map[string]pictureFile{}, map[string][]cms.Medium{}}
	return func(item *exchange.Item, p exchange.Picture) string {
		id, use := brought.bring(ctx, item, p)
		use.Address = p.Address
		item.Pictures = append(item.Pictures, use)
		return string(id)
	}
}

// bring returns the medium of a picture, empty in a dry run and where the picture is refused.
func (b *pictures) bring(
	ctx context.Context, item *exchange.Item, p exchange.Picture,
) (id cms.ID, use exchange.PictureUse) {
	key := cmp.Or(p.File, p.Address)
	file, met := b.files[key]
	medium, err := b.known(ctx, item, p, file)
	if !met {
		medium, use, err = b.receive(ctx, item, p, &file)
	}
	switch {
	case err != nil:
		use.Reason = reasonOf(err)
	case file.refused != "":
		use.Reason = file.refused
	case medium != nil && !fitsPlace(medium.Kind, p.Place):
		use.Reason = fmt.Sprintf("the file is of the kind %s", medium.Kind)
	}
	b.files[key] = file
	if use.Reason != "" {
		return "", exchange.PictureUse{Result: exchange.Refused, Reason: use.Reason}
	}
	use.Result = cmp.Or(use.Result, exchange.Known)
	return medium.ID, use
}

func reasonOf(err error) string {
	if refusal := refusalOf(err); refusal != nil {
		return refusalText(refusal)
	}
	return err.Error()
}

// fitsPlace reports whether a medium of a kind can stand in a place.
func fitsPlace(kind cms.MediaKind, place exchange.PicturePlace) bool {
	return place != exchange.ImagePlace && place != exchange.SoundPlace ||
		string(kind) == string(place)
}

// receive receives the file of a picture, and makes a medium of it unless there is one.
func (b *pictures) receive(
	ctx context.Context, item *exchange.Item, p exchange.Picture, file *pictureFile,
) (medium *cms.Medium, use exchange.PictureUse, err error) {
	upload, err := b.receiveFile(ctx, p)
	if err != nil {
		file.refused = reasonOf(err)
		return nil, use, nil
	}
	defer upload.Discard()
	file.digest = upload.Digest
	if medium, err = b.known(ctx, item, p, *file); medium != nil || err != nil {
		return medium, use, err
	}
	if medium, err = b.make(ctx, item, p, upload); err != nil {
		file.refused = reasonOf(err)
		return nil, use, nil
	}
	b.media[file.digest] = []cms.Medium{*medium}
	use.Result = exchange.Brought
	use.NoAlt = medium.LacksAlt() && !b.DryRun
	return medium, use, nil
}

// make makes a medium of a new file.
func (b *pictures) make(ctx context.Context, item *exchange.Item, p exchange.Picture,
	upload *library.Upload) (*cms.Medium, error) {
	media := b.newsroom.Media
	if b.DryRun {
		file, found, err := media.keep(ctx, upload)
		if err != nil {
			return nil, err
		}
		in := b.input(found, item, p)
		return &cms.Medium{
			MediaFile: *file,
			Alt:       in.Alt,
			Caption:   in.Caption,
			Credit:    in.Credit,
			Locale:    in.Locale,
		}, nil
	}
	fill := func(found cms.MediumInput) cms.MediumInput { return b.input(found, item, p) }
	return media.Create(ctx, Call{Actor: b.actor}, upload, fill)
}

// known returns the medium with the bytes of a file that is to be shown in a place, nil if there is
// none with these bytes. It is the one that the item's article shows there already, however its
// words have changed here; else the oldest that says the same, or nothing yet and is given the
// words; else a new one on the same file. So an import that comes again finds the same: a medium
// that did not fit an item does not later on. What a body says stands there, and wins.
func (b *pictures) known(ctx context.Context, item *exchange.Item, p exchange.Picture,
	file pictureFile) (*cms.Medium, error) {
	if file.digest == "" {
		return nil, nil
	}
	shown, err := b.load(ctx, item, p, file.digest)
	list := b.media[file.digest]
	if err != nil || len(list) == 0 {
		return nil, err
	}
	for k := range list {
		if list[k].ID != "" && slices.Contains(shown, list[k].ID) {
			return &list[k], nil
		}
	}
	for k := range list {
		if !b.agrees(&list[k], item, p) && p.Place != exchange.BodyPlace {
			continue
		}
		filled, err := b.fill(ctx, &list[k], item, p)
		if err != nil {
			return nil, err
		}
		if filled || p.Place == exchange.BodyPlace {
			return &list[k], nil
		}
	}
	another, err := b.copy(ctx, &list[0], item, p)
	if err != nil {
		return nil, err
	}
	b.media[file.digest] = append(list, *another)
	return another, nil
}

// load reads the media with a digest, unless they are known, and returns which media the article of
// an earlier import of the item shows in the place of a picture.
func (b *pictures) load(ctx context.Context, item *exchange.Item, p exchange.Picture,
	digest string) (shown []cms.ID, err error) {
	err = b.newsroom.store.Read(ctx, store.Internal, func(db *store.DB) (err error) {
		if _, known := b.media[digest]; !known {
			found, err := db.MediaOfBytes(digest)
			if err != nil {
				return err
			}
			if len(found) > 0 {
				b.media[digest] = found
			}
		}
		if len(b.media[digest]) == 0 {
			return nil
		}
		imports, err := db.Imports(b.Source, []string{item.Key})
		if was, known := imports[item.Key]; known && err == nil {
			shown, err = db.MediaOfArticle(was.ArticleID, p.Place == exchange.BodyPlace)
		}
		return err
	})
	return shown, err
}

// pictureWords are what an item says of a picture, with what its medium says.
type pictureWords struct {
	said string
	have *string
}

func wordsOf(p exchange.Picture, in *cms.MediumInput) []pictureWords {
	return []pictureWords{
		{line(p.Alt, cms.MaxMediumAlt), &in.Alt},
		{cut(p.Caption, cms.MaxMediumCaption), &in.Caption},
		{line(p.Credit, cms.MaxMediumCredit), &in.Credit},
	}
}

// agrees reports whether a medium says what an item says of its picture, or says nothing of that
// and may be given the words.
func (b *pictures) agrees(m *cms.Medium, item *exchange.Item, p exchange.Picture) bool {
	in := m.Input()
	for k, words := range wordsOf(p, &in) {
		isAlt := k == 0
		free := *words.have == "" && !(isAlt && m.Decorative) && m.Locale == b.localeOf(item)
		if words.said != "" && words.said != *words.have && !free {
			return false
		}
	}
	return true
}

// fill gives a medium what it does not say yet of what an item says of it. It reports false if the
// actor may not change the medium.
func (b *pictures) fill(ctx context.Context, m *cms.Medium, item *exchange.Item,
	p exchange.Picture) (filled bool, err error) {
	fill := func(in cms.MediumInput) (cms.MediumInput, error) {
		for _, words := range wordsOf(p, &in) {
			*words.have = cmp.Or(*words.have, words.said)
		}
		return in, nil
	}
	in, _ := fill(m.Input())
	switch {
	case len(cms.ChangedFields(m.Input(), in)) == 0 || !b.agrees(m, item, p):
		return true, nil
	case b.DryRun:
		m.Alt = in.Alt
		m.Caption = in.Caption
		m.Credit = in.Credit
		return true, nil
	}
	revised, err := b.newsroom.Media.Revise(ctx, Call{Actor: b.actor}, m.ID,
		cms.Precondition{Any: true}, fill)
	if refusal := refusalOf(err); refusal != nil && refusal.Code == cms.Forbidden {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	*m = *revised
	return true, nil
}

// copy makes another medium on the file of one: with the words of an item, and for the others those
// of the medium.
func (b *pictures) copy(ctx context.Context, m *cms.Medium, item *exchange.Item,
	p exchange.Picture) (*cms.Medium, error) {
	in := b.input(m.Input(), item, p)
	in.Localized = nil // which tell of other words
	if b.DryRun {
		return &cms.Medium{
			MediaFile: m.MediaFile,
			Alt:       in.Alt,
			Caption:   in.Caption,
			Credit:    in.Credit,
			Locale:    in.Locale,
		}, nil
	}
	return b.newsroom.Media.another(ctx, b.actor, m.MediaFile, in)
}

// receiveFile receives the file of a picture.
func (b *pictures) receiveFile(
	ctx context.Context, p exchange.Picture,
) (*library.Upload, error) {
	if p.Open == nil {
		return b.newsroom.Media.Fetch(ctx, p.Address, cms.MediumInput{Extra: "{}"})
	}
	file, err := p.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close() // only read
	return b.newsroom.Media.Receive(ctx, file, path.Base(p.File))
}

// input returns what the medium of a picture is to be. What the item says of it wins over what was
// found.
func (b *pictures) input(
	found cms.MediumInput, item *exchange.Item, p exchange.Picture,
) cms.MediumInput {
	for _, words := range wordsOf(p, &found) {
		*words.have = cmp.Or(words.said, *words.have)
	}
	found.Decorative = found.Decorative && found.Alt == ""
	if p.Open == nil {
		in := cms.MediumInput{SourceURL: p.Address, Extra: "{}"}
		if in.Check() == nil {
			found.SourceURL = p.Address
		}
	}
	found.Locale = b.localeOf(item)
	return found
}

// localeOf returns the language of what an item says.
func (b *pictures) localeOf(item *exchange.Item) string {
	if canonical, err := text.Locale(item.Locale); err == nil && canonical != "" {
		return canonical
	}
	return cmp.Or(b.Locale, b.site.Locale)
}
