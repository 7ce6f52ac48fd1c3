package blob

import "os"

// spoolFile makes a temporary file. It keeps its name while it is open: what a
// killed process leaves is removed at the next start, see [SweepSpool].
func spoolFile(dir string) (*os.File, error) { return os.CreateTemp(dir, spoolPattern) }

func closeSpool(f *os.File) {
	_ = f.Close() // the next sweep finds what can't be removed now
	_ = os.Remove(f.Name())
}
