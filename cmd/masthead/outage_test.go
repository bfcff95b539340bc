package main

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/masthead-cms/masthead/internal/testkit"
)

const (
	callers  = 8
	outage   = 3 * time.Second
	pools    = 4 + 16 + 2       // connections: writing, reading, feeling the pulse, hearing of changes
	promptly = 2 * time.Second  // a second is promised; a busy machine is given two
	recovery = 10 * time.Second // and ten for the five within which all is well after the database is back
)

// TestADatabaseThatGoesAwayIsAnsweredAtOnceAndFoundAgain takes the database from a busy server and gives it back.
func TestADatabaseThatGoesAwayIsAnsweredAtOnceAndFoundAgain(t *testing.T) {
	t.Parallel()
	onPostgres(t)
	for name, takeAway := range map[string]func(*testkit.Wire){
		"stopped": (*testkit.Wire).Cut, "hanging": (*testkit.Wire).Silence,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			outlast(t, takeAway)
		})
	}
}

func outlast(t *testing.T, takeAway func(*testkit.Wire)) {
	database := testkit.EmptyDatabase(t)
	wire, conn := testkit.NewWire(t, database), postgres(t, database)
	f := newFleet(t, wire.URL(), 1)
	f.hire()
	f.start()
	c := newCrew(t, f)
	stop := c.work()
	c.together()
	if !c.serves(recovery) {
		t.Error("calls do not succeed before the outage")
	}
	stop()
	wantConnections(t, conn)
	before := goroutines(t, f)
	eventually(recovery/20, func() bool { // those of callers who have gone end a moment later
		before = min(before, goroutines(t, f))
		return false
	})

	stop = c.work()
	c.serves(recovery)
	going := time.Now()
	takeAway(wire)
	gone := time.Now()
	lasted := time.After(outage)
	c.together()
	<-lasted
	back := time.Now()
	wire.Mend()
	if !c.serves(recovery) {
		t.Errorf("calls do not succeed again within %s", recovery)
	}
	t.Logf("calls of every kind succeed %s after the database is back", time.Since(back).Round(time.Millisecond))
	stop()
	c.judge(going, gone, back)
	c.wantOnce(conn)
	wantConnections(t, conn)
	after := 0
	if !eventually(recovery, func() bool { after = goroutines(t, f); return after <= before+callers/2 }) {
		t.Errorf("the server had %d goroutines before and has %d", before, after)
	}
	t.Logf("goroutines before %d, after %d", before, after)
	if said := f.servers[0].said(); len(said) > 0 {
		t.Errorf("the server said %q", said)
	}
}

// sample is how one call went.
type sample struct {
	call         string
	began, ended time.Time
	status       int
	want         want
	retry        string
	trouble      string
}

// crew are callers who keep asking one server for something of every kind.
type crew struct {
	fleet        *fleet
	token, spent string       // an access token, and a refresh token that is good no more
	article      string       // changes all the time
	steady       string       // does not
	clean        atomic.Int64 // rounds in which every call succeeded

	mu      sync.Mutex
	samples []sample
	titles  []string // of articles that were acknowledged
}

