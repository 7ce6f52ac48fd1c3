package app

import (
	"context"
	"net/url"
	"strings"

	"okno/internal/platform/blob"
	"okno/internal/platform/config"
)

// filesDir holds attachments in the data folder.
const filesDir = "files"

// Storage opens the place of attachments that a configuration names: a folder,
// or S3 by setting.
func Storage(ctx context.Context, c config.Config) (blob.Storage, error) {
	if c.S3Endpoint == "" {
		return blob.OpenFolder(c.Path(filesDir))
	}
	u, err := url.Parse(c.S3Endpoint)
	if err != nil {
		return nil, err
	}
	return blob.OpenS3(ctx, blob.S3Config{Endpoint: u.Host, Insecure: u.Scheme == "http", Bucket: c.S3Bucket, Region: c.S3Region,
		Access: c.S3Key, Secret: string(c.S3Secret)})
}

// scanner looks into attachments, by setting; nil where none is set.
func (a *App) scanner() (blob.Scanner, error) {
	address := a.Config.Clamd
	if address == "" {
		return nil, nil
	}
	if !strings.HasPrefix(address, "unix:") {
		address = "tcp:" + address
	}
	return blob.NewClamd(address)
}
