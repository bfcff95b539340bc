package api_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// kill kills an article as the editor; readers are told the notice.
func kill(k *testkit.Kit, id, notice string) *testkit.Response {
	k.T.Helper()
	body := map[string]any{"reason": "It is wrong.", "notice": notice}
	if notice == "" {
		delete(body, "notice")
	}
	return k.As(cms.Editor, "POST", articlePath(id)+"/kill").If("*").JSON(body).Want(200)
}

// articlePlaces are all places where an article can stand.
var articlePlaces = []string{"draft", "in_review", "scheduled", "published", "withdrawn", "killed", "trashed"}

// seenOnce are the articlePlaces that only an article has that readers have seen.
var seenOnce = []string{"published", "withdrawn"}

// statusMoves are what the contract says of each move: where it leads to, from where it can be made, and by whom.
var statusMoves = []struct {
	move, to string
	from     []string
	roles    [4]string // contributor, author, editor, admin: "", "own unseen", "own" or "any"
}{
	{"submit", "in_review", []string{"draft"}, [4]string{"own unseen", "own", "any", "any"}},
	{"return", "draft", []string{"in_review"}, [4]string{"own", "own", "any", "any"}},
	{"publish", "published", []string{"draft", "in_review", "scheduled", "published", "withdrawn"}, [4]string{"", "own", "any", "any"}},
	{"withdraw", "withdrawn", []string{"published"}, [4]string{"", "own", "any", "any"}},
	{"kill", "killed", []string{"draft", "in_review", "scheduled", "published", "withdrawn", "killed"}, [4]string{"", "", "any", "any"}},
	{"trash", "trashed", []string{"draft", "in_review", "scheduled", "published", "withdrawn", "killed"}, [4]string{"own unseen", "own", "any", "any"}},
	{"restore", "draft", []string{"trashed", "killed"}, [4]string{"own unseen", "own", "any", "any"}},
}

// mayMove tells whether somebody with the i-th role may make a move of an article.
func mayMove(who string, move, place string, i int, own bool) bool {
	if move == "restore" && place == "killed" { // by those who may kill
		return i >= 2
	}
	switch who {
	case "any":
		return true
	case "own":
		return own
	case "own unseen":
		return own && !slices.Contains(seenOnce, place)
	}
	return false
}

// sendMove makes a move of an article with a role.
func sendMove(k *testkit.Kit, role cms.Role, id, move string) *testkit.Response {
	k.T.Helper()
	if move == "trash" {
		return k.As(role, "DELETE", articlePath(id)).If("*").Do()
	}
	call := k.As(role, "POST", articlePath(id)+"/"+move).If("*")
	if move == "kill" {
		call.JSON(`{"reason": "Again."}`)
	}
	return call.Do()
}

// placeOf is where an article stands, as the draft view tells.
func placeOf(draft *testkit.Response) string {
	if draft.Field("trashed_at") != nil {
		return "trashed"
	}
	return draft.Text("status")
}

func TestEachMoveFromEachStatusByEachRole(t *testing.T) {
	t.Parallel()
	for i, role := range cms.Roles {
		somebody := cms.Roles[(i+1)%len(cms.Roles)]
		for _, owner := range []cms.Role{role, somebody} {
			t.Run(string(role)+" on an article of "+string(owner), func(t *testing.T) {
				t.Parallel()
				k := testkit.New(t)
				for _, place := range articlePlaces {
					testMovesFrom(t, k, place, i, owner)
				}
			})
		}
	}
}

