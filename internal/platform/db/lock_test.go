package db_test

import (
	"errors"
	"fmt"
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
	var held *errs.Error
	if !errors.As(err, &held) || held.Code != errs.Conflict || !strings.Contains(fmt.Sprint(held.Args["Holder"]), "process "+strconv.Itoa(os.Getpid())) || held.Err != nil {
		t.Errorf("second: %v", err)
	}
	must(t, lock.Unlock())
	again, err := db.LockFolder(dir)
	must(t, err)
	must(t, again.Unlock())
}
