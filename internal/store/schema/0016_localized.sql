-- Words of nouns in other languages, by locale. Nouns are found by their names in all languages: those stand behind a negative
-- position, and a tag may be called in one as another one is. Collections and fronts are found by their names as others are.

ALTER TABLE tags ADD COLUMN localized {text};
ALTER TABLE sections ADD COLUMN localized {text};
ALTER TABLE authors ADD COLUMN localized {text};
ALTER TABLE collections ADD COLUMN localized {text};
ALTER TABLE fronts ADD COLUMN localized {text};

DROP INDEX noun_names_tag;
CREATE UNIQUE INDEX noun_names_tag ON noun_names (name_key) WHERE noun = 'tag' AND position >= 0;
INSERT INTO noun_names (id, position, noun, name_key, name) SELECT id, 0, 'collection', name_key, name FROM collections;
INSERT INTO noun_names (id, position, noun, name_key, name) SELECT id, 0, 'front', name_key, name FROM fronts;
