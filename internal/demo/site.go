package demo

import (
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
)

// Authors returns who writes for the demonstration site: desks, and nobody who lives.
func Authors() []cms.AuthorInput {
	return []cms.AuthorInput{
		{
			Name: "Science desk", Bio: "Asks *how do you know?* until somebody does.",
			Links: []cms.AuthorLink{{Name: "Letters", URL: "https://science.example.org/letters"}},
		},
		{Name: "Economics desk", Bio: "Does the sums again."},
		{Name: "Technology desk"},
		{Name: "Politics desk"},
		{Name: "Food desk", Bio: "Cooks everything twice."},
		{Name: "Travel desk", JobTitle: "By night train, where there is one"},
		{Name: "Audio desk"},
		{Name: "Pictures desk"},
		{Name: "Editorial board", Bio: "Writes what the newspaper thinks, and signs it together."},
		{Name: "Our correspondents", Bio: "Were there."},
		{Name: "القسم العلمي", Bio: "يسأل: *كيف عرفتم؟* حتى يأتي الجواب."},
		{Name: "القسم الثقافي"},
		{Name: "مكتب الاقتصاد"},
		{Name: "مكتب التقنية"},
		{Name: "مكتب البيئة والزراعة"},
		{Name: "مراسلونا", Bio: "كانوا هناك."},
		{Name: "مكتب الإعلام في المكتبة العامة"},
	}
}

// Collection is a collection with its items.
type Collection struct {
	cms.CollectionInput
	Items []cms.ItemInput
}

// filledBy returns a collection without items that a filter fills with the newest articles.
func filledBy(name, slug, filter string) Collection {
	return Collection{CollectionInput: cms.CollectionInput{
		Name: name, Slug: slug, Size: cms.DefaultCollectionSize, Rule: &cms.Rule{Filter: filter},
	}}
}

// Collections returns what the fronts and the ticker are made of.
func Collections() []Collection {
	lead := filledBy("Lead stories", "lead", `locale = "en" AND type = "news"`)
	lead.Description = "What everybody should read today."
	lead.Items = []cms.ItemInput{
		{Article: "what-a-glacier-gives-a-river", Kicker: "The long read"},
		{Article: "high-pass-reopens-as-it-happened", Kicker: "Live"},
		{
			URL: "https://www.unesco.org/en/memory-world", Title: "Memory of the World",
			Kicker: "Elsewhere", Summary: "UNESCO's register of what must not be lost.",
		},
		{Article: "shade-is-public-works"},
	}
	leadAR := filledBy("الأبرز", "lead-ar", `locale = "ar" AND type = "news"`)
	leadAR.Description = "ما ينبغي أن يقرأه الجميع اليوم."
	leadAR.Items = []cms.ItemInput{
		{Article: "نخلة-التمر-شجرة-تصنع-واحة", Kicker: "قراءة طويلة"},
		{Article: "مكتبة-المدينة-تفتح-أرشيف-الصحف", Kicker: "جديد"},
		{
			URL:    "https://www.un.org/ar/observances/world-chess-day",
			Title:  "اليوم العالمي للشطرنج",
			Kicker: "في مكان آخر",
		},
	}
	ticker := filledBy("Ticker", "ticker", "")
	ticker.Description = "The newest fifty headlines, in all languages."
	ticker.Size = 50
	return []Collection{
		lead,
		leadAR,
		ticker,
		filledBy("World in English", "world-en", `locale = "en" AND sections:world`),
		filledBy("Science in English", "science-en", `locale = "en" AND sections:science`),
		filledBy("Living in English", "living-en",
			`locale = "en" AND (sections:living OR sections:economy)`),
		filledBy("Listen and look", "listen-and-look",
			`locale = "en" AND (type = "audio" OR type = "gallery" OR type = "video")`),
		filledBy("ثقافة وفنون", "culture-ar", `locale = "ar" AND sections:ثقافة`),
		filledBy("علوم", "science-ar", `locale = "ar" AND sections:science`),
		filledBy("أخبار واقتصاد", "news-ar",
			`locale = "ar" AND (sections:world OR sections:economy)`),
	}
}

// Fronts returns the front pages, the first of which is the home of the site.
func Fronts() []cms.FrontInput {
	return []cms.FrontInput{
		{Name: "Home", Slug: "home", Slots: []cms.SlotInput{
			{Name: "Top", Collection: "lead", Limit: 5},
			{Name: "Listen and look", Collection: "listen-and-look", Limit: 2},
			{Name: "World", Collection: "world-en", Limit: 4},
			{Name: "Science", Collection: "science-en", Limit: 4},
			{Name: "Living", Collection: "living-en", Limit: 4},
		}},
		{Name: "الرئيسية", Slug: "home-ar", Slots: []cms.SlotInput{
			{Name: "الأبرز", Collection: "lead-ar", Limit: 4},
			{Name: "علوم", Collection: "science-ar", Limit: 3},
			{Name: "ثقافة", Collection: "culture-ar", Limit: 3},
			{Name: "أخبار واقتصاد", Collection: "news-ar", Limit: 3},
		}},
	}
}

