package database

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func TestADatabaseOfAnotherProgramIsLeftAlone(t *testing.T) {
	t.Parallel()
	d, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "other.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	err = d.Exclusive(t.Context(), func(tx *Tx) error {
		return tx.GORM.Exec("CREATE TABLE recipes (name TEXT)").Error
	})
	if err != nil {
		t.Fatal(err)
	}
	folder := fstest.MapFS{"0001_first.sql": {Data: []byte("CREATE TABLE ours (name TEXT);\n")}}
	if err := d.Migrate(context.Background(), folder); err == nil ||
		!strings.Contains(err.Error(), `"recipes"`) {
		t.Errorf("migrating it: %v, want a refusal that names a table", err)
	}
	err = d.Read(t.Context(), Quick, func(tx *Tx) error {
		names, err := tx.dialect.tables(tx.GORM)
		if len(names) != 1 {
			t.Errorf("it has the tables %q afterwards", names)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
