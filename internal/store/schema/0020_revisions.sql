-- Every save of an article that changed something, and every publishing of it: n is the version that came of it. A save that was
-- folded into a later one is shown only to those who ask for all, and loses its words after a while.
CREATE TABLE revisions (
    article_id {id} NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    n          BIGINT NOT NULL,
    at         {time} NOT NULL,
    by_id      {id} REFERENCES users (id) ON DELETE SET NULL,
    note       {text} NOT NULL,
    origin     {text} NOT NULL,
    edition    BIGINT,
    auto       BOOLEAN NOT NULL,
    since      {time} NOT NULL,
    folds      BIGINT NOT NULL,
    folded     BOOLEAN NOT NULL,
    words      {bytes},
    PRIMARY KEY (article_id, n)
);
CREATE INDEX revisions_at ON revisions (at);
CREATE INDEX revisions_folded ON revisions (at) WHERE folded AND words IS NOT NULL;
CREATE INDEX revisions_by ON revisions (by_id);
