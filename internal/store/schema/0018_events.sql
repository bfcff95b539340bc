-- Events say how a change came and what the fields were and are, and are a chain: each has a hash over itself and the hash
-- before it. Nobody changes a row or takes one away; what can be erased of one is set to null, and the chain has its digest
-- alone. The chain begins behind the events of before.
ALTER TABLE events ADD COLUMN channel {text} NOT NULL DEFAULT 'server';
ALTER TABLE events ADD COLUMN request_id {text} NOT NULL DEFAULT '';
ALTER TABLE events ADD COLUMN salt {text};
ALTER TABLE events ADD COLUMN address {text};
ALTER TABLE events ADD COLUMN before_values {text};
ALTER TABLE events ADD COLUMN after_values {text};
ALTER TABLE events ADD COLUMN digest {text} NOT NULL DEFAULT '';
ALTER TABLE events ADD COLUMN hash {text} NOT NULL DEFAULT '';
CREATE INDEX events_at ON events (at);
CREATE INDEX events_details ON events (at) WHERE salt IS NOT NULL;
CREATE INDEX events_actor ON events (actor_id, seq);
CREATE INDEX events_verb ON events (verb, seq);

-- The last event: a chain whose end was cut off does not reach it. There is none before the chain begins.
CREATE TABLE event_head (
    id   BIGINT PRIMARY KEY,
    seq  BIGINT NOT NULL,
    hash {text} NOT NULL
);

{refusal};
CREATE TRIGGER events_kept BEFORE DELETE ON events FOR EACH ROW {refuse};
CREATE TRIGGER events_unchanged
    BEFORE UPDATE OF seq, at, actor_id, verb, subject, version, fields, channel, request_id, digest, hash ON events
    FOR EACH ROW {refuse};
CREATE TRIGGER events_erased BEFORE UPDATE OF salt, address, before_values, after_values ON events
    FOR EACH ROW WHEN (NEW.salt IS NOT NULL OR NEW.address IS NOT NULL
        OR NEW.before_values IS NOT NULL OR NEW.after_values IS NOT NULL) {refuse};