// Redirects returns where readers are led to from addresses that stand in print, and one of which
// nothing is left.
func Redirects() []cms.RedirectInput {
	return []cms.RedirectInput{
		{
			From:   "/water",
			To:     "/tags/water",
			Status: cms.StatusMoved,
			Note:   "Printed on the poster on rivers.",
		},
		{
			From:   "/ماء",
			To:     "/tags/water",
			Status: cms.StatusFound,
			Note:   "Printed in the Arabic edition.",
		},
		{
			From:   "/summer-quiz",
			Status: cms.StatusGone,
			Note:   "The quiz is over; its winners have been told.",
		},
	}
}

// Alerts returns what readers are told for some hours from a time on.
func Alerts(now time.Time) []cms.AlertInput {
	ends := now.Add(12 * time.Hour)
	return []cms.AlertInput{
		{
			Text: "The high pass is open again, to lorries too.", Level: cms.Breaking,
			Article: "high-pass-reopens-as-it-happened", Locale: "en", EndsAt: &ends,
		},
		{
			Text: "أرشيف الصحف القديمة متاح للقراء ابتداء من اليوم.", Level: cms.Urgent,
			Article: "مكتبة-المدينة-تفتح-أرشيف-الصحف", Locale: "ar", EndsAt: &ends,
		},
	}
}

// Site returns a site that nobody has set with the settings of the demonstration.
func Site(in cms.SiteInput) cms.SiteInput {
	in.Name = "The Long Valley"
	in.Tagline = "News of the valley and of what lies beyond it"
	in.Description = "A newspaper that does not exist, in English and Arabic, to try Masthead with."
	in.Localized = cms.Localized{"ar": {
		Name:    "الوادي الطويل",
		Tagline: "أخبار الوادي وما وراءه",
	}}
	in.Locales = []string{"en", "ar"}
	in.Paths.Collection = "/collections/{slug}"
	in.Paths.Front = "/fronts/{slug}"
	in.Home = Fronts()[0].Slug
	in.Ticker = "ticker"
	in.Menus = menus()
	in.Social = []cms.NamedURL{{Name: "Fediverse", URL: "https://social.example.org/@valley"}}
	in.Contact = cms.Contact{
		Email: "desk@example.org", Phone: "+1 555 0100", Address: "1 Harbour Street\nLong Valley",
	}
	in.Publisher = cms.Publisher{LegalName: "Long Valley Press", Founded: "1926"}
	in.Policies = cms.Policies{
		Corrections: "https://news.example.org/policies/corrections",
		Ethics:      "https://news.example.org/policies/ethics",
		Ownership:   "https://news.example.org/policies/ownership",
		Privacy:     "https://news.example.org/policies/privacy",
	}
	return in
}

func menus() cms.Menus {
	section := func(slug string) cms.MenuEntry { return cms.MenuEntry{Section: slug} }
	tag := func(slug, arabic string) cms.MenuEntry {
		return cms.MenuEntry{Tag: slug, Labels: map[string]string{"ar": arabic}}
	}
	culture := cms.MenuEntry{
		Section: "ثقافة", Label: "Culture", Labels: map[string]string{"ar": "ثقافة"},
	}
	page := func(label, arabic, url string) cms.MenuItem {
		return cms.MenuItem{MenuEntry: cms.MenuEntry{
			Label: label, Labels: map[string]string{"ar": arabic}, URL: url,
		}}
	}
	return cms.Menus{
		"main": {
			{
				MenuEntry: section("world"),
				Children:  []cms.MenuEntry{section("central-asia"), section("middle-east")},
			},
			{
				MenuEntry: section("science"),
				Children:  []cms.MenuEntry{section("water"), section("nature")},
			},
			{MenuEntry: section("economy")},
			{MenuEntry: section("living")},
			{MenuEntry: culture},
		},
		"topics": {
			{MenuEntry: tag("climate", "المناخ")},
			{MenuEntry: tag("history", "التاريخ")},
			{MenuEntry: tag("technology", "التقنية")},
		},
		"footer": {
			page("Corrections", "التصويبات", "https://news.example.org/policies/corrections"),
			page("Who owns us", "من يملكنا", "https://news.example.org/policies/ownership"),
			page("Privacy", "الخصوصية", "https://news.example.org/policies/privacy"),
		},
	}
}
