//go:build unix

package main

import (
	"syscall"
	"time"
)

// cpu is the processor time this process has used so far: unlike the time that passes, it does not
// grow while others have the machine.
func cpu() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
