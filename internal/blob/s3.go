package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

const (
	// partSize is how large the parts are that a file is sent in, in bytes. One part of each file
	// that is being put is in memory, so that it can be sent again.
	partSize = 8 << 20
	// maxRetries is how often a request to the store is tried in all.
	maxRetries = 3
	// openTime bounds the look at a bucket when it is opened.
	openTime = 15 * time.Second
)

// contentType is what the store says of each file, whatever is in it: it is never asked directly.
const contentType = "application/octet-stream"

// s3Address is where a bucket is.
type s3Address struct {
	bucket   string
	endpoint string // a host, with or without a port
	region   string
	insecure bool // plain HTTP
}

// parseS3 parses an address such as s3://bucket?endpoint=s3.example.org&region=eu-1&insecure=1.
func parseS3(address string) (a s3Address, err error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "s3" || u.Host == "" || strings.Trim(u.Path, "/") != "" ||
		u.User != nil || u.Fragment != "" {
		return a, errors.New("a bucket is written s3://bucket?endpoint=host, " +
			"with region=… and, for plain HTTP, insecure=1 where they are needed")
	}
	a.bucket = u.Host
	a.endpoint = "s3.amazonaws.com"
	parameters, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return a, errors.New("the parameters of the bucket cannot be read")
	}
	for name, values := range parameters {
		value := values[len(values)-1]
		switch name {
		case "endpoint":
			a.endpoint = value
		case "region":
			a.region = value
		case "insecure":
			if value != "1" && value != "0" {
				return a, fmt.Errorf("insecure is 1 or 0, not %q", value)
			}
			a.insecure = value == "1"
		default:
			return a, fmt.Errorf("a bucket has no parameter %q; "+
				"there are endpoint, region and insecure", name)
		}
	}
	if strings.Contains(a.endpoint, "/") || a.endpoint == "" {
		return a, fmt.Errorf("endpoint is a host such as s3.example.org:9000, not %q", a.endpoint)
	}
	return a, nil
}

// s3 keeps files in a bucket.
type s3 struct {
	client *minio.Client
	core   *minio.Core
	bucket string
}

// openS3 returns the store in a bucket, which must be there.
func openS3(ctx context.Context, address string, keys Credentials) (Store, error) {
	a, err := parseS3(address)
	if err != nil {
		return nil, err
	}
	options := &minio.Options{
		Creds:      credentialsOf(keys),
		Secure:     !a.insecure,
		Region:     a.region,
		MaxRetries: maxRetries,
	}
	core, err := minio.NewCore(a.endpoint, options)
	if err != nil {
		return nil, fmt.Errorf("the bucket %s: %w", a.bucket, err)
	}
	s := &s3{client: core.Client, core: core, bucket: a.bucket}
	ctx, cancel := context.WithTimeout(ctx, openTime)
	defer cancel()
	found, err := s.client.BucketExists(ctx, a.bucket)
	if err == nil && !found {
		err = errors.New("there is no such bucket; create it first")
	}
	if err != nil {
		return nil, fmt.Errorf("the bucket %s at %s: %w", a.bucket, a.endpoint, err)
	}
	return s, nil
}

// credentialsOf returns given keys, else those of the usual environment of AWS.
func credentialsOf(keys Credentials) *credentials.Credentials {
	if keys.Key != "" {
		return credentials.NewStaticV4(keys.Key, keys.Secret, "")
	}
	return credentials.NewChainCredentials([]credentials.Provider{
		&credentials.EnvAWS{},
		&credentials.FileAWSCredentials{},
		&credentials.IAM{},
	})
}

// Put stores a file, in one request or in parts, which the store puts together at the end. It asks
// for the size afterwards: stores that do not understand how the bytes are framed keep the frames
// as well.
func (s *s3) Put(ctx context.Context, key string, r io.Reader, size int64) error {
	if err := checkKey(key); err != nil {
		return err
	}
	r = &exactly{ctx, r, size}
	if size <= partSize {
		whole, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		r = bytes.NewReader(whole)
	}
	_, err := s.client.PutObject(ctx, s.bucket, key, r, size, minio.PutObjectOptions{
		ContentType:    contentType,
		PartSize:       partSize,
		NumThreads:     1,
		SendContentMd5: true, // the store holds what came against it
	})
	if err != nil {
		return s3Error(key, err)
	}
	info, err := s.Stat(ctx, key)
	if err == nil && info.Size != size {
		err = fmt.Errorf("%s: %d bytes were sent and %d are there: this store is no S3 for us",
			key, size, info.Size)
		err = errors.Join(err, s.Delete(ctx, key))
	}
	return err
}

