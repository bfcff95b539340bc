-- Articles refer to sections. A section counts the live articles that refer to it or to one below it, each once.

ALTER TABLE sections ADD COLUMN article_count BIGINT NOT NULL DEFAULT 0;
CREATE INDEX sections_by_count ON sections (article_count, id);

-- Every noun of a tree with itself and all that it stands below.
CREATE TABLE noun_tree (
    id    {id} NOT NULL,
    above {id} NOT NULL,
    PRIMARY KEY (id, above)
) {clustered};
CREATE INDEX noun_tree_above ON noun_tree (above, id);
INSERT INTO noun_tree (id, above)
    WITH RECURSIVE up (id, above) AS (
        SELECT id, id FROM sections
        UNION ALL SELECT up.id, s.parent_id FROM up JOIN sections AS s ON s.id = up.above WHERE s.parent_id IS NOT NULL)
    SELECT id, above FROM up;

INSERT INTO noun_terms (term, noun, id) SELECT 'tag' || replace(CAST(id AS TEXT), '-', ''), 'section', id FROM sections;
INSERT INTO noun_names (id, position, noun, name_key, name) SELECT id, 0, 'section', name_key, name FROM sections;
