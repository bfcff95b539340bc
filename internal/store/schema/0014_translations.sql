-- Articles that say the same in several languages are a group, which is named by the oldest of them; one alone is in none. An
-- edition has the group while it is live. Imports have known such groups before.

ALTER TABLE articles ADD COLUMN group_id {id};
ALTER TABLE editions ADD COLUMN group_id {id};

WITH member AS (
        SELECT i.source, i.translation_key, a.id, a.locale,
            row_number() OVER (PARTITION BY a.id ORDER BY i.source, i.translation_key) AS nth
        FROM imports AS i JOIN articles AS a ON a.id = i.article_id WHERE i.translation_key <> ''),
    first_of_locale AS (
        SELECT source, translation_key, id,
            row_number() OVER (PARTITION BY source, translation_key, locale ORDER BY id) AS nth
        FROM member WHERE nth = 1),
    grouped AS (
        SELECT id, first_value(id) OVER (PARTITION BY source, translation_key ORDER BY id) AS oldest,
            count(*) OVER (PARTITION BY source, translation_key) AS members
        FROM first_of_locale WHERE nth = 1)
    UPDATE articles SET group_id = grouped.oldest FROM grouped WHERE grouped.id = articles.id AND grouped.members > 1;
UPDATE editions SET group_id = articles.group_id FROM articles
    WHERE articles.id = editions.article_id AND articles.group_id IS NOT NULL AND editions.live;

CREATE UNIQUE INDEX articles_group ON articles (group_id, locale) WHERE group_id IS NOT NULL;
CREATE INDEX editions_group ON editions (group_id, locale, article_id) WHERE live AND group_id IS NOT NULL;
CREATE INDEX imports_translation ON imports (translation_key) WHERE translation_key <> '';

-- Until when an edition was live, so that what readers saw at a time can be told. Before it was kept, it was so until the next
-- edition, or until the article was withdrawn or put in the trash.
ALTER TABLE editions ADD COLUMN retired_at {time};
UPDATE editions SET retired_at = (SELECT n.edition_at FROM editions AS n
        WHERE n.article_id = editions.article_id AND n.number = editions.number + 1)
    WHERE NOT live;
UPDATE editions SET retired_at = (SELECT min(e.at) FROM events AS e WHERE e.subject = editions.article_id
        AND e.verb IN ('article.withdrawn', 'article.trashed') AND e.at >= editions.edition_at)
    WHERE NOT live AND EXISTS (SELECT 1 FROM events AS e WHERE e.subject = editions.article_id
        AND e.verb IN ('article.withdrawn', 'article.trashed') AND e.at >= editions.edition_at
        AND (editions.retired_at IS NULL OR e.at < editions.retired_at));
