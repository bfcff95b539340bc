//go:build unix

package main

import (
	"runtime"
	"syscall"
)

// peakMemory is the most memory that this process has held so far, in bytes.
func peakMemory() int64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return int64(used.Maxrss)
	}
	return int64(used.Maxrss) << 10
}
