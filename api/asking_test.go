package api_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// crooked are questions that mean something to a database, a search engine or a parser, but not to people.
var crooked = []string{
	// The language of FTS5.
	`"`, `""`, `"""`, `"unclosed`, `AND`, `OR`, `NOT`, `NEAR`, `a AND`, `AND a`, `a OR`, `NOT a`, `a NOT`, `a AND AND b`, `NEAR(a b)`, `NEAR(a b, 5)`, `NEAR(`, `a NEAR/2 b`,
	`^a`, `a ^b`, `^"a b"`, `title:a`, `words:a`, `{title words}:a`, `{a`, `}`, `-{title}:a`, `- title : a`, `a*`, `*`, `**`, `a**`, `"a"*`, `"a" *`, `*a`, `a + b`, `"a" + "b"`,
	`(a`, `a)`, `()`, `((((((((((a))))))))))`, `a b (c`, `rowid:1`, `rank:1`, `search_index`, `a;b`, `a,b`, `a"b`, `a""b`, `'a'`, `''`, `'`, `integrity-check`, `delete-all`,
	// The language of tsquery.
	`a & b`, `a | b`, `!a`, `!!a`, `a <-> b`, `a <2> b`, `<->`, `a <->`, `a:*`, `a:A`, `a:*A`, `:*`, `'a' & 'b'`, `a\'b`, `\`, `\\`, `a\`, `'a`, `a'':*`, `&`, `|`, `!`, `!(a|b)`, `a:1,2`,
	// SQL.
	`'; DROP TABLE articles; --`, `' OR '1'='1`, `") OR 1=1 --`, `1; SELECT pg_sleep(10)`, `' UNION SELECT * FROM users --`, `%`, `_`, `%%%`, `a%`, `?`, `$1`, `@p1`, `:name`, `@row`, `@@`, `/* */`, `--`,
	// Operators of questions.
	`-`, `--`, `-a`, `--a`, `- a`, `-"`, `-"a`, `-""`, `-*`, `-a*`, `“`, `”`, `«»`, `„a`, `a -a`, `-a a`, `+a`, `~a`, `a~2`, `a^2`, `[a TO b]`, `/a.*/`, `a?c`, `site:a`, `a..b`,
	// Texts that are hard on folding.
	"\u0000"[:0] + "\u200b", "\u202e", "\u0301", "\u0301\u0301a", "\ufeff", "\ufffd", "\u0640", "ـــ", "َ", "ال", "وال", "وبال", "للل", "ووو", "ﷺ", "ﷲ", "İ", "ı", "ß", "ŉ", "ǰ", "\U0010ffff",
	"👩\u200d👩\u200d👧\u200d👦", "🇮🇷", "1\ufe0f\u20e3", "Ⅷ", "㍿", "①②③", "½", "१२३", "𝒜𝒷", "\u1112\u1161\u11ab", "คำ", "日本語", "ｶﾞ", "\u2028", "\u0085", "\u00a0", "\t\r\n", "\u241e", "a \u241e b", "\x01\x02", "\x7f",
	"a\u0000"[:1], "tag019cd8c25a007c3e8f003f9f3c1d2a11", "tag*", "\u3099", "ｰ", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
	// Other languages of questions.
	`a IN b`, `a LIKE '%b%'`, `a MATCH b`, `a GLOB *`, `a REGEXP .*`, `SELECT`, `NULL`, `true`, `{"query":{"match_all":{}}}`, `{"$ne":null}`, `<script>alert(1)</script>`, `a=1`, `a>=1`,
	`#a`, `@a`, `a/b`, `a\nb`, `${jndi:ldap://x}`, `{{7*7}}`, `../../etc/passwd`, `%00`, `%27`, `&amp;`, `&#0;`, `a|b&c!d<->e:*`, `"a" NEAR "b"`, `(a AND b) OR (c NOT d)`,
	// Much of something.
	strings.Repeat("a ", 250), strings.Repeat("a", 500), strings.Repeat("-a ", 166), strings.Repeat(`"a b" `, 83), strings.Repeat("و", 500), strings.Repeat("وب", 250),
	strings.Repeat("(", 500), strings.Repeat(`"`, 500), strings.Repeat("*", 500), strings.Repeat("aa* ", 125), strings.Repeat("東", 500), strings.Repeat("\u0301", 500),
	strings.Repeat("ﷺ", 500), strings.Repeat("a-", 250), strings.Repeat("\U0001f468\u200d", 250),
}

