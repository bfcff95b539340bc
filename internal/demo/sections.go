package demo

// Section is a section of the demonstration site with those below it.
type Section struct {
	Name        string // its slug is made from it
	Arabic      string // its name in Arabic; empty: the same
	Description string
	Below       []Section
}

// Sections returns the sections of the demonstration site, in the order of its navigation.
func Sections() []Section {
	return []Section{
		{Name: "World", Arabic: "العالم", Description: "Near and far, by those who saw it.",
			Below: []Section{
				{Name: "Central Asia", Arabic: "آسيا الوسطى",
					Description: "Mountains, rivers and towns."},
				{Name: "Middle East", Arabic: "الشرق الأوسط"},
			}},
		{Name: "Science", Arabic: "علوم", Description: "How we know, and how sure we are.",
			Below: []Section{
				{Name: "Water", Arabic: "المياه"},
				{Name: "Nature", Arabic: "الطبيعة"},
			}},
		{Name: "Economy", Arabic: "اقتصاد", Description: "What things cost, and who pays."},
		{Name: "Living", Arabic: "الحياة", Description: "Food, homes and habits."},
		{Name: "ثقافة", Description: "كتب وفنون وألعاب وحكايات عن الناس."},
	}
}
