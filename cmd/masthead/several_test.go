package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"syscall"
	"testing"

	"github.com/masthead-cms/masthead/internal/testkit"
)

const (
	seed  = 1855 // decides who does what and who is killed when; what becomes of it may differ, what must hold does not
	desks = 6
	kills = 8
)

// TestServersKilledAtRandomLoseAndDoubleNothing lets desks work over three servers while one after the other is killed
// and started again, and holds what came of it against what the desks were told.
func TestServersKilledAtRandomLoseAndDoubleNothing(t *testing.T) {
	t.Parallel()
	onPostgres(t)
	f := newFleet(t, testkit.EmptyDatabase(t), 3)
	f.hire()
	f.start()
	all := openDesks(t, f)
	follow := followEvents(t, f.database)
	struck := underFire(t, f, all)
	followed := follow()
	if t.Failed() {
		t.FailNow()
	}
	total, again, replayed := map[string]int{}, 0, 0
	for _, d := range all {
		again, replayed = again+d.again, replayed+d.replayed
		for kind, n := range d.acknowledged {
			total[kind] += n
		}
	}
	t.Logf("%d servers were killed; acknowledged: %v; %d calls were made more than once, and %d of them had been done", struck, total, again, replayed)

	dice := rand.New(rand.NewPCG(seed, 0))
	for i, s := range f.servers {
		if a, err := f.try(s, call{method: "GET", path: "/readyz"}); err != nil || a.status != http.StatusOK {
			t.Errorf("server %d is not ready at the end: %d %v", i, a.status, err)
		}
	}
	wantArticles(t, all)
	wantTags(t, f, dice, all)
	wantEvents(t, f, all, followed)
	wantKept(t, f, all)
	for i, s := range f.servers {
		if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		<-s.ended
		if !s.cmd.ProcessState.Success() || len(s.said()) > 0 {
			t.Errorf("server %d ended with %s and had said %q", i, s.cmd.ProcessState, s.said())
		}
	}
}

