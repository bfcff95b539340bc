package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/testkit"
)

func clock() time.Time { return testkit.Start }

func open(t *testing.T, databaseURL string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), databaseURL, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestTroubleOfTheDatabaseIsARefusalThatSaysWhatToDo(t *testing.T) {
	t.Parallel()
	s := open(t, testkit.EmptyDatabase(t))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	probe := func(db *store.DB) error { _, err := db.HasTable("articles"); return err }
	refused := cms.Errorf(cms.NotFound, "no")
	for what, c := range map[string]struct {
		trouble error
		want    cms.Code
		retry   bool
	}{
		"no room":          {fmt.Errorf("x: %w", database.ErrFull), cms.InsufficientStorage, false},
		"away":             {fmt.Errorf("x: %w", database.ErrUnavailable), cms.Unavailable, true},
		"too many":         {fmt.Errorf("x: %w", database.ErrCrowded), cms.Unavailable, true},
		"too slow":         {fmt.Errorf("x: %w", database.ErrTooSlow), cms.Unavailable, true},
		"a refusal":        {refused, cms.NotFound, false},
		"a refusal and it": {fmt.Errorf("%w: %w", refused, database.ErrFull), cms.NotFound, false},
	} {
		for way, run := range map[string]func(context.Context, func(*store.DB) error) error{
			"read": func(ctx context.Context, fn func(*store.DB) error) error {
				return s.Read(ctx, store.Quick, fn)
			},
			"read one": func(ctx context.Context, fn func(*store.DB) error) error {
				return s.ReadOne(ctx, store.Quick, fn)
			},
			"write": s.Write,
		} {
			err := run(t.Context(), func(*store.DB) error { return c.trouble })
			var got *cms.Error
			if !errors.As(err, &got) || got.Code != c.want || got.RetryAfter > 0 != c.retry ||
				!errors.Is(err, c.trouble) {
				t.Errorf("%s, %s: %v", what, way, err)
			}
			if err := run(gone, probe); !cms.Is(err, cms.Unavailable) {
				t.Errorf("%s whose caller has gone: %v", way, err)
			}
		}
	}
	if err := s.Ping(gone); !cms.Is(err, cms.Unavailable) {
		t.Errorf("a ping whose caller has gone: %v", err)
	}
	trouble := errors.New("trouble")
	if err := s.Write(t.Context(), func(*store.DB) error { return trouble }); err != trouble {
		t.Errorf("other trouble: %v", err)
	}
}
