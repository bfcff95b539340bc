package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// server is a program that listens, one of those that are compared.
type server struct {
	name    string
	addr    string
	process *exec.Cmd
	pid     int
	log     string        // the file it logs to
	profile string        // where it listens for when to write profiles; empty if it writes none
	ready   time.Duration // from its start to its first answer
	ended   chan struct{} // is closed when the program has ended
}

const startTime = time.Minute

// start runs a program until it answers 200 at a path. It is told by args and env where to listen.
func start(name, dir, path string, args func(addr string) *exec.Cmd) (*server, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	s := &server{
		name:    name,
		addr:    addr,
		process: args(addr),
		log:     filepath.Join(dir, name+".log"),
		ended:   make(chan struct{}),
	}
	log, err := os.OpenFile(s.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	s.process.Stdout, s.process.Stderr = log, log
	began := time.Now()
	if err := s.process.Start(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	s.pid = s.process.Process.Pid
	go func() {
		_ = s.process.Wait() // how it ends is not asked
		close(s.ended)
	}()
	if s.awake(path) {
		s.ready = time.Since(began)
		return s, nil
	}
	s.stop()
	said, _ := os.ReadFile(s.log)
	return nil, fmt.Errorf("%s does not answer; it said:\n%s", name, said)
}

// awake waits until the server answers and tells whether it does.
func (s *server) awake(path string) bool {
	late := time.After(startTime)
	for !s.answers(path) {
		select {
		case <-s.ended:
			return false
		case <-late:
			return false
		case <-time.After(time.Millisecond):
		}
	}
	return true
}

// freeAddress is an address of this machine that nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func (s *server) answers(path string) bool {
	c, err := call(s.addr)
	if err != nil {
		return false
	}
	defer c.conn.Close()
	r := get(path)
	_, err = c.ask(&r)
	return err == nil
}

// fetch gets an address as a client would that looks at what it gets.
func (s *server) fetch(target string, headers ...string) ([]byte, http.Header, error) {
	r, err := http.NewRequest("GET", "http://"+s.addr+target, nil)
	if err != nil {
		return nil, nil, err
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{
		Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true},
	}
	answer, err := client.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s: %s", s.name, target, answer.Status, body)
	}
	return body, answer.Header, err
}

// forget empties the log, which would fill the disk.
func (s *server) forget() error { return os.Truncate(s.log, 0) }

// stop ends the program and waits until it has ended.
func (s *server) stop() {
	if s.process.Process.Signal(syscall.SIGTERM) != nil {
		return
	}
	kill := time.AfterFunc(10*time.Second, func() { _ = s.process.Process.Kill() })
	defer kill.Stop()
	<-s.ended
}

// profiled writes a profile of the server's processor time while something is done.
func (s *server) profiled(file string, do func() error) error {
	c, err := net.Dial("unix", s.profile)
	if err != nil {
		return err
	}
	defer c.Close()
	if _, err := fmt.Fprintln(c, file); err != nil {
		return err
	}
	err = do()
	stopped, _ := c.(*net.UnixConn)
	if closing := stopped.CloseWrite(); closing != nil {
		return errors.Join(err, closing)
	}
	said, reading := io.ReadAll(c) // the server closes when the profile is written
	if len(said) > 0 {
		err = errors.Join(err, fmt.Errorf("profile: %s", said))
	}
	return errors.Join(err, reading)
}
