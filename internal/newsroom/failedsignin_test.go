package newsroom_test

import (
	"net/netip"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/testkit"
)

func TestFailedSignInsAreEventsOfTheAccount(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	from := cms.Origin{Address: netip.MustParseAddr("192.0.2.7")}
	for _, email := range []string{"editor@example.org", "EDITOR@example.org", "nobody@example.org"} {
		if _, err := k.Newsroom.SignIn(t.Context(), email, "a wrong password", from); err == nil {
			t.Fatalf("%s is signed in with a wrong password", email)
		}
	}
	if n, err := k.Newsroom.RecordFailedSignIns(t.Context()); n != 2 || err != nil {
		t.Errorf("recorded are %d, %v, want the two of an account", n, err)
	}
	if n, err := k.Newsroom.RecordFailedSignIns(t.Context()); n != 0 || err != nil {
		t.Errorf("once more: %d, %v", n, err)
	}
	editor, err := k.Newsroom.UserByEmail(t.Context(), "editor@example.org")
	if err != nil {
		t.Fatal(err)
	}
	var events []struct {
		Subject cms.ID
		ActorID *cms.ID
	}
	err = k.Store.Read(t.Context(), store.Internal, func(db *store.DB) error {
		return db.GORM.Table("events").Where("verb = ?", cms.SignInFailed).Find(&events).Error
	})
	if err != nil || len(events) != 2 || events[0].Subject != editor.ID || events[0].ActorID != nil {
		t.Errorf("events are %+v, %v", events, err)
	}
}
