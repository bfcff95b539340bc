package main

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v3"

	"github.com/masthead-cms/masthead/docs"
)

func openapiCommand() *cli.Command {
	return &cli.Command{
		Name:  "openapi",
		Usage: "print the specification of the API (OpenAPI 3.1)",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "as JSON instead of YAML"}},
		Action: func(_ context.Context, c *cli.Command) error {
			if err := noArguments(c); err != nil {
				return err
			}
			if c.Bool("json") {
				_, err := c.Root().Writer.Write(docs.OpenAPIJSON)
				return err
			}
			text, err := docs.OpenAPIYAML()
			if err != nil {
				return err
			}
			_, err = c.Root().Writer.Write(text)
			return err
		},
	}
}

// version is set when a release is built: -ldflags "-X main.version=1.2.3".
var version = ""

func versionCommand() *cli.Command {
	return &cli.Command{
		Name:  "version",
		Usage: "print the version",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "json", Usage: "as JSON, with the commit and the Go version"},
		},
		Action: func(_ context.Context, c *cli.Command) error {
			if err := noArguments(c); err != nil {
				return err
			}
			v, commit := versionAndCommit()
			if c.Bool("json") {
				return json.NewEncoder(c.Root().Writer).Encode(map[string]string{
					"version": v, "commit": commit, "go": runtime.Version(),
					"platform": runtime.GOOS + "/" + runtime.GOARCH,
				})
			}
			_, err := fmt.Fprintln(c.Root().Writer, "masthead", v)
			return err
		},
	}
}

// versionAndCommit returns the version and the commit of the build.
func versionAndCommit() (v, commit string) {
	v = version
	info, ok := debug.ReadBuildInfo()
	if ok {
		if v == "" {
			v = info.Main.Version
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				commit = s.Value
			}
		}
	}
	if v == "" || v == "(devel)" {
		v = "development"
	}
	return v, commit
}
