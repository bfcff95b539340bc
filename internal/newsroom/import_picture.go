package newsroom

import (
	"context"
	"path"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/exchange"
	"github.com/masthead-cms/masthead/internal/library"
	"github.com/masthead-cms/masthead/internal/store"
)

// pictures are what an import has brought so far.
type pictures struct {
	uses    map[string]exchange.PictureUse // by the path or address of each
	ids     map[string]string              // of their media, by the same
	digests map[string]bool                // of the files that a dry run would bring
}

// Picture returns a function for exchange.Options that makes a medium of a picture: the same file
// or bytes once, however often and in however many imports they come. A dry run makes none, and
// says what would come.
func (i *Importer) Picture(
	ctx context.Context,
) func(*exchange.Item, exchange.Picture) string {
	done := pictures{map[string]exchange.PictureUse{}, map[string]string{}, map[string]bool{}}
	return func(item *exchange.Item, p exchange.Picture) string {
		key := p.File
		if key == "" {
			key = p.Address
		}
		use, met := done.uses[key]
		if !met {
			done.ids[key], use = i.bringPicture(ctx, p, &done)
			done.uses[key] = use
		} else if use.Result == exchange.Brought {
			use.Result = exchange.Known
			use.NoAlt = false // which was said
		}
		use.Address = p.Address
		item.Pictures = append(item.Pictures, use)
		return done.ids[key]
	}
}

// bringPicture makes a medium of a picture and returns its id, empty in a dry run and where the
// picture is refused.
func (i *Importer) bringPicture(
	ctx context.Context, p exchange.Picture, done *pictures,
) (id string, use exchange.PictureUse) {
	refused := func(err error) (string, exchange.PictureUse) {
		reason := err.Error()
		if refusal := refusalOf(err); refusal != nil {
			reason = refusalText(refusal)
		}
		return "", exchange.PictureUse{Result: exchange.Refused, Reason: reason}
	}
	upload, err := i.receivePicture(ctx, p)
	if err != nil {
		return refused(err)
	}
	defer upload.Discard()
	var known cms.ID
	err = i.newsroom.store.Read(ctx, store.Internal, func(db *store.DB) (err error) {
		known, err = db.MediumByDigest(upload.Digest)
		return err
	})
	switch {
	case err != nil:
		return refused(err)
	case known != "" || done.digests[upload.Digest]:
		return string(known), exchange.PictureUse{Result: exchange.Known}
	case i.DryRun:
		done.digests[upload.Digest] = true
		if _, _, err := i.newsroom.Media.keep(ctx, upload); err != nil {
			return refused(err)
		}
		return "", exchange.PictureUse{Result: exchange.Brought}
	}
	use.Result = exchange.Brought
	fill := func(found cms.MediumInput) cms.MediumInput {
		in := i.pictureInput(found, p)
		use.NoAlt = in.Alt == ""
		return in
	}
	medium, err := i.newsroom.Media.Create(ctx, Call{Actor: i.actor}, upload, fill)
	if err != nil {
		return refused(err)
	}
	use.NoAlt = use.NoAlt && medium.Kind == cms.ImageMedium
	return string(medium.ID), use
}

// receivePicture receives the file of a picture.
func (i *Importer) receivePicture(
	ctx context.Context, p exchange.Picture,
) (*library.Upload, error) {
	if p.Open == nil {
		return i.newsroom.Media.Fetch(ctx, p.Address, cms.MediumInput{Extra: "{}"})
	}
	file, err := p.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close() // only read
	return i.newsroom.Media.Receive(ctx, file, path.Base(p.File))
}

// pictureInput returns what the medium of a picture is to be. What the source says of it wins over
// what its file says.
func (i *Importer) pictureInput(found cms.MediumInput, p exchange.Picture) cms.MediumInput {
	for _, words := range []struct {
		into *string
		said string
	}{
		{&found.Alt, line(p.Alt, cms.MaxMediumAlt)},
		{&found.Caption, cut(p.Caption, cms.MaxMediumCaption)},
		{&found.Credit, line(p.Credit, cms.MaxMediumCredit)},
	} {
		if words.said != "" {
			*words.into = words.said
		}
	}
	if p.Open == nil {
		in := cms.MediumInput{SourceURL: p.Address, Extra: "{}"}
		if in.Check() == nil {
			found.SourceURL = p.Address
		}
	}
	if found.Locale == "" {
		found.Locale = i.Locale
	}
	return found
}
