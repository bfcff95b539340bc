-- Every slug that leads to a plain noun: its own, those it had, and of a tag those of its aliases and of the tags merged
-- into it.
CREATE TABLE slugs (
    noun {text} NOT NULL,
    slug {text} NOT NULL,
    id   {id} NOT NULL,
    PRIMARY KEY (noun, slug)
) {clustered};
CREATE INDEX slugs_id ON slugs (id);
INSERT INTO slugs (noun, slug, id) SELECT 'tag', slug, tag_id FROM tag_slugs;
DROP TABLE tag_slugs;

-- The counter of the changes of names is that of all plain nouns.
UPDATE counters SET name = 'names' WHERE name = 'tags';

-- Responses stored for calls that can be repeated. Those stored before were good for a day, and are not kept.
DROP TABLE receipts;
CREATE TABLE idempotency_records (
    caller     {text} NOT NULL,
    scope      {text} NOT NULL,
    key        {text} NOT NULL,
    digest     {text} NOT NULL,
    response   {bytes} NOT NULL,
    created_at {time} NOT NULL,
    PRIMARY KEY (caller, scope, key)
);
CREATE INDEX idempotency_records_age ON idempotency_records (created_at);
