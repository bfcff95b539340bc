-- What was said with the last move of an article: to colleagues with submit and return (note), to them with withdraw and kill
-- (reason), and to readers with kill (notice).
ALTER TABLE articles ADD COLUMN note {text} NOT NULL DEFAULT '';
ALTER TABLE articles ADD COLUMN reason {text} NOT NULL DEFAULT '';
ALTER TABLE articles ADD COLUMN notice {text} NOT NULL DEFAULT '';