// throw asks a hostile text in every place that takes any, and wants 200, or 400 with a reason.
func throw(t *testing.T, k *testkit.Kit, s string) {
	t.Helper()
	q := url.QueryEscape(s)
	for _, target := range []string{
		asking(s, "&highlight=true"), asking(s, "&view=draft&sort=-published_at&facets=tag,type&count=exact"), "/v1/suggest?q=" + q, filtering(s, ""),
		filtering("title:"+quoted(s)+" OR kicker != "+quoted(s), "&count=exact&view=draft"), filtering("tags:"+s, ""), "/v1/articles?facets=" + q,
		"/v1/articles/" + url.PathEscape(s) + "/related",
	} {
		r := k.As(cms.Editor, "GET", target).Do()
		switch {
		case r.Status == 200, (r.Status == 404 || r.Status == 308) && strings.HasSuffix(target, "/related"), r.Status == 414 && len(target) > 4000:
		case r.Status == 400 && len(r.List("errors")) > 0 && r.Text("errors.0.detail") != "" && r.Field("errors.0.parameter") != nil:
			if strings.HasPrefix(target, "/v1/articles?q=") && utf8.ValidString(s) && utf8.RuneCountInString(s) <= 500 && s != "" && !strings.Contains(s, "\x00") {
				t.Errorf("any text is a question, but not %q: %s", s, r.Body)
			}
		default:
			t.Errorf("%q, %.60s: %d %s", s, target, r.Status, r.Body)
		}
	}
}

// quoted is a text as a value of a filter.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "*", `\*`).Replace(s) + `"`
}

// besieged is a newsroom with something to find.
func besieged(t *testing.T) *testkit.Kit {
	k := testkit.New(t)
	k.Published(map[string]any{"slug": "subject", "title": "A b c", "kicker": "AND", "tags": []string{"NOT near", "Or"}, "body": "title a words b"})
	k.Published(map[string]any{"title": "العربية", "tags": []string{"a"}, "locale": "ar"})
	return k
}

func TestCrookedQuestionsAreAnswered(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("long for what it asks, not for its goroutines")
	}
	k := besieged(t)
	if len(crooked) < 200 {
		t.Errorf("only %d questions", len(crooked))
	}
	for _, s := range crooked {
		throw(t, k, s)
	}
	if n := len(k.Public("GET", "/v1/articles").Want(200).List("data")); n != 2 {
		t.Errorf("%d articles are left", n)
	}
}

func TestNaughtyTextsAreAnswered(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("long for what it asks, not for its goroutines")
	}
	for name, load := range hostileSources {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := load(t)
			k := besieged(t)
			for _, s := range slices.Concat(sample(h.naughty, 80), sample(h.sql, 40)) {
				if s != "" { // as good as no parameter
					throw(t, k, s)
				}
			}
		})
	}
}

// TestOperatorsOfTheEngineMeanNothing: what is a language to the database is words to Masthead.
func TestOperatorsOfTheEngineMeanNothing(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for _, title := range []string{"apple", "banana", "apple banana", "apple or banana", "apple near 2 banana", "title apple"} {
		k.Published(map[string]any{"title": title})
	}
	for words, want := range map[string]string{
		"apple OR banana": "apple or banana", "apple | banana": "apple banana|apple near 2 banana|apple or banana", "apple AND banana": "", "NOT apple": "", "!apple": answers(k, "apple"),
		"apple NEAR/2 banana": "apple near 2 banana", "NEAR(apple banana)": "", "title:apple": "title apple", "^apple": answers(k, "apple"), "apple:*": answers(k, "apple"),
		"{title}:apple": "title apple", "ap:*": "", "apple <-> banana": answers(k, "apple banana"), "apple & !banana": answers(k, "apple banana"), "app%": "", "appl_": "", "appl?": "",
	} {
		if got := answers(k, words); got != want {
			t.Errorf("%s finds %q, want %q", words, got, want)
		}
	}
}

