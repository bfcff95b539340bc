-- Sections: a tree. Path, depth and the key of its order follow from it.

CREATE TABLE sections (
    id          {id} PRIMARY KEY,
    version     BIGINT NOT NULL,
    slug        {text} NOT NULL UNIQUE,
    created_at  {time} NOT NULL,
    updated_at  {time} NOT NULL,
    name        {text} NOT NULL,
    name_key    {text} NOT NULL,
    description {text} NOT NULL,
    parent_id   {id} REFERENCES sections (id),
    position    BIGINT NOT NULL,
    path        {text} NOT NULL,
    depth       BIGINT NOT NULL,
    tree_key    {text} NOT NULL
);
CREATE INDEX sections_tree ON sections (tree_key, id);
CREATE INDEX sections_parent ON sections (parent_id);