// testMovesFrom makes each move from a place, each of an article of its own.
func testMovesFrom(t *testing.T, k *testkit.Kit, place string, roleIndex int, owner cms.Role) {
	t.Helper()
	role := cms.Roles[roleIndex]
	var want []any
	for _, m := range statusMoves {
		if slices.Contains(m.from, place) && mayMove(m.roles[roleIndex], m.move, place, roleIndex, role == owner) {
			want = append(want, m.move)
		}
	}
	for _, m := range statusMoves {
		id := k.As(owner, "POST", "/v1/articles").JSON(`{"title": "T"}`).Want(201).Text("id")
		stand(k, id, place)
		before := k.As(role, "GET", draftPath(id)).Want(200)
		if got := before.List("allowed_moves"); !slices.Equal(got, want) {
			t.Errorf("%s: %s may make %v, want %v", place, role, got, want)
		}
		r := sendMove(k, role, id, m.move)
		after := k.As(role, "GET", draftPath(id)).Want(200)
		may := mayMove(m.roles[roleIndex], m.move, place, roleIndex, role == owner)
		name := m.move + " from " + place + " by " + string(role)
		switch {
		case !may:
			wantProblem(t, r, 403, cms.Forbidden, "", "")
		case m.move == "trash" && place == "trashed": // it is there already
			if r.Status != 204 {
				t.Errorf("%s: %d, want 204: %s", name, r.Status, r.Body)
			}
		case !slices.Contains(m.from, place):
			wantProblem(t, r, 409, cms.WrongState, "", "")
			if got := r.List("allowed_moves"); !slices.Equal(got, want) {
				t.Errorf("%s: the refusal names %v, want %v", name, got, want)
			}
			for _, move := range want {
				if !strings.Contains(r.Text("detail"), move.(string)) {
					t.Errorf("%s: the detail does not name %s: %s", name, move, r.Body)
				}
			}
		default:
			if r.Status >= 300 || placeOf(after) != m.to {
				t.Errorf("%s: %d and %s, want %s: %s", name, r.Status, placeOf(after), m.to, r.Body)
			}
			continue
		}
		if diff := cmp.Diff(before.Object(), after.Object()); diff != "" {
			t.Errorf("%s was refused and changed something:\n%s", name, diff)
		}
	}
}

func TestWhatIsSaidWithAMoveIsForEditors(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(nil).Text("id")
	say := func(move, body string) *testkit.Response {
		call := k.As(cms.Editor, "POST", articlePath(id)+"/"+move).If("*")
		if body != "" {
			call.JSON(body)
		}
		return call.Want(200)
	}
	said := func(r *testkit.Response) [3]any {
		return [3]any{r.Field("note"), r.Field("reason"), r.Field("notice")}
	}
	for _, step := range []struct {
		move, body string
		want       [3]any
	}{
		{"submit", `{"note": "The figures are in."}`, [3]any{"The figures are in.", nil, nil}},
		{"return", `{"note": "Who measured?"}`, [3]any{"Who measured?", nil, nil}},
		{"submit", `{"note": null}`, [3]any{}},
		{"publish", "", [3]any{}},
		{"withdraw", `{"reason": "Not sure."}`, [3]any{nil, "Not sure.", nil}},
		{"kill", `{"reason": "Forbidden.", "notice": "Removed."}`, [3]any{nil, "Forbidden.", "Removed."}},
		{"kill", `{"reason": "Forbidden.", "notice": "Removed by law."}`, [3]any{nil, "Forbidden.", "Removed by law."}},
		{"restore", "", [3]any{}},
	} {
		if got := said(say(step.move, step.body)); got != step.want {
			t.Errorf("%s: %v, want %v", step.move, got, step.want)
		}
		if got := said(draftView(k, id)); got != step.want {
			t.Errorf("%s, read again: %v, want %v", step.move, got, step.want)
		}
	}
	say("kill", `{"reason": "Again."}`)
	version := draftView(k, id).ETag()
	if again := say("kill", `{"reason": "Again."}`).ETag(); again != version {
		t.Errorf("killing it again for the same reason makes version %s of %s", again, version)
	}
	for _, body := range []string{`{}`, `{"reason": " "}`, `{"reason": null}`, `{"notice": "N"}`} {
		wantProblem(t, k.As(cms.Editor, "POST", articlePath(id)+"/kill").If("*").JSON(body).Do(), 422, cms.Invalid, "pointer", "/reason")
	}
}
