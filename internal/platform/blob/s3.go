package blob

import (
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"okno/internal/platform/errs"
)

// S3Config says which bucket to use.
type S3Config struct {
	Endpoint string // host:port
	Bucket   string // must exist
	Prefix   string // of every key; may be empty
	Region   string // empty: us-east-1
	Access   string
	Secret   string
	Insecure bool // plain HTTP
}

// S3 keeps content in a bucket of an S3 service.
type S3 struct {
	client *minio.Client
	bucket string
	prefix string
}

// OpenS3 connects and checks that the bucket exists.
func OpenS3(ctx context.Context, cfg S3Config) (*S3, error) {
	region := cfg.Region
	if region == "" {
		region = "us-east-1"
	}
	client, err := minio.New(cfg.Endpoint, &minio.Options{
		Creds:        credentials.NewStaticV4(cfg.Access, cfg.Secret, ""),
		Secure:       !cfg.Insecure,
		Region:       region,
		BucketLookup: minio.BucketLookupPath,
	})
	if err != nil {
		return nil, unavailable("configure S3", err)
	}
	prefix := strings.Trim(cfg.Prefix, "/")
	if prefix != "" {
		prefix += "/"
	}
	s := &S3{client: client, bucket: cfg.Bucket, prefix: prefix}
	return s, s.Ready(ctx)
}

// Ready implements [Storage]: it asks for the bucket.
func (s *S3) Ready(ctx context.Context) error {
	ok, err := s.client.BucketExists(ctx, s.bucket)
	if err != nil {
		return unavailable("reach S3", err)
	}
	if !ok {
		return unavailable("reach S3", errors.New("the bucket does not exist: "+s.bucket))
	}
	return nil
}

func s3Error(doing, name string, err error) error {
	if r := minio.ToErrorResponse(err); r.Code == minio.NoSuchKey || r.StatusCode == http.StatusNotFound {
		return notFound(name)
	}
	return unavailable(doing, err)
}

// Put implements [Storage].
func (s *S3) Put(ctx context.Context, name string, size int64, r io.Reader) error {
	if err := checkName(name); err != nil {
		return err
	}
	if size < 1 {
		return unavailable("put", errSize)
	}
	_, err := s.client.PutObject(ctx, s.bucket, s.prefix+name, &exactly{r, size}, size, minio.PutObjectOptions{
		ContentType:      "application/octet-stream",
		DisableMultipart: true, // attachments are far below the limit of one request, and parts are held in memory
	})
	if err != nil {
		return unavailable("put", err)
	}
	return nil
}

// Range implements [Storage].
func (s *S3) Range(ctx context.Context, name string, from, n int64) (io.ReadCloser, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	if n == 0 {
		_, err := s.Stat(ctx, name)
		return io.NopCloser(strings.NewReader("")), err
	}
	var opt minio.GetObjectOptions
	switch {
	case n > 0:
		if err := opt.SetRange(from, from+n-1); err != nil {
			return nil, unavailable("read", err)
		}
	case from > 0:
		if err := opt.SetRange(from, 0); err != nil { // to the end
			return nil, unavailable("read", err)
		}
	}
	core := minio.Core{Client: s.client}
	body, _, _, err := core.GetObject(ctx, s.bucket, s.prefix+name, opt)
	if r := minio.ToErrorResponse(err); err != nil && (r.Code == minio.InvalidRange || r.StatusCode == http.StatusRequestedRangeNotSatisfiable) {
		return io.NopCloser(strings.NewReader("")), nil // begins behind the end
	}
	if err != nil {
		return nil, s3Error("read", name, err)
	}
	return body, nil
}

// Stat implements [Storage].
func (s *S3) Stat(ctx context.Context, name string) (Info, error) {
	if err := checkName(name); err != nil {
		return Info{}, err
	}
	o, err := s.client.StatObject(ctx, s.bucket, s.prefix+name, minio.StatObjectOptions{})
	if err != nil {
		return Info{}, s3Error("stat", name, err)
	}
	return Info{Name: name, Size: o.Size, Modified: o.LastModified.UTC()}, nil
}

// Delete implements [Storage].
func (s *S3) Delete(ctx context.Context, name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	if err := s.client.RemoveObject(ctx, s.bucket, s.prefix+name, minio.RemoveObjectOptions{}); err != nil {
		if err = s3Error("delete", name, err); !errs.Is(err, errs.NotFound) {
			return err
		}
	}
	return nil
}

// List implements [Storage].
func (s *S3) List(ctx context.Context, after string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel() // ends the listing when the caller stops early
		opt := minio.ListObjectsOptions{Prefix: s.prefix, Recursive: true}
		if after != "" {
			opt.StartAfter = s.prefix + after
		}
		for o := range s.client.ListObjects(ctx, s.bucket, opt) {
			if o.Err != nil {
				yield(Info{}, unavailable("list", o.Err))
				return
			}
			name := strings.TrimPrefix(o.Key, s.prefix)
			if checkName(name) != nil || name <= after {
				continue
			}
			if !yield(Info{Name: name, Size: o.Size, Modified: o.LastModified.UTC()}, nil) {
				return
			}
		}
	}
}
