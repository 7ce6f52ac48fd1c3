//go:build unix

package pgcluster

import (
	"os/exec"
	"syscall"
)

// own gives the command a process group of its own.
func own(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
