-- The tables, for SQLite. postgresql.sql says the same with TEXT COLLATE "C", BIGINT and BYTEA.
-- Times are microseconds UTC, dates ISO text, booleans 0 or 1, JSON text. Every row carries its organisation's key.
-- What is marked `sealed` is sealed with the keys of the configuration (base/secret.h): `rekey` knows every such column.

-- `rules`: those its duties are computed by. `facts_cause`: what raised facts_version last.
CREATE TABLE organisation (
    key TEXT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    siren TEXT,
    locale TEXT NOT NULL,
    zone TEXT NOT NULL,
    deliveries TEXT NOT NULL CHECK (deliveries IN ('off', 'held', 'live')),
    settings TEXT NOT NULL,
    rules TEXT NOT NULL,
    version INTEGER NOT NULL,
    facts_version INTEGER NOT NULL,
    facts_cause TEXT,
    data_version INTEGER NOT NULL,
    audit_seq INTEGER NOT NULL,
    audit_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- The head of the chain of what belongs to no organisation.
INSERT INTO organisation (key, id, name, locale, zone, deliveries, settings, rules, version, facts_version, data_version,
    audit_seq, audit_hash, created_at, updated_at)
VALUES ('system', 'org_system', 'system', 'fr', 'UTC', 'off', '{}', '', 1, 0, 0, 0, '', 0, 0);

CREATE TABLE employee (
    organisation TEXT NOT NULL REFERENCES organisation (key),
    id TEXT NOT NULL,
    number TEXT NOT NULL,
    number_folded TEXT NOT NULL,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    email TEXT,
    email_folded TEXT,
    manager TEXT,
    establishment TEXT,
    category TEXT,
    sex TEXT,
    contract TEXT,
    hire_date TEXT,
    seniority_date TEXT,
    birth_date TEXT,
    contract_end TEXT,
    exit_date TEXT,
    locale TEXT,
    calendar_url TEXT,
    external_ids TEXT,
    version INTEGER NOT NULL,
    next_check TEXT,
    remind_on TEXT DEFAULT '1900-01-01',
    facts_version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organisation, id),
    UNIQUE (organisation, number_folded),
    FOREIGN KEY (organisation, manager) REFERENCES employee (organisation, id)
) STRICT;

CREATE INDEX employee_by_name ON employee (organisation, name_folded, id);
CREATE INDEX employee_by_email ON employee (organisation, email_folded, id);
CREATE INDEX employee_by_manager ON employee (organisation, manager, id);
CREATE INDEX employee_by_team ON employee (organisation, COALESCE(manager, ''), id);
CREATE INDEX employee_by_establishment ON employee (organisation, COALESCE(establishment, ''), id);
CREATE INDEX employee_by_next_check ON employee (organisation, next_check, id);
CREATE INDEX employee_by_remind_on ON employee (organisation, remind_on, id);
CREATE INDEX employee_by_exit ON employee (organisation, exit_date, id) WHERE exit_date IS NOT NULL;
CREATE INDEX employee_by_facts_version ON employee (organisation, facts_version, id);

-- Every version of every fact. Current: superseded_at is null and not withdrawn.
CREATE TABLE fact (
    organisation TEXT NOT NULL REFERENCES organisation (key),
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    valid_from TEXT,
    valid_to TEXT,
    recorded_at INTEGER NOT NULL,
    superseded_at INTEGER,
    withdrawn INTEGER NOT NULL,
    body TEXT NOT NULL,
    reason TEXT,
    actor TEXT NOT NULL,
    PRIMARY KEY (organisation, id, version)
) STRICT;

CREATE INDEX fact_by_subject ON fact (organisation, subject, kind, id, version);
CREATE INDEX fact_by_kind ON fact (organisation, kind, id, version);

