package auth

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const (
	owner  = "nora@example.org"
	minute = time.Minute
)

// testAddr returns address number n of many, each with a prefix of its own.
func testAddr(n int) netip.Addr {
	return netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)})
}

// wrong makes one wrong guess and reports whether it was allowed.
func wrong(t *Throttle, name string, addr netip.Addr, known bool, now time.Time) bool {
	attempt, _ := t.Begin(name, addr, known, now)
	attempt.Failed(now)
	return attempt != nil
}

func TestPrefixIsOneHouse(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		"192.0.2.7": "192.0.2.7/32", "::ffff:192.0.2.7": "192.0.2.7/32",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
		"fe80::1%eth0":         "fe80::/64", "::": "::/64", "0.0.0.0": "0.0.0.0/32",
	} {
		if got := Prefix(netip.MustParseAddr(addr)); got.String() != want {
			t.Errorf("%s: %v, want %s", addr, got, want)
		}
	}
	if got := Prefix(netip.Addr{}); got != (netip.Prefix{}) {
		t.Errorf("no address: %v", got)
	}
}

func TestWaitDoublesAfterFiveFreeFailures(t *testing.T) {
	t.Parallel()
	throttle, now := NewThrottle(), noon()
	want := []time.Duration{0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900}
	for i, seconds := range want {
		if !wrong(throttle, owner, testAddr(1), true, now) {
			t.Fatalf("guess %d is refused", i+1)
		}
		wait := seconds * time.Second
		if wait > 0 {
			if attempt, retry := throttle.Begin(owner, testAddr(1), true, now); attempt != nil ||
				retry != wait {
				t.Fatalf("after failure %d: wait %v, want %v", i+1, retry, wait)
			}
			attempt, retry := throttle.Begin(owner, testAddr(1), true, now.Add(wait-1))
			if attempt != nil ||
				retry != 1 {
				t.Fatalf("after failure %d, a moment too early: wait %v", i+1, retry)
			}
		}
		now = now.Add(wait)
	}
}

func TestSuccessClearsTheCountOfItsPairOnly(t *testing.T) {
	t.Parallel()
	throttle, now := NewThrottle(), noon()
	for range 6 {
		wrong(throttle, owner, testAddr(1), false, now)
		wrong(throttle, owner, testAddr(2), false, now)
		wrong(throttle, "other", testAddr(1), false, now)
	}
	later := now.Add(time.Second)
	attempt, retry := throttle.Begin(owner, testAddr(1), false, later)
	if attempt == nil {
		t.Fatalf("a second after the sixth failure: wait %v", retry)
	}
	attempt.Succeeded()
	for i := range 6 {
		if !wrong(throttle, owner, testAddr(1), false, later) {
			t.Fatalf("guess %d after a success is refused", i+1)
		}
	}
	if wrong(throttle, owner, testAddr(2), false, now) ||
		wrong(throttle, "other", testAddr(1), false, now) {
		t.Error("a success cleared the count of another pair")
	}
}

func TestQuietDayClearsTheCount(t *testing.T) {
	t.Parallel()
	throttle, now := NewThrottle(), noon()
	for i := range 20 {
		now = noon().Add(time.Duration(i) * 15 * minute)
		wrong(throttle, owner, testAddr(1), true, now)
	}
	if attempt, retry := throttle.Begin(owner, testAddr(1), true, now); attempt != nil ||
		retry != 15*minute {
		t.Fatalf("after twenty failures: wait %v", retry)
	}
	wrong(throttle, owner, testAddr(1), true, now.Add(24*time.Hour-1))
	if wrong(throttle, owner, testAddr(1), true, now.Add(24*time.Hour-1)) {
		t.Error("a moment less than a day cleared the count")
	}
	now = now.Add(48*time.Hour - 1)
	for i := range 6 {
		if !wrong(throttle, owner, testAddr(1), true, now) {
			t.Errorf("a day later guess %d is refused", i+1)
		}
	}
}

