-- Words in braces stand for what the two databases spell differently: see words in dialect.go.

-- People and their sign-ins.

CREATE TABLE users (
    id              {id} PRIMARY KEY,
    version         BIGINT NOT NULL,
    email           {text} NOT NULL,
    email_key       {text} NOT NULL UNIQUE,
    name            {text} NOT NULL,
    role            {text} NOT NULL,
    password_hash   {text} NOT NULL,
    session_version BIGINT NOT NULL,
    created_at      {time} NOT NULL,
    updated_at      {time} NOT NULL,
    disabled_at     {time}
) {clustered};

CREATE TABLE sessions (
    id         {id} PRIMARY KEY,
    user_id    {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at {time} NOT NULL,
    ended_at   {time}
) {clustered};
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE refresh_tokens (
    hash       {text} PRIMARY KEY,
    session_id {id} NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    expires_at {time} NOT NULL,
    used_at    {time}
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);

-- Where somebody has signed in from: what lets an owner in while strangers guess.
CREATE TABLE sign_in_places (
    user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    place   {text} NOT NULL,
    last_at {time} NOT NULL,
    PRIMARY KEY (user_id, place)
);

-- Tags.

CREATE TABLE tags (
    id            {id} PRIMARY KEY,
    version       BIGINT NOT NULL,
    slug          {text} NOT NULL UNIQUE,
    name          {text} NOT NULL,
    name_key      {text} NOT NULL,
    description   {text} NOT NULL,
    parent_id     {id} REFERENCES tags (id),
    article_count BIGINT NOT NULL,
    created_at    {time} NOT NULL,
    updated_at    {time} NOT NULL
);
CREATE INDEX tags_by_name ON tags (name_key, id);
CREATE INDEX tags_by_count ON tags (article_count, id);
CREATE INDEX tags_parent ON tags (parent_id);

-- Every slug a tag answers to: its own, those it had, those of its aliases and of the tags merged into it.
CREATE TABLE tag_slugs (
    slug   {text} PRIMARY KEY,
    tag_id {id} NOT NULL REFERENCES tags (id) ON DELETE CASCADE
) {clustered};
CREATE INDEX tag_slugs_tag ON tag_slugs (tag_id);

-- Every name a tag is known by, folded: its own at position 0, then its aliases.
CREATE TABLE tag_names (
    name_key {text} PRIMARY KEY,
    tag_id   {id} NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    name     {text} NOT NULL
);
CREATE INDEX tag_names_tag ON tag_names (tag_id, position);

-- The words in a tag's names, in every form they are found by.
CREATE TABLE tag_words (
    word   {text} NOT NULL,
    tag_id {id} NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    PRIMARY KEY (word, tag_id)
) {clustered};
CREATE INDEX tag_words_tag ON tag_words (tag_id);

-- The terms that stand for a tag in the search index, and for the ids that editions have: its own, and those of the tags
-- merged into it. So a tag that gets another name, or is merged, leaves index and editions as they are.
CREATE TABLE tag_terms (
    term   {text} PRIMARY KEY,
    tag_id {id} NOT NULL REFERENCES tags (id) ON DELETE CASCADE
) {clustered};
CREATE INDEX tag_terms_tag ON tag_terms (tag_id);

-- Articles: the working copies. Bodies stand apart, so that lists read small rows.

CREATE TABLE articles (
    id               {id} PRIMARY KEY,
    version          BIGINT NOT NULL,
    status           {text} NOT NULL,
    title            {text} NOT NULL,
    title_key        {text} NOT NULL,
    slug             {text} NOT NULL UNIQUE,
    type             {text} NOT NULL,
    locale           {text} NOT NULL,
    direction        {text} NOT NULL,
    kicker           {text} NOT NULL,
    summary          {text} NOT NULL,
    dateline         {text} NOT NULL,
    byline           {text} NOT NULL,
    source_name      {text} NOT NULL,
    source_url       {text} NOT NULL,
    source_license   {text} NOT NULL,
    canonical_url    {text} NOT NULL,
    meta_title       {text} NOT NULL,
    meta_description {text} NOT NULL,
    noindex          BOOLEAN NOT NULL,
    extra            {text} NOT NULL,
    word_count       BIGINT NOT NULL,
    published_at     {time},
    editions         BIGINT NOT NULL,
    digest           {text} NOT NULL,
    live_digest      {text} NOT NULL,
    search_row       BIGINT,
    created_by       {id} REFERENCES users (id) ON DELETE SET NULL,
    created_at       {time} NOT NULL,
    updated_at       {time} NOT NULL,
    trashed_at       {time}
);
CREATE INDEX articles_updated ON articles (updated_at, id) WHERE trashed_at IS NULL;
CREATE INDEX articles_published ON articles (published_at, id) WHERE trashed_at IS NULL;
CREATE INDEX articles_title ON articles (title_key, id) WHERE trashed_at IS NULL;
CREATE INDEX articles_status ON articles (status, updated_at, id) WHERE trashed_at IS NULL;
CREATE INDEX articles_trash ON articles (updated_at, id) WHERE trashed_at IS NOT NULL;
CREATE INDEX articles_creator ON articles (created_by);
CREATE UNIQUE INDEX articles_search ON articles (search_row) WHERE search_row IS NOT NULL;
CREATE INDEX articles_unindexed ON articles (updated_at, id) WHERE search_row IS NULL;

CREATE TABLE article_texts (
    article_id  {id} PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    body        {text} NOT NULL,
    body_format {text} NOT NULL,
    body_html   {text} NOT NULL,
    outline     {text} NOT NULL
);

CREATE TABLE article_tags (
    article_id {id} NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    tag_id     {id} NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    position   BIGINT NOT NULL,
    PRIMARY KEY (article_id, tag_id)
) {clustered};
CREATE INDEX article_tags_tag ON article_tags (tag_id, article_id);

-- Every slug an article has had; public once readers could use it.
CREATE TABLE article_slugs (
    slug       {text} PRIMARY KEY,
    article_id {id} NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    public     BOOLEAN NOT NULL
) {clustered};
CREATE INDEX article_slugs_article ON article_slugs (article_id);

-- Editions: what readers see. At most one of an article is live. Its tags are the ids of those it was published with.

CREATE TABLE editions (
    rowid            {rowid},
    article_id       {id} NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    number           BIGINT NOT NULL,
    live             BOOLEAN NOT NULL,
    title            {text} NOT NULL,
    title_key        {text} NOT NULL,
    slug             {text} NOT NULL,
    type             {text} NOT NULL,
    locale           {text} NOT NULL,
    direction        {text} NOT NULL,
    kicker           {text} NOT NULL,
    summary          {text} NOT NULL,
    dateline         {text} NOT NULL,
    byline           {text} NOT NULL,
    source_name      {text} NOT NULL,
    source_url       {text} NOT NULL,
    source_license   {text} NOT NULL,
    canonical_url    {text} NOT NULL,
    meta_title       {text} NOT NULL,
    meta_description {text} NOT NULL,
    noindex          BOOLEAN NOT NULL,
    extra            {text} NOT NULL,
    word_count       BIGINT NOT NULL,
    tags             {text} NOT NULL,
    digest           {text} NOT NULL,
    search_row       BIGINT,
    published_at     {time} NOT NULL,
    edition_at       {time} NOT NULL,
    created_at       {time} NOT NULL,
    updated_at       {time} NOT NULL,
    UNIQUE (article_id, number)
);
CREATE UNIQUE INDEX editions_live ON editions (article_id) WHERE live;
CREATE UNIQUE INDEX editions_slug ON editions (slug) WHERE live;
CREATE INDEX editions_published ON editions (published_at, article_id) WHERE live;
CREATE INDEX editions_updated ON editions (updated_at, article_id) WHERE live;
CREATE INDEX editions_title ON editions (title_key, article_id) WHERE live;
CREATE INDEX editions_locale ON editions (locale, published_at, article_id) WHERE live;
CREATE INDEX editions_type ON editions (type, published_at, article_id) WHERE live;
CREATE UNIQUE INDEX editions_search ON editions (search_row) WHERE live;

CREATE TABLE edition_texts (
    edition   {rowid} REFERENCES editions (rowid) ON DELETE CASCADE,
    body_html {text} NOT NULL,
    outline   {text} NOT NULL
);

-- The live articles of a tag in reading order, each with the row of its edition, so that a tag page costs the same however
-- many there are.
CREATE TABLE tag_feed (
    tag_id       {id} NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    published_at {time} NOT NULL,
    article_id   {id} NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    edition      BIGINT NOT NULL,
    PRIMARY KEY (tag_id, published_at, article_id)
) {clustered};
CREATE INDEX tag_feed_article ON tag_feed (article_id, tag_id);

-- The search index. A text that can be found has one row in it, which the working copy and the live edition share while
-- they are the same. A working copy that was changed has none until it has rested, or somebody searches. Rows are numbered by the time of publication (see searchRow in search.go), so that the newest are
-- found first. The words are folded before they come here; the fields that the ranking looks at are kept, a line each.
CREATE TABLE search_docs (
    rowid  {rowid},
    fields {text} NOT NULL
);
{search};

-- How many there are, kept so that nobody has to count; and how often tags were changed ("tags"), which tells whether what is
-- remembered of them is good.
CREATE TABLE counters (
    name {text} PRIMARY KEY,
    n    BIGINT NOT NULL
) {clustered};

-- Related links, those of an article in their order.

CREATE TABLE links (
    id         {id} NOT NULL UNIQUE,
    article_id {id} NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    version    BIGINT NOT NULL,
    position   BIGINT NOT NULL,
    rel        {text} NOT NULL,
    target_id  {id} REFERENCES articles (id) ON DELETE CASCADE,
    title      {text} NOT NULL,
    url        {text} NOT NULL,
    host       {text} NOT NULL,
    source     {text} NOT NULL,
    note       {text} NOT NULL,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    PRIMARY KEY (article_id, position, id)
) {clustered};
CREATE INDEX links_target ON links (target_id, id) WHERE target_id IS NOT NULL;
CREATE INDEX links_host ON links (host, id);

-- What happened, in the order it was committed.

CREATE TABLE events (
    seq      {serial},
    at       {time} NOT NULL,
    actor_id {id},
    verb     {text} NOT NULL,
    subject  {id} NOT NULL,
    version  BIGINT NOT NULL,
    fields   {text} NOT NULL
);
CREATE INDEX events_subject ON events (subject, version);

-- What readers can see changing, a row a transaction: how servers on the same database hear of each other's changes. Old rows
-- are removed.
CREATE TABLE changes (
    seq      {serial},
    at       {time} NOT NULL,
    origin   {text} NOT NULL,
    subjects {text} NOT NULL
);
CREATE INDEX changes_age ON changes (at);

-- Answers kept for requests that carried an Idempotency-Key.
CREATE TABLE receipts (
    caller     {text} NOT NULL,
    method     {text} NOT NULL,
    path       {text} NOT NULL,
    key        {text} NOT NULL,
    request    {text} NOT NULL,
    status     BIGINT NOT NULL,
    header     {text} NOT NULL,
    body       {bytes} NOT NULL,
    created_at {time} NOT NULL,
    PRIMARY KEY (caller, method, path, key)
);
CREATE INDEX receipts_age ON receipts (created_at);

-- How imported items are known again, also after their article was removed for good.
CREATE TABLE imports (
    source         {text} NOT NULL,
    key            {text} NOT NULL,
    article_id     {id} NOT NULL,
    item_digest    {text} NOT NULL,
    article_digest {text} NOT NULL,
    imported_at    {time} NOT NULL,
    PRIMARY KEY (source, key)
) {clustered};
CREATE INDEX imports_article ON imports (article_id);