CREATE TABLE duty (
    organisation TEXT NOT NULL REFERENCES organisation (key),
    id TEXT NOT NULL,
    employee TEXT NOT NULL,
    kind TEXT NOT NULL,
    rule TEXT NOT NULL,
    regime TEXT,
    due TEXT NOT NULL,
    limit_date TEXT NOT NULL,
    opens TEXT,
    state TEXT NOT NULL,
    anchor_date TEXT,
    anchor_id TEXT,
    closed INTEGER NOT NULL,
    satisfied_by TEXT,
    changed_at INTEGER NOT NULL,
    facts_version INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (organisation, id),
    FOREIGN KEY (organisation, employee) REFERENCES employee (organisation, id)
) STRICT;

CREATE INDEX duty_by_employee ON duty (organisation, employee, closed, due, id);
CREATE INDEX duty_by_due ON duty (organisation, closed, due, id);
CREATE INDEX duty_by_state ON duty (organisation, state, due, id);

-- `day`: held on, else of the slot, else ''. The sequences are -1 before any invitation.
CREATE TABLE review (
    organisation TEXT NOT NULL REFERENCES organisation (key),
    id TEXT NOT NULL,
    employee TEXT NOT NULL,
    type TEXT NOT NULL,
    recap INTEGER NOT NULL,
    interviewer TEXT,
    day TEXT NOT NULL,
    starts_at INTEGER,
    ends_at INTEGER,
    mode TEXT,
    location TEXT,
    conference_url TEXT,
    state TEXT NOT NULL,
    held_on TEXT,
    reported_on TEXT,
    copied_on TEXT,
    uid TEXT NOT NULL UNIQUE,
    sequence INTEGER NOT NULL,
    time_sequence INTEGER NOT NULL,
    dtstamp INTEGER,
    shown INTEGER NOT NULL,
    body TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organisation, id),
    FOREIGN KEY (organisation, employee) REFERENCES employee (organisation, id)
) STRICT;

CREATE INDEX review_by_employee ON review (organisation, employee, id);
CREATE INDEX review_by_interviewer ON review (organisation, interviewer, day, id);
CREATE INDEX review_by_state ON review (organisation, state, day, id);
CREATE INDEX review_by_day ON review (organisation, day, id);

