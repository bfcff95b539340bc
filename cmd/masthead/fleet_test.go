package main

import (
	"bufio"
	"bytes"
	"context"
	random "crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/masthead-cms/masthead/internal/testkit"
)

// patience is how long a test waits for what must come; a sound program needs a small part of it.
const patience = 30 * time.Second

// fleet is some servers on one database, each a process of its own, and what their callers need.
type fleet struct {
	t        *testing.T
	database string
	data     string
	secret   string
	servers  []*server
	client   *http.Client
}

// newFleet makes servers on a database; none has started yet.
func newFleet(t *testing.T, database string, size int) *fleet {
	t.Helper()
	f := &fleet{t: t, database: database, data: t.TempDir(), secret: random.Text() + random.Text(), client: &http.Client{
		Timeout: patience, Transport: testkit.Watch(t, &http.Transport{MaxIdleConnsPerHost: 32}),
	}}
	t.Cleanup(f.client.CloseIdleConnections)
	for range size {
		f.servers = append(f.servers, &server{fleet: f})
	}
	return f
}

// onPostgres skips a test that needs a database which several servers can share.
func onPostgres(t *testing.T) {
	t.Helper()
	if !testkit.OnPostgres() {
		t.Skip("several servers share PostgreSQL only: make test-postgres")
	}
}

// command is a call of the program on the database of the fleet.
func (f *fleet) command(args ...string) *exec.Cmd {
	cmd := program(f.t, f.data, args...)
	cmd.Env = append(cmd.Env, "MASTHEAD_DATABASE_URL="+f.database, "MASTHEAD_LOG=json", "MASTHEAD_SECRET_KEY="+f.secret)
	return cmd
}

const (
	chief    = "chief@example.org"
	password = testkit.Password
)

// hire makes the one user of the tests, an administrator.
func (f *fleet) hire() {
	f.t.Helper()
	cmd := f.command("user", "create", "--email", chief, "--name", "Chief", "--role", "admin", "--password-stdin")
	cmd.Stdin = strings.NewReader(password)
	if out, err := cmd.CombinedOutput(); err != nil {
		f.t.Fatalf("user create: %v: %s", err, out)
	}
}

// start starts every server at once and waits until all are ready.
func (f *fleet) start() {
	f.t.Helper()
	var wg sync.WaitGroup
	for _, s := range f.servers {
		wg.Go(func() {
			if err := s.start(); err != nil {
				f.t.Error(err)
			}
		})
	}
	wg.Wait()
	if f.t.Failed() {
		f.t.FailNow()
	}
}

// server is one process. It may be killed and started again; each time it has another address.
type server struct {
	fleet   *fleet
	address atomic.Value // a string
	cmd     *exec.Cmd
	ended   chan struct{} // closed when the process has gone and all it said was read

	mu     sync.Mutex
	faults []string // what it logged that must never be
}

// begin starts the process.
func (s *server) begin() (words io.Reader, err error) {
	s.cmd, s.ended = s.fleet.command("serve", "--addr", "127.0.0.1:0"), make(chan struct{})
	pipe, err := s.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	process := s.cmd.Process
	s.fleet.t.Cleanup(func() { process.Kill() })
	return pipe, nil
}

// start starts the process and waits until it is ready.
func (s *server) start() error {
	words, err := s.begin()
	if err != nil {
		return err
	}
	return s.greeted(words)
}

// greeted waits until a process that has begun is ready.
func (s *server) greeted(words io.Reader) error {
	found := make(chan string, 1)
	go s.listen(words, found)
	select {
	case at := <-found:
		s.address.Store(at)
	case <-s.ended:
		return fmt.Errorf("a server does not start: %v: %v", s.cmd.ProcessState, s.said())
	case <-time.After(patience):
		return fmt.Errorf("a server does not start within %s", patience)
	}
	a, err := s.fleet.try(s, call{method: "GET", path: "/readyz"})
	if err == nil && a.status != http.StatusOK {
		err = fmt.Errorf("a server that has started is not ready: %d %v", a.status, a.body)
	}
	return err
}

var (
	addressSaid = regexp.MustCompile(`^Masthead answers at (http://127\.0\.0\.1:\d+)`)
	neverSaid   = regexp.MustCompile(`^masthead: |"internal error"|panic|goroutine \d+ \[`)
)

