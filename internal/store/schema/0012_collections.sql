-- Collections and fronts. What a collection has and how a front is laid out is kept as it was: a row that a change ends
-- stays, with the time until when it was so.

CREATE TABLE collections (
    id          {id} PRIMARY KEY,
    version     BIGINT NOT NULL,
    slug        {text} NOT NULL UNIQUE,
    created_at  {time} NOT NULL,
    updated_at  {time} NOT NULL,
    name        {text} NOT NULL,
    name_key    {text} NOT NULL,
    description {text} NOT NULL,
    size        BIGINT NOT NULL,
    rule        {text}
);
CREATE INDEX collections_name ON collections (name_key, id);
CREATE INDEX collections_updated ON collections (updated_at, id);

-- The rules that collections have and had, each from a version on.
CREATE TABLE collection_rules (
    collection_id {id} NOT NULL REFERENCES collections (id),
    since         BIGINT NOT NULL,
    valid_from    {time} NOT NULL,
    size          BIGINT NOT NULL,
    rule          {text},
    PRIMARY KEY (collection_id, since)
);

CREATE TABLE collection_items (
    id            {id} NOT NULL,
    since         BIGINT NOT NULL,
    collection_id {id} NOT NULL REFERENCES collections (id),
    place         BIGINT NOT NULL,
    article_id    {id} REFERENCES articles (id),
    url           {text} NOT NULL,
    title         {text} NOT NULL,
    kicker        {text} NOT NULL,
    summary       {text} NOT NULL,
    shown_from    {time},
    shown_until   {time},
    valid_from    {time} NOT NULL,
    valid_until   {time},
    PRIMARY KEY (id, since)
);
CREATE INDEX collection_items_place ON collection_items (collection_id, place) WHERE valid_until IS NULL;
CREATE INDEX collection_items_all ON collection_items (collection_id);
CREATE INDEX collection_items_article ON collection_items (article_id) WHERE article_id IS NOT NULL;

CREATE TABLE fronts (
    id         {id} PRIMARY KEY,
    version    BIGINT NOT NULL,
    slug       {text} NOT NULL UNIQUE,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    name       {text} NOT NULL,
    name_key   {text} NOT NULL
);
CREATE INDEX fronts_name ON fronts (name_key, id);
CREATE INDEX fronts_updated ON fronts (updated_at, id);

CREATE TABLE front_slots (
    front_id      {id} NOT NULL REFERENCES fronts (id),
    since         BIGINT NOT NULL,
    position      BIGINT NOT NULL,
    name          {text} NOT NULL,
    collection_id {id} NOT NULL,
    size          BIGINT NOT NULL,
    repeats       BOOLEAN NOT NULL,
    valid_from    {time} NOT NULL,
    valid_until   {time},
    PRIMARY KEY (front_id, since, position)
);
CREATE INDEX front_slots_collection ON front_slots (collection_id) WHERE valid_until IS NULL;
