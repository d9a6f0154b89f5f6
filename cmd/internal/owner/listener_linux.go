package owner

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Listener is the process that listens on a TCP port, as far as this user may know: of the processes of others nothing is
// told. It reads /proc, see proc(5).
func Listener(port int) (Process, bool) {
	inodes := map[string]bool{}
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		listening(table, port, inodes)
	}
	if len(inodes) == 0 {
		return Process{}, false
	}
	descriptors, _ := filepath.Glob("/proc/[0-9]*/fd/*") // the pattern is a good one
	for _, descriptor := range descriptors {
		target, err := os.Readlink(descriptor)
		if err != nil || !inodes[target] {
			continue
		}
		pid, err := strconv.Atoi(strings.Split(descriptor, "/")[2])
		if err != nil {
			continue
		}
		name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
		return Process{PID: pid, Name: strings.TrimSpace(string(name))}, err == nil
	}
	return Process{}, false
}

const (
	stateListen = "0A"
	tableBytes  = 8 << 20
)

// listening adds the sockets of table that listen on port, as the links of descriptors name them.
func listening(table string, port int, inodes map[string]bool) {
	file, err := os.Open(table)
	if err != nil {
		return
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(io.LimitReader(file, tableBytes))
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 10 || fields[3] != stateListen {
			continue
		}
		_, local, _ := strings.Cut(fields[1], ":")
		if number, err := strconv.ParseUint(local, 16, 16); err == nil && int(number) == port {
			inodes["socket:["+fields[9]+"]"] = true
		}
	}
}
