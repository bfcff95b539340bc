package wire_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/masthead-cms/masthead/internal/wire"
)

// standard is what encoding/json writes.
func standard(t interface{ Fatal(...any) }, v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func alike(t *testing.T, v any) {
	t.Helper()
	if got, want := wire.JSON(v), standard(t, v); !bytes.Equal(got, want) {
		t.Errorf("%#v is written\n%s\nwhich should be\n%s", v, got, want)
	}
}

func TestEveryByteOfATextIsEscapedAlikeWhereverItStands(t *testing.T) {
	t.Parallel()
	odd := []string{"\u2028", "\u2029", "“", "—", "\ufffd", "\xe2", "\xe2\x80", "\xed\xa0\x80",
		"\U0001f30a", "é"}
	for c := range 256 {
		odd = append(odd, string([]byte{byte(c)}))
	}
	for _, letters := range []string{strings.Repeat("a", 20), "يخبر كل نهر",
		strings.Repeat("!\x7f", 10)} {
		for _, s := range odd {
			for at := range len(letters) + 1 {
				alike(t, letters[:at]+s+letters[at:])
				alike(t, letters[:at]+s+s+letters[at:])
			}
		}
	}
}

func TestTextsAreWrittenAlike(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()),
			func(b []byte) string { return string(b) })).Draw(t, "text")
		if got, want := wire.JSON(s), standard(t, s); !bytes.Equal(got, want) {
			t.Fatalf("%q is written %s, which should be %s", s, got, want)
		}
	})
}

type inner struct {
	Name  string `json:"name"`
	Empty string `json:"empty,omitempty"`
}

type byValue struct{ n int }

func (v byValue) MarshalJSON() ([]byte, error) { return fmt.Appendf(nil, `{"n": %d}`, v.n), nil }

type byPointer struct{ n int }

func (v *byPointer) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "<%d>", v.n), nil }

type number int16

// all has all that a struct can hold.
type all struct {
	inner
	Text     string            `json:"text"`
	Flag     bool              `json:"flag,omitempty"`
	Number   number            `json:"number"`
	Zero     int64             `json:"zero,omitempty"`
	Count    uint8             `json:"count"`
	Share    float64           `json:"share"`
	Bytes    []byte            `json:"bytes"`
	List     []inner           `json:"list"`
	None     []inner           `json:"none"`
	Few      []inner           `json:"few,omitempty"`
	Pair     [2]bool           `json:"pair,omitempty"`
	Map      map[string]any    `json:"map"`
	NoMap    map[string]string `json:"no_map,omitempty"`
	Pointer  *inner            `json:"pointer"`
	Nothing  *inner            `json:"nothing"`
	Struct   struct{}          `json:"struct,omitempty"`
	Any      any               `json:"any"`
	Anything any               `json:"anything,omitempty"`
	Raw      json.RawMessage   `json:"raw"`
	NoRaw    json.RawMessage   `json:"no_raw"`
	At       time.Time         `json:"at"`
	Never    *time.Time        `json:"never"`
	Value    byValue           `json:"value"`
	Method   byPointer         `json:"method"`
	Deep     **byPointer       `json:"deep"`
	Hidden   string            `json:"-"`
	hidden   string
}

func everything() *all {
	deep := &byPointer{3}
	return &all{
		inner: inner{Name: "<b> & co"}, Text: "a\n“b”", Number: -3, Count: 7, Share: 0.1,
		Bytes: []byte("bytes"),
		List:  []inner{{}, {"x", "y"}}, Few: []inner{}, Map: map[string]any{"b": 1, "a": "<>"},
		NoMap:   map[string]string{},
		Pointer: &inner{}, Any: inner{Name: "in any"}, Anything: &inner{Name: "pointed to"},
		Raw: json.RawMessage(`{"a":"<\u003c>"}`),
		At:  time.Date(2026, 3, 12, 8, 0, 0, 120, time.FixedZone("", 3600)), Value: byValue{1},
		Method: byPointer{2}, Deep: &deep,
		Hidden: "no", hidden: "no",
	}
}

func TestEveryKindOfValueIsWrittenAlike(t *testing.T) {
	t.Parallel()
	type repeated struct {
		inner
		Name string `json:"name"`
	}
	type pointing struct {
		*inner
		Own string `json:"own"`
	}
	type untagged struct {
		Own   int
		Named string `json:"named"`
	}
	type options struct {
		Quoted int       `json:"quoted,string"`
		Zero   time.Time `json:"zero,omitzero"`
	}
	for _, v := range []any{
		nil, true, "text", -1, uint(1), 0.5, []string{}, []string(nil), map[string]int{"a": 1},
		struct{}{},
		everything(), *everything(), &all{}, all{}, []any{all{}, &all{}, nil}, byValue{1},
		byPointer{1}, &byPointer{1}, (*byPointer)(nil),
		repeated{inner{Name: "inside"}, "outside"}, pointing{&inner{Name: "a"}, "b"},
		pointing{Own: "b"}, untagged{1, "x"}, options{Quoted: 1},
		time.Time{}, time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
	} {
		alike(t, v)
		alike(t, v) // by what was found out the first time
	}
}

func TestWhatCannotBeWrittenIsNull(t *testing.T) {
	t.Parallel()
	for _, v := range []any{func() {}, time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC),
		json.RawMessage{}} {
		if got := string(wire.JSON(v)); got != "null\n" {
			t.Errorf("%T is written %q", v, got)
		}
	}
}

func TestAPartHasTheNamedFieldsInTheOrderOfTheNames(t *testing.T) {
	t.Parallel()
	for _, v := range []any{*everything(), everything()} {
		part := string(wire.Part(v, []string{"text", "flag", "unknown", "name", "count"}))
		if want := `{"text":"a\n“b”","name":"<b> & co","count":7}`; part != want {
			t.Errorf("the part is %s, want %s", part, want)
		}
	}
	if none := string(wire.Part(all{}, []string{"flag"})); none != "{}" {
		t.Errorf("a part of nothing is %s", none)
	}
}