func TestTenThousandGuessesFromOneAddressAreMostlyRefused(t *testing.T) {
	t.Parallel()
	v6 := func(i int) netip.Addr { // the whole of one /64
		return netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 15: byte(i), 14: byte(i >> 8)})
	}
	user := func(i int) string { return fmt.Sprintf("u%d@example.org", i) }
	for name, guesses := range map[string]func(i int) (string, netip.Addr){
		"one account":          func(int) (string, netip.Addr) { return owner, testAddr(1) },
		"rotating accounts":    func(i int) (string, netip.Addr) { return user(i), testAddr(1) },
		"nine accounts":        func(i int) (string, netip.Addr) { return user(i % 9), testAddr(1) },
		"addresses of one /64": func(i int) (string, netip.Addr) { return user(i), v6(i) },
		"no address":           func(i int) (string, netip.Addr) { return user(i), netip.Addr{} },
		"spellings of one account": func(i int) (string, netip.Addr) {
			return []string{owner, "NORA@example.org", " nora@Example.ORG "}[i%3], testAddr(1)
		},
		"IPv4 plain and inside IPv6": func(i int) (string, netip.Addr) {
			mapped := netip.AddrFrom16(testAddr(1).As16())
			return fmt.Sprint(i), []netip.Addr{testAddr(1), mapped}[i%2]
		},
	} {
		throttle, through := NewThrottle(), 0
		for i := range 10_000 {
			account, addr := guesses(i)
			if wrong(
				throttle, account, addr, false, noon().Add(time.Duration(i)*time.Hour/10_000),
			) {
				through++
			}
		}
		limit := 60
		if name == "one account" || name == "spellings of one account" {
			limit = 20
		}
		if through > limit || through < 10 {
			t.Errorf("%s: %d guesses were let through, want at most %d", name, through, limit)
		}
	}
}

func TestSpentAddressGetsOneTryBackEveryTwoMinutes(t *testing.T) {
	t.Parallel()
	throttle, now := NewThrottle(), noon()
	for i := range 30 {
		if !wrong(throttle, fmt.Sprint(i), testAddr(1), false, now) {
			t.Fatalf("guess %d is refused", i+1)
		}
	}
	for i := range 5 {
		attempt, retry := throttle.Begin(fmt.Sprint("more", i), testAddr(1), false, now)
		if attempt != nil || retry != 2*minute {
			t.Fatalf("round %d: wait %v, want two minutes", i, retry)
		}
		now = now.Add(retry)
		if !wrong(throttle, fmt.Sprint("more", i), testAddr(1), false, now) {
			t.Fatalf("round %d: refused after the wait", i)
		}
	}
	if !wrong(throttle, "somebody", testAddr(2), false, now) {
		t.Error("another address is refused as well")
	}
}

func TestSuccessesAreNotCounted(t *testing.T) {
	t.Parallel()
	throttle := NewThrottle()
	for i := range 1000 {
		attempt, retry := throttle.Begin(owner, testAddr(1), i%2 == 0, noon())
		if attempt == nil {
			t.Fatalf("sign-in %d: wait %v", i+1, retry)
		}
		attempt.Succeeded()
	}
	if n := entries(throttle); n != 0 {
		t.Errorf("%d entries are kept for successes", n)
	}
}

func TestAbandonedAttemptsAreNotCounted(t *testing.T) {
	t.Parallel()
	throttle := NewThrottle()
	for i := range 1000 {
		attempt, retry := throttle.Begin(owner, testAddr(1), false, noon())
		if attempt == nil {
			t.Fatalf("attempt %d: wait %v", i+1, retry)
		}
		attempt.Abandoned()
	}
	if n := entries(throttle); n != 0 {
		t.Errorf("%d entries are kept for nothing", n)
	}
}

