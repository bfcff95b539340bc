//go:build ignore

// Makes known.bin of a list of passwords, one a line: go run known_gen.go < list.
package main

import (
	"bufio"
	"hash/fnv"
	"log"
	"os"
	"slices"
	"strings"
	"unicode/utf8"
)

func main() {
	var digests []string
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		password := strings.ToLower(lines.Text())
		if n := utf8.RuneCountInString(password); n < 12 || n > 40 {
			continue
		}
		hash := fnv.New64a()
		hash.Write([]byte(password))
		digests = append(digests, string(hash.Sum(nil)[:5]))
	}
	slices.Sort(digests)
	digests = slices.Compact(digests)
	if err := os.WriteFile("known.bin", []byte(strings.Join(digests, "")), 0o644); err != nil {
		log.Fatal(err)
	}
}
