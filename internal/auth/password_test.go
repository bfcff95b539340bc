package auth

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
)

// cheap is the least argon2id does, so that tests are quick.
func cheap() Cost { return Cost{Memory: 8, Time: 1, Threads: 1} }

// cheapHash is how a hash of that cost begins.
const cheapHash = "$argon2id$v=19$m=8,t=1,p=1$"

func newHasher(t *testing.T, cost Cost, parallel int) *Hasher {
	t.Helper()
	h, err := NewHasher(cost, parallel)
	if err != nil {
		t.Fatalf("NewHasher: %v", err)
	}
	return h
}

func TestPasswordVerifiesAgainstItsOwnHashOnly(t *testing.T) {
	t.Parallel()
	h := newHasher(t, cheap(), 2)
	for _, password := range []string{
		"correct horse", "", "пароль и ещё", strings.Repeat("x", 1000), "a\x00b",
	} {
		phc, err := h.Hash(t.Context(), password)
		if err != nil {
			t.Fatalf("Hash(%q): %v", password, err)
		}
		if ok, stale, err := h.Verify(t.Context(), phc, password); !ok || stale || err != nil {
			t.Errorf("the right password %q: ok=%v stale=%v err=%v", password, ok, stale, err)
		}
		for _, wrong := range []string{
			password + "x", "X" + password, strings.ToUpper(password) + " ",
		} {
			if ok, stale, err := h.Verify(t.Context(), phc, wrong); ok || stale || err != nil {
				t.Errorf(
					"%q against the hash of %q: ok=%v stale=%v err=%v", wrong, password, ok, stale,
					err,
				)
			}
		}
	}
}

func TestHashIsSaltedAndSaysItsCost(t *testing.T) {
	t.Parallel()
	h := newHasher(t, cheap(), 1)
	one, err := h.Hash(t.Context(), "the same")
	if err != nil {
		t.Fatal(err)
	}
	two, err := h.Hash(t.Context(), "the same")
	if err != nil {
		t.Fatal(err)
	}
	if one == two {
		t.Error("two hashes of one password are the same")
	}
	if !strings.HasPrefix(one, cheapHash) ||
		len(one) != len(cheapHash)+22+1+43 {
		t.Errorf("the hash is not the expected PHC string: %s", one)
	}
}

// The hash is one of the known answers of argon2's reference implementation.
func TestVerifiesHashOfAnotherProgramAndCallsItStale(t *testing.T) {
	t.Parallel()
	const phc = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$" +
		"CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	h := newHasher(t, cheap(), 1)
	if ok, stale, err := h.Verify(t.Context(), phc, "password"); !ok || !stale || err != nil {
		t.Errorf("ok=%v stale=%v err=%v, want a right and stale hash", ok, stale, err)
	}
	if ok, stale, err := h.Verify(t.Context(), phc, "Password"); ok || stale || err != nil {
		t.Errorf("a wrong password: ok=%v stale=%v err=%v", ok, stale, err)
	}
}

func TestHashOfAnotherCostIsStale(t *testing.T) {
	t.Parallel()
	for _, old := range []Cost{{16, 1, 1}, {8, 2, 1}, {16, 1, 2}} {
		phc, err := newHasher(t, old, 1).Hash(t.Context(), "password")
		if err != nil {
			t.Fatal(err)
		}
		if ok, stale, err := newHasher(t, cheap(), 1).Verify(t.Context(), phc, "password"); !ok ||
			!stale ||
			err != nil {
			t.Errorf("cost %v: ok=%v stale=%v err=%v, want right and stale", old, ok, stale, err)
		}
	}
}