func TestAttemptEndsOnce(t *testing.T) {
	t.Parallel()
	throttle := NewThrottle()
	for range 6 {
		attempt, _ := throttle.Begin(owner, testAddr(1), false, noon())
		attempt.Failed(noon())
		attempt.Succeeded()
		attempt.Abandoned()
		attempt.Failed(noon())
	}
	row := throttle.pairs.entries[pairKey{throttle.hashName(owner), Prefix(testAddr(1))}]
	if row.fails != 6 || row.open != 0 {
		t.Errorf("%d failures and %d open attempts, want 6 and none", row.fails, row.open)
	}
	var none *Attempt
	none.Failed(noon())
	none.Succeeded()
	none.Abandoned()
}

func TestOwnerGetsInDuringAnAttackFromAThousandAddresses(t *testing.T) {
	t.Parallel()
	throttle := NewThrottle()
	home, guessed := testAddr(0), 0
	for minutes := range 120 {
		now := noon().Add(time.Duration(minutes) * minute)
		for i := 1; i <= 1000; i++ {
			if wrong(throttle, owner, testAddr(i), false, now) {
				guessed++
			}
		}
		// A neighbour with the same prefix uses up its attempts, at other accounts.
		for i := range 40 {
			wrong(throttle, fmt.Sprintf("n%d-%d", minutes, i), home, false, now)
		}
		attempt, retry := throttle.Begin(owner, home, true, now)
		if attempt == nil {
			t.Fatalf("minute %d: the owner has to wait %v", minutes, retry)
		}
		attempt.Succeeded()
	}
	if guessed < 100 || guessed > 200 {
		t.Errorf(
			"%d guesses at one account were let through in two hours, want 100 an hour", guessed,
		)
	}
	attempt, retry := throttle.Begin(owner, testAddr(5000), false, noon().Add(119*minute))
	if attempt != nil ||
		retry <= 0 ||
		retry > 65*minute {
		t.Errorf("a new address under attack: let through=%v, wait %v", attempt != nil, retry)
	}
	if !wrong(throttle, "colleague@example.org", testAddr(5000), false, noon().Add(119*minute)) {
		t.Error("another account is closed as well")
	}
}

func TestAccountOpensAgainWhenTheWaitIsOver(t *testing.T) {
	t.Parallel()
	throttle := NewThrottle()
	now := noon().Add(123 * time.Second)
	for i := range 100 {
		wrong(throttle, owner, testAddr(i), false, now)
	}
	attempt, retry := throttle.Begin(owner, testAddr(500), false, now)
	if attempt != nil || retry < time.Hour || retry > time.Hour+5*minute {
		t.Fatalf("after a hundred failures: wait %v, want about an hour", retry)
	}
	if wrong(throttle, owner, testAddr(500), false, now.Add(retry-1)) {
		t.Error("it opens before the wait is over")
	}
	if !wrong(throttle, owner, testAddr(500), false, now.Add(retry)) {
		t.Error("it is closed when the wait is over")
	}
}

func TestThousandGuessesAtOnceDoNotSlipThrough(t *testing.T) {
	t.Parallel()
	same := func(int) string { return owner }
	each := func(i int) string { return fmt.Sprint(i) }
	one := func(int) netip.Addr { return testAddr(1) }
	type guess struct {
		account func(i int) string
		addr    func(i int) netip.Addr
		known   bool
	}
	for name, c := range map[string]struct {
		guess
		want int
	}{
		"one address, one account":    {guess{same, one, false}, 6},
		"a known address":             {guess{same, one, true}, 6},
		"one address, many accounts":  {guess{each, one, false}, 30},
		"many addresses, one account": {guess{same, testAddr, false}, 100},
	} {
		throttle := NewThrottle()
		attempts := make([]*Attempt, 1000)
		var short atomic.Int32
		var group sync.WaitGroup
		for i := range attempts {
			group.Go(func() {
				var retry time.Duration
				attempts[i], retry = throttle.Begin(c.account(i), c.addr(i), c.known, noon())
				if attempts[i] == nil &&
					retry < time.Second {
					short.Add(1)
				}
			})
		}
		group.Wait()
		through := 0
		for _, attempt := range attempts {
			if attempt != nil {
				through++
			}
		}
		if through != c.want || short.Load() != 0 {
			t.Errorf(
				"%s: %d let through, want %d; %d were told to wait less than a second", name,
				through, c.want, short.Load(),
			)
		}
		for _, attempt := range attempts {
			group.Go(attempt.Abandoned)
		}
		group.Wait()
		if n := entries(throttle); n != 0 {
			t.Errorf("%s: %d entries are left after all ended", name, n)
		}
	}
}

