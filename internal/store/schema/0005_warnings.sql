-- What a body lost to the sanitiser, for its editors.
ALTER TABLE article_texts ADD COLUMN warnings {text} NOT NULL DEFAULT '[]';
