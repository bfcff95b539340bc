package rest

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/auth"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/search"
	"github.com/masthead-cms/masthead/internal/text"
)

// listed are parameters of every kind that lists have.
type listed struct {
	Words   string   `query:"q" maxLength:"500"`
	Sort    string   `query:"sort" enums:"title,-title"`
	Facets  []string `query:"facets" enums:"tag,month" unique:"true"`
	IDs     []cms.ID `query:"id"`
	Slugs   []string `query:"slug"`
	Locales []string `query:"locale" form:"locale"`
	PageParams
}

var readListed = NewParams[listed](nil)

// asked returns how a query is read.
func asked(query string) func() error {
	return func() error {
		q := queryOf(query)
		readListed.Read(q)
		return q.Done()
	}
}

// filled returns as many parts as an address holds.
func filled(before, part string) string {
	return before + strings.Repeat(part, (maxURL-len(before))/len(part))
}

// headed returns how a header is read of a request.
func headed(name, value string, read func(echo.Context) error) func() error {
	c := echo.New().NewContext(httptest.NewRequest("POST", "/", nil), httptest.NewRecorder())
	c.Request().Header[http.CanonicalHeaderKey(name)] = []string{value}
	return func() error { return read(c) }
}

func header(part string) string { return strings.Repeat(part, maxHeader/len(part)) }

func init() {
	maps.Copy(largest, largestBodies)
	maps.Copy(largest, largestQueries)
	maps.Copy(largest, largestHeaders)
}

var largestBodies = map[string]func() func() error{
	"body with a name repeated at its end": func() func() error {
		body := repeat("{", func(i int) string { return fmt.Sprintf(`"k%06d":0`, i) }, `,"k000000":0}`)
		return func() error { return bindJSON(body, false) }
	},
	"body nested too deep": func() func() error {
		body := `{"extra":` + strings.Repeat("[", maxBody-10)
		return func() error { return bindJSON(body, false) }
	},
	"body nested as deep as may be, often": func() func() error {
		deep := strings.Repeat("[", maxDepth-3) + strings.Repeat("]", maxDepth-3)
		body := `{"extra":{"list":[` + strings.TrimSuffix(strings.Repeat(deep+",", maxValues/maxDepth), ",") + "]}}"
		return func() error { return bindJSON(body, false) }
	},
	"body of empty lists": func() func() error {
		body := repeat(`{"extra":{"list":[`, same("[]"), "]}}")
		return func() error { return bindJSON(body, false) }
	},
	"body of one long number": func() func() error {
		body := `{"count":` + strings.Repeat("1", maxBody-10) + "}"
		return func() error { return bindJSON(body, false) }
	},
	"body of numbers with long exponents": func() func() error {
		body := repeat(`{"tags":[`, same("1e400000000"), "]}")
		return func() error { return bindJSON(body, false) }
	},
	"body of blanks": func() func() error {
		body := "{" + strings.Repeat(" ", maxBody-10) + "]"
		return func() error { return bindJSON(body, false) }
	},
	"body that ends in half of a pair": func() func() error {
		body := `{"title":"` + strings.Repeat(`\u0041`, (maxBody-30)/6) + `\ud800"}`
		return func() error { return bindJSON(body, false) }
	},
	"body of escapes in its names": func() func() error {
		body := repeat("{", func(i int) string { return fmt.Sprintf(`"~/\u0041%d":0`, i) }, "}")
		return func() error { return bindJSON(body, false) }
	},
	"patch that takes everything out": func() func() error {
		had := repeat("{", func(i int) string { return fmt.Sprintf(`"k%d":0`, i) }, "}")
		patch := repeat("{", func(i int) string { return fmt.Sprintf(`"k%d":null`, i) }, "}")
		target, err := parseJSON([]byte(had))
		changes, err2 := parseJSON([]byte(patch))
		if err != nil || err2 != nil {
			panic(fmt.Sprint(err, err2))
		}
		return func() error {
			mergePatch(target, changes)
			return nil
		}
	},
}