-- People invited, with the last answer taken from each.
CREATE TABLE attendee (
    organisation TEXT NOT NULL,
    review TEXT NOT NULL,
    email TEXT NOT NULL,
    name TEXT,
    employee TEXT,
    role TEXT NOT NULL,
    partstat TEXT NOT NULL,
    delegated INTEGER NOT NULL,
    countered INTEGER NOT NULL,
    since INTEGER NOT NULL,
    sent INTEGER NOT NULL,
    refreshed_at INTEGER,
    answer_method TEXT,
    answer_partstat TEXT,
    answer_sequence INTEGER NOT NULL,
    answer_dtstamp INTEGER,
    answer_start INTEGER,
    answer_end INTEGER,
    PRIMARY KEY (organisation, review, email),
    FOREIGN KEY (organisation, review) REFERENCES review (organisation, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX attendee_by_employee ON attendee (organisation, employee, review);

-- What came in about invitations, byte for byte: answers, counter-proposals, bounces, letters in return. What
-- belongs to no invitation that is known is the organisation 'system''s.
CREATE TABLE reply (
    organisation TEXT NOT NULL REFERENCES organisation (key),
    id TEXT NOT NULL,
    channel TEXT NOT NULL,
    review TEXT,
    email TEXT,
    sender TEXT,
    method TEXT,
    partstat TEXT,
    sequence INTEGER,
    dtstamp INTEGER,
    verified INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    message_id TEXT,
    body TEXT NOT NULL,
    raw BLOB NOT NULL,
    sha256 TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    decided_at INTEGER,
    PRIMARY KEY (organisation, id),
    UNIQUE (organisation, sha256)
) STRICT;

CREATE INDEX reply_by_review ON reply (organisation, review, id);
CREATE INDEX reply_kept ON reply (organisation, received_at) WHERE LENGTH(raw) > 0;
CREATE INDEX reply_strange ON reply (organisation, received_at) WHERE LENGTH(raw) > 0 AND review IS NULL;
CREATE INDEX reply_by_email ON reply (organisation, email) WHERE email IS NOT NULL;
CREATE INDEX reply_by_sender ON reply (organisation, sender, received_at) WHERE sender IS NOT NULL;
CREATE INDEX reply_by_state ON reply (organisation, state, id);

-- Addresses that mail came back from.
CREATE TABLE failing_address (
    organisation TEXT NOT NULL REFERENCES organisation (key),
    email TEXT NOT NULL,
    code TEXT,
    reason TEXT,
    delivery TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (organisation, email)
) STRICT, WITHOUT ROWID;

CREATE TABLE document (
    organisation TEXT NOT NULL,
    id TEXT NOT NULL,
    review TEXT NOT NULL,
    kind TEXT NOT NULL,
    media_type TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    number INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (organisation, id),
    UNIQUE (organisation, review, kind, number),
    FOREIGN KEY (organisation, review) REFERENCES review (organisation, id)
) STRICT;

-- The draft is the employee's alone; `handed` is what was handed in.
CREATE TABLE preparation (
    organisation TEXT NOT NULL,
    review TEXT NOT NULL,
    employee TEXT NOT NULL,
    body TEXT NOT NULL,
    handed TEXT,
    handed_at INTEGER,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organisation, review),
    FOREIGN KEY (organisation, review) REFERENCES review (organisation, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE need (
    organisation TEXT NOT NULL REFERENCES organisation (key),
    id TEXT NOT NULL,
    employee TEXT NOT NULL,
    review TEXT,
    state TEXT NOT NULL,
    body TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organisation, id),
    FOREIGN KEY (organisation, employee) REFERENCES employee (organisation, id)
) STRICT;

CREATE INDEX need_by_employee ON need (organisation, employee, id);
CREATE INDEX need_by_review ON need (organisation, review, id);
CREATE INDEX need_by_state ON need (organisation, state, id);

-- Minutes and cents: what is summed over a year.
CREATE TABLE action (
    organisation TEXT NOT NULL REFERENCES organisation (key),
    id TEXT NOT NULL,
    year INTEGER NOT NULL,
    employee TEXT NOT NULL,
    need TEXT,
    review TEXT,
    state TEXT NOT NULL,
    nature TEXT NOT NULL,
    mandatory TEXT NOT NULL,
    source TEXT,
    course TEXT,
    starts_on TEXT,
    ends_on TEXT,
    valid_until TEXT,
    minutes_planned INTEGER NOT NULL,
    minutes_done INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    granted INTEGER NOT NULL,
    received INTEGER NOT NULL,
    body TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organisation, id),
    FOREIGN KEY (organisation, employee) REFERENCES employee (organisation, id)
) STRICT;

CREATE INDEX action_by_year ON action (organisation, year, id);
CREATE INDEX action_by_employee ON action (organisation, employee, id);
CREATE INDEX action_by_state ON action (organisation, state, id);
CREATE INDEX action_by_need ON action (organisation, need, id);
CREATE INDEX action_by_course ON action (organisation, course, employee, id);
CREATE INDEX action_by_validity ON action (organisation, valid_until, id);

CREATE TABLE plan (
    organisation TEXT NOT NULL REFERENCES organisation (key),
    year INTEGER NOT NULL,
    body TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organisation, year)
) STRICT, WITHOUT ROWID;

CREATE TABLE source (
    organisation TEXT NOT NULL REFERENCES organisation (key),
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    hook_key TEXT NOT NULL UNIQUE,
    secret TEXT, -- sealed
    secret_previous TEXT, -- sealed
    mapping TEXT NOT NULL,
    settings TEXT NOT NULL,
    rules TEXT NOT NULL,
    paused INTEGER NOT NULL,
    received INTEGER NOT NULL,
    completions INTEGER NOT NULL,
    duplicates INTEGER NOT NULL,
    quarantined INTEGER NOT NULL,
    ignored INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    refused_at INTEGER,
    refused_why TEXT,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organisation, id)
) STRICT;