func TestWhetherAnAccountExistsMakesNoDifference(t *testing.T) {
	t.Parallel()
	throttle := NewThrottle()
	for i := range 200 {
		now := noon().Add(time.Duration(i) * 10 * time.Second)
		a, waitA := throttle.Begin("exists@example.org", testAddr(1), false, now)
		a.Failed(now)
		b, waitB := throttle.Begin("missing@example.org", testAddr(2), false, now)
		b.Failed(now)
		if (a == nil) != (b == nil) || waitA != waitB {
			t.Fatalf("guess %d: %v and %v", i+1, waitA, waitB)
		}
	}
}

func TestClockSetBackOpensNothing(t *testing.T) {
	t.Parallel()
	throttle := NewThrottle()
	for i := range 100 {
		wrong(throttle, owner, testAddr(i), false, noon())
		wrong(throttle, fmt.Sprint(i), testAddr(999), false, noon())
	}
	for _, name := range []string{owner, "other"} {
		addr := map[bool]netip.Addr{true: testAddr(500), false: testAddr(999)}[name == owner]
		if wrong(throttle, name, addr, false, noon().Add(-3*time.Hour)) {
			t.Errorf("%s is open again", name)
		}
	}
}

func TestLateFailureDoesNotShortenTheWait(t *testing.T) {
	t.Parallel()
	throttle := NewThrottle()
	slow, _ := throttle.Begin(owner, testAddr(1), false, noon())
	later := noon().Add(10 * time.Second)
	for range 5 {
		wrong(throttle, owner, testAddr(1), false, later)
	}
	slow.Failed(noon())
	if attempt, retry := throttle.Begin(owner, testAddr(1), false, later); attempt != nil ||
		retry != time.Second {
		t.Errorf("let through=%v, wait %v; want a second", attempt != nil, retry)
	}
}

func TestFailuresOfKnownCallersCostTheHouseNoMoreThanItsOwn(t *testing.T) {
	t.Parallel()
	throttle := NewThrottle()
	for i := range 500 {
		if !wrong(throttle, fmt.Sprint("staff", i), testAddr(1), true, noon()) {
			t.Fatalf("known caller %d is refused", i+1)
		}
	}
	if attempt, retry := throttle.Begin("new", testAddr(1), false, noon()); attempt != nil ||
		retry != 2*minute {
		t.Errorf(
			"a stranger there: let through=%v, wait %v; want two minutes", attempt != nil, retry,
		)
	}
}

// entries returns how many entries the throttle holds.
func entries(t *Throttle) int {
	return len(t.addresses.entries) + len(t.pairs.entries) + len(t.accounts.entries)
}

