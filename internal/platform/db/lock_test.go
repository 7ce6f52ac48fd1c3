package db_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
)

func TestLockFolderNamesTheHolder(t *testing.T) {
	dir := t.TempDir()
	lock, err := db.LockFolder(dir)
	must(t, err)
	_, err = db.LockFolder(dir)
	if !errs.Is(err, errs.Conflict) || !strings.Contains(err.Error(), "process "+strconv.Itoa(os.Getpid())) {
		t.Errorf("second: %v", err)
	}
	must(t, lock.Unlock())
	again, err := db.LockFolder(dir)
	must(t, err)
	must(t, again.Unlock())
}
