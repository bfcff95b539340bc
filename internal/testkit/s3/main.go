//go:build unix

// Command s3 runs a command beside a store of its own that speaks S3, whose address the command
// finds in TEST_MEDIA_URL and its keys in the environment of AWS. The store is a versitygw, named
// by VERSITYGW; it keeps its files in a temporary folder, listens on loopback on a free port, and
// is gone when the command ends. If TEST_MEDIA_URL is set already, the command is run with that.
package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: s3 command [argument ...]")
		os.Exit(2)
	}
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "s3:", err)
		os.Exit(1)
	}
	os.Exit(code)
}

func run(command []string) (code int, err error) {
	if os.Getenv("TEST_MEDIA_URL") == "" {
		stop, err := start()
		if err != nil {
			return 0, err
		}
		defer func() { err = errors.Join(err, stop()) }()
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

// start starts a store, and sets the environment for those who use it.
func start() (stop func() error, err error) {
	folder, err := os.MkdirTemp("", "masthead-s3-")
	if err != nil {
		return nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	os.Setenv("AWS_ACCESS_KEY_ID", "masthead")
	os.Setenv("AWS_SECRET_ACCESS_KEY", rand.Text())
	os.Setenv("TEST_MEDIA_URL", "s3://any?endpoint="+address+"&region=us-east-1&insecure=1")
	buckets := filepath.Join(folder, "buckets")
	if err := os.Mkdir(buckets, 0o700); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	log, err := os.Create(filepath.Join(folder, "log"))
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	defer log.Close()
	cmd := exec.Command(os.Getenv("VERSITYGW"), "--port", address, "--quiet", "posix", buckets)
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+os.Getenv("AWS_ACCESS_KEY_ID"),
		"ROOT_SECRET_KEY="+os.Getenv("AWS_SECRET_ACCESS_KEY"))
	cmd.Stdout = log
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	stop = func() error {
		err := cmd.Process.Kill()
		_ = cmd.Wait() // says that it was killed
		return errors.Join(err, os.RemoveAll(folder))
	}
	if err := await(address); err != nil {
		said, _ := os.ReadFile(log.Name())
		return nil, errors.Join(fmt.Errorf("%w\n%s", err, said), stop())
	}
	return stop, nil
}

// await waits until somebody listens at an address.
func await(address string) (err error) {
	for range 100 {
		var conn net.Conn
		if conn, err = net.Dial("tcp", address); err == nil {
			return conn.Close()
		}
		time.Sleep(100 * time.Millisecond)
	}
	return err
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
