-- Media: pictures, sound, film and documents. The facts of its file stand with each medium; media with the same bytes have the
-- same keys. Focal points are in ten-thousandths of the width and the height.
CREATE TABLE media (
    id            {id} PRIMARY KEY,
    version       BIGINT NOT NULL,
    created_at    {time} NOT NULL,
    updated_at    {time} NOT NULL,
    digest        {text} NOT NULL,
    file_key      {text} NOT NULL,
    file_bytes    BIGINT NOT NULL,
    served_digest {text} NOT NULL,
    served_key    {text} NOT NULL,
    served_bytes  BIGINT NOT NULL,
    served_type   {text} NOT NULL,
    kind          {text} NOT NULL,
    width         BIGINT NOT NULL,
    height        BIGINT NOT NULL,
    duration_ms   BIGINT NOT NULL,
    color         {text} NOT NULL,
    thumb_hash    {text} NOT NULL,
    title         {text} NOT NULL,
    alt           {text} NOT NULL,
    decorative    BOOLEAN NOT NULL,
    caption       {text} NOT NULL,
    credit        {text} NOT NULL,
    license       {text} NOT NULL,
    expires_at    {time},
    source_url    {text} NOT NULL,
    locale        {text} NOT NULL,
    focal_x       BIGINT NOT NULL,
    focal_y       BIGINT NOT NULL,
    people        {text} NOT NULL,
    localized     {text} NOT NULL,
    extra         {text} NOT NULL,
    words_key     {text} NOT NULL,
    created_by    {id} REFERENCES users (id) ON DELETE SET NULL
);
CREATE INDEX media_created ON media (created_at, id);
CREATE INDEX media_updated ON media (updated_at, id);
CREATE INDEX media_digest ON media (digest);
CREATE INDEX media_file ON media (file_key);
CREATE INDEX media_served ON media (served_key);
CREATE INDEX media_expiry ON media (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX media_creator ON media (created_by);

-- What shows which medium: a working copy (not live), or what readers see. A role is the field that it stands in.
CREATE TABLE media_uses (
    medium_id {id} NOT NULL,
    noun      {text} NOT NULL,
    owner_id  {id} NOT NULL,
    role      {text} NOT NULL,
    live      BOOLEAN NOT NULL,
    PRIMARY KEY (medium_id, owner_id, noun, role, live)
) {clustered};
CREATE INDEX media_uses_owner ON media_uses (owner_id, noun, live);

ALTER TABLE articles ADD COLUMN image_id {text} NOT NULL DEFAULT '';
ALTER TABLE articles ADD COLUMN audio_id {text} NOT NULL DEFAULT '';
ALTER TABLE articles ADD COLUMN video_id {text} NOT NULL DEFAULT '';
ALTER TABLE editions ADD COLUMN image_id {text} NOT NULL DEFAULT '';
ALTER TABLE editions ADD COLUMN audio_id {text} NOT NULL DEFAULT '';
ALTER TABLE editions ADD COLUMN video_id {text} NOT NULL DEFAULT '';

-- The media in a body, in order, as JSON.
ALTER TABLE article_texts ADD COLUMN media {text} NOT NULL DEFAULT '[]';
ALTER TABLE edition_texts ADD COLUMN media {text} NOT NULL DEFAULT '[]';

ALTER TABLE sections ADD COLUMN image_id {text} NOT NULL DEFAULT '';
ALTER TABLE authors ADD COLUMN image_id {text} NOT NULL DEFAULT '';
ALTER TABLE collection_items ADD COLUMN image_id {text} NOT NULL DEFAULT '';
