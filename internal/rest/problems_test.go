package rest

import (
	"maps"
	"strings"
	"testing"
)

func TestEveryProblemIsExplained(t *testing.T) {
	t.Parallel()
	all := maps.Clone(statuses)
	for status, code := range httpCodes {
		all[code] = status
	}
	if len(all) < 20 || len(all) != len(explanations) {
		t.Fatalf("there are %d codes and %d explanations", len(all), len(explanations))
	}
	for code, status := range all {
		e := explanations[code]
		if e.status != status || len(e.title) < 10 || len(strings.TrimSpace(e.text)) < 30 {
			t.Errorf("%s has the status %d and the explanation %+v", code, status, e)
		}
	}
}
