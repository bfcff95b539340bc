package api_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// documentedRight is what the specification says of one permission that an operation needs.
type documentedRight struct {
	Act   cms.Permission
	With  string
	Roles map[cms.Role]cms.Scope
}

// documentedRights are the permissions that an operation needs.
func documentedRights(t *testing.T, operation *openapi3.Operation) []documentedRight {
	t.Helper()
	text, err := json.Marshal(operation.Extensions["x-permissions"])
	if err != nil {
		t.Fatal(err)
	}
	var rights []documentedRight
	if err := json.Unmarshal(text, &rights); err != nil {
		t.Fatal(err)
	}
	return rights
}

// rightCalls are the bodies of the calls that take leave for something, and how the article has to stand for them. A call
// that makes tags by the way names one that is not there.
var rightCalls = map[string]struct{ body, state string }{
	"createArticle":       {`{"title": "T", "tags": ["new"]}`, "draft"},
	"replaceArticle":      {`{"title": "T", "tags": ["new"]}`, "draft"},
	"updateArticle":       {`{"tags": ["new"]}`, "draft"},
	"submitArticle":       {"", "draft again"},
	"returnArticle":       {"", "in_review"},
	"publishArticle":      {"", "draft"},
	"restoreRevision":     {"", "draft"},
	"discardChanges":      {"", "published"},
	"killArticle":         {`{"reason": "R"}`, "draft"},
	"withdrawArticle":     {"", "published"},
	"restoreArticle":      {"", "trashed"},
	"createRelatedLink":   {`{"url": "https://example.org/else", "title": "E"}`, "draft"},
	"replaceRelatedLinks": {`{"data": []}`, "draft"},
	"updateRelatedLink":   {`{"note": "N"}`, "draft"},
	"createCorrection":    {`{"text": "T"}`, "published"},
	"updateCorrection":    {`{"text": "D"}`, "published"},
	"deleteCorrection":    {"", "published"},
	"getCorrection":       {"", "published"},
	"mergeTag":            {`{"into": "other"}`, "draft"},
	"mergeAuthor":         {`{"into": "other"}`, "draft"},
	"deleteMedium":        {"", "unused"},
	"updateMedium":        {`{"title": "D"}`, "draft"},
	"updateSite":          {`{"tagline": "T"}`, "draft"},

	"createCollectionItem":   {`{"url": "https://example.org/", "title": "T"}`, "draft"},
	"updateCollectionItem":   {`{"title": "T"}`, "draft"},
	"replaceCollectionItems": {`{"data": []}`, "draft"},
}

func init() {
	for _, n := range plainNouns {
		rightCalls["create"+n.word] = struct{ body, state string }{n.body("New"), "draft"}
		rightCalls["update"+n.word] = struct{ body, state string }{field(n.text, "D"), "draft"}
	}
}

// TestTheDocumentedRightsAreTheServers makes each call as each role, on what is the caller's own and readers have not seen,
// on the caller's own that they have, and on what is somebody else's: 403 is the answer exactly where the specification
// gives the role no right that goes so far.
func TestTheDocumentedRightsAreTheServers(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	met := 0
	for path, item := range k.Specification().Paths.Map() {
		for method, operation := range item.Operations() {
			for _, right := range documentedRights(t, operation) {
				met++
				t.Run(operation.OperationID+" "+right.With, func(t *testing.T) {
					t.Parallel()
					k := testkit.New(t)
					makeTag(k, `{"name": "Other"}`)
					authorsAt(k, "Other")
					for _, role := range cms.Roles {
						for _, far := range []cms.Scope{cms.OwnDrafts, cms.Own, cms.Any} {
							tryRight(k, method, path, operation, right, role, far)
						}
					}
				})
			}
			if open := operation.Security != nil; !open && operation.OperationID != "getMe" && operation.Extensions["x-permissions"] == nil {
				t.Errorf("%s needs a credential and does not say for what", operation.OperationID)
			}
		}
	}
	if met < 20 {
		t.Errorf("only %d rights are documented", met)
	}
}

