package main

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // for machines without a database of time zones

	"github.com/dustin/go-humanize"
	"github.com/urfave/cli/v3"

	"github.com/masthead-cms/masthead/internal/auth"
	"github.com/masthead-cms/masthead/internal/blob"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
)

// config holds the parsed settings.
type config struct {
	addr, data, databaseURL string
	site                    cms.FixedSite
	secretKey               []byte // nil: the one in the data folder
	publicRead              bool
	cdnMaxAge               *time.Duration // nil: not offered
	front                   bool
	origins                 []string
	proxies                 []netip.Prefix
	cacheSize               int64 // bytes
	log                     string
	mediaURL                string
	mediaKeys               blob.Credentials
	mediaMax                int64 // bytes, of a file of any kind
	mediaCache              int64 // bytes, of all renditions
	mediaMemory             int64 // bytes, that all pictures in work may take
	retention               newsroom.Retention
	publicURL               string // without a slash at its end; empty: it was not said
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
		if v == "" && !slices.Contains(derivedSettings, s.name) {
			v = s.defaultText
		}
		got[s.name] = v
	}
	cfg := config{
		addr: got["addr"], data: got["data"], databaseURL: got["database-url"], log: got["log"],
		publicRead: got["public-read"] == "true", front: got["front"] == "true",
		origins: list(got["cors-origins"]),
	}
	if cfg.databaseURL == "" {
		cfg.databaseURL = "sqlite:" + filepath.Join(cfg.data, "masthead.db")
	}
	if got["media-url"] == "" {
		got["media-url"] = filepath.Join(cfg.data, "media")
	}
	return cfg, cfg.finish(got)
}

// derivedSettings are the settings that have no default of their own where nothing is set.
var derivedSettings = append([]string{"database-url", "media-url", "public-url"}, siteSettings...)

// finish parses the settings that can be wrong.
func (cfg *config) finish(got map[string]string) error {
	return cmp.Or(
		cfg.checkChoices(got),
		cfg.parseCaches(got),
		cfg.parseSite(got),
		cfg.parseNetwork(got),
		cfg.parseMedia(got),
		cfg.parseRetention(got),
		cfg.parseKey(got),
	)
}

func (cfg *config) checkChoices(got map[string]string) error {
	for _, name := range []string{"public-read", "front"} {
		if got[name] != "true" && got[name] != "false" {
			return usageErrorf("%s is true or false, not %q", name, got[name])
		}
	}
	scheme, _, _ := strings.Cut(cfg.databaseURL, ":")
	if !slices.Contains([]string{"sqlite", "postgres", "postgresql"}, scheme) {
		return usageErrorf("database-url is sqlite:path or postgres://user:password@host/name")
	}
	if !slices.Contains([]string{"", "text", "json"}, cfg.log) {
		return usageErrorf("log is text or json, not %q", cfg.log)
	}
	return nil
}

func (cfg *config) parseCaches(got map[string]string) error {
	size, err := humanize.ParseBytes(got["cache-size"])
	if err != nil || size > maxCache {
		return usageErrorf(
			"cache-size is a number of bytes up to 1TiB, such as 64MiB, not %q", got["cache-size"],
		)
	}
	cfg.cacheSize = int64(size)
	cfg.cdnMaxAge, err = parseCDNMaxAge(got["cdn-max-age"])
	return err
}

// siteSettings are the settings that win over what an administrator has set of the site.
var siteSettings = []string{"site-url", "article-path", "locale", "time-zone"}

func (cfg *config) parseSite(got map[string]string) error {
	set := func(name string) *string {
		if value := got[name]; value != "" {
			return &value
		}
		return nil
	}
	got["site-url"] = strings.TrimRight(got["site-url"], "/")
	cfg.site = cms.FixedSite{
		URL:         set("site-url"),
		Locale:      set("locale"),
		TimeZone:    set("time-zone"),
		ArticlePath: set("article-path"),
	}
	var refusal *cms.Error
	if errors.As(cfg.site.Check(), &refusal) {
		return usageErrorf("the site: %s", refusal.Fields[0].Detail)
	}
	return nil
}

func (cfg *config) parseNetwork(got map[string]string) error {
	if cfg.publicURL = strings.TrimRight(got["public-url"], "/"); cfg.publicURL != "" {
		u, err := url.Parse(cfg.publicURL)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") ||
			u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			return usageErrorf(
				"public-url is an address such as https://api.example.org, not %q", got["public-url"],
			)
		}
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
	return nil
}

func (cfg *config) parseKey(got map[string]string) (err error) {
	if got["secret-key"] == "" {
		return nil
	}
	if cfg.secretKey, err = auth.ParseKey(got["secret-key"]); err != nil {
		return usageError{fmt.Errorf("secret-key: %w", err)}
	}
	return nil
}

// minMediaCache is the smallest room for renditions, in bytes: without any, each of them would be
// made whenever somebody asks.
const minMediaCache = 16 << 20

// minMediaMemory is the least memory that pictures in work need, in bytes: with less, some that are
// served could not be made in other sizes.
const minMediaMemory = 160 << 20

// maxMedia is the largest limit of files, in bytes: what a bucket can copy within itself.
const maxMedia = 5 << 30

func (cfg *config) parseMedia(got map[string]string) error {
	if err := blob.Check(got["media-url"]); err != nil {
		return usageError{fmt.Errorf("media-url: %w", err)}
	}
	if (got["media-key"] == "") != (got["media-secret"] == "") {
		return usageErrorf("media-key and media-secret belong together: set both or neither")
	}
	size, err := humanize.ParseBytes(got["media-max"])
	if err != nil || size == 0 || size > maxMedia {
		return usageErrorf(
			"media-max is a number of bytes up to 5GiB, such as 500MiB, not %q", got["media-max"],
		)
	}
	cached, err := humanize.ParseBytes(got["media-cache"])
	if err != nil || cached < minMediaCache || cached > maxCache {
		return usageErrorf(
			"media-cache is a number of bytes from 16MiB to 1TiB, such as 5GiB, not %q",
			got["media-cache"],
		)
	}
	memory, err := humanize.ParseBytes(got["media-memory"])
	if err != nil || memory < minMediaMemory || memory > maxCache {
		return usageErrorf(
			"media-memory is a number of bytes from 160MiB to 1TiB, such as 512MiB, not %q",
			got["media-memory"],
		)
	}
	cfg.mediaMemory = int64(memory)
	cfg.mediaCache = int64(cached)
	cfg.mediaURL = got["media-url"]
	cfg.mediaKeys = blob.Credentials{Key: got["media-key"], Secret: got["media-secret"]}
	cfg.mediaMax = int64(size)
	return nil
}

// maxDays is the longest time that anything is said to be kept: a hundred years.
const maxDays = 36_500

func (cfg *config) parseRetention(got map[string]string) error {
	for name, to := range map[string]*time.Duration{
		"trash-days":    &cfg.retention.Trash,
		"event-days":    &cfg.retention.EventDetails,
		"revision-days": &cfg.retention.Revisions,
	} {
		days, err := strconv.ParseUint(got[name], 10, 32)
		if err != nil || days > maxDays {
			return usageErrorf("%s is a number of days up to %d, or 0, not %q", name, maxDays,
				got[name])
		}
		*to = time.Duration(days) * 24 * time.Hour
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