// Not parallel: it reads how much memory the program has taken, which unlike time does not hang on
// the machine's mood.
func TestUnknownUserIsRefusedAfterTheSameWork(t *testing.T) {
	const memory = 4 << 20
	h := newHasher(t, Cost{Memory: memory >> 10, Time: 1, Threads: 1}, 1)
	phc, err := h.Hash(t.Context(), "password")
	if err != nil {
		t.Fatal(err)
	}
	taken := func(phc string) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if ok, stale, err := h.Verify(t.Context(), phc, "a wrong one"); ok || stale || err != nil {
			t.Errorf("hash %q: ok=%v stale=%v err=%v", phc, ok, stale, err)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	known, unknown := taken(phc), taken("")
	if known < memory || unknown < memory || max(known, unknown)-min(known, unknown) > memory/16 {
		t.Errorf(
			"a known user took %d bytes, an unknown one %d, want about %d each", known, unknown,
			memory,
		)
	}
	if h.dummy.stale(h.cost) {
		t.Error("the dummy hash is not of the kind that Hash makes")
	}
}

func TestNobodyIsLetInByTheDummy(t *testing.T) {
	t.Parallel()
	h := newHasher(t, cheap(), 1)
	phc, err := h.Hash(t.Context(), "password")
	if err != nil {
		t.Fatal(err)
	}
	if h.dummy, err = parseHash(phc); err != nil {
		t.Fatal(err)
	}
	if ok, stale, err := h.Verify(t.Context(), "", "password"); ok || stale || err != nil {
		t.Errorf("the dummy's own password: ok=%v stale=%v err=%v", ok, stale, err)
	}
}

func TestCostOutOfReasonIsRefused(t *testing.T) {
	t.Parallel()
	for _, cost := range []Cost{
		{7, 1, 1}, {15, 1, 2}, {8, 0, 1}, {8, 1, 0}, {maxMemory + 1, 1, 1}, {8, maxTime + 1, 1},
		{1024, 1, maxThreads + 1},
		{maxMemory, 5, 1}, {0xffffffff, 0xffffffff, 255},
	} {
		if _, err := NewHasher(cost, 1); err == nil {
			t.Errorf("cost %+v is accepted", cost)
		}
	}
	if h := newHasher(t, Cost{}, 0); h.cost != DefaultCost() || cap(h.general.workers) != 1 {
		t.Errorf("the zero cost and no parallel give %+v and %d", h.cost, cap(h.general.workers))
	}
}

func TestBeyondTheQueueTheHasherIsBusyAtOnce(t *testing.T) {
	t.Parallel()
	const parallel = 3
	h := newHasher(t, cheap(), parallel)
	var leaves []func()
	for range parallel {
		leave, err := h.general.acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		leaves = append(leaves, leave)
	}
	results := make(chan error)
	for range queueLength {
		go func() {
			_, _, err := h.Verify(context.Background(), "", "waiting")
			results <- err
		}()
	}
	for len(h.general.queue) < parallel+queueLength { // until all of them stand in the queue
		runtime.Gosched()
	}
	if _, err := h.Hash(t.Context(), "a known person"); err != nil {
		t.Errorf("Hash behind a full queue of strangers: %v", err)
	}
	if _, _, err := h.VerifyKnown(t.Context(), "", "a known person"); err != nil {
		t.Errorf("VerifyKnown behind a full queue of strangers: %v", err)
	}
	if ok, _, err := h.Verify(t.Context(), "", "one too many"); ok || !errors.Is(err, ErrBusy) {
		t.Errorf("Verify beyond the queue: %v, want ErrBusy", err)
	}
	select {
	case err := <-results:
		t.Fatalf("a caller in the queue came back while all ovens were taken: %v", err)
	default:
	}
	for _, leave := range leaves {
		leave()
	}
	for range queueLength {
		if err := <-results; err != nil {
			t.Errorf("a caller in the queue: %v", err)
		}
	}
	if len(h.general.queue) != 0 || len(h.general.workers) != 0 {
		t.Errorf("%d places and %d ovens are still taken", len(h.general.queue), len(h.general.workers))
	}
}

func TestCancelledCallerLeavesTheQueue(t *testing.T) {
	t.Parallel()
	h := newHasher(t, cheap(), 1)
	leave, err := h.general.acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error)
	go func() {
		_, _, err := h.Verify(ctx, "", "waiting")
		result <- err
	}()
	for len(h.general.queue) < 2 {
		runtime.Gosched()
	}
	cancel()
	if err := <-result; !errors.Is(err, context.Canceled) {
		t.Errorf("the cancelled caller: %v, want context.Canceled", err)
	}
	if len(h.general.queue) != 1 {
		t.Errorf("%d places are taken, want the one that hashes", len(h.general.queue))
	}
	leave()
	if _, err := h.Hash(ctx, "late"); !errors.Is(err, context.Canceled) {
		t.Errorf("a context that has ended, free ovens: %v, want context.Canceled", err)
	}
	if len(h.general.queue) != 0 {
		t.Errorf("%d places are still taken", len(h.general.queue))
	}
}

