package rest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
)

// Page is one page of a list.
type Page[T any] struct {
	// The rows of this page.
	Data []T `json:"data" maxItems:"100"`
	// Where this page stands in the list.
	Page PageInfo `json:"page"`
}

// PageInfo says where a page stands in its list, and how to go on from it.
type PageInfo struct {
	// How many rows a page has at most.
	Limit int `json:"limit" minimum:"1" maximum:"200" example:"20"`
	// Cursor of the next page; null on the last.
	Next *string `json:"next" form:"cursor" minLength:"1" maxLength:"8192" example:"AXsiaSI6IjAxOWNkOGMyIn0"`
	// Cursor of the page before; null on the first.
	Prev *string `json:"prev" form:"cursor" minLength:"1" maxLength:"8192" example:"AXsiaSI6IjAxOWNkOGMyIn0"`
	// How many rows the whole list has; only with count=exact.
	Total *int64 `json:"total,omitempty" minimum:"0" example:"123"`
} // @name PageInfo

// cursorPayload is what a cursor holds: a row, and in which direction to go on. Short names keep
// cursors short.
type cursorPayload struct {
	ID      cms.ID `json:"i"`
	Text    string `json:"t,omitempty"`
	Number  int64  `json:"n,omitempty"` // or Unix seconds
	Missing bool   `json:"m,omitempty"`
	Before  bool   `json:"b,omitempty"`

	Rank *rank `json:"r,omitempty"`
}

// rank is a cms.Rank as score, row, from, to.
type rank [4]int64

// cursorScope returns what a cursor is bound to: the path and the parameters that decide which rows
// a list has, and their order.
func cursorScope(c echo.Context, q *Query) string {
	values := url.Values{}
	for name, v := range q.asked {
		if !slices.Contains(q.shows, name) {
			values[name] = v
		}
	}
	return c.Request().URL.Path + "?" + values.Encode()
}

const macSize = aes.BlockSize

// mac authenticates a payload for a scope with the key of the site.
func (s *Server) mac(question string, payload []byte) []byte {
	h := hmac.New(sha256.New, s.cursorKey)
	fmt.Fprintf(h, "%d\n%s\n", len(question), question)
	h.Write(payload)
	return h.Sum(nil)[:macSize]
}

// encrypt encrypts a payload, or decrypts it, with its mac as the nonce. Cursors hold what clients
// should not see, such as how many articles came before in the same second; equal places have equal
// cursors.
func (s *Server) encrypt(seal, payload []byte) []byte {
	key := sha256.Sum256(append([]byte("veil of cursors "), s.cursorKey...))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil // a key of this length is always valid
	}
	out := make([]byte, len(payload))
	cipher.NewCTR(block, seal).XORKeyStream(out, payload)
	return out
}

func (s *Server) cursor(question string, p cursorPayload) *string {
	payload, _ := json.Marshal(p) // texts and numbers can be encoded
	seal := s.mac(question, payload)
	cursor := base64.RawURLEncoding.EncodeToString(append(seal, s.encrypt(seal, payload)...))
	return &cursor
}

// openCursor decodes a cursor that was made with the same key for the same scope.
func (s *Server) openCursor(question, cursor string) (cursorPayload, bool) {
	var p cursorPayload
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(sealed) < macSize {
		return p, false
	}
	seal := sealed[:macSize]
	payload := s.encrypt(seal, sealed[macSize:])
	if !hmac.Equal(seal, s.mac(question, payload)) {
		return p, false
	}
	return p, json.Unmarshal(payload, &p) == nil
}

// PageRequest returns the page that the parameters of a list ask for.
func (s *Server) PageRequest(c echo.Context, q *Query, p PageParams) cms.PageRequest {
	w := cms.PageRequest{Limit: p.Limit, Count: p.Count != ""}
	sent := p.Cursor != ""
	if p.Page > 0 {
		w.Offset = (p.Page - 1) * w.Limit
		if w.Offset > cms.MaxOffset {
			q.Errorf(
				"page", "too_deep",
				"Numbered pages reach %d rows deep; go on from there with cursor (page.next).",
				cms.MaxOffset,
			)
		}
		if sent {
			q.Errorf("page", "not_allowed", "Send page or cursor, not both.")
		}
	}
	if !sent {
		return w
	}
	place, ok := s.openCursor(cursorScope(c, q), p.Cursor)
	if !ok {
		q.Errorf(
			"cursor",
			"invalid_cursor",
			"The cursor is not one that this list gave for this question; "+
				"begin again without it, and change no other parameter while paging.",
		)
		return w
	}
	w.Backward = place.Before
	w.Cursor = &cms.Cursor{
		ID:      place.ID,
		Text:    place.Text,
		Number:  place.Number,
		Time:    time.Unix(place.Number, 0).UTC(),
		Missing: place.Missing,
	}
	if r := place.Rank; r != nil {
		w.Cursor.Rank = &cms.Rank{Score: int(r[0]), Row: r[1], From: r[2], To: r[3]}
	}
	return w
}

// payloadOf returns the payload for a place in a list.
func payloadOf(m cms.Cursor) cursorPayload {
	p := cursorPayload{ID: m.ID, Text: m.Text, Number: m.Number, Missing: m.Missing}
	if !m.Time.IsZero() {
		p.Number = m.Time.Unix()
	}
	if r := m.Rank; r != nil {
		p.Rank = &rank{int64(r.Score), r.Row, r.From, r.To}
	}
	return p
}

// NewPage returns a page of a list, with cursors before its first and after its last row.
func NewPage[R, T any](
	s *Server, c echo.Context, q *Query, w cms.PageRequest, list cms.List[R],
	mark func(*R) cms.Cursor, wire func(*R) T,
) Page[T] {
	p := Page[T]{Data: make([]T, len(list.Rows)), Page: PageInfo{Limit: w.Limit}}
	for i := range list.Rows {
		p.Data[i] = wire(&list.Rows[i])
	}
	if w.Count {
		p.Page.Total = &list.Total
	}
	if n := len(list.Rows); n > 0 {
		asked := cursorScope(c, q)
		if list.HasNext {
			p.Page.Next = s.cursor(asked, payloadOf(mark(&list.Rows[n-1])))
		}
		if list.HasPrev {
			before := payloadOf(mark(&list.Rows[0]))
			before.Before = true
			p.Page.Prev = s.cursor(asked, before)
		}
	}
	setLinkHeader(c, q, p.Page)
	return p
}

// setLinkHeader sets the Link header (RFC 8288) with the pages before and after.
func setLinkHeader(c echo.Context, q *Query, p PageInfo) {
	var links []string
	add := func(rel string, cursor *string) {
		if cursor == nil {
			return
		}
		values := url.Values{}
		for name, v := range q.values {
			if name != "page" {
				values[name] = v
			}
		}
		values.Set("cursor", *cursor)
		links = append(
			links,
			fmt.Sprintf("<%s?%s>; rel=%q", c.Request().URL.EscapedPath(), values.Encode(), rel),
		)
	}
	add("prev", p.Prev)
	add("next", p.Next)
	if len(links) > 0 {
		c.Response().Header().Set("Link", strings.Join(links, ", "))
	}
}