-- Where a source's keys are fetched, the set as it is and as it was before.
CREATE TABLE source_jwks (
    organisation TEXT NOT NULL,
    source TEXT NOT NULL,
    url TEXT NOT NULL,
    current_set TEXT,
    previous_set TEXT,
    changed_at INTEGER,
    fetched_at INTEGER,
    next_at INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    last_error TEXT,
    PRIMARY KEY (organisation, source),
    FOREIGN KEY (organisation, source) REFERENCES source (organisation, id)
) STRICT;

CREATE INDEX source_jwks_by_next ON source_jwks (organisation, next_at, source);

-- How a source is asked for completions, and how far that is.
CREATE TABLE pull (
    organisation TEXT NOT NULL,
    source TEXT NOT NULL,
    url TEXT NOT NULL,
    credential TEXT, -- sealed
    settings TEXT NOT NULL,
    mode TEXT,
    cursor TEXT,
    wanted TEXT,
    began_at INTEGER,
    watermark INTEGER,
    swept_at INTEGER,
    next_at INTEGER,
    failures INTEGER NOT NULL,
    last_error TEXT,
    progress TEXT,
    token TEXT, -- sealed
    token_until INTEGER,
    PRIMARY KEY (organisation, source),
    FOREIGN KEY (organisation, source) REFERENCES source (organisation, id)
) STRICT;

CREATE INDEX pull_by_next ON pull (organisation, next_at, source) WHERE next_at IS NOT NULL;

-- Which records of a source were asked for, and when they were last there: what is evidence and not here was only posted.
CREATE TABLE pull_seen (
    organisation TEXT NOT NULL,
    source TEXT NOT NULL,
    identity TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (organisation, source, identity),
    FOREIGN KEY (organisation, source) REFERENCES source (organisation, id)
) STRICT, WITHOUT ROWID;

-- A request as received, or an answer to one (`pulled`); `item` holds each record of its body with the record's own slice.
CREATE TABLE envelope (
    organisation TEXT NOT NULL,
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    pulled INTEGER NOT NULL,
    headers TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    body BLOB,
    PRIMARY KEY (organisation, id),
    FOREIGN KEY (organisation, source) REFERENCES source (organisation, id)
) STRICT;

CREATE INDEX envelope_by_source ON envelope (organisation, source, id);

-- xAPI statements, as platforms may ask for them again. `stored` is of one statement alone.
CREATE TABLE statement (
    organisation TEXT NOT NULL,
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    stored INTEGER NOT NULL,
    refers TEXT,
    voids INTEGER NOT NULL,
    voided_by TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (organisation, source, id),
    UNIQUE (organisation, source, stored),
    FOREIGN KEY (organisation, source) REFERENCES source (organisation, id)
) STRICT;

CREATE INDEX statement_by_reference ON statement (organisation, source, refers) WHERE refers IS NOT NULL;

-- What filters find statements by: kind and hash of a verb, an agent, an activity, a registration.
CREATE TABLE statement_key (
    organisation TEXT NOT NULL,
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    stored INTEGER NOT NULL,
    PRIMARY KEY (organisation, source, key, stored)
) STRICT, WITHOUT ROWID;

-- Data of their attachments, and the statements that name them.
CREATE TABLE attachment (
    organisation TEXT NOT NULL,
    source TEXT NOT NULL,
    sha2 TEXT NOT NULL,
    type TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (organisation, source, sha2),
    FOREIGN KEY (organisation, source) REFERENCES source (organisation, id)
) STRICT;

CREATE TABLE attachment_use (
    organisation TEXT NOT NULL,
    source TEXT NOT NULL,
    stored INTEGER NOT NULL,
    sha2 TEXT NOT NULL,
    PRIMARY KEY (organisation, source, stored, sha2)
) STRICT, WITHOUT ROWID;

CREATE INDEX attachment_use_by_data ON attachment_use (organisation, source, sha2);

-- Seen on a platform, or named by an import (source '').
CREATE TABLE course (
    organisation TEXT NOT NULL,
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    code TEXT NOT NULL,
    title TEXT,
    title_folded TEXT,
    mandatory TEXT NOT NULL,
    body TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organisation, id),
    UNIQUE (organisation, source, code)
) STRICT;