// s3File is an open file of a bucket. What is read of it is asked for as it is read.
type s3File struct {
	*minio.Object
	info Info
}

// Info says what is known of the file.
func (f *s3File) Info() Info { return f.info }

// Read returns the next bytes.
func (f *s3File) Read(p []byte) (int, error) {
	n, err := f.Object.Read(p)
	if err != nil && err != io.EOF {
		err = s3Error(f.info.Key, err)
	}
	return n, err
}

// Open opens a file.
func (s *s3) Open(ctx context.Context, key string) (File, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	object, err := s.client.GetObject(ctx, s.bucket, key, minio.GetObjectOptions{})
	if err != nil {
		return nil, s3Error(key, err)
	}
	stat, err := object.Stat() // the first request
	if err != nil {
		object.Close()
		return nil, s3Error(key, err)
	}
	return &s3File{object, Info{Key: key, Size: stat.Size, ModTime: stat.LastModified}}, nil
}

// Stat returns what is known of a file.
func (s *s3) Stat(ctx context.Context, key string) (Info, error) {
	if err := checkKey(key); err != nil {
		return Info{}, err
	}
	stat, err := s.client.StatObject(ctx, s.bucket, key, minio.StatObjectOptions{})
	if err != nil {
		return Info{}, s3Error(key, err)
	}
	return Info{Key: key, Size: stat.Size, ModTime: stat.LastModified}, nil
}

// Delete deletes a file.
func (s *s3) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	err := s3Error(key, s.client.RemoveObject(ctx, s.bucket, key, minio.RemoveObjectOptions{}))
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// All returns every file.
func (s *s3) All(ctx context.Context) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		options := minio.ListObjectsOptions{Recursive: true}
		for object := range s.client.ListObjects(ctx, s.bucket, options) {
			if object.Err != nil {
				yield(Info{}, s3Error("", object.Err))
				return
			}
			if checkKey(object.Key) != nil { // not ours
				continue
			}
			info := Info{Key: object.Key, Size: object.Size, ModTime: object.LastModified}
			if !yield(info, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(Info{}, err)
		}
	}
}

// Sweep removes the parts of files that began to be sent before a time and were never put together.
func (s *s3) Sweep(ctx context.Context, before time.Time) (int, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	swept := 0
	for upload := range s.client.ListIncompleteUploads(ctx, s.bucket, "", true) {
		if upload.Err != nil {
			return swept, s3Error("", upload.Err)
		}
		if !upload.Initiated.Before(before) || checkKey(upload.Key) != nil {
			continue
		}
		err := s.core.AbortMultipartUpload(ctx, s.bucket, upload.Key, upload.UploadID)
		if err := s3Error(upload.Key, err); err != nil && !errors.Is(err, ErrNotFound) {
			return swept, err
		}
		swept++
	}
	return swept, ctx.Err()
}

// Close does nothing: connections that are idle close by themselves.
func (s *s3) Close() error { return nil }

// s3Error returns an error of a request to the store as one of this package.
func s3Error(key string, err error) error {
	if err == nil {
		return nil
	}
	var answered minio.ErrorResponse
	var network net.Error
	var connection *url.Error
	if errors.As(err, &answered) {
		switch {
		case answered.Code == "NoSuchKey" || answered.Code == "NoSuchUpload" ||
			(answered.StatusCode == http.StatusNotFound && answered.Code != "NoSuchBucket"):
			return fmt.Errorf("%s: %w", key, ErrNotFound)
		case answered.StatusCode == http.StatusInsufficientStorage ||
			answered.Code == "XMinioStorageFull" || answered.Code == "QuotaExceeded":
			return fmt.Errorf("%s: %w: %w", key, ErrFull, err)
		case answered.StatusCode >= 500 || answered.StatusCode == http.StatusTooManyRequests:
			return fmt.Errorf("%s: %w: %w", key, ErrUnavailable, err)
		}
		return fmt.Errorf("%s: the store answers: %w", key, err)
	}
	if errors.Is(err, context.Canceled) {
		return err
	}
	if errors.As(err, &network) || errors.As(err, &connection) {
		return fmt.Errorf("%s: %w: %w", key, ErrUnavailable, err)
	}
	return fmt.Errorf("%s: %w", key, err)
}
