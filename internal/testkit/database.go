package testkit

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/store"
)

// OnPostgres reports whether the tests run on PostgreSQL: TEST_DATABASE_URL names a server where
// databases can be made.
func OnPostgres() bool { return os.Getenv("TEST_DATABASE_URL") != "" }

// Database returns the URL of a new database with a user of each role, gone when the test ends. It
// is a copy of one that is made once a run.
func Database(t testing.TB) string {
	t.Helper()
	once.Do(func() { prepare(t) })
	if OnPostgres() {
		return newPostgres(t, postgresTemplate)
	}
	path := filepath.Join(t.TempDir(), "masthead.db")
	if err := os.WriteFile(path, sqliteTemplate, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

// EmptyDatabase returns the URL of a new database with nothing in it, gone when the test ends.
func EmptyDatabase(t testing.TB) string {
	t.Helper()
	if OnPostgres() {
		return newPostgres(t, "template0")
	}
	return "sqlite:" + filepath.Join(t.TempDir(), "masthead.db")
}

var (
	once             sync.Once
	sqliteTemplate   []byte
	postgresTemplate string
	made             atomic.Int64
)

// prepare makes the database that others are copies of.
func prepare(t testing.TB) {
	if !OnPostgres() {
		path := filepath.Join(t.TempDir(), "template.db")
		hire(t, "sqlite:"+path)
		var err error
		if sqliteTemplate, err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
		return
	}
	name := createPostgres(t, "template0")
	hire(t, postgresURL(t, name))
	postgresTemplate = name
}

// hire makes a user of each role.
func hire(t testing.TB, databaseURL string) {
	start := func() time.Time { return Start }
	rows, err := store.Open(context.Background(), databaseURL, start)
	if err != nil {
		t.Fatal(err)
	}
	desk := newsroom.Open(newsroom.Options{Store: rows, Hasher: hasher(t), Signer: signer(t),
		Clock: start})
	for _, role := range cms.Roles {
		if _, err := desk.AddUser(context.Background(), string(role)+"@example.org",
			"The "+string(role), role, Password); err != nil {
			t.Fatal(err)
		}
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
}

func postgresName() string { return fmt.Sprintf("masthead_test_%d_%d", os.Getpid(), made.Add(1)) }

func newPostgres(t testing.TB, template string) string {
	t.Helper()
	name := createPostgres(t, template)
	t.Cleanup(func() { administer(t, fmt.Sprintf("DROP DATABASE %s WITH (FORCE)", name)) })
	return postgresURL(t, name)
}

// creating: a database can only be copied while nobody else copies it.
var creating sync.Mutex

// createPostgres makes a database and returns its name. Its files are copied, which takes a third
// of the time of copying pages through the log.
func createPostgres(t testing.TB, template string) string {
	t.Helper()
	creating.Lock()
	defer creating.Unlock()
	name := postgresName()
	administer(t, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s ENCODING 'UTF8' STRATEGY FILE_COPY",
		name, template))
	return name
}

// postgresURL returns the URL of another database on the server of the tests.
func postgresURL(t testing.TB, name string) string {
	u, err := url.Parse(os.Getenv("TEST_DATABASE_URL"))
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

func administer(t testing.TB, statement string) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), os.Getenv("TEST_DATABASE_URL"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(context.Background(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