// openDesks signs desks in and makes the tally.
func openDesks(t *testing.T, f *fleet) []*desk {
	t.Helper()
	var all []*desk
	for i := range desks {
		d := &desk{fleet: f, name: strconv.Itoa(i), dice: rand.New(rand.NewPCG(seed, uint64(i+1))), acknowledged: map[string]int{}}
		if err := d.signIn(); err != nil {
			t.Fatal(err)
		}
		all = append(all, d)
	}
	a, err := all[0].ask("write", http.StatusCreated, call{method: "POST", path: "/v1/articles", body: map[string]string{"title": "Tally", "summary": "0"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		d.tally = a.text("id")
	}
	return all
}

// underFire lets the desks work until the last server was killed and has come back. A kill comes whenever the desks have
// done a random number of things since the one before, and tells how many there were.
func underFire(t *testing.T, f *fleet, all []*desk) int {
	t.Helper()
	done, stop, idle := make(chan bool), make(chan bool), make(chan bool)
	var wg sync.WaitGroup
	for _, d := range all {
		wg.Go(func() {
			for {
				work := d.work()
				if err := work[d.dice.IntN(len(work))](); err != nil {
					t.Errorf("desk %s: %v", d.name, err)
					return
				}
				select {
				case <-stop:
					return
				case done <- true:
				}
			}
		})
	}
	go func() { wg.Wait(); close(idle) }()
	defer func() { close(stop); <-idle }()
	for dice, n := rand.New(rand.NewPCG(seed, 0)), 0; n < kills; n++ {
		restarted := make(chan error, 1)
		for left := 10 + dice.IntN(25); left > 0; left-- {
			select {
			case <-done:
			case <-idle:
				return n
			}
		}
		s := f.servers[dice.IntN(len(f.servers))]
		go func() { restarted <- errors.Join(s.kill(), s.start()) }()
		for waiting := true; waiting; {
			select {
			case <-done:
			case <-idle:
				return n
			case err := <-restarted:
				if err != nil {
					t.Error(err)
					return n
				}
				waiting = false
			}
		}
	}
	return kills
}

func TestASignInOnOneServerHoldsAndEndsOnAll(t *testing.T) {
	t.Parallel()
	onPostgres(t)
	f := newFleet(t, testkit.EmptyDatabase(t), 3)
	f.hire()
	f.start()
	on := func(server, status int, c call) answer {
		t.Helper()
		a, err := f.try(f.servers[server], c)
		if err != nil || a.status != status {
			t.Fatalf("%s %s on server %d: %d, want %d: %v %v", c.method, c.path, server, a.status, status, a.body, err)
		}
		return a
	}
	login := call{method: "POST", path: "/v1/auth/login", body: map[string]string{"email": chief, "password": password}}
	me := func(of answer) call {
		return call{method: "GET", path: "/v1/auth/me", token: "Bearer " + of.text("access_token")}
	}
	spend := func(verb string, of answer) call {
		return call{method: "POST", path: "/v1/auth/" + verb, body: map[string]string{"refresh_token": of.text("refresh_token")}}
	}
	first := on(0, 200, login)
	for server := range f.servers {
		on(server, 200, me(first))
	}
	second := on(1, 200, spend("refresh", first))
	on(0, 200, me(second))
	again := on(2, 200, spend("refresh", first)) // a lost answer: the same pair, from any server
	if again.text("refresh_token") != second.text("refresh_token") {
		t.Error("a token that is sent again at once gets another pair on another server")
	}
	on(1, 200, me(again))

	third, other := on(2, 200, login), on(2, 200, login)
	on(0, 204, spend("logout", third))
	for server := range f.servers {
		on(server, 401, me(third))
		on(server, 401, spend("refresh", third))
		on(server, 200, me(other))
	}
}

func TestAnIdempotencyKeyHoldsOnAllServersAtOnce(t *testing.T) {
	t.Parallel()
	onPostgres(t)
	f := newFleet(t, testkit.EmptyDatabase(t), 3)
	f.hire()
	f.start()
	token, _, err := f.signIn(rand.New(rand.NewPCG(seed, 0)))
	if err != nil {
		t.Fatal(err)
	}
	for round := range 10 {
		c := call{method: "POST", path: "/v1/articles", token: token, key: fmt.Sprint("round-", round), body: map[string]string{"title": "The river rises"}}
		made, failed := make([]answer, len(f.servers)), make([]error, len(f.servers))
		var wg sync.WaitGroup
		for i, s := range f.servers {
			wg.Go(func() { made[i], failed[i] = f.try(s, c) })
		}
		wg.Wait()
		replayed := 0
		for i, a := range made {
			if failed[i] != nil || a.status != http.StatusCreated || a.text("id") != made[0].text("id") {
				t.Errorf("round %d: server %d: %d %v %v", round, i, a.status, a.body, failed[i])
			}
			if a.header.Get("Idempotent-Replayed") == "true" {
				replayed++
			}
		}
		if replayed != len(made)-1 {
			t.Errorf("round %d: %d of %d answers were replayed", round, replayed, len(made))
		}
		c.body = map[string]string{"title": "Another"}
		if a, err := f.try(f.servers[round%len(f.servers)], c); err != nil || a.status != http.StatusUnprocessableEntity {
			t.Errorf("round %d: the key with another body: %d %v", round, a.status, err)
		}
	}
	list, err := f.try(f.servers[0], call{method: "GET", path: "/v1/articles?view=draft&count=exact", token: token})
	if total, _ := json.Marshal(list.body["page"].(map[string]any)["total"]); err != nil || string(total) != "10" {
		t.Errorf("10 keys made %s articles, %v", total, err)
	}
}

// TestAServerKilledHalfWayThroughTheSchemaLeavesItToTheOthers holds a server up in the middle of the schema, lets others
// come and wait for it, and kills it.
func TestAServerKilledHalfWayThroughTheSchemaLeavesItToTheOthers(t *testing.T) {
	t.Parallel()
	onPostgres(t)
	f := newFleet(t, testkit.EmptyDatabase(t), 4)
	watch, barrier := postgres(t, f.database), postgres(t, f.database)
	// The server that makes the table too has to wait until this transaction ends.
	hold, err := barrier.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := hold.Exec(t.Context(), "CREATE TABLE idempotency_records (n INT)"); err != nil {
		t.Fatal(err)
	}
	waiting := func(statement string, n int) {
		t.Helper()
		var got []struct{ N int }
		if !eventually(patience/6, func() bool {
			got = rows[struct{ N int }](t, watch, `SELECT count(*)::int FROM pg_stat_activity
				WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE $1`, "%"+statement+"%")
			return got[0].N == n
		}) {
			t.Fatalf("%d servers wait for %q, want %d", got[0].N, statement, n)
		}
	}
	victim, others := f.servers[0], f.servers[1:]
	if _, err := victim.begin(); err != nil {
		t.Fatal(err)
	}
	waiting("CREATE TABLE idempotency_records", 1)
	started := make(chan error, len(others))
	for _, s := range others {
		go func() { started <- s.start() }()
	}
	waiting("SELECT pg_advisory_xact_lock", len(others))
	if err := errors.Join(victim.cmd.Process.Kill(), hold.Rollback(t.Context())); err != nil {
		t.Fatal(err)
	}
	if err := victim.cmd.Wait(); err == nil {
		t.Error("the killed server had no trouble")
	}
	for range others {
		if err := <-started; err != nil {
			t.Fatal(err)
		}
	}
	steps := rows[struct{ N, Last int }](t, watch, "SELECT count(*)::int, max(version)::int FROM schema_migrations")
	if steps[0].N == 0 || steps[0].N != steps[0].Last {
		t.Errorf("the schema has steps %v", steps)
	}
	f.hire()
	if err := victim.start(); err != nil {
		t.Errorf("the killed server does not come back: %v", err)
	}
	if _, _, err := f.signIn(rand.New(rand.NewPCG(seed, 0))); err != nil {
		t.Error(err)
	}
}
