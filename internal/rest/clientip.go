package rest

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// clientIPs tells who calls: the peer, or if that is a trusted proxy, the last address in X-Forwarded-For that no trusted
// proxy vouches for.
type clientIPs struct{ trusted []netip.Prefix }

// extract is an echo.IPExtractor.
func (t *clientIPs) extract(r *http.Request) string {
	return t.address(r.RemoteAddr, r.Header["X-Forwarded-For"])
}

// address is where a call comes from that a peer, an address with a port, has sent with these fields of X-Forwarded-For.
func (t *clientIPs) address(peer string, fields []string) string {
	host, _, err := net.SplitHostPort(peer)
	if err != nil {
		host = peer
	}
	if len(t.trusted) == 0 || len(fields) == 0 {
		return host
	}
	forwarded := strings.Split(strings.Join(fields, ","), ",")
	for i := len(forwarded) - 1; i >= 0 && t.vouches(host); i-- {
		next := strings.TrimSpace(forwarded[i])
		if _, err := netip.ParseAddr(next); err != nil {
			break
		}
		host = next
	}
	return host
}

func (t *clientIPs) vouches(host string) bool {
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, p := range t.trusted {
		if p.Contains(addr.Unmap()) {
			return true
		}
	}
	return false
}
