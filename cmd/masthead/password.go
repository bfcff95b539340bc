package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v3"
	"golang.org/x/term"
)

// errInterrupted is returned when ctx ends while a person or a pipe is waited for.
var errInterrupted = errors.New("interrupted")

// readUntil calls read and returns its result, or errInterrupted when ctx ends first. A read of a
// terminal or pipe cannot be cancelled: it is abandoned.
func readUntil(ctx context.Context, read func() ([]byte, error)) (string, error) {
	type result struct {
		text []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		text, err := read()
		done <- result{text, err}
	}()
	select {
	case r := <-done:
		return string(r.text), r.err
	case <-ctx.Done():
		return "", errInterrupted
	}
}

// readHidden reads a line from a terminal without echo, and restores the terminal when ctx ends.
func readHidden(ctx context.Context, terminal int) (string, error) {
	state, err := term.GetState(terminal)
	if err != nil {
		return "", err
	}
	text, err := readUntil(ctx, func() ([]byte, error) { return term.ReadPassword(terminal) })
	if errors.Is(err, errInterrupted) {
		err = errors.Join(err, term.Restore(terminal, state))
	}
	return text, err
}

// askPassword reads a password from the terminal without echo, or from standard input.
func askPassword(ctx context.Context, c *cli.Command) (string, error) {
	stdin := c.Root().Reader
	if c.Bool("password-stdin") {
		text, err := readUntil(ctx, func() ([]byte, error) {
			return io.ReadAll(io.LimitReader(stdin, 4096))
		})
		if err != nil {
			return "", fmt.Errorf("password: %w", err)
		}
		return strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r"), nil
	}
	file, ok := stdin.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return "", usageErrorf(
			"there is no terminal to ask for the password on; use --password-stdin",
		)
	}
	ask := func(prompt string) (string, error) {
		fmt.Fprint(c.Root().ErrWriter, prompt)
		defer fmt.Fprintln(c.Root().ErrWriter)
		return readHidden(ctx, int(file.Fd()))
	}
	first, err := ask("Password (12 characters or more): ")
	if err != nil {
		return "", fmt.Errorf("password: %w", err)
	}
	second, err := ask("Once more: ")
	if err != nil {
		return "", fmt.Errorf("password: %w", err)
	}
	if first != second {
		return "", errors.New("the two passwords differ; nothing was made")
	}
	return first, nil
}
