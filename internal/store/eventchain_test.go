package store_test

import (
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// chained returns a newsroom with some events, and what changes its database by hand.
func chained(t *testing.T) (k *testkit.Kit, byHand func(statement string, values ...any) error) {
	t.Helper()
	k = testkit.New(t)
	k.Draft(map[string]any{"title": "One", "tags": []string{"Water"}})
	k.As(cms.Editor, "PATCH", "/v1/tags/"+k.Public("GET", "/v1/tags/water").Want(200).Text("id")).
		JSON(`{"description": "Rivers"}`).Want(200)
	k.Published(map[string]any{"title": "Two"})
	return k, func(statement string, values ...any) error {
		return k.Store.Write(t.Context(), func(db *store.DB) error {
			return db.Exec(statement, values...)
		})
	}
}

func faults(t *testing.T, k *testkit.Kit) string {
	t.Helper()
	check, err := k.Store.CheckEvents(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range check.Faults {
		all = append(all, f.Sentence)
	}
	return strings.Join(all, "; ")
}

func TestEventsCannotBeChanged(t *testing.T) {
	t.Parallel()
	k, byHand := chained(t)
	for _, statement := range []string{
		"DELETE FROM events",
		"UPDATE events SET verb = 'article.trashed'",
		"UPDATE events SET seq = seq + 100",
		"UPDATE events SET before_values = '{}'",
		"UPDATE events SET salt = 'x', address = NULL",
	} {
		if err := byHand(statement); err == nil || !strings.Contains(err.Error(), "kept as it is") {
			t.Errorf("%s: %v", statement, err)
		}
	}
	if got := faults(t, k); got != "" {
		t.Error(got)
	}
	if err := byHand("UPDATE events SET salt = NULL, address = NULL, before_values = NULL, after_values = NULL"); err != nil {
		t.Error(err)
	}
	if got := faults(t, k); got != "" {
		t.Errorf("after an erasure: %s", got)
	}
}

// Whoever takes the triggers away is found out all the same.
func TestAnAlteredChainIsFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ statement, want string }{
		"altered":        {"UPDATE events SET version = 9 WHERE seq = 3", "altered or put in"},
		"another actor":  {"UPDATE events SET actor_id = NULL WHERE seq = (SELECT max(seq) FROM events)", "altered or put in"},
		"erased, forged": {"UPDATE events SET salt = NULL, after_values = '{}' WHERE verb = 'tag.revised'", "were erased, and now it has some"},
		"values":         {"UPDATE events SET after_values = '{}' WHERE verb = 'tag.revised'", "its values or its address"},
		"address":        {"UPDATE events SET address = '192.0.2.99' WHERE verb = 'tag.revised'", "its values or its address"},
		"removed":        {"DELETE FROM events WHERE seq = 3", "behind event 2, 1 events were removed"},
		"the first":      {"DELETE FROM events WHERE seq = 1", "the one before it was removed"},
		"the last":       {"DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)", "behind it, events up to"},
		"moved":          {"UPDATE events SET seq = 1000 WHERE seq = 3", "events were removed"},
		"before":         {"INSERT INTO events (seq, at, verb, subject, version, fields) SELECT -7, at, verb, subject, version, fields FROM events WHERE seq = 3", "numbered from 1"},
		"put in": {"INSERT INTO events (seq, at, verb, subject, version, fields, hash) SELECT seq + 1000, at, verb, subject, version, fields, hash FROM events WHERE seq = 3",
			"the one that was written last is event"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k, byHand := chained(t)
			for _, trigger := range []string{"events_kept", "events_unchanged", "events_erased"} {
				drop := "DROP TRIGGER " + trigger
				if testkit.OnPostgres() {
					drop += " ON events"
				}
				if err := byHand(drop); err != nil {
					t.Fatal(err)
				}
			}
			if err := byHand(c.statement); err != nil {
				t.Fatal(err)
			}
			if got := faults(t, k); !strings.Contains(got, c.want) {
				t.Errorf("found is %q, want %q", got, c.want)
			}
		})
	}
}
