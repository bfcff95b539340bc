package store

import (
	"github.com/masthead-cms/masthead/internal/cms"
)

var authors = Nouns[cms.AuthorProfile, *cms.AuthorProfile]{
	Noun:   cms.AuthorNoun,
	Orders: countedOrders(),
}

// Authors are the rows of authors.
type Authors struct{}

// List returns a page of authors.
func (Authors) List(db *DB, q cms.NounQuery) (cms.List[cms.AuthorProfile], error) {
	list, err := authors.List(db, q)
	if err != nil {
		return list, err
	}
	return list, addAuthorPictures(db, list.Rows)
}

// ByID returns the author with an id, ErrNotFound if there is none.
func (Authors) ByID(db *DB, id cms.ID) (*cms.AuthorProfile, error) {
	a, err := authors.ByID(db, id)
	if err != nil {
		return nil, err
	}
	one := []cms.AuthorProfile{*a}
	return &one[0], addAuthorPictures(db, one)
}

func addAuthorPictures(db *DB, list []cms.AuthorProfile) error {
	return pictures(db, list, func(a *cms.AuthorProfile) cms.ID { return a.ImageID },
		func(a *cms.AuthorProfile, m *cms.Medium) { a.Image = m })
}

// Create saves a new author.
func (Authors) Create(db *DB, a *cms.AuthorProfile) error {
	if err := authors.Create(db, a); err != nil {
		return err
	}
	if err := db.setPicture(cms.AuthorNoun, a.ID, a.ImageID); err != nil {
		return err
	}
	return db.addNames(cms.AuthorNoun, a.ID, authorNames(a), a.Localized)
}

// Update saves an author that was changed.
func (Authors) Update(db *DB, a *cms.AuthorProfile) error {
	if err := authors.Update(db, a); err != nil {
		return err
	}
	if err := db.setPicture(cms.AuthorNoun, a.ID, a.ImageID); err != nil {
		return err
	}
	return db.saveNames(cms.AuthorNoun, a.ID, authorNames(a), a.Localized)
}

func authorNames(a *cms.AuthorProfile) []cms.NounName {
	return []cms.NounName{{Key: a.NameKey, Name: a.Name}}
}

// Delete removes an author. It is an InUse error if articles refer to it.
func (Authors) Delete(db *DB, id cms.ID) error {
	if err := db.checkUnused(cms.AuthorNoun, id); err != nil {
		return err
	}
	return authors.Delete(db, id)
}

// Merge saves an author that was changed, gives it the articles, editions and slugs of another one
// and removes that.
func (Authors) Merge(db *DB, from cms.ID, into *cms.AuthorProfile) error {
	if err := authors.Update(db, into); err != nil {
		return err
	}
	if err := db.mergeRefs(cms.AuthorNoun, from, into.ID); err != nil {
		return err
	}
	return authors.Delete(db, from)
}

// UserExists reports whether there is a user with an id.
func (db *DB) UserExists(id cms.ID) (bool, error) {
	var n int64
	err := db.GORM.Model(&cms.User{}).Where("id = ?", id).Count(&n).Error
	return n > 0, err
}

// authorRow is a row of authors, as it is copied.
type authorRow struct {
	cms.AuthorProfile `gorm:"embedded"`
}

// TableName returns the table of authors.
func (authorRow) TableName() string { return "authors" }
