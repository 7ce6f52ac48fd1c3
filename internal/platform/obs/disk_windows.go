package obs

import "golang.org/x/sys/windows"

// DiskFree is how many bytes this process may still write to the disk of a folder.
func DiskFree(dir string) (int64, error) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, err
	}
	var mine, all, free uint64
	if err := windows.GetDiskFreeSpaceEx(name, &mine, &all, &free); err != nil {
		return 0, err
	}
	return int64(mine), nil
}
