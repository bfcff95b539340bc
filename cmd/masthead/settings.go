package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // for machines without a database of time zones

	"github.com/dustin/go-humanize"
	"github.com/urfave/cli/v3"
	"go.yaml.in/yaml/v3"

	"github.com/masthead-cms/masthead/internal/auth"
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
		"site-url",
		"where readers find the site, such as https://news.example.org; article URLs begin with it",
		"",
	},
	{
		"article-path",
		"the path of an article: {slug} {id} {type} {locale} {year} {month} {day}",
		cms.DefaultPattern,
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

// config holds the parsed settings.
type config struct {
	addr, data, databaseURL string
	site                    cms.Site
	secretKey               []byte // nil: the one in the data folder
	publicRead              bool
	cdnMaxAge               *time.Duration // nil: not offered
	front                   bool
	origins                 []string
	proxies                 []netip.Prefix
	cacheSize               int64 // bytes
	log                     string
}

// configOf returns the settings of a command.
func configOf(c *cli.Command) (config, error) {
	got := map[string]string{}
	for _, warning := range unknownVariables(os.Environ()) {
		fmt.Fprintf(c.Root().ErrWriter, "warning: %s\n", warning)
	}
	// Not a source of the flags: --config may come after the command.
	file, err := readFile(c.String("config"))
	if err != nil {
		return config{}, err
	}
	for _, s := range settings {
		v := c.String(s.name)
		if !c.IsSet(s.name) {
			v = file[s.fileName()]
		}
		if reason, bad := strings.CutPrefix(v, "\x00"); bad {
			return config{}, errors.New(reason)
		}
		if v == "" && s.name != "database-url" {
			v = s.defaultText
		}
		got[s.name] = v
	}
	cfg := config{
		addr: got["addr"], data: got["data"], databaseURL: got["database-url"], log: got["log"],
		publicRead: got["public-read"] == "true", front: got["front"] == "true",
		site: cms.Site{
			URL:     strings.TrimSuffix(got["site-url"], "/"),
			Pattern: got["article-path"],
			Locale:  got["locale"],
		},
		origins: list(got["cors-origins"]),
	}
	if cfg.databaseURL == "" {
		cfg.databaseURL = "sqlite:" + filepath.Join(cfg.data, "masthead.db")
	}
	return cfg, cfg.finish(got)
}

// finish parses the settings that can be wrong.
func (cfg *config) finish(got map[string]string) error {
	var err error
	for _, name := range []string{"public-read", "front"} {
		if got[name] != "true" && got[name] != "false" {
			return usageErrorf("%s is true or false, not %q", name, got[name])
		}
	}
	if scheme, _, _ := strings.Cut(cfg.databaseURL, ":"); !slices.Contains(
		[]string{"sqlite", "postgres", "postgresql"}, scheme,
	) {
		return usageErrorf("database-url is sqlite:path or postgres://user:password@host/name")
	}
	if !slices.Contains([]string{"", "text", "json"}, cfg.log) {
		return usageErrorf("log is text or json, not %q", cfg.log)
	}
	if size, err := humanize.ParseBytes(got["cache-size"]); err != nil || size > maxCache {
		return usageErrorf(
			"cache-size is a number of bytes up to 1TiB, such as 64MiB, not %q", got["cache-size"],
		)
	} else {
		cfg.cacheSize = int64(size)
	}
	if cfg.site.Zone, err = time.LoadLocation(got["time-zone"]); err != nil ||
		got["time-zone"] == "Local" {
		return usageErrorf(
			"time-zone is a name of the IANA database, such as Africa/Cairo, not %q",
			got["time-zone"],
		)
	}
	if cfg.cdnMaxAge, err = parseCDNMaxAge(got["cdn-max-age"]); err != nil {
		return err
	}
	if err := cfg.site.Check(); err != nil {
		return usageError{err}
	}
	for _, origin := range cfg.origins {
		u, err := url.Parse(origin)
		if err != nil || u.Host == "" || strings.Trim(u.Path, "/") != "" {
			return usageErrorf(
				"cors-origins: %q is no origin, such as https://desk.example.org", origin,
			)
		}
	}
	for _, proxy := range list(got["trusted-proxies"]) {
		network, err := netip.ParsePrefix(proxy)
		if err != nil {
			addr, failed := netip.ParseAddr(proxy)
			if failed != nil {
				return usageErrorf(
					"trusted-proxies: %q is no address or network, such as 10.0.0.0/8", proxy,
				)
			}
			network = netip.PrefixFrom(addr, addr.BitLen())
		}
		cfg.proxies = append(cfg.proxies, network)
	}
	if got["secret-key"] != "" {
		if cfg.secretKey, err = auth.ParseKey(got["secret-key"]); err != nil {
			return usageError{fmt.Errorf("secret-key: %w", err)}
		}
	}
	return nil
}

// maxCDNAge is the longest lifetime that caches respect.
const maxCDNAge = 365 * 24 * time.Hour

// parseCDNMaxAge returns nil for an empty text.
func parseCDNMaxAge(text string) (*time.Duration, error) {
	if text == "" {
		return nil, nil
	}
	age, err := time.ParseDuration(text)
	if err != nil || age < 0 || age > maxCDNAge {
		return nil, usageErrorf(
			"cdn-max-age is a time of up to a year (8760h), such as 1h, not %q", text,
		)
	}
	return &age, nil
}

// maxCache is the largest cache size in bytes.
const maxCache = 1 << 40

func list(s string) []string {
	var out []string
	for item := range strings.SplitSeq(s, ",") {
		if item = strings.TrimSpace(item); item != "" {
			out = append(out, item)
		}
	}
	return out
}

// key returns the secret key that all others are derived from. On SQLite it makes one in the data
// folder if there is none.
func (cfg *config) key() ([]byte, error) {
	if cfg.secretKey != nil {
		return cfg.secretKey, nil
	}
	if cfg.databaseFile() == "" {
		return nil, usageErrorf(
			"secret-key is required with PostgreSQL, where all servers share it; " +
				"openssl rand -base64 48 makes one",
		)
	}
	if err := os.MkdirAll(cfg.data, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	key, _, err := auth.LoadOrMakeKey(cfg.keyFile())
	return key, err
}

// existingKey returns the secret key, or a random one if there is none yet: it makes no file.
func (cfg *config) existingKey() ([]byte, error) {
	if _, err := os.Stat(cfg.keyFile()); cfg.secretKey == nil && errors.Is(err, fs.ErrNotExist) {
		key := make([]byte, 32)
		_, _ = rand.Read(key) // never returns an error
		return key, nil
	}
	return cfg.key()
}

// keyFile returns where the key of the data folder is.
func (cfg *config) keyFile() string { return filepath.Join(cfg.data, "secret.key") }