func TestHostileHashesAreRefusedBeforeAnyWork(t *testing.T) {
	t.Parallel()
	const salt, sum = "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	const rest = "$" + salt + "$" + sum
	if _, err := parseHash("$argon2id$v=19$m=8,t=1,p=1" + rest); err != nil {
		t.Fatalf("the pattern of the cases is not good itself: %v", err)
	}
	h := newHasher(t, cheap(), 1)
	for name, phc := range map[string]string{
		"4 TiB of memory":         "$argon2id$v=19$m=4294967295,t=1,p=1" + rest,
		"1 GiB of memory":         "$argon2id$v=19$m=1048576,t=1,p=1" + rest,
		"four billion passes":     "$argon2id$v=19$m=8,t=4294967295,p=1" + rest,
		"a product that wraps":    "$argon2id$v=19$m=65536,t=65536,p=1" + rest,
		"memory times passes":     "$argon2id$v=19$m=262144,t=16,p=1" + rest,
		"255 threads":             "$argon2id$v=19$m=65536,t=1,p=255" + rest,
		"memory over 32 bits":     "$argon2id$v=19$m=4294967304,t=1,p=1" + rest,
		"threads over 8 bits":     "$argon2id$v=19$m=8,t=1,p=257" + rest,
		"no passes":               "$argon2id$v=19$m=8,t=0,p=1" + rest,
		"no threads":              "$argon2id$v=19$m=8,t=1,p=0" + rest,
		"too little memory":       "$argon2id$v=19$m=7,t=1,p=1" + rest,
		"negative":                "$argon2id$v=19$m=-8,t=1,p=1" + rest,
		"plus sign":               "$argon2id$v=19$m=+8,t=1,p=1" + rest,
		"leading zero":            "$argon2id$v=19$m=08,t=1,p=1" + rest,
		"hexadecimal":             "$argon2id$v=19$m=0x8,t=1,p=1" + rest,
		"space":                   "$argon2id$v=19$m=8, t=1,p=1" + rest,
		"other order":             "$argon2id$v=19$t=1,m=8,p=1" + rest,
		"parameter twice":         "$argon2id$v=19$m=8,m=8,p=1" + rest,
		"parameter too many":      "$argon2id$v=19$m=8,t=1,p=1,keyid=a" + rest,
		"parameter missing":       "$argon2id$v=19$m=8,t=1" + rest,
		"argon2i":                 "$argon2i$v=19$m=8,t=1,p=1" + rest,
		"argon2d":                 "$argon2d$v=19$m=8,t=1,p=1" + rest,
		"old version":             "$argon2id$v=16$m=8,t=1,p=1" + rest,
		"no version":              "$argon2id$m=8,t=1,p=1" + rest,
		"bcrypt":                  "$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW",
		"plain text":              "password",
		"a space":                 " ",
		"only dollars":            "$$$$$",
		"no sum":                  cheapHash + salt + "$",
		"no salt":                 "$argon2id$v=19$m=8,t=1,p=1$$" + sum,
		"short sum":               cheapHash + salt + "$AAAAAAAA",
		"long sum":                cheapHash + salt + "$" + strings.Repeat("AAAA", 30),
		"a text of a megabyte":    cheapHash + salt + "$" + strings.Repeat("A", 1<<20),
		"a megabyte of dollars":   strings.Repeat("$", 1<<20),
		"padded base64":           cheapHash + salt + "==$" + sum,
		"line break in base64":    cheapHash + salt + "$" + sum[:10] + "\n" + sum[10:],
		"line break behind":       "$argon2id$v=19$m=8,t=1,p=1" + rest + "\n",
		"loose last bits":         cheapHash + salt + "$" + sum[:42] + "B",
		"base64 of URLs":          cheapHash + salt + "$-_" + sum[2:],
		"a part too many":         "$argon2id$v=19$m=8,t=1,p=1" + rest + "$",
		"text before":             "x$argon2id$v=19$m=8,t=1,p=1" + rest,
		"name in capital letters": "$Argon2id$v=19$m=8,t=1,p=1" + rest,
	} {
		ok, stale, err := h.Verify(t.Context(), phc, "password")
		if ok || stale || !errors.Is(err, ErrBadHash) {
			t.Errorf("%s: ok=%v stale=%v err=%v, want ErrBadHash", name, ok, stale, err)
		}
	}
}

func FuzzHashText(f *testing.F) {
	f.Add(
		cheapHash + "AAAAAAAAAAAAAAAAAAAAAA$" + strings.Repeat("A", 43),
	)
	f.Add("$argon2id$v=19$m=4294967295,t=1,p=1$AAAA$AAAA")
	f.Fuzz(func(t *testing.T, phc string) {
		p, err := parseHash(phc)
		if err != nil {
			return
		}
		if p.String() != phc {
			t.Errorf("%q is read as %q", phc, p.String())
		}
		if err := p.cost.check(); err != nil {
			t.Errorf("%q: %v", phc, err)
		}
	})
}
