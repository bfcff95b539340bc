package demo

import "time"

// Correction is a correction of an article of the demonstration site.
type Correction struct {
	Article string // its slug
	Type    string
	Text    string
	At      time.Time
}

// Corrections returns the corrections of the demonstration site.
func Corrections() []Correction {
	return []Correction{
		{
			Article: "repair-ship-lifts-broken-cable",
			Type:    "correction",
			Text: "An earlier version of this article said that traffic was back nine days after " +
				"the cable was cut. It was eight.",
			At: time.Date(2026, 5, 8, 7, 20, 0, 0, time.UTC),
		},
		{
			Article: "رغيف-الخبز-وسلة-الأسعار",
			Type:    "correction",
			Text: "ذكرت نسخة سابقة من هذا المقال أن ملاحظة إرنست إنغل تعود إلى عام 1875، " +
				"والصواب عام 1857.",
			At: time.Date(2026, 2, 4, 9, 0, 0, 0, time.UTC),
		},
	}
}
