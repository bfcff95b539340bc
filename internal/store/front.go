package store

import (
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// Fronts are the rows of fronts, with their slots.
type Fronts struct {
	Nouns[cms.Front, *cms.Front]
}

// NewFronts returns the rows of fronts.
func NewFronts() *Fronts {
	return &Fronts{Nouns[cms.Front, *cms.Front]{
		Noun: cms.FrontNoun,
		Orders: map[string]order{
			"name":       orderBy("n.name_key", "n.id", byText),
			"updated_at": orderBy("n.updated_at", "n.id", byTime),
		},
	}}
}

var slotTable = &database.Table[cms.Slot]{
	Name: "front_slots",
	Columns: database.Columns[cms.Slot]{
		database.Text("front_id", func(s *cms.Slot) *cms.ID { return &s.FrontID }),
		database.Number("since", func(s *cms.Slot) *int64 { return &s.Since }),
		database.Number("position", func(s *cms.Slot) *int { return &s.Position }),
		database.Text("name", func(s *cms.Slot) *string { return &s.Name }),
		database.Text("collection_id", func(s *cms.Slot) *cms.ID { return &s.CollectionID }),
		database.Number("size", func(s *cms.Slot) *int { return &s.Limit }),
		database.Flag("repeats", func(s *cms.Slot) *bool { return &s.Repeat }),
		database.Time("valid_from", func(s *cms.Slot) *time.Time { return &s.ValidFrom }),
		database.NullTime("valid_until", func(s *cms.Slot) **time.Time { return &s.ValidUntil }),
	},
}

// List returns a page of fronts.
func (s *Fronts) List(db *DB, q cms.NounQuery) (cms.List[cms.Front], error) {
	list, err := s.Nouns.List(db, q)
	if err != nil {
		return list, err
	}
	return list, addSlots(db, list.Rows)
}

// ByID returns the front with an id, ErrNotFound if there is none.
func (s *Fronts) ByID(db *DB, id cms.ID) (*cms.Front, error) {
	n, err := s.Nouns.ByID(db, id)
	if err != nil {
		return nil, err
	}
	one := []cms.Front{*n}
	return &one[0], addSlots(db, one)
}

// addSlots sets the slots of fronts, in one statement.
func addSlots(db *DB, list []cms.Front) error {
	ids := make([]cms.ID, len(list))
	at := make(map[cms.ID]*cms.Front, len(list))
	for i := range list {
		list[i].Slots = []cms.Slot{}
		ids[i] = list[i].ID
		at[ids[i]] = &list[i]
	}
	rows := database.WhereIn(db.Tx, database.From("front_slots AS s"), "s.front_id", ids).
		Join("JOIN collections AS t ON t.id = s.collection_id").
		Where("s.valid_until IS NULL").OrderBy("s.front_id, s.position")
	site, err := db.Site()
	if err != nil {
		return err
	}
	return db.Query(rows.Columns(slotTable.Columns.Of("s")+", "+refColumns(cms.CollectionNoun)),
		func(r *database.Row) {
			slot := slotTable.Columns.Value(r)
			slot.Collection = scanPage(r, cms.CollectionNoun, site)
			at[slot.FrontID].Slots = append(at[slot.FrontID].Slots, slot)
		})
}

// Create saves a new front.
func (s *Fronts) Create(db *DB, n *cms.Front) error {
	if err := s.Nouns.Create(db, n); err != nil {
		return err
	}
	if err := listFrontName(db, n); err != nil {
		return err
	}
	return saveSlots(db, n)
}

// Update saves a front that was changed.
func (s *Fronts) Update(db *DB, n *cms.Front) error {
	if err := s.Nouns.Update(db, n); err != nil {
		return err
	}
	if err := listFrontName(db, n); err != nil {
		return err
	}
	was := []cms.Front{{Base: n.Base}}
	if err := addSlots(db, was); err != nil {
		return err
	}
	if cms.SameSlots(was[0].Slots, n.Slots) {
		return nil
	}
	err := db.Exec("UPDATE front_slots SET valid_until = ? WHERE front_id = ? "+
		"AND valid_until IS NULL", n.UpdatedAt, string(n.ID))
	if err != nil {
		return err
	}
	return saveSlots(db, n)
}

// listFrontName lets a front be found by its names.
func listFrontName(db *DB, n *cms.Front) error {
	_, err := db.listNames(cms.FrontNoun, n.ID,
		[]cms.NounName{{Key: n.NameKey, Name: n.Name}}, n.Localized)
	return err
}

func saveSlots(db *DB, n *cms.Front) error {
	for i := range n.Slots {
		n.Slots[i].FrontID = n.ID
		n.Slots[i].Since = n.Version
		n.Slots[i].Position = i + 1
		n.Slots[i].ValidFrom = n.UpdatedAt
		n.Slots[i].ValidUntil = nil
	}
	return database.Insert(db.Tx, slotTable, n.Slots...)
}

// Delete removes a front. It is an InUse error if it is the home of the site.
func (s *Fronts) Delete(db *DB, id cms.ID) error {
	site, err := db.Site()
	if err != nil {
		return err
	}
	if site.Home == string(id) {
		return cms.Errorf(cms.InUse, "It is the home of the site; choose another one first.")
	}
	if err := db.Exec("DELETE FROM front_slots WHERE front_id = ?", string(id)); err != nil {
		return err
	}
	return s.Nouns.Delete(db, id)
}