-- `identity` is what makes a push and a pull of one completion the same.
CREATE TABLE completion (
    organisation TEXT NOT NULL REFERENCES organisation (key),
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    identity TEXT NOT NULL,
    course TEXT,
    employee TEXT,
    state TEXT NOT NULL,
    reason TEXT,
    occurred_at INTEGER,
    declare_by TEXT,
    declared_on TEXT,
    retry INTEGER NOT NULL,
    body TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organisation, id),
    UNIQUE (organisation, source, identity)
) STRICT;

CREATE INDEX completion_by_person ON completion (organisation, employee, course, occurred_at, state, id);
CREATE INDEX completion_by_state ON completion (organisation, state, id);
CREATE INDEX completion_to_retry ON completion (organisation, id) WHERE retry = 1;
CREATE INDEX completion_by_course ON completion (organisation, course, id);
CREATE INDEX completion_by_declaration ON completion (organisation, declare_by, id) WHERE declare_by IS NOT NULL;

-- Periods of sources that are read again, and the latest item that was.
CREATE TABLE replay (
    organisation TEXT NOT NULL,
    source TEXT NOT NULL,
    after_item TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (organisation, source),
    FOREIGN KEY (organisation, source) REFERENCES source (organisation, id)
) STRICT, WITHOUT ROWID;

