package main

import (
	"context"
	"encoding/json"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/masthead-cms/masthead/internal/cms"
)

func userCommand() *cli.Command {
	return &cli.Command{
		Name:  "user",
		Usage: "people who can sign in",
		Commands: []*cli.Command{
			userCreateCommand(),
			userListCommand(),
			userSetRoleCommand(),
			userSetPasswordCommand(),
			userChangeCommand("disable", "end a user's sessions and keep them from signing in",
				func(ctx context.Context, a *app, email string) (*cms.User, error) {
					return a.newsroom.Disable(ctx, email)
				}),
			userChangeCommand("enable", "let a disabled user sign in again",
				func(ctx context.Context, a *app, email string) (*cms.User, error) {
					return a.newsroom.Enable(ctx, email)
				}),
			userChangeCommand("end-sessions", "sign a user out everywhere",
				func(ctx context.Context, a *app, email string) (*cms.User, error) {
					return a.newsroom.EndSessions(ctx, email)
				}),
		},
	}
}

const rolesHelp = "Roles: contributor writes and edits own drafts; author also publishes own articles;\n" +
	"editor does everything about everybody's content; admin also removes for good."

const passwordHelp = "Asks for the password twice on a terminal, or reads it from standard input with\n" +
	"--password-stdin."

// atOnce is what the commands that change a user have in common.
const atOnce = "A server that runs on the same database heeds it at once."

func jsonFlag(usage string) cli.Flag { return &cli.BoolFlag{Name: "json", Usage: usage} }

func passwordStdinFlag() cli.Flag {
	return &cli.BoolFlag{
		Name:  "password-stdin",
		Usage: "read the password from standard input; one newline at its end is dropped",
	}
}

func roleFlag() cli.Flag {
	return &cli.StringFlag{
		Name:     "role",
		Usage:    "contributor, author, editor or admin",
		Required: true,
	}
}

func userCreateCommand() *cli.Command {
	return &cli.Command{
		Name:  "create",
		Usage: "make a user",
		Description: passwordHelp + "\nWorks while a server runs on the same database.\n\n" +
			rolesHelp,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "email", Usage: "the `address` to sign in with", Required: true},
			&cli.StringFlag{Name: "name", Usage: "the `name` that others see", Required: true},
			roleFlag(),
			passwordStdinFlag(),
			jsonFlag("print the user as JSON"),
		},
		Action: createUser,
	}
}

func createUser(ctx context.Context, c *cli.Command) error {
	if err := noArguments(c); err != nil {
		return err
	}
	role, err := parseRole(c)
	if err != nil {
		return err
	}
	password, err := askPassword(ctx, c)
	if err != nil {
		return err
	}
	return withApp(ctx, c, func(a *app) error {
		u, err := a.newsroom.AddUser(ctx, c.String("email"), c.String("name"), role, password)
		if err != nil {
			return err
		}
		return printUser(c, u)
	})
}

func userListCommand() *cli.Command {
	return &cli.Command{
		Name:  "list",
		Usage: "list all users, disabled ones too",
		Flags: []cli.Flag{jsonFlag("print an array of users as JSON")},
		Action: func(ctx context.Context, c *cli.Command) error {
			if err := noArguments(c); err != nil {
				return err
			}
			return withExistingApp(ctx, c, func(a *app) error {
				users, err := a.newsroom.Users(ctx)
				if err != nil {
					return err
				}
				return printUsers(c, users)
			})
		},
	}
}

