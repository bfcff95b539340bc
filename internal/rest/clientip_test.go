package rest

import (
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestTheClientIsWhomTrustedProxiesForwardFor(t *testing.T) {
	t.Parallel()
	ips := &clientIPs{[]netip.Prefix{
		netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8:ffff::/48"),
	}}
	const proxy = "10.0.0.1"
	type fields []string
	for _, c := range []struct {
		forwardedFor, forwarded fields
		want                    string
	}{
		{nil, nil, proxy},
		{fields{"203.0.113.9"}, nil, "203.0.113.9"},
		{fields{"203.0.113.9:4711"}, nil, "203.0.113.9"},
		{fields{"2001:db8::9"}, nil, "2001:db8::9"},
		{fields{"[2001:db8::9]"}, nil, "2001:db8::9"},
		{fields{"[2001:DB8:0::9]:4711"}, nil, "2001:db8::9"},
		{fields{"[::ffff:203.0.113.9]:4711"}, nil, "203.0.113.9"},
		{fields{"fe80::1%eth0"}, nil, "fe80::1"},
		{fields{"198.51.100.1, 203.0.113.9:1 , 10.2.3.4:80"}, nil, "203.0.113.9"},
		{fields{"198.51.1.1", "203.0.113.9", "[2001:db8:ffff::1]:8, 10.1.1.1"}, nil, "203.0.113.9"},
		{fields{"203.0.113.9, nonsense, 10.2.3.4"}, nil, "10.2.3.4"},
		{fields{"203.0.113.9:"}, nil, proxy},
		{fields{"203.0.113.9:x"}, nil, proxy},
		{fields{"[203.0.113.9]"}, nil, proxy},
		{fields{"[2001:db8::9"}, nil, proxy},
		{fields{"[2001:db8::9]x"}, nil, proxy},
		{fields{"2001:db8::9]:1"}, nil, proxy},
		{fields{""}, nil, proxy},
		{nil, fields{"for=203.0.113.9"}, "203.0.113.9"},
		{nil, fields{`proto=https; For="203.0.113.9:4711" ;by=10.0.0.1`}, "203.0.113.9"},
		{nil, fields{`for="[2001:db8:cafe::17]:4711"`}, "2001:db8:cafe::17"},
		{nil, fields{`for="[2001:db8:cafe::17]:_hidden"`}, "2001:db8:cafe::17"},
		{nil, fields{`for=198.51.100.1, for=203.0.113.9;host="a,b;", for=10.9.9.9`}, "203.0.113.9"},
		{nil, fields{`for=198.51.100.1`, `for=203.0.113.9`}, "203.0.113.9"},
		{nil, fields{`for=203.0.113.9;host="a\",for=198.51.100.1"`}, "203.0.113.9"},
		{nil, fields{`for="198.51.100.1`, `for=203.0.113.9`}, "203.0.113.9"},
		{nil, fields{"for=203.0.113.9, for=unknown"}, proxy},
		{nil, fields{"for=_secret"}, proxy},
		{nil, fields{"proto=https"}, proxy},
		{nil, fields{`for="203.0.113.9`}, proxy},
		{nil, fields{""}, proxy},
		{fields{"203.0.113.9"}, fields{"for=203.0.113.9:80"}, "203.0.113.9"},
		{fields{"203.0.113.9"}, fields{"for=198.51.100.1"}, proxy},
		{fields{"198.51.100.1"}, fields{"for=203.0.113.9"}, proxy},
	} {
		if got := ips.address(proxy+":5", c.forwardedFor, c.forwarded); got != c.want {
			t.Errorf("X-Forwarded-For %q, Forwarded %q: %s, want %s",
				c.forwardedFor, c.forwarded, got, c.want)
		}
		if got := ips.address("192.0.2.1:5", c.forwardedFor, c.forwarded); got != "192.0.2.1" {
			t.Errorf("a peer that is not trusted forwards for %s: X-Forwarded-For %q, Forwarded %q",
				got, c.forwardedFor, c.forwarded)
		}
	}
}

func TestForwardedFieldsOfAnySizeAreCheap(t *testing.T) {
	t.Parallel()
	ips := &clientIPs{[]netip.Prefix{netip.MustParsePrefix("0.0.0.0/0")}}
	for _, text := range []string{"1.1.1.1,", `for="\`, `for="`, "for=1.1.1.1;", ",", ";"} {
		field := []string{strings.Repeat(text, 4*maxHeader/len(text))} // as much as net/http takes
		before := time.Now()
		for range 10 {
			ips.address("10.0.0.1:5", field, field)
		}
		if took := time.Since(before); took > 500*time.Millisecond {
			t.Errorf("%q again and again took %s", text, took/10)
		}
	}
}
