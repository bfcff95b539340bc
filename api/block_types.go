package api

import (
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/richtext"
)

// Block is a part of a body, for apps that cannot paint HTML. It has the fields that are named for
// its type, and no others: paragraph text; heading level, id, text; quote blocks; aside kind,
// title, blocks; list ordered, start, items; image image, url, alt, caption; gallery items,
// caption; embed provider, url, src, title, caption; audio and video medium, caption; table head,
// rows, align; code language, text; divider; footnotes items. A type that you do not know yet is to
// be passed over.
//
//openapi:example {"type": "heading", "level": 2, "id": "every-ten-kilometres", "text": [{"text": "Every ten kilometres", "marks": [], "href": null}]}
type Block struct {
	// What it is.
	Type string `json:"type" enums:"paragraph,heading,quote,aside,list,image,gallery,embed,audio,video,table,code,divider,footnotes" example:"paragraph"`
	// Of a paragraph or heading: the text. Of code: one part, with its line breaks.
	Text *[]TextSpan `json:"text,omitempty" maxItems:"500000"`
	// Of a heading: its level.
	Level *int `json:"level,omitempty" minimum:"1" maximum:"6" example:"2"`
	// Of a heading: its id, as in the outline; links in the body lead there.
	ID *string `json:"id,omitempty" maxLength:"300" example:"a-gauge-every-ten-kilometres"`
	// Of an aside.
	Kind *string `json:"kind,omitempty" enums:"aside,factbox" example:"factbox"`
	// Of an aside or embed: what it is called; empty if an aside has none.
	Title *string `json:"title,omitempty" maxLength:"500000" example:"The river in figures"`
	// Of a quote or aside: what is in it.
	Blocks *[]Block `json:"blocks,omitempty" maxItems:"500000"`
	// Of a list: whether its items are numbered.
	Ordered *bool `json:"ordered,omitempty" example:"true"`
	// Of a list: the number of the first item.
	Start *int `json:"start,omitempty" minimum:"-999999999" maximum:"999999999" example:"1"`
	// Of a list: an array of blocks for each item. Of a gallery: a block of type image for each
	// picture. Of footnotes: for each an object with id, which links in the body lead to, and
	// blocks.
	Items *[]any `json:"items,omitempty" maxItems:"500000" examplejson:"[[{\"type\": \"paragraph\", \"text\": [{\"text\": \"A quiet bend\", \"marks\": [], \"href\": null}]}]]"`
	// Of an image: the picture in the library; an image without it has url.
	Image *BlockPicture `json:"image,omitempty"`
	// Of an image: what it shows, for those who do not see it; empty if it says nothing.
	Alt *string `json:"alt,omitempty" maxLength:"500000" example:"A gauging station on a bend of the river"`
	// Of an image: where it leads; empty if nowhere.
	Href *string `json:"href,omitempty" format:"iri-reference" maxLength:"500000" example:"https://example.org/rivers"`
	// Of an image, gallery, embed, audio or video: what stands below it.
	Caption *[]TextSpan `json:"caption,omitempty" maxItems:"500000"`
	// Of an embed: the site, as in data-provider.
	Provider *string `json:"provider,omitempty" maxLength:"40" example:"youtube"`
	// Of an embed: the page; of an image that is not in the library: where it is.
	URL *string `json:"url,omitempty" format:"iri-reference" maxLength:"500000" example:"https://www.youtube.com/watch?v=aBc"`
	// Of an embed: what a frame shows, without tracking if the site has that.
	Src *string `json:"src,omitempty" format:"iri-reference" maxLength:"8192" example:"https://www.youtube-nocookie.com/embed/aBc"`
	// Of audio or video: the sound or film.
	Medium *BlockClip `json:"medium,omitempty"`
	// Of a table: the text of each cell of the head; empty if it has none.
	Head *[][]TextSpan `json:"head,omitempty" unbounded:"a body has 500,000 characters"`
	// Of a table: the text of each cell of each row.
	Rows *[][][]TextSpan `json:"rows,omitempty" unbounded:"a body has 500,000 characters"`
	// Of a table: how each column is aligned: start, left, center, right or justify.
	Align *[]string `json:"align,omitempty" maxItems:"500000" itemLength:"10" example:"start"`
	// Of code: its language; empty if it is not said.
	Language *string `json:"language,omitempty" maxLength:"40" example:"go"`
} // @name Block

// BlockPicture is the picture of a block. It is a type of its own, as a Picture may be null.
type BlockPicture struct {
	Picture
} // @name BlockPicture

// BlockClip is the sound or film of a block. It is a type of its own, as a Clip may be null.
type BlockClip struct {
	Clip
} // @name BlockClip

// TextSpan is a part of a text that is shown in one way.
type TextSpan struct {
	// The words; a line break in them is one.
	Text string `json:"text" maxLength:"500000" example:"Every river tells"`
	// How they are shown: strong, em, code, strike, sub, sup.
	Marks []string `json:"marks" maxItems:"6" itemLength:"6" example:"em"`
	// Where they lead; null: nowhere. A fragment leads to a heading or footnote of the body.
	Href *string `json:"href" format:"iri-reference" minLength:"1" maxLength:"500000" example:"https://example.org/rivers"`
} // @name TextSpan

