// Command masthead is a headless CMS for news publishers: one program that serves a JSON API over
// its own database. This package assembles the parts; it is the only one that reads the
// environment.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/urfave/cli/v3"

	"github.com/masthead-cms/masthead/internal/cms"
)

func main() {
	os.Exit(run(os.Args, os.Stdin, os.Stdout, os.Stderr))
}

// run runs the program and returns its exit code: 0 done, 1 failed, 2 wrong usage. The first
// interrupt ends every command; serve finishes the requests in flight, and the second interrupt
// ends it at once.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // the next one has its default effect
	err := command(stdin, stdout, stderr).Run(ctx, args)
	if err == nil {
		return 0
	}
	var wrong usageError
	if errors.As(err, &wrong) {
		fmt.Fprintf(stderr, "masthead: %s\nTry masthead --help.\n", wrong)
		return 2
	}
	fmt.Fprintf(stderr, "masthead: %s\n", errorText(err))
	return 1
}

// errorText returns an error as shown to people.
func errorText(err error) string {
	var refusal *cms.Error
	if !errors.As(err, &refusal) || len(refusal.Fields) == 0 {
		return err.Error()
	}
	var details []string
	for _, f := range refusal.Fields {
		details = append(details, f.Detail)
	}
	return strings.Join(details, "\n  ")
}

// usageError is an error in the command line or the settings.
type usageError struct{ error }

func usageErrorf(
	format string,
	args ...any,
) error {
	return usageError{fmt.Errorf(format, args...)}
}

func command(stdin io.Reader, stdout, stderr io.Writer) *cli.Command {
	version, _ := versionAndCommit()
	cli.VersionPrinter = func(c *cli.Command) {
		fmt.Fprintln(c.Root().Writer, "masthead", c.Version)
	}
	root := &cli.Command{
		Name:    "masthead",
		Usage:   "a headless CMS for news publishers",
		Version: version,
		Description: "Editors write, tag, link and publish over a JSON API; anybody reads what is\n" +
			"published. masthead serve --demo starts a server with demonstration content and says\n" +
			"where to look.\n\n" +
			"A setting is taken from its flag, else from the environment (MASTHEAD_...; or from the\n" +
			"file that MASTHEAD_..._FILE names), else from the settings file (--config), else it has\n" +
			"its default.",
		Reader:                stdin,
		Writer:                stdout,
		ErrWriter:             stderr,
		EnableShellCompletion: true,
		ConfigureShellCompletionCommand: func(c *cli.Command) {
			c.Hidden = false
			c.Usage = "print a completion script for a shell: bash, zsh, fish or pwsh"
		},
		Flags: settingFlags(),
		Commands: []*cli.Command{
			serveCommand(), userCommand(), importCommand(), mediaCommand(), migrateCommand(),
			copyCommand(), doctorCommand(), openapiCommand(), versionCommand(),
		},
		ExitErrHandler: func(context.Context, *cli.Command, error) {},
	}
	strict(root)
	for _, sub := range root.Commands {
		if sub.Name != "serve" {
			shortHelp(sub)
		}
	}
	return root
}

// shortHelp leaves the settings out of the help of a command and those below it. That of masthead
// and of masthead serve lists them.
func shortHelp(c *cli.Command) {
	template := cli.CommandHelpTemplate
	if len(c.Commands) > 0 {
		template = cli.SubcommandHelpTemplate
	}
	before, _, found := strings.Cut(template, "{{if .VisiblePersistentFlags}}")
	if found {
		c.CustomHelpTemplate = before + "\n\nmasthead --help lists the settings.\n"
	}
	for _, sub := range c.Commands {
		shortHelp(sub)
	}
}

// strict makes a command and its subcommands exit with code 2 for a command line they do not
// understand.
func strict(c *cli.Command) {
	c.OnUsageError = func(_ context.Context, _ *cli.Command, err error, _ bool) error {
		return usageError{err}
	}
	if len(c.Commands) > 0 {
		c.Action = func(_ context.Context, c *cli.Command) error {
			if name := c.Args().First(); name != "" {
				return usageErrorf("there is no command %q below %s", name, c.FullName())
			}
			return cli.ShowSubcommandHelp(c)
		}
	}
	for _, sub := range c.Commands {
		strict(sub)
	}
}

// argument returns the one argument of a command.
func argument(c *cli.Command, name string) (string, error) {
	if c.Args().Len() != 1 {
		return "", usageErrorf(
			"%s takes one argument, %s; it got %d", c.FullName(), name, c.Args().Len(),
		)
	}
	return c.Args().First(), nil
}

// noArguments returns an error if there are arguments.
func noArguments(c *cli.Command) error {
	if c.Args().Present() {
		return usageErrorf("%s takes no arguments; it got %q", c.FullName(), c.Args().First())
	}
	return nil
}
