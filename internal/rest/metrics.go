package rest

import (
	"maps"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/masthead-cms/masthead/internal/cache"
)

// metrics counts calls by route, never by path, so that the number of series is bounded.
type metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	seconds   *prometheus.HistogramVec
	answered  prometheus.Counter // at the connection
	delegated prometheus.Counter
	counters  atomic.Pointer[map[call]*observer] // copied on write
}

func newMetrics(registry *prometheus.Registry) *metrics {
	m := &metrics{
		registry: registry,
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "masthead_http_requests_total",
			Help: "Calls answered.",
		}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "masthead_http_request_seconds",
			Help:    "Seconds from the request's headers to the end of the answer.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"method", "route"}),
	}
	front := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "masthead_front_requests_total",
		Help: "Requests on connections with a front, answered by it or delegated to net/http.",
	}, []string{"outcome"})
	m.answered = front.WithLabelValues("answered")
	m.delegated = front.WithLabelValues("delegated")
	m.counters.Store(&map[call]*observer{})
	registry.MustRegister(
		m.requests, m.seconds, front, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

// watchLog exports how many lines of the log were lost.
func (m *metrics) watchLog(dropped func() int64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name: "masthead_log_lines_dropped_total",
		Help: "Lines of the log that could not be written.",
	}, func() float64 { return float64(dropped()) }))
}

// watch exports the statistics of a cache.
func (m *metrics) watch(responses *cache.Cache) {
	count := func(name, help string, value func(cache.Stats) float64) {
		m.registry.MustRegister(
			prometheus.NewCounterFunc(
				prometheus.CounterOpts{Name: name, Help: help},
				func() float64 { return value(responses.Stats()) },
			),
		)
	}
	count(
		"masthead_cache_hits_total", "Reads answered from finished bytes.",
		func(s cache.Stats) float64 { return float64(s.Hits) },
	)
	count(
		"masthead_cache_misses_total", "Reads for which there were none.",
		func(s cache.Stats) float64 { return float64(s.Misses) },
	)
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "masthead_cache_bytes",
		Help: "What finished answers take.",
	}, func() float64 { return float64(responses.Stats().Bytes) }))
}

// call is what calls are counted by.
type call struct {
	method, route string
	status        int
}

// observer counts calls of one kind.
type observer struct {
	requests prometheus.Counter
	seconds  prometheus.Observer
}

func (m *metrics) observe(method, route string, status int, took time.Duration) {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
	default:
		method = "other"
	}
	o := m.observer(call{method, route, status})
	o.requests.Inc()
	o.seconds.Observe(took.Seconds())
}

// observer returns the counters of a kind of call. Each is looked up by its labels once.
func (m *metrics) observer(k call) *observer {
	before := m.counters.Load()
	if o := (*before)[k]; o != nil {
		return o
	}
	o := &observer{
		m.requests.WithLabelValues(k.method, k.route, strconv.Itoa(k.status)),
		m.seconds.WithLabelValues(k.method, k.route),
	}
	more := maps.Clone(*before)
	more[k] = o
	m.counters.CompareAndSwap(before, &more) // if another call was first, the next one adds it
	return o
}

// ShowMetrics sends the metrics in the text format of Prometheus.
func (s *Server) ShowMetrics(c echo.Context) error {
	promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{}).
		ServeHTTP(c.Response(), c.Request())
	return nil
}
