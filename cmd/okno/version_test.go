package main

import (
	"runtime/debug"
	"strings"
	"testing"
)

// The version says which commit runs, and says plainly where that isn't known.
func TestTheVersionSaysWhichCommitRuns(t *testing.T) {
	stamps := []debug.BuildSetting{{Key: "vcs.revision", Value: "70bbcd6a1b2c3d4e5f60"}, {Key: "vcs.time", Value: "2026-11-23T07:08:10Z"}}
	for _, c := range []struct {
		version  string
		settings []debug.BuildSetting
		want     string
	}{
		{"v1.2.0", stamps, "v1.2.0, commit 70bbcd6a1b2c of 2026-11-23T07:08:10Z"},
		{"(devel)", stamps, "no release, commit 70bbcd6a1b2c of 2026-11-23T07:08:10Z"},
		{"v0.0.0-20261123070810-70bbcd6a1b2c", append(stamps, debug.BuildSetting{Key: "vcs.modified", Value: "true"}),
			"no release, commit 70bbcd6a1b2c of 2026-11-23T07:08:10Z, with changes since"},
		{"v1.2.0", nil, "v1.2.0"},
		{"(devel)", nil, "no release, commit unknown"},
	} {
		got := versionOf(&debug.BuildInfo{Main: debug.Module{Version: c.version}, Settings: c.settings})
		if !strings.HasPrefix(got, c.want) || strings.Contains(got, "devel") {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
