package main

import (
	"cmp"
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

// version is that of the specification, unless a build sets another: -ldflags "-X
// main.version=1.2.3".
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

// versionAndCommit returns the version of the release and the commit of the build.
func versionAndCommit() (v, commit string) {
	v = cmp.Or(version, specVersion())
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				commit = s.Value
			}
		}
	}
	return v, commit
}

// specVersion returns the version of the API's specification, which is that of the release.
func specVersion() string {
	var spec struct{ Info struct{ Version string } }
	if err := json.Unmarshal(docs.OpenAPIJSON, &spec); err != nil {
		return "development"
	}
	return spec.Info.Version
}