func printUsers(c *cli.Command, users []*cms.User) error {
	if c.Bool("json") {
		list := []userOutput{}
		for _, u := range users {
			list = append(list, outputOf(u))
		}
		return json.NewEncoder(c.Root().Writer).Encode(list)
	}
	w := tabwriter.NewWriter(c.Root().Writer, 0, 0, 2, ' ', 0)
	for _, u := range users {
		state := "active"
		if u.DisabledAt != nil {
			state = "disabled " + u.DisabledAt.UTC().Format(time.RFC3339)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", u.ID, u.Email, u.Role, state, u.Name)
	}
	return w.Flush()
}

func userSetRoleCommand() *cli.Command {
	return &cli.Command{
		Name:        "set-role",
		Usage:       "change what a user may do, and end their sessions",
		ArgsUsage:   "EMAIL",
		Description: atOnce + "\nThe last administrator stays one.\n\n" + rolesHelp,
		Flags:       []cli.Flag{emailFlag(), roleFlag(), jsonFlag("print the user as JSON")},
		Action: func(ctx context.Context, c *cli.Command) error {
			role, err := parseRole(c)
			if err != nil {
				return err
			}
			return changeUser(ctx, c, func(a *app, email string) (*cms.User, error) {
				return a.newsroom.SetRole(ctx, email, role)
			})
		},
	}
}

func userSetPasswordCommand() *cli.Command {
	return &cli.Command{
		Name:        "set-password",
		Usage:       "give a user another password, and end their sessions",
		ArgsUsage:   "EMAIL",
		Description: passwordHelp + "\n" + atOnce,
		Flags: []cli.Flag{
			emailFlag(),
			passwordStdinFlag(),
			jsonFlag("print the user as JSON"),
		},
		Action: func(ctx context.Context, c *cli.Command) error {
			if _, err := emailOf(c); err != nil {
				return err
			}
			password, err := askPassword(ctx, c)
			if err != nil {
				return err
			}
			return changeUser(ctx, c, func(a *app, email string) (*cms.User, error) {
				return a.newsroom.SetPassword(ctx, email, password)
			})
		},
	}
}

// userChangeCommand returns a command that changes a user and takes nothing but their address.
func userChangeCommand(
	name, usage string, change func(ctx context.Context, a *app, email string) (*cms.User, error),
) *cli.Command {
	return &cli.Command{
		Name:        name,
		Usage:       usage,
		ArgsUsage:   "EMAIL",
		Description: atOnce,
		Flags:       []cli.Flag{emailFlag(), jsonFlag("print the user as JSON")},
		Action: func(ctx context.Context, c *cli.Command) error {
			return changeUser(ctx, c, func(a *app, email string) (*cms.User, error) {
				return change(ctx, a, email)
			})
		},
	}
}

// changeUser changes the user that the argument names and prints them.
func changeUser(
	ctx context.Context, c *cli.Command, change func(a *app, email string) (*cms.User, error),
) error {
	email, err := emailOf(c)
	if err != nil {
		return err
	}
	return withThereApp(ctx, c, func(a *app) error {
		u, err := change(a, email)
		if err != nil {
			return fmt.Errorf("%s: %w", email, err)
		}
		return printUser(c, u)
	})
}

func emailFlag() cli.Flag {
	return &cli.StringFlag{Name: "email", Usage: "the user's `address`, instead of the argument"}
}

// emailOf returns the address that the argument or the flag gives.
func emailOf(c *cli.Command) (string, error) {
	if email := c.String("email"); email != "" {
		return email, noArguments(c)
	}
	return argument(c, "EMAIL")
}

func parseRole(c *cli.Command) (cms.Role, error) {
	role := cms.Role(c.String("role"))
	if !role.Valid() {
		return "", usageErrorf("role is contributor, author, editor or admin, not %q", role)
	}
	return role, nil
}

// userOutput is a user as the commands print them with --json.
type userOutput struct {
	ID         cms.ID     `json:"id"`
	Email      string     `json:"email"`
	Name       string     `json:"name"`
	Role       cms.Role   `json:"role"`
	CreatedAt  time.Time  `json:"created_at"`
	DisabledAt *time.Time `json:"disabled_at"`
}

func outputOf(u *cms.User) userOutput {
	out := userOutput{
		ID:        u.ID,
		Email:     u.Email,
		Name:      u.Name,
		Role:      u.Role,
		CreatedAt: u.CreatedAt.UTC(),
	}
	if u.DisabledAt != nil {
		at := u.DisabledAt.UTC()
		out.DisabledAt = &at
	}
	return out
}

func printUser(c *cli.Command, u *cms.User) error {
	if c.Bool("json") {
		return json.NewEncoder(c.Root().Writer).Encode(outputOf(u))
	}
	_, err := fmt.Fprintf(c.Root().Writer, "%s %s\n", u.ID, u.Email)
	return err
}
