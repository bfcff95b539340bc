-- Authors: who articles are by.

CREATE TABLE authors (
    id            {id} PRIMARY KEY,
    version       BIGINT NOT NULL,
    slug          {text} NOT NULL UNIQUE,
    created_at    {time} NOT NULL,
    updated_at    {time} NOT NULL,
    name          {text} NOT NULL,
    name_key      {text} NOT NULL,
    bio           {text} NOT NULL,
    bio_html      {text} NOT NULL,
    job_title     {text} NOT NULL,
    links         {text} NOT NULL,
    same_as       {text} NOT NULL,
    user_id       {id} REFERENCES users (id) ON DELETE SET NULL,
    article_count BIGINT NOT NULL
);
CREATE INDEX authors_by_name ON authors (name_key, id);
CREATE INDEX authors_by_update ON authors (updated_at, id);
CREATE INDEX authors_by_count ON authors (article_count, id);
CREATE INDEX authors_user ON authors (user_id);