var largestQueries = map[string]func() func() error{
	"query of nothing":              func() func() error { return asked(strings.Repeat("&", maxURL)) },
	"query of broken escapes":       func() func() error { return asked(filled("q=", "%zz")) },
	"query of escapes":              func() func() error { return asked(filled("q=", "%D9%86")) },
	"q repeated":                    func() func() error { return asked(filled("q=a", "&q=a")) },
	"sort of a long name":           func() func() error { return asked(filled("sort=", "t")) },
	"facets that are not":           func() func() error { return asked(filled("facets=month", ",mont")) },
	"facets of a hundred, repeated": func() func() error { return asked("facets=" + strings.Repeat("tag,", maxList-1) + "tag") },
	"a hundred ids that are none": func() func() error {
		return asked("id=" + strings.Repeat(strings.Repeat("0", 150)+",", maxList-1) + "0")
	},
	"a hundred long locales": func() func() error {
		return asked("locale=" + strings.Repeat(strings.Repeat("en-", 50)+",", maxList-1) + "0")
	},
	"slugs of blanks":       func() func() error { return asked(filled("slug=a", ",%20")) },
	"page of a long number": func() func() error { return asked(filled("page=", "9")) },
	"words of a question": func() func() error {
		words := strings.Repeat("a* -b ", 500/6)
		return func() error { return fmt.Errorf("%d", search.Parse(words).Open()) }
	},
	"words of a question in Arabic": func() func() error {
		words := strings.Repeat("والمسؤولين ", 500/11)
		return func() error { return fmt.Errorf("%d", len(search.Parse(words).Want)) }
	},
	"a phrase without an end": func() func() error {
		words := `"` + strings.Repeat("a-b'c ", 500/6)
		return func() error { return fmt.Errorf("%d", len(search.ParseTyped(words).Want)) }
	},
	"filter of negations": func() func() error {
		filter := strings.Repeat("NOT ", cms.MaxFilterBytes/4-3) + "a=b"
		return func() error {
			_, err := cms.ParseFilter(cms.LiveView, filter)
			return err
		}
	},
	"filter of parentheses": func() func() error {
		filter := strings.Repeat("(", cms.MaxFilterBytes)
		return func() error {
			_, err := cms.ParseFilter(cms.LiveView, filter)
			return err
		}
	},
	"filter of escapes in quotes": func() func() error {
		filter := `title="` + strings.Repeat(`\"`, cms.MaxFilterBytes/2-10)
		return func() error {
			_, err := cms.ParseFilter(cms.LiveView, filter)
			return err
		}
	},
	"filter of unknown fields": func() func() error {
		filter := strings.TrimSuffix(strings.Repeat("tilte=a OR ", cms.MaxFilterBytes/11), " OR ")
		return func() error {
			_, err := cms.ParseFilter(cms.LiveView, filter)
			return err
		}
	},
	"path of marks": func() func() error {
		slug := strings.Repeat("ِ", maxURL/6)
		return func() error { return fmt.Errorf("%s", text.Slug(slug)) }
	},
}

var largestHeaders = map[string]func() func() error{
	"If-Match of weak tags": func() func() error {
		return headed("If-Match", header(`W/"7",`), func(c echo.Context) error {
			_, err := IfMatch(c)
			return err
		})
	},
	"If-Match of commas": func() func() error {
		return headed("If-Match", header(", "), func(c echo.Context) error {
			_, err := IfMatch(c)
			return err
		})
	},
	"If-Match of a long tag without an end": func() func() error {
		return headed("If-Match", `"`+header("7"), func(c echo.Context) error {
			_, err := IfMatch(c)
			return err
		})
	},
	"Accept-Encoding": func() func() error {
		accepted := []string{header("gzip;q=0.1,")}
		return func() error { return fmt.Errorf("%v", preferredCoding(accepted)) }
	},
	"Accept-Encoding of one long weight": func() func() error {
		accepted := []string{"gzip;" + header(" ") + "q=0." + header("1")}
		return func() error { return fmt.Errorf("%v", preferredCoding(accepted)) }
	},
	"Content-Type": func() func() error {
		types := http.Header{"Content-Type": {"application/json;" + header(`a="\"";`)}}
		return func() error { return checkMediaType(types, []string{"application/json"}) }
	},
	"Authorization": func() func() error {
		signer, err := auth.NewSigner(make([]byte, 32))
		if err != nil {
			panic(err)
		}
		return func() error {
			_, err := signer.Parse(header("."), time.Now())
			return err
		}
	},
	"X-Request-Id": func() func() error {
		id := header("a")
		return func() error { return fmt.Errorf("%v", validID(id)) }
	},
	"Idempotency-Key": func() func() error {
		key := header("k")
		return func() error { return fmt.Errorf("%v", validKey(key)) }
	},
	"X-Forwarded-For of trusted proxies": func() func() error {
		callers := &clientIPs{[]netip.Prefix{netip.MustParsePrefix("0.0.0.0/0")}}
		chain := []string{header("10.0.0.1,")}
		return func() error { return fmt.Errorf("%s", callers.address("10.0.0.1:1", chain, nil)) }
	},
	"Forwarded": func() func() error {
		callers := &clientIPs{[]netip.Prefix{netip.MustParsePrefix("::/0")}}
		chain := []string{header(`for="[::1]:80";by=x;proto=https,`)}
		return func() error { return fmt.Errorf("%s", callers.address("[::1]:1", nil, chain)) }
	},
	"Forwarded of quotes": func() func() error {
		callers := &clientIPs{[]netip.Prefix{netip.MustParsePrefix("::/0")}}
		chain := []string{`for="` + header(`\",;`)}
		return func() error { return fmt.Errorf("%s", callers.address("[::1]:1", nil, chain)) }
	},
}
