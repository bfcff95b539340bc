-- What stored responses are about, so that they can be emptied when that is deleted for good. Of those stored before it is
-- not known; they are good for a day.
CREATE TABLE idempotency_subjects (
    subject {id} NOT NULL,
    caller  {text} NOT NULL,
    scope   {text} NOT NULL,
    key     {text} NOT NULL,
    PRIMARY KEY (subject, caller, scope, key),
    FOREIGN KEY (caller, scope, key) REFERENCES idempotency_records (caller, scope, key) ON DELETE CASCADE
) {clustered};
CREATE INDEX idempotency_subjects_record ON idempotency_subjects (caller, scope, key);

-- Work that goes on behind a change, in slices: any server does the next one. It was last done at a time.
CREATE TABLE tasks (
    seq       {serial},
    kind      {text} NOT NULL,
    step      BIGINT NOT NULL,
    noun      {text} NOT NULL,
    subject   {id},
    target    {id},
    actor_id  {id},
    worked_at {time} NOT NULL
);
