package database

// Order is how a list is sorted: by a column, ties broken by the id in the same direction.
type Order struct {
	Column   string
	ID       string // may be Column itself
	Nullable bool   // the column may be null; such rows come last in either direction
}

// Page is which rows of an ordered list are wanted, and in which direction the list is read.
type Page struct {
	Descending bool
	Backward   bool      // the rows before the position, the nearest first; else those behind it
	After      *Position // nil: from the beginning, or with Backward from the end
	Limit      int
	Offset     int // rows to pass over
}

// Position is that of one row in an ordered list.
type Position struct {
	Value any  // of the column, as it is compared
	Null  bool // the column is null
	ID    string
}

// Page puts rows in order and leaves those of a page, and one more if there is one.
func (o Order) Page(rows Select, p Page) Select {
	if p.After != nil {
		rows = o.After(rows, p)
	}
	return rows.OrderBy(o.by(p)).Limit(p.Limit+1, p.Offset)
}

// down reports whether the page is read from large values to small ones.
func (p Page) down() bool { return p.Descending != p.Backward }

// by returns the order in the direction of reading.
func (o Order) by(p Page) string {
	direction := " ASC"
	if p.down() {
		direction = " DESC"
	}
	nulls := ""
	if o.Nullable {
		nulls = " NULLS LAST"
		if p.Backward {
			nulls = " NULLS FIRST"
		}
	}
	if o.Column == o.ID {
		return o.ID + direction
	}
	return o.Column + direction + nulls + ", " + o.ID + direction
}

// After leaves the rows that stand behind the position of a page, seen in the direction of reading.
func (o Order) After(rows Select, p Page) Select {
	compare := " > "
	if p.down() {
		compare = " < "
	}
	at := p.After
	pair := "(" + o.Column + ", " + o.ID + ")" + compare + "(?, ?)"
	switch {
	case o.Column == o.ID:
		return rows.Where(o.ID+compare+"?", at.ID)
	case !o.Nullable:
		return rows.Where(pair, at.Value, at.ID)
	case at.Null && p.Backward:
		return rows.Where("("+o.Column+" IS NOT NULL OR "+o.ID+compare+"?)", at.ID)
	case at.Null:
		return rows.Where(o.Column+" IS NULL AND "+o.ID+compare+"?", at.ID)
	case p.Backward:
		return rows.Where(pair, at.Value, at.ID)
	default:
		return rows.Where("("+pair+" OR "+o.Column+" IS NULL)", at.Value, at.ID)
	}
}