func TestMemoryIsBoundedAndOpenAttemptsStay(t *testing.T) {
	t.Parallel()
	const room = 50
	throttle := NewThrottle()
	throttle.addresses.limit = room
	throttle.pairs.limit = room
	throttle.accounts.limit = room
	var open []*Attempt
	for i := range 5 {
		attempt, _ := throttle.Begin("open", testAddr(1_000_000+i), true, noon())
		open = append(open, attempt)
	}
	for i := range 5000 {
		if !wrong(throttle, fmt.Sprint(i), testAddr(i), false, noon()) {
			t.Fatalf("guess %d is refused", i+1)
		}
		if n := entries(throttle); n > 3*room {
			t.Fatalf("%d entries after %d guesses, want at most %d", n, i+1, 3*room)
		}
	}
	for i, attempt := range open {
		if row := throttle.pairs.entries[attempt.key]; row.open != 1 {
			t.Errorf("open attempt %d was forgotten", i)
		}
		attempt.Succeeded()
	}
	for key, row := range throttle.pairs.entries {
		if row.open != 0 {
			t.Errorf("pair %v has %d open attempts", key, row.open)
		}
	}
}

func TestSettledEntriesAreDropped(t *testing.T) {
	t.Parallel()
	throttle := NewThrottle()
	for i := range 1000 {
		wrong(throttle, fmt.Sprint(i), testAddr(i), false, noon())
	}
	if n := entries(throttle); n != 3000 {
		t.Fatalf("%d entries, want 3000", n)
	}
	wrong(throttle, "later", testAddr(5000), false, noon().Add(2*time.Hour))
	a := len(throttle.addresses.entries)
	p := len(throttle.accounts.entries)
	n := len(throttle.pairs.entries)
	if a != 1 ||
		p != 1 ||
		n != 1001 {
		t.Errorf("two hours later: %d addresses, %d accounts, %d pairs; want 1, 1, 1001", a, p, n)
	}
	wrong(throttle, "later still", testAddr(5001), false, noon().Add(27*time.Hour))
	if n := entries(throttle); n != 3 {
		t.Errorf("a day later: %d entries, want 3", n)
	}
}

func TestRefusedGuessesTakeNoMemory(t *testing.T) {
	t.Parallel()
	throttle := NewThrottle()
	for i := range 30 {
		wrong(throttle, fmt.Sprint(i), testAddr(1), false, noon())
	}
	before := entries(throttle)
	for i := range 1000 {
		wrong(throttle, fmt.Sprint("more", i), testAddr(1), false, noon())
	}
	if after := entries(throttle); after != before {
		t.Errorf("%d entries became %d", before, after)
	}
}

func TestSignInsAtOnceWaitForEachOther(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		right bool
		want  int32
	}{"with the right password": {true, 50}, "with wrong ones": {false, 6}} {
		throttle := NewThrottle()
		var checked atomic.Int32
		var group sync.WaitGroup
		for range 50 {
			group.Go(func() {
				attempt, retry := throttle.BeginOrWait(t.Context(), owner, testAddr(1), true, noon)
				switch {
				case attempt == nil && retry < time.Second:
					t.Errorf("%s: refused for %v", what, retry)
				case attempt == nil:
				case c.right:
					checked.Add(1)
					attempt.Succeeded()
				default:
					checked.Add(1)
					attempt.Failed(noon())
				}
			})
		}
		group.Wait()
		if n := checked.Load(); n != c.want {
			t.Errorf("%s: %d of 50 were let through, want %d", what, n, c.want)
		}
	}
}

func TestFewSignInsWaitAndNoneForEver(t *testing.T) {
	t.Parallel()
	throttle := NewThrottle()
	for range 6 { // none of which ends
		if attempt, _ := throttle.Begin(owner, testAddr(1), true, noon()); attempt == nil {
			t.Fatal("one of six attempts is refused")
		}
	}
	ctx, leave := context.WithCancel(t.Context())
	var refused atomic.Int32
	var group sync.WaitGroup
	for range maxWaiters + 10 {
		group.Go(func() {
			if a, retry := throttle.BeginOrWait(ctx, owner, testAddr(1), true, noon); a != nil || retry <= 0 {
				t.Errorf("let through, or to wait %v", retry)
			}
			if refused.Add(1) == 10 { // all others wait
				leave()
			}
		})
	}
	group.Wait()
	leave()
}
