package main

import (
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
)

// setting is a setting of the operator: by flag, environment or file, in that order.
type setting struct {
	name, usage, defaultText string
}

// fileName returns its name in the settings file.
func (s setting) fileName() string { return strings.ReplaceAll(s.name, "-", "_") }

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
		env := "MASTHEAD_" + strings.ToUpper(strings.ReplaceAll(s.name, "-", "_"))
		f := &cli.StringFlag{
			Name:        s.name,
			Usage:       s.usage,
			DefaultText: s.defaultText,
			Sources: cli.NewValueSourceChain(
				cli.EnvVar(env), envFile(env+"_FILE"),
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
	text, err := os.ReadFile(name)
	if err != nil {
		return unreadable(fmt.Errorf("%s: %w", string(e), err)), true
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r"), true
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
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("settings file: %w", err)
	}
	var values map[string]string
	if err := yaml.Unmarshal(text, &values); err != nil {
		return nil, fmt.Errorf("settings file %s: %w", name, err)
	}
	for _, known := range slices.Sorted(maps.Keys(values)) {
		if !slices.ContainsFunc(settings, func(s setting) bool { return s.fileName() == known }) {
			return nil, fmt.Errorf("settings file %s: there is no setting %q", name, known)
		}
	}
	return values, nil
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
	file, err := readFile(
		c.String("config"),
	) // not a source of the flags: --config may come after the command
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

// key returns the secret key that all others are derived from.
func (cfg *config) key() ([]byte, error) {
	if cfg.secretKey != nil {
		return cfg.secretKey, nil
	}
	if !strings.HasPrefix(cfg.databaseURL, "sqlite:") {
		return nil, usageErrorf(
			"secret-key is required with PostgreSQL, where all servers share it; openssl rand -base64 48 makes one",
		)
	}
	if err := os.MkdirAll(cfg.data, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	key, _, err := auth.LoadOrMakeKey(filepath.Join(cfg.data, "secret.key"))
	return key, err
}
