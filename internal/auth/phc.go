package auth

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ErrBadHash is returned for a stored password hash that this package does not write, or that costs
// more than is allowed.
var ErrBadHash = errors.New("not a usable password hash")

const maxHashLength = 512 // bytes of the text

// passwordHash is a parsed password hash.
type passwordHash struct {
	cost      Cost
	salt, sum []byte
}

// String returns the hash in PHC string format: $argon2id$v=19$m=...,t=...,p=...$salt$sum.
func (p passwordHash) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf(
		"$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", p.cost.Memory, p.cost.Time, p.cost.Threads,
		b64.EncodeToString(p.salt), b64.EncodeToString(p.sum),
	)
}

// stale reports whether a hash made today would have other parameters.
func (p passwordHash) stale(cost Cost) bool {
	return p.cost != cost || len(p.salt) != saltLength || len(p.sum) != sumLength
}

// parseHash parses a PHC string. It refuses a cost that is out of bounds before anything is
// computed.
func parseHash(phc string) (passwordHash, error) {
	if len(phc) > maxHashLength {
		return passwordHash{}, fmt.Errorf("%w: longer than %d bytes", ErrBadHash, maxHashLength)
	}
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v=19" {
		return passwordHash{}, fmt.Errorf("%w: not argon2id, version 19", ErrBadHash)
	}
	cost, err := parseCost(parts[3])
	if err != nil {
		return passwordHash{}, fmt.Errorf("%w: %w", ErrBadHash, err)
	}
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	sum, sumErr := base64.RawStdEncoding.DecodeString(parts[5])
	if err := errors.Join(saltErr, sumErr); err != nil {
		return passwordHash{}, fmt.Errorf("%w: %w", ErrBadHash, err)
	}
	if len(salt) < 8 || len(salt) > 64 || len(sum) < 16 || len(sum) > 64 {
		return passwordHash{}, fmt.Errorf(
			"%w: salt of %d bytes, sum of %d", ErrBadHash, len(salt), len(sum),
		)
	}
	// A hash has one representation. This refuses leading zeros, line breaks inside base64 and
	// stray last bits.
	p := passwordHash{cost: cost, salt: salt, sum: sum}
	if p.String() != phc {
		return passwordHash{}, fmt.Errorf("%w: not in canonical form", ErrBadHash)
	}
	return p, nil
}

// parseCost parses "m=19456,t=2,p=1".
func parseCost(s string) (Cost, error) {
	fields := strings.Split(s, ",")
	if len(fields) != 3 {
		return Cost{}, fmt.Errorf("%d parameters, not 3", len(fields))
	}
	var numbers [3]uint64
	for i, name := range []string{"m=", "t=", "p="} {
		digits, ok := strings.CutPrefix(fields[i], name)
		if !ok {
			return Cost{}, fmt.Errorf("no parameter %s in its place", name)
		}
		bits := 32
		if name == "p=" {
			bits = 8
		}
		n, err := strconv.ParseUint(digits, 10, bits)
		if err != nil {
			return Cost{}, fmt.Errorf("parameter %s: %w", name, err)
		}
		numbers[i] = n
	}
	cost := Cost{Memory: uint32(numbers[0]), Time: uint32(numbers[1]), Threads: uint8(numbers[2])}
	return cost, cost.check()
}