// TestAVeryLongTextIsPublishedAndFound: a body as long as it may be, of words that are all different.
func TestAVeryLongTextIsPublishedAndFound(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("long for what it asks, not for its goroutines")
	}
	k := testkit.New(t)
	for name, word := range map[string]func(int) string{
		"Arabic": func(i int) string {
			return "وبك" + strings.NewReplacer("0", "ا", "1", "ب", "2", "ت", "3", "ث", "4", "ج", "5", "ح", "6", "خ", "7", "د", "8", "ذ", "9", "ر").Replace(fmt.Sprint(i))
		},
		"long words": func(i int) string { return strings.Repeat("q", 1000) + fmt.Sprint(i) },
	} {
		var b strings.Builder
		last := ""
		for i, n := 0, 0; ; i++ {
			w := word(i)
			if n += utf8.RuneCountInString(w) + 1; n > 500_000 {
				break
			}
			b.WriteString(w + " ")
			last = w
		}
		r := k.As(cms.Editor, "POST", "/v1/articles").JSON(map[string]any{"title": "Long in " + name, "body": b.String()}).Do()
		if r.Status != 201 {
			if r.Status != 413 { // a megabyte is the most that is taken at all
				t.Errorf("%s: %d %s", name, r.Status, r.Body)
			}
			continue
		}
		p := k.As(cms.Editor, "POST", articlePath(r.Text("id"))+"/publish").If("*").Do()
		if p.Status != 200 {
			t.Errorf("%s: %d %.300s", name, p.Status, p.Body)
			continue
		}
		asked := []string{word(0), last}
		if testkit.OnPostgres() { // whose index does not hold all words of so many
			asked = asked[:1]
		}
		for _, words := range asked {
			words = words[:min(len(words), 500)]
			if got := answers(k, words); !strings.Contains(got, "Long in "+name) {
				t.Errorf("%s: %.20s finds %q", name, words, got)
			}
			k.Public("GET", asking(words, "&highlight=true")).Want(200)
		}
	}
}

func TestTheWorstListsTakeSixStatementsAtMost(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("long for what it asks, not for its goroutines")
	}
	k := testkit.New(t)
	for i := range 8 {
		id := k.Draft(map[string]any{"title": fmt.Sprintf("River %d", i), "tags": []string{"Water", "Asia", fmt.Sprint("T", i)}}).Text("id")
		for j := range 2 {
			addLink(k, id, fmt.Sprint("l", j), nil)
		}
		k.Publish(id)
		if i > 0 {
			pointTo(k, id, "river-0")
		}
	}
	count := func(c *testkit.Call) int64 {
		t.Helper()
		before := k.Statements()
		c.Want(200)
		return k.Statements() - before
	}
	signIn := count(k.As(cms.Editor, "GET", "/v1/auth/me"))
	words := []string{"", "&q=river+-lake+wat*", "&q=-lake+-water"}
	filters := []string{"", "&filter=" + url.QueryEscape("(tags:water OR tags:t1) AND NOT tags:t2 AND title:River AND published_at > 2026-01-01")}
	narrowed := []string{"", "&tag=water&tag_all=asia&tag_none=t3,none&type=news&locale=en"}
	counted := []string{"", "&count=exact&facets=tag,type,locale,month"}
	shown := []string{"", "&include=body,related_links&highlight=true"}
	most := int64(0)
	for _, q := range words {
		for _, f := range filters {
			for _, n := range narrowed {
				for _, c := range counted {
					for _, s := range shown {
						if q == "" && strings.Contains(s, "highlight") {
							continue
						}
						for _, order := range []string{"", "&sort=-published_at&limit=3", "&sort=title&page=2&limit=2"} {
							query := q + f + n + c + s + order
							live := count(k.Public("GET", "/v1/articles?view=live"+query))
							draft := count(k.As(cms.Editor, "GET", "/v1/articles?view=draft&status=published"+query)) - signIn
							if most = max(most, live, draft); live < 1 || live > 6 || draft < 1 || draft > 6 {
								t.Errorf("%s takes %d statements, in draft view %d", query, live, draft)
							}
						}
					}
				}
			}
		}
	}
	t.Logf("%d statements at most", most)
	for _, path := range []string{"/v1/suggest?q=riv", "/v1/suggest?q=water+as"} {
		if n := count(k.Public("GET", path)); n < 1 || n > 6 {
			t.Errorf("%s takes %d statements", path, n)
		}
	}
	few, many := int64(0), int64(0)
	for _, mode := range []string{"manual", "auto", "mixed"} {
		few = count(k.Public("GET", relatedPath("river-1", "?limit=1&mode="+mode)))
		many = count(k.Public("GET", relatedPath("river-1", "?limit=50&mode="+mode)))
		t.Logf("related, %s: %d and %d statements", mode, few, many)
		if few < 1 || many > 6 {
			t.Errorf("related, %s: %d statements for one, %d for many", mode, few, many)
		}
	}
}