// listen reads what the process says until it has gone.
func (s *server) listen(words io.Reader, found chan<- string) {
	ended, cmd := s.ended, s.cmd
	lines := bufio.NewScanner(words)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if at := addressSaid.FindStringSubmatch(lines.Text()); at != nil {
			found <- at[1]
		}
		if neverSaid.MatchString(lines.Text()) {
			s.mu.Lock()
			s.faults = append(s.faults, lines.Text())
			s.mu.Unlock()
		}
	}
	cmd.Wait()
	close(ended)
}

// said is what it logged that must never be, in any of its lives.
func (s *server) said() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults
}

// kill ends the process without a word (SIGKILL) and waits until it has gone.
func (s *server) kill() error {
	if err := s.cmd.Process.Kill(); err != nil {
		return err
	}
	<-s.ended
	return nil
}

// call is what somebody asks of a server.
type call struct {
	method, path      string
	token, key, match string // of Authorization, Idempotency-Key, If-Match
	body              any
}

// answer is what a server said.
type answer struct {
	status int
	header http.Header
	body   map[string]any
	tries  int // how often it was asked
}

func (a answer) text(name string) string {
	s, _ := a.body[name].(string)
	return s
}

func (a answer) number(name string) int {
	n, _ := a.body[name].(float64)
	return int(n)
}

// try asks one server once. An error says that no whole answer came.
func (f *fleet) try(s *server, c call) (answer, error) {
	at, _ := s.address.Load().(string)
	var body io.Reader = http.NoBody
	if c.body != nil {
		encoded, err := json.Marshal(c.body)
		if err != nil {
			return answer{}, err
		}
		body = bytes.NewReader(encoded)
	}
	r, err := http.NewRequestWithContext(f.t.Context(), c.method, at+c.path, body)
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	for name, v := range map[string]string{"Authorization": c.token, "Idempotency-Key": c.key, "If-Match": c.match} {
		if v != "" {
			r.Header.Set(name, v)
		}
	}
	w, err := f.client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer w.Body.Close()
	text, err := io.ReadAll(w.Body)
	if err != nil {
		return answer{}, err
	}
	a := answer{status: w.StatusCode, header: w.Header}
	if len(text) > 0 && text[0] == '{' {
		err = json.Unmarshal(text, &a.body)
	}
	return a, err
}

// ask asks one server after the other, from any of them on, until one answers. What is asked again is the same, with the
// same Idempotency-Key. A server that cannot answer now, or still answers an earlier try, is no answer.
func (f *fleet) ask(dice *rand.Rand, c call) (answer, error) {
	first := dice.IntN(len(f.servers))
	var last string
	for until, tries := time.Now().Add(patience), 1; time.Now().Before(until); tries++ {
		a, err := f.try(f.servers[(first+tries)%len(f.servers)], c)
		running := a.status == http.StatusConflict && strings.HasSuffix(a.text("type"), "request-in-progress")
		if err == nil && !running && a.status != http.StatusServiceUnavailable {
			a.tries = tries
			return a, nil
		}
		last = fmt.Sprint(err, a.status, a.body)
	}
	return answer{}, fmt.Errorf("%s %s: no server answers: %s", c.method, c.path, last)
}

// want asks until a server answers and wants a status.
func (f *fleet) want(status int, dice *rand.Rand, c call) (answer, error) {
	a, err := f.ask(dice, c)
	if err == nil && a.status != status {
		err = fmt.Errorf("%s %s, try %d: status %d, want %d: %v", c.method, c.path, a.tries, a.status, status, a.body)
	}
	return a, err
}

// signIn answers an Authorization header and a refresh token.
func (f *fleet) signIn(dice *rand.Rand) (token, refresh string, err error) {
	a, err := f.want(http.StatusOK, dice, call{method: "POST", path: "/v1/auth/login", body: map[string]string{"email": chief, "password": password}})
	return "Bearer " + a.text("access_token"), a.text("refresh_token"), err
}

// postgres is a connection of the test's own to the database.
func postgres(t *testing.T, database string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

// rows are all rows of a question, each made into a T by its position.
func rows[T any](t *testing.T, conn *pgx.Conn, question string, args ...any) []T {
	t.Helper()
	got, err := conn.Query(t.Context(), question, args...)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(got, pgx.RowToStructByPos[T])
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// eventually asks again until a claim is true, a short while apart, and tells whether it came true within some time.
func eventually(within time.Duration, claim func() bool) bool {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for until := time.Now().Add(within); ; <-tick.C {
		if claim() {
			return true
		}
		if time.Now().After(until) {
			return false
		}
	}
}
