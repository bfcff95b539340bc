-- How an item is met again when its file has another name, and which items say the same in other languages.
ALTER TABLE imports ADD COLUMN permalink {text} NOT NULL DEFAULT '';
ALTER TABLE imports ADD COLUMN translation_key {text} NOT NULL DEFAULT '';
CREATE INDEX imports_permalink ON imports (permalink) WHERE permalink <> '';

-- The paths that imported articles had at their source: decoded, in NFC, with a slash in front and none behind.
CREATE TABLE import_aliases (
    path       {text} NOT NULL PRIMARY KEY,
    article_id {id} NOT NULL,
    source     {text} NOT NULL,
    created_at {time} NOT NULL
) {clustered};
CREATE INDEX import_aliases_article ON import_aliases (article_id);
