-- Alerts: lines that readers are shown between two moments.

CREATE TABLE alerts (
    id         {id} PRIMARY KEY,
    version    BIGINT NOT NULL,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    text       {text} NOT NULL,
    level      {text} NOT NULL,
    article_id {id} REFERENCES articles (id),
    url        {text} NOT NULL,
    locale     {text} NOT NULL,
    starts_at  {time} NOT NULL,
    ends_at    {time} NOT NULL,
    rank       {text} NOT NULL
);
CREATE INDEX alerts_starts ON alerts (starts_at, id);
CREATE INDEX alerts_ends ON alerts (ends_at);
CREATE INDEX alerts_article ON alerts (article_id) WHERE article_id IS NOT NULL;
