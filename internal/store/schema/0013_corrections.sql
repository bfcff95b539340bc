-- Corrections of articles, which readers are shown beside whichever edition is live.

CREATE TABLE corrections (
    id           {id} PRIMARY KEY,
    article_id   {id} NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    type         {text} NOT NULL,
    text         {text} NOT NULL,
    edition      BIGINT NOT NULL,
    published_at {time} NOT NULL,
    created_at   {time} NOT NULL,
    updated_at   {time} NOT NULL
);
CREATE INDEX corrections_article ON corrections (article_id, type);
CREATE INDEX corrections_published ON corrections (published_at, id);
