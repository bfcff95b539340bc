package text_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/masthead-cms/masthead/internal/text"
)

func TestWordsCountsAsAReaderWould(t *testing.T) {
	t.Parallel()
	cases := []struct {
		in   string
		want int
	}{
		{"", 0},
		{" \n — … !? 🔥 ", 0},
		{"one two\nthree", 3},
		{"don't won’t state-of-the-art", 3},
		{"a--b c—d 'quoted' -dash", 6},
		{"3.14 and 1,000,000 in 2026.", 5},
		{"end.Start", 2},
		{"مُحَمَّد في المدرسة", 3},
		{"می\u200cخواهم", 1},
		{"e\u0301te\u0301 naïve", 2},
		{"हिन्दी समाचार", 2},
		{"北京 ab c", 4},
		{"ラメン", 3},
		{"한국 뉴스", 2},
		{"ประเทศไทย", 1},
		{"C3PO 42nd", 2},
	}
	for _, c := range cases {
		if got := text.Words(c.in); got != c.want {
			t.Errorf("Words(%q) = %d, want %d", c.in, got, c.want)
		}
	}
}

func TestWordsOfTwoTextsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := awkward().Draw(t, "a"), awkward().Draw(t, "b")
		if got, want := text.Words(a+"\n"+b), text.Words(a)+text.Words(b); got != want {
			t.Fatalf("%d words together, %d apart", got, want)
		}
		if got := text.Words(strings.ToValidUTF8(a, "")); got < 0 {
			t.Fatal(got)
		}
	})
}

func TestLocaleIsCanonical(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"en": "en", "en-us": "en-US", "EN_gb": "en-GB", "pt-br": "pt-BR", "ar": "ar", "iw": "he",
		"tg-cyrl-tj": "tg-Cyrl-TJ",
		"zh-hant-tw": "zh-Hant-TW", "fa": "fa", "de-1996": "de-1996", "es-419": "es-419",
	}
	for in, want := range cases {
		got, err := text.Locale(in)
		if err != nil || got != want {
			t.Errorf("Locale(%q) = %q, %v; want %q", in, got, err, want)
		}
		if again, err := text.Locale(got); err != nil || again != got {
			t.Errorf("Locale(%q) = %q, %v is not stable", got, again, err)
		}
	}
}

func TestLocaleRefusesWhatIsNoLanguage(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"", "und", "und-US", "und-Arab", "x-secret", "english", "e",
		"en us", "en-", "-en", "en--us", "123",
		"*", "zz-zz-zz-", "qqzzy", "en-" + strings.Repeat("a", 40), "en\x00", "../../etc"} {
		got, err := text.Locale(in)
		if err == nil {
			t.Errorf("Locale(%q) = %q, want a refusal", in, got)
			continue
		}
		if !strings.Contains(err.Error(), `"pt-BR"`) {
			t.Errorf("Locale(%q): %v does not show how to mend it", in, err)
		}
	}
}

func TestDirectionFollowsTheScript(t *testing.T) {
	t.Parallel()
	cases := []struct{ locale, sample, want string }{
		{"en", "", "ltr"},
		{"ar", "", "rtl"},
		{"ar-TN", "mostly English", "rtl"},
		{"he", "", "rtl"}, {"iw", "", "rtl"}, {"fa", "", "rtl"}, {"ur", "", "rtl"},
		{"dv", "", "rtl"}, {"syr", "", "rtl"},
		{"nqo", "", "rtl"}, {"yi", "", "rtl"}, {"ps", "", "rtl"}, {"ckb", "", "rtl"},
		{"pa-PK", "", "rtl"}, {"ff-Adlm", "", "rtl"},
		{"tg", "", "ltr"}, {"tg-Arab", "", "rtl"}, {"az", "", "ltr"}, {"ar-Latn", "marhaba", "ltr"},
		{"pa", "", "ltr"},
		{"en", "خبر عاجل BBC", "rtl"},
		{"en", "The word خبر means news", "ltr"},
		{"en", "abc אבג", "ltr"},
		{"en", "123 !?", "ltr"},
		{"", "ދިވެހި", "rtl"},
		{"no such thing", "hello", "ltr"},
		{"en", "خبر\xd8", "rtl"},
		{"en", "\xff\xfeab", "ltr"},
	}
	for _, c := range cases {
		if got := text.Direction(c.locale, c.sample); got != c.want {
			t.Errorf("Direction(%q, %q) = %q, want %q", c.locale, c.sample, got, c.want)
		}
	}
}
