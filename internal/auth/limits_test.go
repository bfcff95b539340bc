package auth

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// event is one guess that was let through and failed.
type event struct {
	at            time.Time
	account, addr int
	known         bool
}

// Whatever the order of guesses, successes, abandoned and overlapping attempts and pauses: no hour
// sees more failures than the rules allow, and a reported wait is as long as it takes.
func TestRulesHoldInEveryOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		throttle, now := NewThrottle(), noon()
		var failures []event
		type running struct {
			*Attempt
			event
		}
		var open []running
		fail := func(r running) {
			r.Failed(now)
			r.at = now
			failures = append(failures, r.event)
		}
		accounts := rapid.IntRange(0, rapid.SampledFrom([]int{0, 3, 200}).Draw(t, "accounts"))
		addrs := rapid.IntRange(0, rapid.SampledFrom([]int{0, 3, 200}).Draw(t, "addresses"))
		for range rapid.IntRange(1, 400).Draw(t, "steps") {
			now = now.Add(
				time.Duration(
					rapid.SampledFrom([]int{0, 0, 0, 1, 20, 130, 1000}).Draw(t, "pause"),
				) * time.Second,
			)
			e := event{account: accounts.Draw(t, "account"), addr: addrs.Draw(t, "address")}
			e.known = e.addr == 0 && e.account == 0
			name, addr := fmt.Sprint("u", e.account), testAddr(e.addr)
			attempt, retry := throttle.Begin(name, addr, e.known, now)
			if (attempt == nil) != (retry > 0) || retry > 66*minute {
				t.Fatalf("let through=%v and a wait of %v", attempt != nil, retry)
			}
			if attempt == nil {
				if len(open) > 0 {
					continue
				}
				again, wait := throttle.Begin(name, addr, e.known, now.Add(retry))
				if again == nil {
					t.Fatalf("told to wait %v, and then another %v", retry, wait)
				}
				again.Abandoned()
				continue
			}
			switch rapid.IntRange(0, 9).Draw(t, "end") {
			case 0:
				attempt.Succeeded()
			case 1:
				attempt.Abandoned()
			case 2, 3:
				open = append(open, running{attempt, e})
			default:
				fail(running{attempt, e})
			}
			if len(open) > 5 {
				for _, r := range open {
					fail(r)
				}
				open = nil
			}
		}
		checkHours(t, failures)
	})
}

// checkHours counts the failures of strangers in the hour up to each failure.
func checkHours(t *rapid.T, failures []event) {
	for i, last := range failures {
		byAddress, byAccount := 0, 0
		for _, e := range slices.Backward(failures[:i+1]) {
			if last.at.Sub(e.at) >= time.Hour {
				break
			}
			if !e.known && e.addr == last.addr {
				byAddress++
			}
			if !e.known && e.account == last.account {
				byAccount++
			}
		}
		if byAddress > 60 || byAccount > 100 {
			t.Fatalf(
				"in the hour before %v: %d failures from one address, %d at one account", last.at,
				byAddress, byAccount,
			)
		}
	}
}