// tryRight makes a call with what only that scope, or a wider one, gives leave for.
func tryRight(k *testkit.Kit, method, path string, operation *openapi3.Operation, right documentedRight, role cms.Role, far cms.Scope) {
	k.T.Helper()
	call := rightCalls[operation.OperationID]
	byTheWay := right.Act == cms.WriteTag && right.With != ""
	target, applies := rightTarget(k, path, call.state, role, far)
	if !applies || byTheWay && far != cms.OwnDrafts {
		return // to change the article of somebody else takes more than making tags
	}
	if right.With != "" {
		target += "?" + right.With
	}
	c := k.As(role, method, target)
	if operation.Parameters.GetByInAndName("header", "If-Match") != nil {
		c.If("*")
	}
	if call.body != "" {
		body := call.body
		if !byTheWay {
			body = strings.Replace(body, `"new"`, "", 1)
		}
		c.JSON(strings.NewReplacer("new", "new "+unlike(role, far), "New", "New "+unlike(role, far)).Replace(body))
	}
	withFile(k, c, method, path)
	scopes := []cms.Scope{cms.OwnDrafts, cms.Own, cms.Any}
	granted := slices.Index(scopes, right.Roles[role]) >= slices.Index(scopes, far)
	if noun, ofNoun := nounAt(path); ofNoun && (noun != mediumNoun || method == "POST") || operation.OperationID == "createArticle" ||
		operation.OperationID == "updateSite" || path == uploads || method == "GET" || byTheWay {
		granted = right.Roles[role] != cms.None // no article of anybody's is meant
	}
	if strings.Contains(path, "/uploads/") && far == cms.Own {
		granted = right.Roles[role] != cms.None // no reader sees an upload
	}
	if strings.HasPrefix(path, uploads+"/") && far == cms.Any {
		c.Want(404) // an upload is its owner's alone
		return
	}
	if r := c.Do(); (r.Status == 403) == granted || granted && r.Status >= 300 {
		k.T.Errorf("%s on %s: %d, the specification says %q: %s", role, far, r.Status, right.Roles[role], r.Body)
	}
}

// rightTarget makes what a call is about: an article that the role, or somebody else, has made and that readers have seen
// or not, with a link, or a tag. It does not apply where an article cannot stand so.
func rightTarget(k *testkit.Kit, path, state string, role cms.Role, far cms.Scope) (target string, applies bool) {
	owner := role
	if far == cms.Any {
		owner = cms.Roles[(slices.Index(cms.Roles, role)+1)%len(cms.Roles)]
	}
	if strings.HasPrefix(path, uploads+"/") {
		return replaced(path, beginUpload(k, owner, 10, "a.jpg").Text("id")), true
	}
	if noun, ok := nounAt(path); ok && noun == mediumNoun && strings.Contains(path, "{id}") {
		if far == cms.Own && state == "unused" {
			return "", false // what readers see cannot be deleted
		}
		id := noun.createAs(k, owner, "Water")
		if far == cms.Own { // readers see it, too
			k.Published(map[string]any{"image": id})
		}
		return replaced(path, id), true
	} else if ok && path != noun.list && noun != mediumNoun {
		id := noun.create(k, "Water "+unlike(role, far))
		return replaced(withItem(k, path, id), id), true
	}
	id := k.As(owner, "POST", "/v1/articles").JSON(`{"title": "T"}`).Want(201).Text("id")
	link := k.As(cms.Editor, "POST", articlePath(id)+"/related-links").JSON(`{"url": "https://example.org", "title": "E"}`).Want(201).Text("id")
	seen := far == cms.Own
	switch {
	case state == "published" && far == cms.OwnDrafts:
		return "", false
	case state == "published" || seen:
		k.Publish(id)
	}
	if state == "trashed" || seen && (state == "draft again" || state == "in_review") {
		k.As(cms.Editor, "DELETE", articlePath(id)).If("*").Want(204)
		if state != "trashed" {
			verb(k, id, "restore")
		}
	}
	if state == "in_review" {
		verb(k, id, "submit")
	}
	switch {
	case strings.Contains(path, "/v1/related-links/"):
		id = link
	case strings.Contains(path, "/v1/corrections/"):
		id = correct(k, id, `{"text": "T"}`).Text("id")
	}
	return replaced(path, id), true
}

// unlike is a word for each role and scope.
func unlike(role cms.Role, far cms.Scope) string { return string(role) + " " + string(far) }

// replaced is a path with an id in it.
func replaced(path, id string) string {
	return strings.NewReplacer("{id}", id, "{ref}", id, "{n}", "1", "{a}", "1", "{b}", "current").Replace(path)
}

func TestEverybodyIsToldWhoMay(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for _, item := range k.Specification().Paths.Map() {
		for _, operation := range item.Operations() {
			for _, right := range documentedRights(t, operation) {
				if !strings.Contains(operation.Description, fmt.Sprintf("`%s`", right.Act)) {
					t.Errorf("%s does not say that it needs %s", operation.OperationID, right.Act)
				}
				for role, scope := range right.Roles {
					if role.Scope(right.Act) != scope || scope == cms.None {
						t.Errorf("%s: %s by %s is documented as %q", operation.OperationID, right.Act, role, scope)
					}
				}
			}
		}
	}
}
