// Package blobtest finds a place for the files of a test: a new folder, or a new bucket of the
// store at TEST_MEDIA_URL. Only tests import it.
package blobtest

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// URL returns the address of a new and empty store. TEST_MEDIA_URL, such as
// s3://any?endpoint=127.0.0.1:7070&insecure=1, names a store that speaks S3; its bucket is replaced
// by a new one, which is deleted after the test. Keys are taken from the environment of AWS.
func URL(t testing.TB) string {
	t.Helper()
	address := os.Getenv("TEST_MEDIA_URL")
	if address == "" {
		return t.TempDir()
	}
	core, u := connect(t, address)
	u.Host = "test-" + strings.ToLower(rand.Text())
	if err := core.MakeBucket(t.Context(), u.Host, minio.MakeBucketOptions{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { empty(t, core.Client, u.Host) })
	return u.String()
}

// connect returns a client of the store at an address, and the address.
func connect(t testing.TB, address string) (*minio.Core, *url.URL) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	core, err := minio.NewCore(query.Get("endpoint"), &minio.Options{
		Creds:  credentials.NewEnvAWS(),
		Secure: query.Get("insecure") != "1",
		Region: query.Get("region"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return core, u
}

// CutOff leaves a file in a store as one is left that was cut off while it was put. Dir is the
// folder of files that are being put, in a store that is a folder.
func CutOff(t testing.TB, address, dir, key string) {
	t.Helper()
	const part = "a part of what was to come"
	if !strings.HasPrefix(address, "s3:") {
		name := filepath.Join(address, dir, filepath.Base(key))
		if err := os.WriteFile(name, []byte(part), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	core, u := connect(t, address)
	id, err := core.NewMultipartUpload(t.Context(), u.Host, key, minio.PutObjectOptions{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = core.PutObjectPart(t.Context(), u.Host, key, id, 1, strings.NewReader(part),
		int64(len(part)), minio.PutObjectPartOptions{})
	if err != nil {
		t.Fatal(err)
	}
}

// empty deletes a bucket with all that is in it.
func empty(t testing.TB, client *minio.Client, bucket string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
	defer cancel()
	for upload := range client.ListIncompleteUploads(ctx, bucket, "", true) {
		_ = client.RemoveIncompleteUpload(ctx, bucket, upload.Key)
	}
	objects := client.ListObjects(ctx, bucket, minio.ListObjectsOptions{Recursive: true})
	for failed := range client.RemoveObjects(ctx, bucket, objects, minio.RemoveObjectsOptions{}) {
		t.Errorf("cannot delete %s: %v", failed.ObjectName, failed.Err)
	}
	if err := client.RemoveBucket(ctx, bucket); err != nil {
		t.Errorf("cannot delete the bucket %s: %v", bucket, err)
	}
}
