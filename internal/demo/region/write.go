package region

import (
	"fmt"
	"os"
	"path/filepath"

	"okno/internal/places"
)

// WriteFiles writes the five files of the register («territories.csv» …,
// «assets.geojson») into a folder, for `okno import`.
func (r *Region) WriteFiles(dir string, format places.Format) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, set := range places.Datasets() {
		if err := r.writeFile(filepath.Join(dir, fmt.Sprintf("%s.%s", set, format)), set, format); err != nil {
			return err
		}
	}
	return nil
}

func (r *Region) writeFile(name string, set places.Dataset, format places.Format) (err error) {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	return r.Register().Write(f, set, format)
}
