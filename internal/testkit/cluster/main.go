//go:build unix

// Command cluster runs a command beside a PostgreSQL cluster of its own, whose URL the command
// finds in TEST_DATABASE_URL. The cluster lives in a temporary folder, listens on loopback on a
// free port, does not sync, and is gone when the command ends. If TEST_DATABASE_URL is set already,
// the command is run with that.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: cluster command [argument ...]")
		os.Exit(2)
	}
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "cluster:", err)
		os.Exit(1)
	}
	os.Exit(code)
}

func run(command []string) (code int, err error) {
	if os.Getenv("TEST_DATABASE_URL") == "" {
		c, err := start()
		if err != nil {
			return 0, err
		}
		defer func() { err = errors.Join(err, c.stop()) }()
		os.Setenv("TEST_DATABASE_URL", c.url)
	}
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdin = os.Stdin
	cmd.Stdout = os.Stdout
	cmd.Stderr = os.Stderr
	err = cmd.Run()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return failed.ExitCode(), nil
	}
	return 0, err
}

// cluster is a running PostgreSQL.
type cluster struct {
	folder, bin, url string
	as               *syscall.Credential // PostgreSQL refuses to run as root
}

func start() (*cluster, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "masthead-postgres-")
	if err != nil {
		return nil, err
	}
	c := &cluster{folder: folder, bin: bin}
	if os.Geteuid() == 0 {
		if err := c.dropRoot(); err != nil {
			return nil, errors.Join(err, os.RemoveAll(folder))
		}
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	c.url = fmt.Sprintf("postgres://masthead@127.0.0.1:%d/postgres?sslmode=disable", port)
	settings := fmt.Sprintf("-h 127.0.0.1 -p %d -k %s -c fsync=off -c max_connections=300", port,
		folder)
	for _, step := range [][]string{
		{"initdb", "-D", c.data(), "-U", "masthead", "-A", "trust", "-E", "UTF8", "--locale", "C",
			"--no-sync"},
		{"pg_ctl", "-D", c.data(), "-w", "-o", settings, "-l", filepath.Join(folder, "log"),
			"start"},
	} {
		if err := c.do(step[0], step[1:]...); err != nil {
			return nil, errors.Join(err, os.RemoveAll(folder))
		}
	}
	return c, nil
}

func (c *cluster) data() string { return filepath.Join(c.folder, "data") }

func (c *cluster) stop() error {
	return errors.Join(c.do("pg_ctl", "-D", c.data(), "-m", "immediate", "-w", "stop"),
		os.RemoveAll(c.folder))
}

// do runs a program of PostgreSQL. Its output must not be inherited: the server would keep it open.
func (c *cluster) do(name string, args ...string) error {
	cmd := exec.CommandContext(context.Background(), filepath.Join(c.bin, name), args...)
	cmd.Dir = c.folder
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.as}
	log, err := os.OpenFile(filepath.Join(c.folder, name+".out"),
		os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(log.Name())
		return fmt.Errorf("%s: %w\n%s", name, err, said)
	}
	return nil
}

// dropRoot makes the cluster somebody else's: postgres if there is such a user, else nobody.
func (c *cluster) dropRoot() error {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		c.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		return os.Chown(c.folder, uid, gid)
	}
	return errors.New("PostgreSQL refuses to run as root, and there is no other user to run it as")
}

// programs returns where initdb is: on the path, or where Debian keeps the newest.
func programs() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errors.New("there is no PostgreSQL here (initdb); install it, or set TEST_DATABASE_URL")
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1]), nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
