//go:build !windows

package obs

import "syscall"

// DiskFree is how many bytes this process may still write to the disk of a folder.
func DiskFree(dir string) (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return int64(s.Bavail) * int64(s.Bsize), nil //nolint:unconvert // other types on other systems
}
