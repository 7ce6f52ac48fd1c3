package bench

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// Machine names the machine and measures its disk.
func Machine(dir string, each time.Duration) (string, error) {
	rate, err := fsyncs(dir, each)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s; %d cores; %s; %s; %.0f fsync of 4 kB a second", model(), runtime.NumCPU(), memory(), runtime.GOOS+"/"+runtime.GOARCH+" "+runtime.Version(), rate), nil
}

// fsyncs is how many times a second 4 kB can be appended and flushed.
func fsyncs(dir string, each time.Duration) (rate float64, err error) {
	f, err := os.CreateTemp(dir, "fsync")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	block := make([]byte, 4096)
	n, began := 0, time.Now()
	for time.Since(began) < each {
		if _, err := f.Write(block); err != nil {
			return 0, err
		}
		if err := f.Sync(); err != nil {
			return 0, err
		}
		n++
	}
	return float64(n) / time.Since(began).Seconds(), nil
}

func model() string { return line("/proc/cpuinfo", "model name", "processor unknown") }

func memory() string {
	kb, err := strconv.ParseInt(strings.TrimSuffix(line("/proc/meminfo", "MemTotal", ""), " kB"), 10, 64)
	if err != nil {
		return "memory unknown"
	}
	return fmt.Sprintf("%.1f GB", float64(kb)/1e6)
}

// line finds "name : value" in a file of /proc.
func line(file, name, other string) string {
	f, err := os.Open(filepath.Clean(file))
	if err != nil {
		return other
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	for s.Scan() {
		if k, v, ok := strings.Cut(s.Text(), ":"); ok && strings.TrimSpace(k) == name {
			return strings.TrimSpace(v)
		}
	}
	return other
}

// RSS is the resident memory of a process in MB.
func RSS(pid int) (float64, error) {
	kb, err := strconv.ParseInt(strings.TrimSuffix(line(fmt.Sprintf("/proc/%d/status", pid), "VmRSS", ""), " kB"), 10, 64)
	return float64(kb) / 1000, err
}
