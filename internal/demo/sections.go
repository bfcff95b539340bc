package demo

// Section is a section of the demonstration site with those below it.
type Section struct {
	Name        string
	Slug        string // empty: made from the name
	Description string
	Below       []Section
}

// Sections returns the sections of the demonstration site, in the order of its navigation.
func Sections() []Section {
	return []Section{
		{Name: "World", Description: "Near and far, by those who saw it.",
			Below: []Section{
				{Name: "Central Asia", Description: "Mountains, rivers and towns."},
				{Name: "Middle East"},
			}},
		{Name: "Science", Description: "How we know, and how sure we are.", Below: []Section{
			{Name: "Water"},
			{Name: "Nature"},
		}},
		{Name: "Living", Description: "Food, homes and habits."},
		{Name: "ثقافة", Description: "كتب وفنون وألعاب وحكايات عن الناس."},
	}
}
