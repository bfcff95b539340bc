-- Where readers are led to from a path of the site: by hand. A path is decoded, in NFC, with a slash in front and none behind.
CREATE TABLE redirects (
    id         {id} PRIMARY KEY,
    version    BIGINT NOT NULL,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    from_path  {text} NOT NULL UNIQUE,
    to_url     {text} NOT NULL,
    to_path    {text} NOT NULL,
    status     BIGINT NOT NULL,
    note       {text} NOT NULL
);
CREATE INDEX redirects_updated ON redirects (updated_at, id);

-- The patterns that paths of pages are made by, and those that they were made by until a time.
CREATE TABLE path_patterns (
    kind     {text} NOT NULL,
    pattern  {text} NOT NULL,
    ended_at {time},
    PRIMARY KEY (kind, pattern)
);

-- The paths in the tree that sections had.
CREATE TABLE section_paths (
    path {text} NOT NULL,
    id   {id} NOT NULL,
    PRIMARY KEY (path, id)
) {clustered};
CREATE INDEX section_paths_id ON section_paths (id);

-- What had a page and was deleted for good: digests of its kind with its id or a slug, and of other paths that it had. The key
-- of the digests is made for this database, so that from them alone no word can be found out.
CREATE TABLE gone (
    digest {text} PRIMARY KEY
) {clustered};
CREATE TABLE keys (
    name  {text} PRIMARY KEY,
    value {text} NOT NULL
);
