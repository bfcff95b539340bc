package api_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/testkit"
)

// unmetWithReason are the documented answers that no test of this package can have, and where they are tested.
func unmetWithReason(answer string) bool {
	switch answer {
	case "refreshSession 503", "deleteSession 503": // only an outage stops a change: cmd/masthead
		return true
	}
	// A disk that is full: internal/store; an upload that another call is finishing: internal/library. That is where the
	// refusals are made; TestEveryWordIsExplained has their statuses.
	return strings.HasSuffix(answer, " 507") || strings.HasSuffix(answer, "Upload 423")
}

// TestMain runs the tests and, if it were all of them, fails where an answer that the specification documents was never
// given.
func TestMain(m *testing.M) {
	code := m.Run()
	if code == 0 && wholeRun() {
		code = wantAllMet()
	}
	os.Exit(code)
}

// wholeRun tells whether no flag left out tests.
func wholeRun() bool {
	for _, name := range []string{"test.run", "test.skip", "test.list", "test.fuzz"} {
		if f := flag.Lookup(name); f != nil && f.Value.String() != "" {
			return false
		}
	}
	return !testing.Short()
}

func wantAllMet() int {
	unmet, err := testkit.Unmet()
	if err != nil {
		fmt.Println(err)
		return 1
	}
	code := 0
	for _, answer := range unmet {
		if !unmetWithReason(answer) {
			fmt.Println("documented, and never met in these tests:", answer)
			code = 1
		}
	}
	return code
}
