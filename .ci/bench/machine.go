package main

import (
	"cmp"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// machine is what figures depend on; without the name by which a network knows it.
type machine struct {
	cpu, kernel, load string
	cores             int
	memory            int64 // bytes
	goVersion         string
	at                time.Time
}

// describe reads what Linux tells of itself; elsewhere that is left out.
func describe(goVersion string, at time.Time) machine {
	m := machine{goVersion: goVersion, at: at, cores: runtime.NumCPU()}
	m.cpu = field("/proc/cpuinfo", "model name")
	if kb, err := strconv.ParseInt(strings.TrimSuffix(field("/proc/meminfo", "MemTotal"), " kB"), 10, 64); err == nil {
		m.memory = kb << 10
	}
	if release, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		version, _, _ := strings.Cut(strings.TrimSpace(string(release)), "-") // what follows is whose build it is
		m.kernel = "Linux " + version
	}
	if average, err := os.ReadFile("/proc/loadavg"); err == nil {
		m.load, _, _ = strings.Cut(string(average), " ")
	}
	return m
}

// field is the first value of that name in a file of "name: value" lines.
func field(path, name string) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(content)) {
		if key, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func (m machine) String() string {
	about := []string{
		cmp.Or(m.cpu, "a CPU of unknown model"),
		fmt.Sprintf("%d cores", m.cores),
	}
	if m.memory > 0 {
		about = append(about, fmt.Sprintf("%.0f GiB of memory", float64(m.memory)/(1<<30)))
	}
	about = append(about, cmp.Or(m.kernel, runtime.GOOS), runtime.GOARCH, m.goVersion)
	said := fmt.Sprintf("Measured on %s: %s.", m.at.Format(time.DateOnly), strings.Join(about, ", "))
	if m.load != "" {
		said += fmt.Sprintf(" The load average was %s when the run began.", m.load)
	}
	return said
}
