package docs_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
)

var update = flag.Bool("update", false, "write status.md from the table of moves")

// TestTheDiagramOfStatusesIsTheTable holds status.md to cms.MoveRules; with -update it writes it.
func TestTheDiagramOfStatusesIsTheTable(t *testing.T) {
	t.Parallel()
	want := statusPage()
	if *update {
		if err := os.WriteFile("status.md", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("status.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("status.md is not what cms.MoveRules says: run go test ./docs -run Diagram -update")
	}
}

// statusPage is status.md.
func statusPage() string {
	var b strings.Builder
	b.WriteString(`# Where an article stands

Made from the one table of moves ([internal/cms/status.go](../internal/cms/status.go)) by ` + "`go test ./docs -run Diagram -update`" + `.
What the table does not have is refused with 409, which names the moves that there are; the draft view has those that the
caller may make as ` + "`allowed_moves`" + `.

` + "```mermaid\nstateDiagram-v2\n    [*] --> draft\n")
	for _, rule := range cms.MoveRules {
		for _, from := range cms.Places {
			if to, ok := rule.To[from]; ok {
				fmt.Fprintf(&b, "    %s --> %s: %s\n", from, to, rule.Move)
			}
		}
	}
	b.WriteString("```\n\nWho may make which move. Drafts of one's own are articles that readers have never seen.\n\n| move | from | to |")
	for _, role := range cms.Roles {
		fmt.Fprintf(&b, " %s |", role)
	}
	b.WriteString("\n|---|---|---|" + strings.Repeat("---|", len(cms.Roles)) + "\n")
	for _, rule := range cms.MoveRules {
		b.WriteString(moveRow(rule))
	}
	b.WriteString(`
What was killed is brought back only by those who may kill, from the trash too. Editing keeps the status; what is killed or in
the trash cannot be edited. Trash is ` + "`DELETE`" + `, the others are ` + "`POST /v1/articles/{id}/<move>`" + `.
`)
	return b.String()
}

// moveRow is the row of a move: from where it leads where, and how far each role may make it.
func moveRow(rule cms.MoveRule) string {
	var from []string
	var to cms.Status
	for _, place := range cms.Places {
		if next, ok := rule.To[place]; ok {
			from = append(from, string(place))
			to = next
		}
	}
	words := map[cms.Scope]string{cms.None: "no", cms.OwnDrafts: "own drafts", cms.Own: "own", cms.Any: "any"}
	row := fmt.Sprintf("| %s | %s | %s |", rule.Move, strings.Join(from, ", "), to)
	for _, role := range cms.Roles {
		row += fmt.Sprintf(" %s |", words[role.Scope(rule.Permission)])
	}
	return row + "\n"
}
