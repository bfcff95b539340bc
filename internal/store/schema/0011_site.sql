-- What an administrator has set of the site, as JSON. Without a row everything is as it is by default.
CREATE TABLE site (
    id         {id} PRIMARY KEY,
    version    BIGINT NOT NULL,
    settings   {text} NOT NULL,
    updated_at {time} NOT NULL
);
