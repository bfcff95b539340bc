package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// running is a server in a process of its own, and its log.
type running struct {
	*exec.Cmd
	url string
	log *bufio.Reader
}

func startServer(t *testing.T, data string, args ...string) *running {
	t.Helper()
	args = append([]string{"serve", "--addr", "127.0.0.1:0", "--log", "json"}, args...)
	server := program(t, data, args...)
	stderr, err := server.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Process.Kill() })
	r := &running{Cmd: server, log: bufio.NewReader(stderr)}
	r.url = regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(r.until(t, "/openapi.yaml"))
	return r
}

// until returns the first line of the log that has a text.
func (r *running) until(t *testing.T, text string) string {
	t.Helper()
	for {
		line, err := r.log.ReadString('\n')
		if err != nil {
			t.Fatalf("the log ends without %q: %v", text, err)
		}
		if strings.Contains(line, text) {
			return line
		}
	}
}

// runCommand runs a command beside a server.
func runCommand(t *testing.T, data, stdin string, args ...string) {
	t.Helper()
	c := program(t, data, args...)
	c.Stdin = strings.NewReader(stdin)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%q: %v %s", args, err, out)
	}
}

// send sends a request and returns the status and the body's members.
func send(t *testing.T, method, url, token string, body any) (int, map[string]any) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequest(method, url, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var members map[string]any
	if err := json.NewDecoder(response.Body).Decode(&members); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, members
}

func TestARunningServerHeedsChangesOfUsersAndLogsFailedSignIns(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	create := []string{"user", "create", "--email", "ada@example.org", "--name", "Ada", "--role",
		"editor", "--password-stdin"}
	runCommand(t, data, "the-presses-roll-at-nine", create...)
	server := startServer(t, data)
	signIn := func(password string) (int, string) {
		body := map[string]string{"email": "ada@example.org", "password": password}
		status, members := send(t, "POST", server.url+"/v1/auth/login", "", body)
		token, _ := members["access_token"].(string)
		return status, token
	}
	wantMe := func(what, token string, want int) {
		t.Helper()
		if status, _ := send(t, "GET", server.url+"/v1/auth/me", token, nil); status != want {
			t.Errorf("%s: %d, want %d", what, status, want)
		}
	}
	const nine, ten = "the-presses-roll-at-nine", "the-presses-roll-at-ten"
	for _, step := range []struct {
		args            []string
		stdin, password string
		want            int // of a sign-in with the password
	}{
		{[]string{"user", "set-role", "ada@example.org", "--role", "author"}, "", nine, 200},
		{[]string{"user", "end-sessions", "ada@example.org"}, "", nine, 200},
		{[]string{"user", "disable", "ada@example.org"}, "", nine, 401},
		{[]string{"user", "enable", "ada@example.org"}, "", nine, 200},
		{[]string{"user", "set-password", "ada@example.org", "--password-stdin"}, ten, nine, 401},
		{[]string{"user", "end-sessions", "ada@example.org"}, "", ten, 200},
	} {
		status, token := signIn(step.password)
		if status == 200 {
			wantMe("signed in", token, 200)
		}
		runCommand(t, data, step.stdin, step.args...)
		if status == 200 {
			wantMe(strings.Join(step.args, " "), token, 401)
		}
		if status, _ := signIn(step.password); status != step.want {
			t.Errorf("signing in after %q: %d, want %d", step.args, status, step.want)
		}
	}
	signIn("the-presses-roll-at-noon")
	line := server.until(t, `"reason":"wrong password"`)
	for _, want := range []string{`"level":"WARN"`, `"account":"ada@example.org"`, `"from":"127.0.0.1"`} {
		if !strings.Contains(line, want) {
			t.Errorf("the line of a failed sign-in is %s, want %s", line, want)
		}
	}
}

func TestTheSecondInterruptEndsAServerAtOnce(t *testing.T) {
	t.Parallel()
	server := startServer(t, t.TempDir())
	// A request that does not end keeps the server from stopping.
	reader, writer := io.Pipe()
	defer writer.Close()
	request, err := http.NewRequest("POST", server.url+"/v1/auth/login", reader)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	go func() {
		if response, err := http.DefaultClient.Do(request); err == nil {
			response.Body.Close()
		}
	}()
	if _, err := writer.Write([]byte("{")); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	for range 2 {
		if err := server.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		select {
		case <-ended:
			return
		case <-time.After(time.Second):
		}
	}
	select {
	case <-ended:
	case <-time.After(3 * time.Second):
		t.Error("the server goes on after the second interrupt")
	}
}

func TestTheFirstInterruptEndsACommandThatWaitsForAPassword(t *testing.T) {
	t.Parallel()
	c := program(t, t.TempDir(), "user", "create", "--email", "a@example.org", "--name", "A",
		"--role", "admin", "--password-stdin")
	stdin, err := c.StdinPipe() // which nobody writes to
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	time.Sleep(500 * time.Millisecond) // the program is up; a signal before that ends it as well
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		_ = c.Process.Kill()
		t.Error("the command goes on after an interrupt")
	}
}

// The log of a server is a pipe. Once its reader has gone, or reads no more, calls are answered.
func TestAServerWithoutAReaderOfItsLogServesOn(t *testing.T) {
	t.Parallel()
	for _, gone := range []bool{true, false} {
		data := t.TempDir()
		server := program(t, data, "serve", "--addr", "127.0.0.1:0", "--log", "json")
		stderr, err := server.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := server.Start(); err != nil {
			t.Fatal(err)
		}
		defer server.Process.Kill()
		banner := make([]byte, 4096)
		read := 0
		for !bytes.Contains(banner[:read], []byte("openapi.yaml")) {
			n, err := stderr.Read(banner[read:])
			if err != nil {
				t.Fatal(err)
			}
			read += n
		}
		url := string(regexp.MustCompile(`http://127\.0\.0\.1:\d+`).Find(banner[:read]))
		if gone {
			stderr.Close()
		}
		client := &http.Client{Timeout: 10 * time.Second}
		for range 2000 { // lines of 300 bytes, ten times what a pipe holds
			response, err := client.Get(url + "/v1/articles")
			if err != nil {
				t.Fatalf("reader gone=%v: %v", gone, err)
			}
			_, _ = io.Copy(io.Discard, response.Body)
			response.Body.Close()
		}
	}
}
