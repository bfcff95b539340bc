package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"runtime/pprof"
	"strings"
)

// This file is part of the program only where figures are taken with profiles: it is laid over the
// source when that is compiled. A line with the name of a file begins a profile; the end of the
// connection ends it.
func init() {
	l, err := net.Listen("unix", os.Getenv("BENCH_PROFILE_SOCKET"))
	if err != nil {
		return
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if err := profile(c); err != nil {
				fmt.Fprint(c, err)
			}
			c.Close()
		}
	}()
}

func profile(c net.Conn) error {
	in := bufio.NewReader(c)
	name, err := in.ReadString('\n')
	if err != nil {
		return err
	}
	file, err := os.Create(strings.TrimSpace(name))
	if err != nil {
		return err
	}
	defer file.Close()
	if err := pprof.StartCPUProfile(file); err != nil {
		return err
	}
	_, _ = in.ReadString('\n') // comes to its end when the caller has seen enough
	pprof.StopCPUProfile()
	return nil
}
