package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v3"
	"golang.org/x/term"

	"github.com/masthead-cms/masthead/internal/cms"
)

func userCommand() *cli.Command {
	return &cli.Command{
		Name:     "user",
		Usage:    "people who can sign in",
		Commands: []*cli.Command{userCreateCommand()},
	}
}

func userCreateCommand() *cli.Command {
	return &cli.Command{
		Name:  "create",
		Usage: "make a user",
		Description: "Asks for the password twice on a terminal, or reads it from standard input with --password-stdin.\n" +
			"Works while a server runs on the same database.\n\n" +
			"Roles: contributor writes and edits own drafts; author also publishes own articles; editor does everything\n" +
			"about everybody's content; admin also removes for good.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "email", Usage: "the `address` to sign in with", Required: true},
			&cli.StringFlag{Name: "name", Usage: "the `name` that others see", Required: true},
			&cli.StringFlag{
				Name:     "role",
				Usage:    "contributor, author, editor or admin",
				Required: true,
			},
			&cli.BoolFlag{
				Name:  "password-stdin",
				Usage: "read the password from standard input; one newline at its end is dropped",
			},
			&cli.BoolFlag{Name: "json", Usage: "print the user as JSON"},
		},
		Action: createUser,
	}
}

func createUser(ctx context.Context, c *cli.Command) error {
	if err := noArguments(c); err != nil {
		return err
	}
	role := cms.Role(c.String("role"))
	if !role.Valid() {
		return usageErrorf("role is contributor, author, editor or admin, not %q", role)
	}
	password, err := askPassword(ctx, c)
	if err != nil {
		return err
	}
	a, err := openApp(ctx, c)
	if err != nil {
		return err
	}
	defer a.store.Close()
	u, err := a.newsroom.AddUser(ctx, c.String("email"), c.String("name"), role, password)
	if err != nil {
		return err
	}
	if c.Bool("json") {
		return json.NewEncoder(c.Root().Writer).
			Encode(map[string]any{"id": u.ID, "email": u.Email, "name": u.Name, "role": u.Role})
	}
	fmt.Fprintf(c.Root().Writer, "%s %s\n", u.ID, u.Email)
	return nil
}

// readHidden reads a line from a terminal without echo. A read cannot be cancelled: when ctx ends,
// readHidden restores the terminal and abandons the read.
func readHidden(ctx context.Context, terminal int) (string, error) {
	state, err := term.GetState(terminal)
	if err != nil {
		return "", err
	}
	type line struct {
		text []byte
		err  error
	}
	read := make(chan line, 1)
	go func() {
		text, err := term.ReadPassword(terminal)
		read <- line{text, err}
	}()
	select {
	case l := <-read:
		return string(l.text), l.err
	case <-ctx.Done():
		return "", errors.Join(errors.New("interrupted"), term.Restore(terminal, state))
	}
}

// askPassword reads a password from the terminal without echo, or from standard input.
func askPassword(ctx context.Context, c *cli.Command) (string, error) {
	in := c.Root().Reader
	if c.Bool("password-stdin") {
		text, err := io.ReadAll(bufio.NewReader(io.LimitReader(in, 4096)))
		if err != nil {
			return "", fmt.Errorf("password: %w", err)
		}
		return strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r"), nil
	}
	file, ok := in.(*os.File)
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
