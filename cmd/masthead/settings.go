package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"
	"go.yaml.in/yaml/v3"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/text"
)

// setting is a setting of the operator: by flag, environment or file, in that order.
type setting struct {
	name, usage, defaultText string
}

// fileName returns its name in the settings file.
func (s setting) fileName() string { return strings.ReplaceAll(s.name, "-", "_") }

// variable returns its name in the environment.
func (s setting) variable() string {
	return "MASTHEAD_" + strings.ToUpper(strings.ReplaceAll(s.name, "-", "_"))
}

// list reports whether it may have several values, which a file may give as a list.
func (s setting) list() bool { return s.name == "cors-origins" || s.name == "trusted-proxies" }

// settings lists them all. The environment variable of "site-url" is MASTHEAD_SITE_URL, its name in
// a file site_url.
var settings = []setting{
	{"addr", "the `address` to listen on", "127.0.0.1:8080"},
	{"data", "the `folder` for the database and the signing key", "./data"},
	{
		"database-url",
		"the `database`: sqlite:path or postgres://user:password@host/name",
		"sqlite:<data>/masthead.db",
	},
	{
		"media-url",
		"where files of media lie: a `folder`, or s3://bucket?endpoint=host&region=name",
		"<data>/media",
	},
	{
		"media-key",
		"the access `key` of the bucket; by default the usual environment of AWS has it",
		"",
	},
	{"media-secret", "the secret `key` of the bucket", ""},
	{
		"media-max",
		"the largest file of sound or film, such as 500MiB; " +
			"pictures have 32 MiB at most, documents 100 MiB",
		"2GiB",
	},
	{
		"revision-days",
		"for how many `days` revisions are kept, besides the latest and the published ones; 0: for ever",
		"0",
	},
	{
		"media-cache",
		"how many bytes of pictures in other sizes are kept in the data folder, such as 5GiB",
		"1GiB",
	},
	{
		"media-memory",
		"how much memory all pictures in work may take, and so the largest one, such as 512MiB",
		"192MiB",
	},
	{
		"trash-days",
		"after how many `days` in the trash articles are deleted for good; 0: never",
		"30",
	},
	{
		"event-days",
		"for how many `days` events keep values and the addresses of callers; 0: for ever",
		"0",
	},
	{
		"site-url",
		"where readers find the site, such as https://news.example.org; article URLs begin with it",
		"",
	},
	{
		"public-url",
		"where this server is reached from outside, such as https://api.example.org; addresses of " +
			"media begin with it",
		"http:// and the address, on a loopback one",
	},
	{
		"article-path",
		"the path of an article: {slug} {id} {section} {section_path} {type} {locale} {year} {month} {day}",
		cms.DefaultPaths.Article,
	},
	{"locale", "the language of articles that name none (BCP 47)", "en"},
	{
		"time-zone",
		"the site's time `zone`, such as Africa/Cairo: of dates in URLs and of imported dates without one",
		"UTC",
	},
	{
		"secret-key",
		"the `key` that tokens are signed with, 32 bytes or more; on SQLite one is made in the data folder",
		"",
	},
	{
		"public-read",
		"whether what is published can be read without a credential: true or false",
		"true",
	},
	{
		"cors-origins",
		"origins, separated by commas, whose pages may use the signed-in part of the API",
		"",
	},
	{
		"trusted-proxies",
		"addresses or networks, separated by commas, whose X-Forwarded-For or Forwarded is believed",
		"",
	},
	{
		"cache-size",
		"how much memory finished answers may take, such as 64MiB; 0 keeps none",
		"64MiB",
	},
	{
		"cdn-max-age",
		"how long shared caches that are purged may use what is published, such as 1h; " +
			"by default it is not offered",
		"",
	},
	{
		"front",
		"whether finished answers are sent before net/http reads the request: true or false",
		"true",
	},
	{"log", "how to log: text or json; by default text on a terminal and json elsewhere", ""},
}

// settingFlags returns the settings as flags of every command.
func settingFlags() []cli.Flag {
	flags := []cli.Flag{&cli.StringFlag{
		Name: "config", Usage: "a `file` of settings in YAML",
		Sources: cli.EnvVars("MASTHEAD_CONFIG"), TakesFile: true,
	}}
	for _, s := range settings {
		f := &cli.StringFlag{
			Name:        s.name,
			Usage:       s.usage,
			DefaultText: s.defaultText,
			Sources: cli.NewValueSourceChain(
				cli.EnvVar(s.variable()), envFile(s.variable()+"_FILE"),
			),
		}
		f.HideDefault = s.defaultText == ""
		flags = append(flags, f)
	}
	return flags
}

// envFile is an environment variable that names a file with the value, such as a mounted secret.
type envFile string

// Lookup returns the contents of the file, without a trailing line break.
func (e envFile) Lookup() (string, bool) {
	name, ok := os.LookupEnv(string(e))
	if !ok {
		return "", false
	}
	content, err := os.ReadFile(name)
	if err != nil {
		return unreadable(fmt.Errorf("%s: %w", string(e), err)), true
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(content), "\n"), "\r"), true
}

func (e envFile) String() string   { return "file named by " + string(e) }
func (e envFile) GoString() string { return fmt.Sprintf("envFile(%q)", string(e)) }

// unreadable returns a value that stands for an error of its source; a source cannot return one.
func unreadable(err error) string { return "\x00" + err.Error() }

// readFile reads the settings file. Without a name it returns nil.
func readFile(name string) (map[string]string, error) {
	if name == "" {
		return nil, nil
	}
	content, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("settings file: %w", err)
	}
	var nodes map[string]yaml.Node
	if err := yaml.Unmarshal(content, &nodes); err != nil {
		return nil, fmt.Errorf("settings file %s: %w", name, err)
	}
	values := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(nodes)) {
		i := slices.IndexFunc(settings, func(s setting) bool { return s.fileName() == key })
		if i < 0 {
			return nil, fmt.Errorf("settings file %s: there is no setting %q", name, key)
		}
		node := nodes[key]
		if values[key], err = fileValue(&node, settings[i].list()); err != nil {
			return nil, fmt.Errorf("settings file %s: %s: %w", name, key, err)
		}
	}
	return values, nil
}

// fileValue returns a value of the settings file as a flag has it: items of a list are separated by
// commas.
func fileValue(node *yaml.Node, list bool) (string, error) {
	if node.Kind == yaml.SequenceNode && list {
		var items []string
		if err := node.Decode(&items); err != nil {
			return "", err
		}
		return strings.Join(items, ","), nil
	}
	if node.Kind != yaml.ScalarNode {
		return "", errors.New("want one value")
	}
	if node.Tag == "!!null" {
		return "", nil
	}
	return node.Value, nil
}

// unknownVariables returns a sentence for each MASTHEAD_ variable of an environment that is not a
// setting. They are no error: other programs may set some, as Kubernetes does for a service.
func unknownVariables(environment []string) []string {
	known := []string{"MASTHEAD_CONFIG"}
	for _, s := range settings {
		known = append(known, s.variable(), s.variable()+"_FILE")
	}
	var warnings []string
	for _, entry := range environment {
		name, _, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, "MASTHEAD_") || slices.Contains(known, name) {
			continue
		}
		warning := name + " is not a setting and has no effect"
		if near := text.Nearest(name, known); near != "" {
			warning += "; did you mean " + near + "?"
		}
		warnings = append(warnings, warning)
	}
	return warnings
}