// footnote is a footnote as it travels.
type footnote struct {
	ID     string  `json:"id"`
	Blocks []Block `json:"blocks"`
}

// MarshalJSON writes a block. It keeps internal/wire from describing a type that holds itself.
func (b Block) MarshalJSON() ([]byte, error) {
	type shown Block // without this method
	return marshal(shown(b))
}

// articleIn returns an article with its body in the forms that are asked for.
func (s *Server) articleIn(story *cms.ArticleView, with cms.Parts) ArticleRow {
	a := s.article(story)
	if with.Blocks && story.Text != nil {
		a.Blocks = s.blocks(story)
	}
	if with.Blocks && !with.HTML {
		a.BodyHTML = nil
		a.Outline = nil
		a.Body = nil
		a.BodyFormat = nil
		a.Warnings = nil
	}
	return a
}

// blocks returns the body of an article as blocks.
func (s *Server) blocks(story *cms.ArticleView) *[]Block {
	w := blockWire{s, story, story.Content().Locale}
	found := richtext.Blocks(story.Text.HTML, func(id string) (richtext.Medium, bool) {
		return s.storyMedium(story, id)
	})
	out := w.list(found)
	return &out
}

// blockWire makes blocks as they travel.
type blockWire struct {
	server *Server
	story  *cms.ArticleView
	locale string
}

func (w blockWire) list(blocks []richtext.Block) []Block {
	out := make([]Block, len(blocks))
	for i := range blocks {
		out[i] = w.block(&blocks[i])
	}
	return out
}

func (w blockWire) block(b *richtext.Block) Block {
	out := Block{Type: b.Type}
	switch b.Type {
	case richtext.ParagraphBlock:
		out.Text = spans(b.Text)
	case richtext.HeadingBlock:
		out.Text = spans(b.Text)
		out.Level = &b.Level
		out.ID = &b.ID
	case richtext.AsideBlock:
		out.Kind = &b.Kind
		out.Title = &b.Title
		w.setBlocks(&out, b.Blocks)
	case richtext.QuoteBlock:
		w.setBlocks(&out, b.Blocks)
	case richtext.ListBlock:
		out.Ordered = &b.Ordered
		out.Start = &b.Start
		out.Items = items(b.Items, func(item []richtext.Block) any { return w.list(item) })
	case richtext.GalleryBlock:
		out.Items = items(b.Images, func(image richtext.Block) any { return w.block(&image) })
	case richtext.FootnotesBlock:
		out.Items = items(b.Notes, func(n richtext.Note) any {
			return footnote{n.ID, w.list(n.Blocks)}
		})
	case richtext.EmbedBlock:
		out.Provider = &b.Provider
		out.URL = &b.URL
		out.Src = &b.Src
		out.Title = &b.Title
	case richtext.TableBlock:
		setTable(&out, b)
	case richtext.CodeBlock:
		out.Language = &b.Language
		out.Text = &[]TextSpan{{Text: b.Code, Marks: []string{}}}
	default:
		w.setMedium(&out, b)
	}
	if b.Type != richtext.DividerBlock && b.Caption != nil || out.Alt != nil {
		out.Caption = spans(b.Caption)
	}
	return out
}

func (w blockWire) setBlocks(out *Block, blocks []richtext.Block) {
	list := w.list(blocks)
	out.Blocks = &list
}

// setMedium sets what an image, audio or video shows.
func (w blockWire) setMedium(out *Block, b *richtext.Block) {
	medium := w.story.Media[cms.ID(b.MediumID)]
	switch b.Type {
	case richtext.AudioBlock, richtext.VideoBlock:
		if clip := w.server.newClip(medium, w.locale); clip != nil {
			out.Medium = &BlockClip{*clip}
		}
		out.Caption = &[]TextSpan{}
	case richtext.ImageBlock:
		out.Alt = &b.Alt
		out.Href = &b.Href
		if picture := w.server.newPicture(medium, w.locale); picture != nil {
			out.Image = &BlockPicture{*picture}
		} else {
			out.URL = &b.URL
		}
	}
}

// setTable sets what a table has.
func setTable(out *Block, b *richtext.Block) {
	head := cells(b.Head)
	rows := make([][][]TextSpan, len(b.Rows))
	for i, row := range b.Rows {
		rows[i] = cells(row)
	}
	align := slices.Clone(b.Align)
	out.Head = &head
	out.Rows = &rows
	out.Align = &align
}

func cells(row []richtext.Cell) [][]TextSpan {
	out := make([][]TextSpan, len(row))
	for i, cell := range row {
		out[i] = *spans(cell)
	}
	return out
}

// items returns the items of a block, whatever they are.
func items[T any](list []T, wire func(T) any) *[]any {
	out := make([]any, len(list))
	for i, item := range list {
		out[i] = wire(item)
	}
	return &out
}

func spans(text []richtext.Span) *[]TextSpan {
	out := make([]TextSpan, len(text))
	for i, span := range text {
		out[i] = TextSpan{span.Text, span.Marks, nilIfEmpty(span.Href)}
	}
	return &out
}
