package rest

import (
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cache"
	"github.com/masthead-cms/masthead/internal/newsroom"
)

func TestTheFrontCanBeTurnedOff(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		public, cached, front, unknown bool
		want                           bool
	}{
		"it is on":                      {public: true, cached: true, front: true, want: true},
		"by its setting":                {public: true, cached: true},
		"where nothing is cached":       {public: true, front: true},
		"where reading is not public":   {cached: true, front: true},
		"with a layer it does not know": {public: true, cached: true, front: true, unknown: true},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			o := Options{Newsroom: newsroom.Open(newsroom.Options{PublicRead: c.public}), Front: c.front}
			if c.cached {
				o.Cache = cache.New(1<<20, time.Now)
			}
			s := New(o)
			if c.unknown {
				s.use(append(s.layers(), layer{echo: s.recover}))
			}
			server := &http.Server{}
			s.Listen(nil, server)
			if got := server.ConnState != nil; got != c.want {
				t.Errorf("the server has a front: %v", got)
			}
		})
	}
}

// Middleware that is no layer would be missing at the connection.
func TestAllMiddlewareIsInTheListOfLayers(t *testing.T) {
	t.Parallel()
	s := New(Options{Newsroom: newsroom.Open(newsroom.Options{})})
	e := reflect.ValueOf(s.echo).Elem()
	n := e.FieldByName("premiddleware").Len() + e.FieldByName("middleware").Len()
	if layers := len(s.layers()); n != layers || layers == 0 {
		t.Errorf("Echo runs %d functions around all handlers, and %d of them are layers", n, layers)
	}
}
