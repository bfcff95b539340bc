package richtext

import (
	"fmt"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Embed is a page of another site that is shown within a body. Nothing of that site is loaded
// before a front end makes a frame of Src.
type Embed struct {
	Provider string // the name of the site, see Providers
	URL      string // of the page, for people
	Src      string // what a frame shows; the site's address without tracking, if it has one
	Width    int    // that the frame has by default, in pixels
	Height   int    // that the frame has by default, in pixels
}

// embedHost is a site that can be embedded.
type embedHost struct {
	name   string
	hosts  []string // without www.
	width  int
	height int
	// read fills URL and Src of an embed, and its size where it is not that of the site, from an
	// address of the site. It leaves Src empty if the address is of no page that can be shown.
	read func(*Embed, *url.URL)
}

// embedHosts are the sites that can be embedded.
var embedHosts = []embedHost{
	{"youtube", []string{"youtube.com", "m.youtube.com", "music.youtube.com", "youtu.be",
		"youtube-nocookie.com"}, 560, 315, readYouTube},
	{"vimeo", []string{"vimeo.com", "player.vimeo.com"}, 640, 360, readVimeo},
	{"x", []string{"x.com", "twitter.com", "mobile.twitter.com", "m.twitter.com",
		"platform.twitter.com"}, 550, 600, readX},
	{"instagram", []string{"instagram.com"}, 400, 700, readInstagram},
	{"facebook", []string{"facebook.com", "m.facebook.com", "web.facebook.com", "fb.watch"},
		500, 600, readFacebook},
	{"tiktok", []string{"tiktok.com", "m.tiktok.com"}, 325, 580, readTikTok},
	{"soundcloud", []string{"soundcloud.com", "m.soundcloud.com", "w.soundcloud.com"}, 600, 166,
		readSoundCloud},
	{"spotify", []string{"open.spotify.com"}, 456, 352, readSpotify},
	{"datawrapper", []string{"datawrapper.de", "datawrapper.dwcdn.net"}, 600, 400, readDatawrapper},
	{"flourish", []string{"public.flourish.studio", "flo.uri.sh"}, 700, 575, readFlourish},
	{"openstreetmap", []string{"openstreetmap.org"}, 600, 400, readOpenStreetMap},
	{"google-maps", []string{"google.com", "maps.google.com"}, 600, 450, readGoogleMaps},
}

// Providers returns the names of the sites that can be embedded.
func Providers() []string {
	names := make([]string, len(embedHosts))
	for i, h := range embedHosts {
		names[i] = h.name
	}
	return names
}

// maxEmbedURL is how many bytes the address of an embed may have.
const maxEmbedURL = 2048

// EmbedOf returns the embed that an address means, of a page or of a frame; false if the site is
// not known, or its page cannot be shown within another.
func EmbedOf(address string) (Embed, bool) {
	if strings.HasPrefix(address, "//") {
		address = "https:" + address
	}
	u, err := url.Parse(address)
	if err != nil || len(address) > maxEmbedURL || u.Scheme != "http" && u.Scheme != "https" ||
		u.User != nil || u.Port() != "" {
		return Embed{}, false
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	for _, h := range embedHosts {
		if !slices.Contains(h.hosts, host) {
			continue
		}
		e := Embed{Provider: h.name, Width: h.width, Height: h.height}
		u.Host = host
		h.read(&e, u)
		return e, e.Src != ""
	}
	return Embed{}, false
}

// segments returns the parts of the path of an address, at least n, the missing ones empty.
func segments(u *url.URL, n int) []string {
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	for len(parts) < n {
		parts = append(parts, "")
	}
	return parts
}

var (
	embedCode   = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)
	embedNumber = regexp.MustCompile(`^[0-9]{1,30}$`)
	playTime    = regexp.MustCompile(`^(?:([0-9]{1,3})h)?(?:([0-9]{1,4})m)?(?:([0-9]{1,6})s?)?$`)
)

// seconds returns a time of a film, such as 1m30s or 90, in seconds; 0 if it is none.
func seconds(s string) int {
	total := 0
	if found := playTime.FindStringSubmatch(s); found != nil {
		for _, part := range found[1:] {
			n, _ := strconv.Atoi(part) // an absent part is 0
			total = total*60 + n
		}
	}
	return total
}

func readYouTube(e *Embed, u *url.URL) {
	q, path := u.Query(), segments(u, 2)
	id, list := q.Get("v"), q.Get("list")
	switch {
	case u.Host == "youtu.be":
		id = path[0]
	case slices.Contains([]string{"embed", "shorts", "live", "v", "e"}, path[0]):
		id = path[1]
	}
	page := "https://www.youtube.com/"
	frame := "https://www.youtube-nocookie.com/embed/"
	if (id == "" || id == "videoseries") && embedCode.MatchString(list) {
		e.URL = page + "playlist?list=" + list
		e.Src = frame + "videoseries?list=" + list
		return
	}
	if !embedCode.MatchString(id) {
		return
	}
	e.URL = page + "watch?v=" + id
	e.Src = frame + id
	if path[0] == "shorts" {
		e.URL = page + "shorts/" + id
		e.Width, e.Height = e.Height, e.Width
	}
	start := max(seconds(q.Get("t")), seconds(q.Get("start")), seconds(q.Get("time_continue")))
	if start > 0 && path[0] != "shorts" {
		e.URL += fmt.Sprintf("&t=%d", start)
		e.Src += fmt.Sprintf("?start=%d", start)
	}
}

func readVimeo(e *Embed, u *url.URL) {
	path := segments(u, 1)
	key := u.Query().Get("h")
	for i, id := range path {
		if !embedNumber.MatchString(id) {
			continue
		}
		if i+1 < len(path) && key == "" {
			key = path[i+1]
		}
		e.URL = "https://vimeo.com/" + id
		e.Src = "https://player.vimeo.com/video/" + id + "?dnt=1"
		if embedCode.MatchString(key) {
			e.URL += "/" + key
			e.Src += "&h=" + key
		}
		return
	}
}

func readX(e *Embed, u *url.URL) {
	path := segments(u, 3)
	user, id := path[0], path[2]
	if u.Host == "platform.twitter.com" {
		user, id = "i", u.Query().Get("id")
	} else if path[1] == "web" {
		id = append(path, "")[3]
	} else if path[1] != "status" && path[1] != "statuses" {
		return
	}
	if embedNumber.MatchString(id) && embedCode.MatchString(user) {
		e.URL = "https://x.com/" + user + "/status/" + id
		e.Src = "https://platform.twitter.com/embed/Tweet.html?dnt=true&id=" + id
	}
}

func readInstagram(e *Embed, u *url.URL) {
	path := segments(u, 2)
	for i, kind := range path[:len(path)-1] {
		if slices.Contains([]string{"p", "reel", "reels", "tv"}, kind) && i < 2 &&
			embedCode.MatchString(path[i+1]) {
			kind = strings.TrimSuffix(kind, "s")
			e.URL = "https://www.instagram.com/" + kind + "/" + path[i+1] + "/"
			e.Src = e.URL + "embed/"
			return
		}
	}
}

// facebookPage matches the paths of posts and films.
var facebookPage = regexp.MustCompile(`^/(?:[^/]+/(?:posts|videos|photos)/|watch|reel/|` +
	`permalink\.php|story\.php|photo(?:\.php)?$|photo/|video\.php|share/|groups/[^/]+/)`)

func readFacebook(e *Embed, u *url.URL) {
	if strings.HasPrefix(u.Path, "/plugins/") {
		page, err := url.Parse(u.Query().Get("href"))
		if err != nil || !strings.HasSuffix("."+page.Hostname(), ".facebook.com") {
			return
		}
		u = page
	}
	plugin := "post"
	switch {
	case u.Hostname() == "fb.watch":
		plugin = "video"
		e.URL = "https://fb.watch" + u.EscapedPath()
	case facebookPage.MatchString(u.Path):
		for _, film := range []string{"/videos/", "/watch", "/reel/", "/video.php"} {
			if strings.Contains(u.Path, film) {
				plugin = "video"
			}
		}
		q := url.Values{}
		for _, name := range []string{"v", "story_fbid", "fbid", "id"} {
			if value := u.Query().Get(name); value != "" {
				q.Set(name, value)
			}
		}
		e.URL = "https://www.facebook.com" + u.EscapedPath()
		if len(q) > 0 {
			e.URL += "?" + q.Encode()
		}
	default:
		return
	}
	if plugin == "video" {
		e.Width, e.Height = 560, 315
	}
	e.Src = "https://www.facebook.com/plugins/" + plugin + ".php?show_text=true&href=" +
		url.QueryEscape(e.URL)
}

func readTikTok(e *Embed, u *url.URL) {
	path := segments(u, 3)
	user, id := path[0], path[len(path)-1]
	if path[0] == "embed" || path[0] == "player" {
		user = "@_"
	} else if path[1] != "video" {
		return
	}
	if embedNumber.MatchString(id) && strings.HasPrefix(user, "@") {
		e.URL = "https://www.tiktok.com/" + url.PathEscape(user) + "/video/" + id
		e.Src = "https://www.tiktok.com/player/v1/" + id
	}
}

func readSoundCloud(e *Embed, u *url.URL) {
	path := segments(u, 2)
	if u.Host == "w.soundcloud.com" {
		sound, err := url.Parse(u.Query().Get("url"))
		if err != nil || !strings.HasSuffix("."+sound.Hostname(), ".soundcloud.com") {
			return
		}
		if sound.Hostname() == "api.soundcloud.com" { // which has no page
			e.URL = "https://w.soundcloud.com/player/?url=" + url.QueryEscape(sound.String())
			e.Src = e.URL
			if strings.Contains(sound.Path, "/playlists/") {
				e.Height = 450
			}
			return
		}
		u, path = sound, segments(sound, 2)
	}
	if path[1] == "" {
		return
	}
	if path[1] == "sets" {
		e.Height = 450
	}
	e.URL = "https://soundcloud.com" + u.EscapedPath()
	e.Src = "https://w.soundcloud.com/player/?url=" + url.QueryEscape(e.URL)
}

func readSpotify(e *Embed, u *url.URL) {
	path := segments(u, 2)
	for len(path) > 2 && (path[0] == "embed" || strings.HasPrefix(path[0], "intl-")) {
		path = path[1:]
	}
	kind, id := strings.TrimPrefix(path[0], "embed-"), path[1]
	kinds := []string{"track", "album", "playlist", "episode", "show", "artist"}
	if !slices.Contains(kinds, kind) || !embedCode.MatchString(id) {
		return
	}
	if kind == "track" || kind == "episode" {
		e.Height = 152
	}
	e.URL = "https://open.spotify.com/" + kind + "/" + id
	e.Src = "https://open.spotify.com/embed/" + kind + "/" + id
}

func readDatawrapper(e *Embed, u *url.URL) {
	path := segments(u, 2)
	id, version := path[0], path[1]
	if u.Host == "datawrapper.de" {
		if path[0] != "_" && path[0] != "chart" {
			return
		}
		id, version = path[1], ""
	}
	if !embedCode.MatchString(id) {
		return
	}
	e.Src = "https://datawrapper.dwcdn.net/" + id + "/"
	if embedNumber.MatchString(version) {
		e.Src += version + "/"
	}
	e.URL = e.Src
}

func readFlourish(e *Embed, u *url.URL) {
	path := segments(u, 2)
	kind, id := path[0], path[1]
	if (kind == "visualisation" || kind == "story") && embedNumber.MatchString(id) {
		e.URL = "https://public.flourish.studio/" + kind + "/" + id + "/"
		e.Src = "https://flo.uri.sh/" + kind + "/" + id + "/embed"
	}
}

var (
	mapFragment = regexp.MustCompile(`(?:^|&)map=([0-9]{1,2})(?:\.[0-9]+)?/` +
		`(-?[0-9.]{1,20})/(-?[0-9.]{1,20})`)
	mapNumbers = regexp.MustCompile(`^-?[0-9.]{1,25}(?:,-?[0-9.]{1,25}){1,3}$`)
)

func readOpenStreetMap(e *Embed, u *url.URL) {
	const frame = "https://www.openstreetmap.org/export/embed.html?bbox="
	q := u.Query()
	if u.Path == "/export/embed.html" {
		if !mapNumbers.MatchString(q.Get("bbox")) {
			return
		}
		e.Src = frame + url.QueryEscape(q.Get("bbox")) + "&layer=mapnik"
		if marker := q.Get("marker"); mapNumbers.MatchString(marker) {
			e.Src += "&marker=" + url.QueryEscape(marker)
		}
		e.URL = e.Src
		return
	}
	found := mapFragment.FindStringSubmatch(u.Fragment)
	if found == nil {
		return
	}
	zoom, _ := strconv.Atoi(found[1]) // it is a number
	lat, err := strconv.ParseFloat(found[2], 64)
	lon, err2 := strconv.ParseFloat(found[3], 64)
	if err != nil || err2 != nil || math.Abs(lat) > 90 || math.Abs(lon) > 180 {
		return
	}
	width := 360 * float64(e.Width) / 256 / math.Exp2(float64(zoom)) // a tile has 256 pixels
	height := width * float64(e.Height) / float64(e.Width) * math.Cos(lat*math.Pi/180)
	bbox := fmt.Sprintf("%.5f,%.5f,%.5f,%.5f", lon-width/2, lat-height/2, lon+width/2, lat+height/2)
	e.Src = frame + url.QueryEscape(bbox) + "&layer=mapnik"
	e.URL = "https://www.openstreetmap.org/"
	if marker := q.Get("mlat") + "," + q.Get("mlon"); mapNumbers.MatchString(marker) {
		e.Src += "&marker=" + url.QueryEscape(marker)
		e.URL += "?mlat=" + q.Get("mlat") + "&mlon=" + q.Get("mlon")
	}
	e.URL += "#map=" + found[1] + "/" + found[2] + "/" + found[3]
}

// mapPlace matches the path of a place and that of a view of the map.
var mapPlace = regexp.MustCompile(`^/maps/(?:place|search)/([^/@]+)|^/maps/@(-?[0-9.]+,-?[0-9.]+)`)

func readGoogleMaps(e *Embed, u *url.URL) {
	q := u.Query()
	switch {
	case u.Path == "/maps/embed" && q.Get("pb") != "":
		e.URL = "https://www.google.com/maps/embed?pb=" + url.QueryEscape(q.Get("pb"))
		e.Src = e.URL
		return
	case strings.HasPrefix(u.Path, "/maps/d/") && embedCode.MatchString(q.Get("mid")):
		e.URL = "https://www.google.com/maps/d/viewer?mid=" + q.Get("mid")
		e.Src = "https://www.google.com/maps/d/embed?mid=" + q.Get("mid")
		return
	}
	place := q.Get("q")
	if found := mapPlace.FindStringSubmatch(u.Path); found != nil {
		place = strings.ReplaceAll(found[1], "+", " ") + found[2]
	}
	isMap := u.Host == "maps.google.com" || strings.HasPrefix(u.Path, "/maps")
	if place = strings.TrimSpace(place); place != "" && isMap {
		e.URL = "https://www.google.com/maps?q=" + url.QueryEscape(place)
		e.Src = e.URL + "&output=embed"
	}
}
