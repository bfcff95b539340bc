-- What articles refer to: tags, and other plain nouns as they were tags. The id of a noun is like that of no other, whatever
-- its kind.

CREATE TABLE article_refs (
    article_id {id} NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    noun       {text} NOT NULL,
    ref_id     {id} NOT NULL,
    role       {text} NOT NULL,
    position   BIGINT NOT NULL,
    PRIMARY KEY (article_id, ref_id)
) {clustered};
INSERT INTO article_refs (article_id, noun, ref_id, role, position)
    SELECT article_id, 'tag', tag_id, '', position FROM article_tags ORDER BY article_id, tag_id;
CREATE INDEX article_refs_ref ON article_refs (ref_id, article_id);
DROP TABLE article_tags;

-- The live articles that refer to a noun in reading order, each with the row of its edition, so that a page of them costs the
-- same however many there are.
CREATE TABLE feed (
    ref_id       {id} NOT NULL,
    published_at {time} NOT NULL,
    article_id   {id} NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    edition      BIGINT NOT NULL,
    noun         {text} NOT NULL,
    PRIMARY KEY (ref_id, published_at, article_id)
) {clustered};
INSERT INTO feed (ref_id, published_at, article_id, edition, noun)
    SELECT tag_id, published_at, article_id, edition, 'tag' FROM tag_feed ORDER BY tag_id, published_at, article_id;
CREATE INDEX feed_article ON feed (article_id, noun, ref_id);
DROP TABLE tag_feed;

-- The references of an edition: the kind of each noun, its id and what it is to the article.
ALTER TABLE editions RENAME COLUMN tags TO refs;
UPDATE editions SET refs = replace(replace(refs, '["', '["tag '), ',"', ',"tag ') WHERE refs <> '[]';

-- Every name a noun is known by: its own at position 0, then others. A name leads to one tag only.
CREATE TABLE noun_names (
    id       {id} NOT NULL,
    position BIGINT NOT NULL,
    noun     {text} NOT NULL,
    name_key {text} NOT NULL,
    name     {text} NOT NULL,
    PRIMARY KEY (id, position)
) {clustered};
INSERT INTO noun_names (id, position, noun, name_key, name) SELECT tag_id, position, 'tag', name_key, name FROM tag_names;
CREATE INDEX noun_names_key ON noun_names (noun, name_key);
CREATE UNIQUE INDEX noun_names_tag ON noun_names (name_key) WHERE noun = 'tag';
DROP TABLE tag_names;

-- The words in the names of a noun, in every form they are found by.
CREATE TABLE noun_words (
    noun {text} NOT NULL,
    word {text} NOT NULL,
    id   {id} NOT NULL,
    PRIMARY KEY (noun, word, id)
) {clustered};
INSERT INTO noun_words (noun, word, id) SELECT 'tag', word, tag_id FROM tag_words ORDER BY word, tag_id;
CREATE INDEX noun_words_id ON noun_words (id);
DROP TABLE tag_words;

-- The terms that stand for a noun in the search index, and for the ids that editions have: its own, and those of the nouns
-- merged into it. So a noun that gets another name, or is merged, leaves index and editions as they are.
CREATE TABLE noun_terms (
    term {text} PRIMARY KEY,
    noun {text} NOT NULL,
    id   {id} NOT NULL
) {clustered};
INSERT INTO noun_terms (term, noun, id) SELECT term, 'tag', tag_id FROM tag_terms;
CREATE INDEX noun_terms_id ON noun_terms (id);
DROP TABLE tag_terms;