-- The keys of people that completions in quarantine wait for.
CREATE TABLE completion_wait (
    organisation TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    completion TEXT NOT NULL,
    PRIMARY KEY (organisation, kind, value, completion),
    FOREIGN KEY (organisation, completion) REFERENCES completion (organisation, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX completion_wait_of ON completion_wait (organisation, completion);

CREATE TABLE item (
    organisation TEXT NOT NULL,
    id TEXT NOT NULL,
    envelope TEXT NOT NULL,
    source TEXT NOT NULL,
    position INTEGER NOT NULL,
    identity TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    completion TEXT,
    received_at INTEGER NOT NULL,
    raw BLOB NOT NULL,
    PRIMARY KEY (organisation, id),
    UNIQUE (organisation, source, identity),
    FOREIGN KEY (organisation, envelope) REFERENCES envelope (organisation, id)
) STRICT;

CREATE INDEX item_by_envelope ON item (organisation, envelope, position);

CREATE TABLE completion_evidence (
    organisation TEXT NOT NULL,
    completion TEXT NOT NULL,
    item TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (organisation, completion, item),
    FOREIGN KEY (organisation, completion) REFERENCES completion (organisation, id),
    FOREIGN KEY (organisation, item) REFERENCES item (organisation, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE action_evidence (
    organisation TEXT NOT NULL,
    action TEXT NOT NULL,
    completion TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    undone_at INTEGER,
    PRIMARY KEY (organisation, action, completion),
    FOREIGN KEY (organisation, action) REFERENCES action (organisation, id),
    FOREIGN KEY (organisation, completion) REFERENCES completion (organisation, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX action_evidence_by_completion ON action_evidence (organisation, completion, action);

-- What an action, a completion or a course said until it was changed, as far as a recap asks; `id` is one of theirs.
CREATE TABLE training_version (
    organisation TEXT NOT NULL REFERENCES organisation (key),
    id TEXT NOT NULL,
    superseded_at INTEGER NOT NULL,
    employee TEXT,
    state TEXT,
    nature TEXT,
    mandatory TEXT,
    title TEXT,
    course TEXT,
    occurred_at INTEGER,
    body TEXT,
    PRIMARY KEY (organisation, id, superseded_at)
) STRICT, WITHOUT ROWID;

CREATE INDEX training_version_by_employee ON training_version (organisation, employee, id);

-- Who a name on a platform is; source '' = on any. valid_from is '1900-01-01' when it always was.
CREATE TABLE alias (
    organisation TEXT NOT NULL,
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    employee TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (organisation, source, kind, value, valid_from),
    UNIQUE (organisation, id),
    FOREIGN KEY (organisation, employee) REFERENCES employee (organisation, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX alias_by_employee ON alias (organisation, employee, id);

CREATE TABLE feed (
    organisation TEXT NOT NULL REFERENCES organisation (key),
    id TEXT NOT NULL,
    scope TEXT NOT NULL,
    subject TEXT,
    label TEXT,
    secret_hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    last_used INTEGER,
    revoked_at INTEGER,
    PRIMARY KEY (organisation, id)
) STRICT;

CREATE INDEX feed_by_subject ON feed (organisation, subject, id);

-- The personal page of `person`: of an employee about themselves, of an interviewer about an employee and a review.
CREATE TABLE link (
    organisation TEXT NOT NULL REFERENCES organisation (key),
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    person TEXT NOT NULL,
    employee TEXT NOT NULL,
    review TEXT,
    secret_hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    PRIMARY KEY (organisation, id),
    FOREIGN KEY (organisation, person) REFERENCES employee (organisation, id),
    FOREIGN KEY (organisation, employee) REFERENCES employee (organisation, id)
) STRICT;

CREATE INDEX link_by_person ON link (organisation, person, id);
CREATE INDEX link_by_employee ON link (organisation, employee, id);
CREATE INDEX link_by_expiry ON link (organisation, expires_at);

-- The outbox. next_at is when to look at the row again: due, retry or end of the lease; null when it is at rest.
CREATE TABLE delivery (
    organisation TEXT NOT NULL REFERENCES organisation (key),
    id TEXT NOT NULL,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    employee TEXT,
    review TEXT,
    subject TEXT,
    recipient TEXT NOT NULL,
    reader TEXT,
    uid TEXT,
    sequence INTEGER,
    message_id TEXT UNIQUE,
    due_at INTEGER NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('held', 'queued', 'leased', 'sent', 'failed', 'dead', 'superseded', 'dropped')),
    attempts INTEGER NOT NULL,
    next_at INTEGER,
    lease_owner TEXT,
    last_error TEXT,
    payload TEXT NOT NULL,
    content BLOB,
    sha256 TEXT,
    created_at INTEGER NOT NULL,
    sent_at INTEGER,
    PRIMARY KEY (organisation, id)
) STRICT;

CREATE INDEX delivery_by_next ON delivery (organisation, next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX delivery_by_state ON delivery (organisation, state, id);
CREATE INDEX delivery_by_review ON delivery (organisation, review, id);
CREATE INDEX delivery_by_employee ON delivery (organisation, employee, id);
CREATE INDEX delivery_by_recipient ON delivery (organisation, recipient);
CREATE INDEX delivery_by_reader ON delivery (organisation, reader) WHERE reader IS NOT NULL;
CREATE INDEX delivery_kept ON delivery (organisation, created_at) WHERE content IS NOT NULL;
CREATE INDEX delivery_by_uid ON delivery (organisation, uid, recipient, id);

-- Where calendars are: a scheduling server (HR's calendar, which invites) or a plain store of people's calendars.
CREATE TABLE calendar (
    organisation TEXT NOT NULL REFERENCES organisation (key),
    id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('scheduling', 'store')),
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    user_name TEXT,
    password TEXT, -- sealed
    paused INTEGER NOT NULL,
    collection TEXT,
    outbox TEXT,
    address TEXT,
    found_at INTEGER,
    failures INTEGER NOT NULL,
    last_error TEXT,
    visited_at INTEGER,
    next_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organisation, id)
) STRICT;

-- What we put where, and how it looked when it was last looked at.
CREATE TABLE calendar_entry (
    organisation TEXT NOT NULL,
    uid TEXT NOT NULL,
    recipient TEXT NOT NULL,
    review TEXT NOT NULL,
    calendar TEXT NOT NULL,
    href TEXT NOT NULL,
    etag TEXT,
    schedule_tag TEXT,
    sequence INTEGER NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('live', 'gone')),
    people TEXT,
    looked_at INTEGER NOT NULL,
    PRIMARY KEY (organisation, uid, recipient),
    FOREIGN KEY (organisation, calendar) REFERENCES calendar (organisation, id)
) STRICT;

CREATE INDEX calendar_entry_by_calendar ON calendar_entry (organisation, calendar, state, looked_at, uid);
CREATE INDEX calendar_entry_by_review ON calendar_entry (organisation, review);

-- How much of somebody's busy times is known: from_at to to_at as of as_of; nothing when as_of is null.
CREATE TABLE busy_view (
    organisation TEXT NOT NULL,
    employee TEXT NOT NULL,
    from_at INTEGER,
    to_at INTEGER,
    as_of INTEGER,
    tried_at INTEGER NOT NULL,
    last_error TEXT,
    PRIMARY KEY (organisation, employee),
    FOREIGN KEY (organisation, employee) REFERENCES employee (organisation, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE busy_time (
    organisation TEXT NOT NULL,
    employee TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    PRIMARY KEY (organisation, employee, starts_at, ends_at),
    FOREIGN KEY (organisation, employee) REFERENCES employee (organisation, id)
) STRICT, WITHOUT ROWID;

-- A rung of a ladder of reminders is climbed once.
CREATE TABLE reminder (
    organisation TEXT NOT NULL REFERENCES organisation (key),
    subject TEXT NOT NULL,
    rung TEXT NOT NULL,
    due_on TEXT NOT NULL,
    state TEXT NOT NULL,
    not_before INTEGER,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (organisation, subject, rung, due_on)
) STRICT, WITHOUT ROWID;

CREATE INDEX reminder_waits ON reminder (organisation, not_before) WHERE state = 'waiting';

CREATE TABLE subscription (
    organisation TEXT NOT NULL REFERENCES organisation (key),
    id TEXT NOT NULL,
    url TEXT NOT NULL,
    secret TEXT NOT NULL, -- sealed
    secret_previous TEXT, -- sealed
    kinds TEXT NOT NULL,
    paused INTEGER NOT NULL,
    last_error TEXT,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organisation, id)
) STRICT;

CREATE TABLE token (
    organisation TEXT NOT NULL REFERENCES organisation (key),
    id TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    employee TEXT,
    label TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    last_used INTEGER,
    revoked_at INTEGER,
    PRIMARY KEY (organisation, id)
) STRICT;

CREATE INDEX token_by_employee ON token (organisation, employee) WHERE employee IS NOT NULL;

CREATE TABLE idempotency (
    token TEXT NOT NULL,
    key TEXT NOT NULL,
    organisation TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status INTEGER NOT NULL,
    etag TEXT,
    location TEXT,
    media_type TEXT,
    body BLOB,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (token, key)
) STRICT;

CREATE INDEX idempotency_by_age ON idempotency (organisation, created_at);

CREATE TABLE audit (
    organisation TEXT NOT NULL REFERENCES organisation (key),
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    verb TEXT NOT NULL,
    subject TEXT NOT NULL,
    subject_prev TEXT,
    payload_hash TEXT NOT NULL,
    prev TEXT,
    hash TEXT NOT NULL,
    PRIMARY KEY (organisation, seq)
) STRICT;

CREATE INDEX audit_by_subject ON audit (organisation, subject, seq);

CREATE TABLE audit_payload (
    organisation TEXT NOT NULL,
    seq INTEGER NOT NULL,
    salt BLOB,
    payload TEXT,
    erased_at INTEGER,
    PRIMARY KEY (organisation, seq),
    FOREIGN KEY (organisation, seq) REFERENCES audit (organisation, seq)
) STRICT;

-- Merkle roots over the records of a chain up to and with `seq`.
CREATE TABLE checkpoint (
    organisation TEXT NOT NULL,
    seq INTEGER NOT NULL,
    root TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (organisation, seq)
) STRICT, WITHOUT ROWID;

-- The transactions of the last hour, to tell whether one was committed when its connection was lost.
CREATE TABLE batch (
    organisation TEXT NOT NULL,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (organisation, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE operation (
    organisation TEXT NOT NULL REFERENCES organisation (key),
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT,
    state TEXT NOT NULL,
    request TEXT NOT NULL,
    result TEXT,
    next_at INTEGER,
    lease_owner TEXT,
    attempts INTEGER NOT NULL,
    actor TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organisation, id)
) STRICT;

CREATE INDEX operation_by_next ON operation (organisation, next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX operation_by_subject ON operation (organisation, subject, kind, id);
CREATE INDEX operation_ended ON operation (organisation, updated_at, id) WHERE state IN ('done', 'failed');

-- How far a file is applied; then its hash and its counters are kept.
CREATE TABLE import (
    organisation TEXT NOT NULL REFERENCES organisation (key),
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    options TEXT NOT NULL,
    counters TEXT NOT NULL,
    cursor INTEGER NOT NULL,
    actor TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organisation, id)
) STRICT;

CREATE INDEX import_waiting ON import (created_at, id) WHERE state IN ('received', 'applying');

-- The file, until it is applied: apart, because a row that changes is written whole.
CREATE TABLE import_content (
    organisation TEXT NOT NULL,
    import TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (organisation, import),
    FOREIGN KEY (organisation, import) REFERENCES import (organisation, id)
) STRICT;

CREATE TABLE import_refusal (
    organisation TEXT NOT NULL,
    import TEXT NOT NULL,
    line INTEGER NOT NULL,
    column_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (organisation, import, line, column_name),
    FOREIGN KEY (organisation, import) REFERENCES import (organisation, id)
) STRICT, WITHOUT ROWID;

-- Reviews planned together; `cursor` is where the look through the duties stands.
CREATE TABLE campaign (
    organisation TEXT NOT NULL REFERENCES organisation (key),
    id TEXT NOT NULL,
    label TEXT,
    state TEXT NOT NULL,
    options TEXT NOT NULL,
    cursor TEXT,
    actor TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organisation, id)
) STRICT;

CREATE INDEX campaign_waiting ON campaign (organisation, id) WHERE state <> 'done';

-- One employee of a campaign: waiting, then planned (a time is found) or refused, then created; in the end invited or
-- discarded.
CREATE TABLE placement (
    organisation TEXT NOT NULL,
    campaign TEXT NOT NULL,
    employee TEXT NOT NULL,
    duty TEXT NOT NULL,
    due TEXT NOT NULL,
    interviewer TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'planned', 'created', 'refused', 'invited', 'discarded')),
    starts_at INTEGER,
    ends_at INTEGER,
    review TEXT,
    reason TEXT,
    explanation TEXT,
    PRIMARY KEY (organisation, campaign, employee),
    FOREIGN KEY (organisation, campaign) REFERENCES campaign (organisation, id)
) STRICT;

CREATE INDEX placement_by_state ON placement (organisation, campaign, state, interviewer, due, employee);

-- Where recurring work of an organisation, or of the whole store, stands; next_at is when it is due again.
CREATE TABLE job (
    organisation TEXT NOT NULL REFERENCES organisation (key),
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    cursor TEXT,
    next_at INTEGER,
    last_run INTEGER,
    last_success INTEGER,
    last_error TEXT,
    result TEXT,
    PRIMARY KEY (organisation, name)
) STRICT, WITHOUT ROWID;

-- What the planner of SQLite is to know of a store in use, for it takes an organisation for ten rows when nothing was
-- counted: an organisation is half of a table, states, kinds and sources are many rows still, anything else is few.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat)
SELECT t.name, CASE WHEN t.wr AND i.origin = 'pk' THEN t.name ELSE i.name END, (CASE WHEN i.partial THEN 100 ELSE 1000000 END) || (
    SELECT group_concat(CASE
        WHEN i.partial THEN ' 10'
        WHEN NOT EXISTS (SELECT 1 FROM pragma_index_info(i.name) b WHERE b.seqno <= c.seqno
            AND b.name NOT IN ('organisation', 'state', 'kind', 'closed', 'source', 'year'))
            THEN ' ' || (500000 >> (3 * c.seqno))
        WHEN c.seqno > 0 AND c.seqno + 1 = (SELECT COUNT(*) FROM pragma_index_info(i.name)) THEN ' 1'
        ELSE ' 10' END, '')
    FROM pragma_index_info(i.name) c)
FROM pragma_table_list t, pragma_index_list(t.name) i
WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name <> 'organisation';
ANALYZE sqlite_schema;