func newCrew(t *testing.T, f *fleet) *crew {
	t.Helper()
	dice := rand.New(rand.NewPCG(seed, 0))
	c := &crew{fleet: f}
	var err error
	if _, c.spent, err = f.signIn(dice); err != nil {
		t.Fatal(err)
	}
	logout := call{method: "POST", path: "/v1/auth/logout", body: map[string]string{"refresh_token": c.spent}}
	if _, err = f.want(http.StatusNoContent, dice, logout); err != nil {
		t.Fatal(err)
	}
	if c.token, _, err = f.signIn(dice); err != nil {
		t.Fatal(err)
	}
	for _, id := range []*string{&c.article, &c.steady} {
		a, err := f.want(http.StatusCreated, dice, call{
			method: "POST", path: "/v1/articles", token: c.token, body: map[string]string{"title": "The river rises"},
		})
		if err != nil {
			t.Fatal(err)
		}
		*id = a.text("id")
		if _, err := f.want(http.StatusOK, dice, call{
			method: "POST", path: "/v1/articles/" + *id + "/publish", token: c.token, match: "*",
		}); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// errand is a call and the status it has where all is well.
type errand struct {
	call
	status int
	want   want
}

// want is what a call shall be answered without a database.
type want int

const (
	refusal  want = iota // to come again
	perhaps              // the same, or what was last known
	answered             // what was last known
)

// errands are a call of every kind. The first makes an article.
func (c *crew) errands(title string) []errand {
	article := "/v1/articles/" + c.article
	all := []errand{
		{call{method: "POST", path: "/v1/articles", key: strings.ReplaceAll(title, " ", "-"), body: map[string]string{"title": title}}, 201, refusal},
		{call{method: "PATCH", path: article, match: "*", body: map[string]string{"summary": title}}, 200, refusal},
		{call{method: "POST", path: article + "/publish", match: "*"}, 200, refusal},
		{call{method: "GET", path: article}, 200, perhaps},
		{call{method: "GET", path: "/v1/articles/" + c.steady}, 200, answered},
		{call{method: "GET", path: "/v1/articles?count=exact"}, 200, perhaps},
		{call{method: "GET", path: "/v1/articles?view=draft&count=exact"}, 200, refusal},
		{call{method: "GET", path: "/v1/articles?limit=1&q=" + url.QueryEscape(title)}, 200, refusal},
		{call{method: "GET", path: "/v1/tags"}, 200, perhaps},
		{call{method: "GET", path: "/v1/auth/me"}, 200, refusal},
		{call{method: "GET", path: "/readyz"}, 200, refusal},
		{call{method: "POST", path: "/v1/auth/refresh", body: map[string]string{"refresh_token": c.spent}}, 401, refusal},
		{call{method: "POST", path: "/v1/auth/login", body: map[string]string{"email": chief, "password": password}}, 200, refusal},
	}
	for i := range all {
		all[i].token = c.token
	}
	return all
}

// work lets the callers begin; what it answers lets them finish their rounds and go.
func (c *crew) work() (stop func()) {
	end := make(chan bool)
	var wg sync.WaitGroup
	for n := range callers {
		wg.Go(func() {
			for {
				title := fmt.Sprintf("Caller %d %d", n, time.Now().UnixNano())
				for made := false; !made; {
					made = c.once(title)
					select {
					case <-end:
						if made {
							return
						}
					default:
					}
				}
			}
		})
	}
	return func() { close(end); wg.Wait() }
}

// once runs the errands of a round and tells whether its article was made.
func (c *crew) once(title string) (made bool) {
	clean := true
	for i, e := range c.errands(title) {
		ok := c.run(e)
		made, clean = made || (ok && i == 0), clean && ok
	}
	if made {
		c.mu.Lock()
		c.titles = append(c.titles, title)
		c.mu.Unlock()
	}
	if clean {
		c.clean.Add(1)
	}
	return made
}

// together runs an errand of every kind at the same time.
func (c *crew) together() {
	var wg sync.WaitGroup
	for _, e := range c.errands("Together") {
		wg.Go(func() { c.run(e) })
	}
	wg.Wait()
}

// run makes a call, keeps how it went, and tells whether all is well.
func (c *crew) run(e errand) bool {
	path, _, _ := strings.Cut(e.path, "&q=") // each round asks for other words
	s := sample{call: e.method + " " + path, want: e.want, began: time.Now()}
	a, err := c.fleet.try(c.fleet.servers[0], e.call)
	s.ended, s.status, s.retry = time.Now(), a.status, a.header.Get("Retry-After")
	ok := err == nil && a.status == e.status
	if !ok && (err != nil || a.status != http.StatusServiceUnavailable) {
		s.trouble = fmt.Sprint(a.status, err, a.body)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.samples = append(c.samples, s)
	return ok
}

// serves waits for as many clean rounds as there are callers and tells whether they came.
func (c *crew) serves(within time.Duration) bool {
	began := c.clean.Load()
	return eventually(within, func() bool { return c.clean.Load() >= began+callers })
}

// judge wants every call to have been answered promptly, and those within the outage to have been told to come again, or what
// was last known.
func (c *crew) judge(going, gone, back time.Time) {
	t := c.fleet.t
	t.Helper()
	met, slowest := map[string]int{}, time.Duration(0)
	for _, s := range c.samples {
		if took := s.ended.Sub(s.began); took > promptly {
			t.Errorf("%s took %s", s.call, took)
		} else if s.ended.After(gone) && took > slowest {
			slowest = took
		}
		if s.trouble != "" {
			t.Errorf("%s: %s", s.call, s.trouble)
		}
		retry, _ := strconv.Atoi(s.retry)
		if s.status == http.StatusServiceUnavailable && retry < 1 {
			t.Errorf("%s: 503 with Retry-After %q", s.call, s.retry)
		}
		if s.began.After(gone) && s.ended.Before(back) {
			met[s.call]++
			refused := s.status == http.StatusServiceUnavailable
			if (s.want == refusal && !refused) || (s.want == answered && refused) {
				t.Errorf("%s: %d without a database", s.call, s.status)
			}
		}
		if s.status == http.StatusServiceUnavailable && s.ended.Before(going) {
			t.Errorf("%s: 503 before the outage", s.call)
		}
	}
	if kinds := len(c.errands("")); len(met) != kinds {
		t.Errorf("%d kinds of calls met the outage, want %d", len(met), kinds)
	}
	total := 0
	for _, n := range met {
		total += n
	}
	t.Logf("%d calls of %d kinds met the outage, the slowest answer took %s", total, len(met), slowest.Round(time.Millisecond))
}

// wantOnce wants each article that was acknowledged once, and no other.
func (c *crew) wantOnce(conn *pgx.Conn) {
	t := c.fleet.t
	t.Helper()
	var titles []string
	for _, row := range rows[struct{ Title string }](t, conn, `SELECT title FROM articles 
		WHERE id <> $1::uuid AND id <> $2::uuid AND title <> 'Together' ORDER BY title COLLATE "C"`, c.article, c.steady) {
		titles = append(titles, row.Title)
	}
	slices.Sort(c.titles)
	if !slices.Equal(titles, c.titles) {
		t.Errorf("%d articles were acknowledged, and there are %d", len(c.titles), len(titles))
	}
}

// wantConnections wants no more connections of the server than its pools hold.
func wantConnections(t *testing.T, conn *pgx.Conn) {
	t.Helper()
	var n int
	if !eventually(recovery, func() bool {
		n = rows[struct{ N int }](t, conn, `SELECT count(*)::int FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid()`)[0].N
		return n <= pools
	}) {
		t.Errorf("the server keeps %d connections", n)
	}
}

// goroutines is how many a server has while nobody but the one who asks is connected.
func goroutines(t *testing.T, f *fleet) int {
	t.Helper()
	f.client.CloseIdleConnections()
	at, _ := f.servers[0].address.Load().(string)
	w, err := f.client.Get(at + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	for lines := bufio.NewScanner(w.Body); lines.Scan(); {
		if n, found := strings.CutPrefix(lines.Text(), "go_goroutines "); found {
			count, err := strconv.Atoi(n)
			if err != nil {
				t.Fatal(err)
			}
			return count
		}
	}
	t.Fatal("the server does not tell how many goroutines it has")
	return 0
}
