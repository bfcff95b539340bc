package rest

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// clientIPs finds the address of the client of a request: the peer, or if that is a trusted proxy,
// the last address it forwards for that is no trusted proxy.
type clientIPs struct{ trusted []netip.Prefix }

// extract is an echo.IPExtractor.
func (t *clientIPs) extract(r *http.Request) string {
	return t.address(r.RemoteAddr, r.Header["X-Forwarded-For"], r.Header["Forwarded"])
}

// address returns the client's address, given the peer's with its port and the request's fields of
// X-Forwarded-For and Forwarded (RFC 7239). A proxy writes one of the two and passes on what the
// client sent as the other. So if both are there and do not agree, neither is believed.
func (t *clientIPs) address(peer string, forwardedFor, forwarded []string) string {
	host, _, err := net.SplitHostPort(peer)
	if err != nil {
		host = peer
	}
	if len(t.trusted) == 0 || len(forwardedFor)+len(forwarded) == 0 {
		return host
	}
	client := t.client(host, lastNodes(forwardedFor, false))
	if len(forwarded) == 0 {
		return client
	}
	elements := lastNodes(forwarded, true)
	for i, element := range elements {
		elements[i] = forwardedNode(element)
	}
	byForwarded := t.client(host, elements)
	if len(forwardedFor) > 0 && client != byForwarded {
		return host
	}
	return byForwarded
}

// maxNodes is how many nodes of a chain are looked at, from its end: more than any chain has.
const maxNodes = 32

// lastNodes splits the fields of a header, which may have quoted strings, and returns the last
// nodes.
func lastNodes(fields []string, quotes bool) []string {
	var nodes []string
	for _, field := range fields {
		nodes = append(nodes, lastParts(field, ',', quotes)...)
	}
	return nodes[max(0, len(nodes)-maxNodes):]
}

// client goes back from the peer along the nodes it forwards for, as far as they are trusted. It
// stops at a node that names no address.
func (t *clientIPs) client(peer string, nodes []string) string {
	host := peer
	for i := len(nodes) - 1; i >= 0 && t.isTrusted(host); i-- {
		addr, ok := parseNode(nodes[i])
		if !ok {
			break
		}
		host = addr.Unmap().WithZone("").String()
	}
	return host
}

func (t *clientIPs) isTrusted(host string) bool {
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

// parseNode parses the address of a node, which may stand in brackets and have a port behind it.
func parseNode(text string) (netip.Addr, bool) {
	text = strings.TrimSpace(text)
	if inner, found := strings.CutPrefix(text, "["); found {
		host, port, closed := strings.Cut(inner, "]")
		addr, err := netip.ParseAddr(host)
		return addr, err == nil && closed && addr.Is6() && (port == "" || isPort(port))
	}
	if addr, err := netip.ParseAddr(text); err == nil {
		return addr, true
	}
	colon := strings.LastIndexByte(text, ':')
	if colon < 0 {
		return netip.Addr{}, false
	}
	addr, err := netip.ParseAddr(text[:colon])
	return addr, err == nil && addr.Is4() && isPort(text[colon:])
}

// isPort reports whether text is a colon and a port, maybe an obfuscated one (RFC 7239, section 6).
func isPort(text string) bool {
	port, found := strings.CutPrefix(text, ":")
	digits := strings.Trim(port, "0123456789") == "" && len(port) <= 5
	return found && port != "" && (digits || port[0] == '_')
}

// forwardedNode returns the node that an element of Forwarded was forwarded for, or "" if it names
// none.
func forwardedNode(element string) string {
	for _, pair := range lastParts(element, ';', true) {
		name, value, _ := strings.Cut(pair, "=")
		if strings.EqualFold(strings.TrimSpace(name), "for") {
			return unquote(strings.TrimSpace(value))
		}
	}
	return ""
}

// lastParts splits text at a separator and returns the last parts, maxNodes or more. If the text
// may have quoted strings, a separator in one of them is none.
func lastParts(text string, separator byte, quotes bool) []string {
	parts := make([]string, 0, 4)
	begin, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch {
		case quoted && text[i] == '\\':
			i++
		case quotes && text[i] == '"':
			quoted = !quoted
		case !quoted && text[i] == separator:
			parts = append(parts, text[begin:i])
			begin = i + 1
		}
		if len(parts) == 2*maxNodes {
			parts = append(parts[:0], parts[maxNodes:]...)
		}
	}
	return append(parts, text[begin:])
}

// unquote returns what a quoted string says; no address needs an escape.
func unquote(text string) string {
	if len(text) >= 2 && text[0] == '"' && text[len(text)-1] == '"' {
		return text[1 : len(text)-1]
	}
	return text
}
