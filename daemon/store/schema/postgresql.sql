-- The tables, for PostgreSQL. sqlite.sql says the same with TEXT, INTEGER and BLOB in STRICT tables.
-- Times are microseconds UTC, dates ISO text, booleans 0 or 1, JSON text. Every row carries its organisation's key.
-- What is marked `sealed` is sealed with the keys of the configuration (base/secret.h): `rekey` knows every such column.

-- `rules`: those its duties are computed by. `facts_cause`: what raised facts_version last.
CREATE TABLE organisation (
    key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,
    siren TEXT COLLATE "C",
    locale TEXT COLLATE "C" NOT NULL,
    zone TEXT COLLATE "C" NOT NULL,
    deliveries TEXT COLLATE "C" NOT NULL CHECK (deliveries IN ('off', 'held', 'live')),
    settings TEXT COLLATE "C" NOT NULL,
    rules TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    facts_version BIGINT NOT NULL,
    facts_cause TEXT COLLATE "C",
    data_version BIGINT NOT NULL,
    audit_seq BIGINT NOT NULL,
    audit_hash TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- The head of the chain of what belongs to no organisation.
INSERT INTO organisation (key, id, name, locale, zone, deliveries, settings, rules, version, facts_version, data_version,
    audit_seq, audit_hash, created_at, updated_at)
VALUES ('system', 'org_system', 'system', 'fr', 'UTC', 'off', '{}', '', 1, 0, 0, 0, '', 0, 0);

CREATE TABLE employee (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (key),
    id TEXT COLLATE "C" NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    number_folded TEXT COLLATE "C" NOT NULL,
    given_name TEXT COLLATE "C" NOT NULL,
    family_name TEXT COLLATE "C" NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C",
    email_folded TEXT COLLATE "C",
    manager TEXT COLLATE "C",
    establishment TEXT COLLATE "C",
    category TEXT COLLATE "C",
    sex TEXT COLLATE "C",
    contract TEXT COLLATE "C",
    hire_date TEXT COLLATE "C",
    seniority_date TEXT COLLATE "C",
    birth_date TEXT COLLATE "C",
    contract_end TEXT COLLATE "C",
    exit_date TEXT COLLATE "C",
    locale TEXT COLLATE "C",
    calendar_url TEXT COLLATE "C",
    external_ids TEXT COLLATE "C",
    version BIGINT NOT NULL,
    next_check TEXT COLLATE "C",
    remind_on TEXT COLLATE "C" DEFAULT '1900-01-01',
    facts_version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, id),
    UNIQUE (organisation, number_folded),
    FOREIGN KEY (organisation, manager) REFERENCES employee (organisation, id)
);

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
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (key),
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    valid_from TEXT COLLATE "C",
    valid_to TEXT COLLATE "C",
    recorded_at BIGINT NOT NULL,
    superseded_at BIGINT,
    withdrawn BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    actor TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation, id, version)
);

CREATE INDEX fact_by_subject ON fact (organisation, subject, kind, id, version);
CREATE INDEX fact_by_kind ON fact (organisation, kind, id, version);

CREATE TABLE duty (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (key),
    id TEXT COLLATE "C" NOT NULL,
    employee TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    rule TEXT COLLATE "C" NOT NULL,
    regime TEXT COLLATE "C",
    due TEXT COLLATE "C" NOT NULL,
    limit_date TEXT COLLATE "C" NOT NULL,
    opens TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL,
    anchor_date TEXT COLLATE "C",
    anchor_id TEXT COLLATE "C",
    closed BIGINT NOT NULL,
    satisfied_by TEXT COLLATE "C",
    changed_at BIGINT NOT NULL,
    facts_version BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation, id),
    FOREIGN KEY (organisation, employee) REFERENCES employee (organisation, id)
);

CREATE INDEX duty_by_employee ON duty (organisation, employee, closed, due, id);
CREATE INDEX duty_by_due ON duty (organisation, closed, due, id);
CREATE INDEX duty_by_state ON duty (organisation, state, due, id);

-- `day`: held on, else of the slot, else ''. The sequences are -1 before any invitation.
CREATE TABLE review (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (key),
    id TEXT COLLATE "C" NOT NULL,
    employee TEXT COLLATE "C" NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    recap BIGINT NOT NULL,
    interviewer TEXT COLLATE "C",
    day TEXT COLLATE "C" NOT NULL,
    starts_at BIGINT,
    ends_at BIGINT,
    mode TEXT COLLATE "C",
    location TEXT COLLATE "C",
    conference_url TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL,
    held_on TEXT COLLATE "C",
    reported_on TEXT COLLATE "C",
    copied_on TEXT COLLATE "C",
    uid TEXT COLLATE "C" NOT NULL UNIQUE,
    sequence BIGINT NOT NULL,
    time_sequence BIGINT NOT NULL,
    dtstamp BIGINT,
    shown BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, id),
    FOREIGN KEY (organisation, employee) REFERENCES employee (organisation, id)
);

CREATE INDEX review_by_employee ON review (organisation, employee, id);
CREATE INDEX review_by_interviewer ON review (organisation, interviewer, day, id);
CREATE INDEX review_by_state ON review (organisation, state, day, id);
CREATE INDEX review_by_day ON review (organisation, day, id);

-- People invited, with the last answer taken from each.
CREATE TABLE attendee (
    organisation TEXT COLLATE "C" NOT NULL,
    review TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C",
    employee TEXT COLLATE "C",
    role TEXT COLLATE "C" NOT NULL,
    partstat TEXT COLLATE "C" NOT NULL,
    delegated BIGINT NOT NULL,
    countered BIGINT NOT NULL,
    since BIGINT NOT NULL,
    sent BIGINT NOT NULL,
    refreshed_at BIGINT,
    answer_method TEXT COLLATE "C",
    answer_partstat TEXT COLLATE "C",
    answer_sequence BIGINT NOT NULL,
    answer_dtstamp BIGINT,
    answer_start BIGINT,
    answer_end BIGINT,
    PRIMARY KEY (organisation, review, email),
    FOREIGN KEY (organisation, review) REFERENCES review (organisation, id)
);

CREATE INDEX attendee_by_employee ON attendee (organisation, employee, review);

-- What came in about invitations, byte for byte: answers, counter-proposals, bounces, letters in return. What
-- belongs to no invitation that is known is the organisation 'system''s.
CREATE TABLE reply (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (key),
    id TEXT COLLATE "C" NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    review TEXT COLLATE "C",
    email TEXT COLLATE "C",
    sender TEXT COLLATE "C",
    method TEXT COLLATE "C",
    partstat TEXT COLLATE "C",
    sequence BIGINT,
    dtstamp BIGINT,
    verified BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    message_id TEXT COLLATE "C",
    body TEXT COLLATE "C" NOT NULL,
    raw BYTEA NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    received_at BIGINT NOT NULL,
    decided_at BIGINT,
    PRIMARY KEY (organisation, id),
    UNIQUE (organisation, sha256)
);

CREATE INDEX reply_by_review ON reply (organisation, review, id);
CREATE INDEX reply_kept ON reply (organisation, received_at) WHERE LENGTH(raw) > 0;
CREATE INDEX reply_strange ON reply (organisation, received_at) WHERE LENGTH(raw) > 0 AND review IS NULL;
CREATE INDEX reply_by_email ON reply (organisation, email) WHERE email IS NOT NULL;
CREATE INDEX reply_by_sender ON reply (organisation, sender, received_at) WHERE sender IS NOT NULL;
CREATE INDEX reply_by_state ON reply (organisation, state, id);

-- Addresses that mail came back from.
CREATE TABLE failing_address (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (key),
    email TEXT COLLATE "C" NOT NULL,
    code TEXT COLLATE "C",
    reason TEXT COLLATE "C",
    delivery TEXT COLLATE "C" NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (organisation, email)
);

CREATE TABLE document (
    organisation TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    review TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    media_type TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL,
    number BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (organisation, id),
    UNIQUE (organisation, review, kind, number),
    FOREIGN KEY (organisation, review) REFERENCES review (organisation, id)
);

-- The draft is the employee's alone; `handed` is what was handed in.
CREATE TABLE preparation (
    organisation TEXT COLLATE "C" NOT NULL,
    review TEXT COLLATE "C" NOT NULL,
    employee TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    handed TEXT COLLATE "C",
    handed_at BIGINT,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, review),
    FOREIGN KEY (organisation, review) REFERENCES review (organisation, id)
);

CREATE TABLE need (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (key),
    id TEXT COLLATE "C" NOT NULL,
    employee TEXT COLLATE "C" NOT NULL,
    review TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, id),
    FOREIGN KEY (organisation, employee) REFERENCES employee (organisation, id)
);

CREATE INDEX need_by_employee ON need (organisation, employee, id);
CREATE INDEX need_by_review ON need (organisation, review, id);
CREATE INDEX need_by_state ON need (organisation, state, id);

-- Minutes and cents: what is summed over a year.
CREATE TABLE action (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (key),
    id TEXT COLLATE "C" NOT NULL,
    year BIGINT NOT NULL,
    employee TEXT COLLATE "C" NOT NULL,
    need TEXT COLLATE "C",
    review TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL,
    nature TEXT COLLATE "C" NOT NULL,
    mandatory TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C",
    course TEXT COLLATE "C",
    starts_on TEXT COLLATE "C",
    ends_on TEXT COLLATE "C",
    valid_until TEXT COLLATE "C",
    minutes_planned BIGINT NOT NULL,
    minutes_done BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    granted BIGINT NOT NULL,
    received BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, id),
    FOREIGN KEY (organisation, employee) REFERENCES employee (organisation, id)
);

CREATE INDEX action_by_year ON action (organisation, year, id);
CREATE INDEX action_by_employee ON action (organisation, employee, id);
CREATE INDEX action_by_state ON action (organisation, state, id);
CREATE INDEX action_by_need ON action (organisation, need, id);
CREATE INDEX action_by_course ON action (organisation, course, employee, id);
CREATE INDEX action_by_validity ON action (organisation, valid_until, id);

CREATE TABLE plan (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (key),
    year BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, year)
);

CREATE TABLE source (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (key),
    id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    hook_key TEXT COLLATE "C" NOT NULL UNIQUE,
    secret TEXT COLLATE "C", -- sealed
    secret_previous TEXT COLLATE "C", -- sealed
    mapping TEXT COLLATE "C" NOT NULL,
    settings TEXT COLLATE "C" NOT NULL,
    rules TEXT COLLATE "C" NOT NULL,
    paused BIGINT NOT NULL,
    received BIGINT NOT NULL,
    completions BIGINT NOT NULL,
    duplicates BIGINT NOT NULL,
    quarantined BIGINT NOT NULL,
    ignored BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    refused_at BIGINT,
    refused_why TEXT COLLATE "C",
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, id)
);

-- Where a source's keys are fetched, the set as it is and as it was before.
CREATE TABLE source_jwks (
    organisation TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    url TEXT COLLATE "C" NOT NULL,
    current_set TEXT COLLATE "C",
    previous_set TEXT COLLATE "C",
    changed_at BIGINT,
    fetched_at BIGINT,
    next_at BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    last_error TEXT COLLATE "C",
    PRIMARY KEY (organisation, source),
    FOREIGN KEY (organisation, source) REFERENCES source (organisation, id)
);

CREATE INDEX source_jwks_by_next ON source_jwks (organisation, next_at, source);

-- How a source is asked for completions, and how far that is.
CREATE TABLE pull (
    organisation TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    url TEXT COLLATE "C" NOT NULL,
    credential TEXT COLLATE "C", -- sealed
    settings TEXT COLLATE "C" NOT NULL,
    mode TEXT COLLATE "C",
    cursor TEXT COLLATE "C",
    wanted TEXT COLLATE "C",
    began_at BIGINT,
    watermark BIGINT,
    swept_at BIGINT,
    next_at BIGINT,
    failures BIGINT NOT NULL,
    last_error TEXT COLLATE "C",
    progress TEXT COLLATE "C",
    token TEXT COLLATE "C", -- sealed
    token_until BIGINT,
    PRIMARY KEY (organisation, source),
    FOREIGN KEY (organisation, source) REFERENCES source (organisation, id)
);

CREATE INDEX pull_by_next ON pull (organisation, next_at, source) WHERE next_at IS NOT NULL;

-- Which records of a source were asked for, and when they were last there: what is evidence and not here was only posted.
CREATE TABLE pull_seen (
    organisation TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    identity TEXT COLLATE "C" NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, source, identity),
    FOREIGN KEY (organisation, source) REFERENCES source (organisation, id)
);

-- A request as received, or an answer to one (`pulled`); `item` holds each record of its body with the record's own slice.
CREATE TABLE envelope (
    organisation TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    received_at BIGINT NOT NULL,
    pulled BIGINT NOT NULL,
    headers TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL,
    body BYTEA,
    PRIMARY KEY (organisation, id),
    FOREIGN KEY (organisation, source) REFERENCES source (organisation, id)
);

CREATE INDEX envelope_by_source ON envelope (organisation, source, id);

-- xAPI statements, as platforms may ask for them again. `stored` is of one statement alone.
CREATE TABLE statement (
    organisation TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    stored BIGINT NOT NULL,
    refers TEXT COLLATE "C",
    voids BIGINT NOT NULL,
    voided_by TEXT COLLATE "C",
    body TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation, source, id),
    UNIQUE (organisation, source, stored),
    FOREIGN KEY (organisation, source) REFERENCES source (organisation, id)
);

CREATE INDEX statement_by_reference ON statement (organisation, source, refers) WHERE refers IS NOT NULL;

-- What filters find statements by: kind and hash of a verb, an agent, an activity, a registration.
CREATE TABLE statement_key (
    organisation TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    stored BIGINT NOT NULL,
    PRIMARY KEY (organisation, source, key, stored)
);

-- Data of their attachments, and the statements that name them.
CREATE TABLE attachment (
    organisation TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    sha2 TEXT COLLATE "C" NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (organisation, source, sha2),
    FOREIGN KEY (organisation, source) REFERENCES source (organisation, id)
);

CREATE TABLE attachment_use (
    organisation TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    stored BIGINT NOT NULL,
    sha2 TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation, source, stored, sha2)
);

CREATE INDEX attachment_use_by_data ON attachment_use (organisation, source, sha2);

-- Seen on a platform, or named by an import (source '').
CREATE TABLE course (
    organisation TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C",
    title_folded TEXT COLLATE "C",
    mandatory TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, id),
    UNIQUE (organisation, source, code)
);

-- `identity` is what makes a push and a pull of one completion the same.
CREATE TABLE completion (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (key),
    id TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    identity TEXT COLLATE "C" NOT NULL,
    course TEXT COLLATE "C",
    employee TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    occurred_at BIGINT,
    declare_by TEXT COLLATE "C",
    declared_on TEXT COLLATE "C",
    retry BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, id),
    UNIQUE (organisation, source, identity)
);

CREATE INDEX completion_by_person ON completion (organisation, employee, course, occurred_at, state, id);
CREATE INDEX completion_by_state ON completion (organisation, state, id);
CREATE INDEX completion_to_retry ON completion (organisation, id) WHERE retry = 1;
CREATE INDEX completion_by_course ON completion (organisation, course, id);
CREATE INDEX completion_by_declaration ON completion (organisation, declare_by, id) WHERE declare_by IS NOT NULL;

-- Periods of sources that are read again, and the latest item that was.
CREATE TABLE replay (
    organisation TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    after_item TEXT COLLATE "C" NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (organisation, source),
    FOREIGN KEY (organisation, source) REFERENCES source (organisation, id)
);

-- The keys of people that completions in quarantine wait for.
CREATE TABLE completion_wait (
    organisation TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    completion TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation, kind, value, completion),
    FOREIGN KEY (organisation, completion) REFERENCES completion (organisation, id)
);

CREATE INDEX completion_wait_of ON completion_wait (organisation, completion);

CREATE TABLE item (
    organisation TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    envelope TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    identity TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    completion TEXT COLLATE "C",
    received_at BIGINT NOT NULL,
    raw BYTEA NOT NULL,
    PRIMARY KEY (organisation, id),
    UNIQUE (organisation, source, identity),
    FOREIGN KEY (organisation, envelope) REFERENCES envelope (organisation, id)
);

CREATE INDEX item_by_envelope ON item (organisation, envelope, position);

CREATE TABLE completion_evidence (
    organisation TEXT COLLATE "C" NOT NULL,
    completion TEXT COLLATE "C" NOT NULL,
    item TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, completion, item),
    FOREIGN KEY (organisation, completion) REFERENCES completion (organisation, id),
    FOREIGN KEY (organisation, item) REFERENCES item (organisation, id)
);

CREATE TABLE action_evidence (
    organisation TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    completion TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    recorded_at BIGINT NOT NULL,
    undone_at BIGINT,
    PRIMARY KEY (organisation, action, completion),
    FOREIGN KEY (organisation, action) REFERENCES action (organisation, id),
    FOREIGN KEY (organisation, completion) REFERENCES completion (organisation, id)
);

CREATE INDEX action_evidence_by_completion ON action_evidence (organisation, completion, action);

CREATE TABLE training_version (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (key),
    id TEXT COLLATE "C" NOT NULL,
    superseded_at BIGINT NOT NULL,
    employee TEXT COLLATE "C",
    state TEXT COLLATE "C",
    nature TEXT COLLATE "C",
    mandatory TEXT COLLATE "C",
    title TEXT COLLATE "C",
    course TEXT COLLATE "C",
    occurred_at BIGINT,
    body TEXT COLLATE "C",
    PRIMARY KEY (organisation, id, superseded_at)
);

CREATE INDEX training_version_by_employee ON training_version (organisation, employee, id);

-- Who a name on a platform is; source '' = on any. valid_from is '1900-01-01' when it always was.
CREATE TABLE alias (
    organisation TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    valid_from TEXT COLLATE "C" NOT NULL,
    valid_to TEXT COLLATE "C",
    employee TEXT COLLATE "C" NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, source, kind, value, valid_from),
    UNIQUE (organisation, id),
    FOREIGN KEY (organisation, employee) REFERENCES employee (organisation, id)
);

CREATE INDEX alias_by_employee ON alias (organisation, employee, id);

CREATE TABLE feed (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (key),
    id TEXT COLLATE "C" NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C",
    label TEXT COLLATE "C",
    secret_hash TEXT COLLATE "C" NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    last_used BIGINT,
    revoked_at BIGINT,
    PRIMARY KEY (organisation, id)
);

CREATE INDEX feed_by_subject ON feed (organisation, subject, id);

-- The personal page of `person`: of an employee about themselves, of an interviewer about an employee and a review.
CREATE TABLE link (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (key),
    id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    employee TEXT COLLATE "C" NOT NULL,
    review TEXT COLLATE "C",
    secret_hash TEXT COLLATE "C" NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    PRIMARY KEY (organisation, id),
    FOREIGN KEY (organisation, person) REFERENCES employee (organisation, id),
    FOREIGN KEY (organisation, employee) REFERENCES employee (organisation, id)
);

CREATE INDEX link_by_person ON link (organisation, person, id);
CREATE INDEX link_by_employee ON link (organisation, employee, id);
CREATE INDEX link_by_expiry ON link (organisation, expires_at);

-- The outbox. next_at is when to look at the row again: due, retry or end of the lease; null when it is at rest.
CREATE TABLE delivery (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (key),
    id TEXT COLLATE "C" NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    employee TEXT COLLATE "C",
    review TEXT COLLATE "C",
    subject TEXT COLLATE "C",
    recipient TEXT COLLATE "C" NOT NULL,
    reader TEXT COLLATE "C",
    uid TEXT COLLATE "C",
    sequence BIGINT,
    message_id TEXT COLLATE "C" UNIQUE,
    due_at BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL
        CHECK (state IN ('held', 'queued', 'leased', 'sent', 'failed', 'dead', 'superseded', 'dropped')),
    attempts BIGINT NOT NULL,
    next_at BIGINT,
    lease_owner TEXT COLLATE "C",
    last_error TEXT COLLATE "C",
    payload TEXT COLLATE "C" NOT NULL,
    content BYTEA,
    sha256 TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    PRIMARY KEY (organisation, id)
);

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
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (key),
    id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('scheduling', 'store')),
    name TEXT COLLATE "C" NOT NULL,
    url TEXT COLLATE "C" NOT NULL,
    user_name TEXT COLLATE "C",
    password TEXT COLLATE "C", -- sealed
    paused BIGINT NOT NULL,
    collection TEXT COLLATE "C",
    outbox TEXT COLLATE "C",
    address TEXT COLLATE "C",
    found_at BIGINT,
    failures BIGINT NOT NULL,
    last_error TEXT COLLATE "C",
    visited_at BIGINT,
    next_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, id)
);

-- What we put where, and how it looked when it was last looked at.
CREATE TABLE calendar_entry (
    organisation TEXT COLLATE "C" NOT NULL,
    uid TEXT COLLATE "C" NOT NULL,
    recipient TEXT COLLATE "C" NOT NULL,
    review TEXT COLLATE "C" NOT NULL,
    calendar TEXT COLLATE "C" NOT NULL,
    href TEXT COLLATE "C" NOT NULL,
    etag TEXT COLLATE "C",
    schedule_tag TEXT COLLATE "C",
    sequence BIGINT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('live', 'gone')),
    people TEXT COLLATE "C",
    looked_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, uid, recipient),
    FOREIGN KEY (organisation, calendar) REFERENCES calendar (organisation, id)
);

CREATE INDEX calendar_entry_by_calendar ON calendar_entry (organisation, calendar, state, looked_at, uid);
CREATE INDEX calendar_entry_by_review ON calendar_entry (organisation, review);

-- How much of somebody's busy times is known: from_at to to_at as of as_of; nothing when as_of is null.
CREATE TABLE busy_view (
    organisation TEXT COLLATE "C" NOT NULL,
    employee TEXT COLLATE "C" NOT NULL,
    from_at BIGINT,
    to_at BIGINT,
    as_of BIGINT,
    tried_at BIGINT NOT NULL,
    last_error TEXT COLLATE "C",
    PRIMARY KEY (organisation, employee),
    FOREIGN KEY (organisation, employee) REFERENCES employee (organisation, id)
);

CREATE TABLE busy_time (
    organisation TEXT COLLATE "C" NOT NULL,
    employee TEXT COLLATE "C" NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, employee, starts_at, ends_at),
    FOREIGN KEY (organisation, employee) REFERENCES employee (organisation, id)
);

-- A rung of a ladder of reminders is climbed once.
CREATE TABLE reminder (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (key),
    subject TEXT COLLATE "C" NOT NULL,
    rung TEXT COLLATE "C" NOT NULL,
    due_on TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    not_before BIGINT,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, subject, rung, due_on)
);

CREATE INDEX reminder_waits ON reminder (organisation, not_before) WHERE state = 'waiting';

CREATE TABLE subscription (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (key),
    id TEXT COLLATE "C" NOT NULL,
    url TEXT COLLATE "C" NOT NULL,
    secret TEXT COLLATE "C" NOT NULL, -- sealed
    secret_previous TEXT COLLATE "C", -- sealed
    kinds TEXT COLLATE "C" NOT NULL,
    paused BIGINT NOT NULL,
    last_error TEXT COLLATE "C",
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, id)
);

CREATE TABLE token (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (key),
    id TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL UNIQUE,
    scopes TEXT COLLATE "C" NOT NULL,
    employee TEXT COLLATE "C",
    label TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used BIGINT,
    revoked_at BIGINT,
    PRIMARY KEY (organisation, id)
);

CREATE INDEX token_by_employee ON token (organisation, employee) WHERE employee IS NOT NULL;

CREATE TABLE idempotency (
    token TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    request_hash TEXT COLLATE "C" NOT NULL,
    status BIGINT NOT NULL,
    etag TEXT COLLATE "C",
    location TEXT COLLATE "C",
    media_type TEXT COLLATE "C",
    body BYTEA,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (token, key)
);

CREATE INDEX idempotency_by_age ON idempotency (organisation, created_at);

CREATE TABLE audit (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (key),
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    verb TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    subject_prev TEXT COLLATE "C",
    payload_hash TEXT COLLATE "C" NOT NULL,
    prev TEXT COLLATE "C",
    hash TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation, seq)
);

CREATE INDEX audit_by_subject ON audit (organisation, subject, seq);

CREATE TABLE audit_payload (
    organisation TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    salt BYTEA,
    payload TEXT COLLATE "C",
    erased_at BIGINT,
    PRIMARY KEY (organisation, seq),
    FOREIGN KEY (organisation, seq) REFERENCES audit (organisation, seq)
);

-- Merkle roots over the records of a chain up to and with `seq`.
CREATE TABLE checkpoint (
    organisation TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    root TEXT COLLATE "C" NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, seq)
);

-- The transactions of the last hour, to tell whether one was committed when its connection was lost.
CREATE TABLE batch (
    organisation TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (organisation, id)
);

CREATE TABLE operation (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (key),
    id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL,
    request TEXT COLLATE "C" NOT NULL,
    result TEXT COLLATE "C",
    next_at BIGINT,
    lease_owner TEXT COLLATE "C",
    attempts BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, id)
);

CREATE INDEX operation_by_next ON operation (organisation, next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX operation_by_subject ON operation (organisation, subject, kind, id);
CREATE INDEX operation_ended ON operation (organisation, updated_at, id) WHERE state IN ('done', 'failed');

-- How far a file is applied; then its hash and its counters are kept.
CREATE TABLE import (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (key),
    id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    options TEXT COLLATE "C" NOT NULL,
    counters TEXT COLLATE "C" NOT NULL,
    cursor BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, id)
);

CREATE INDEX import_waiting ON import (created_at, id) WHERE state IN ('received', 'applying');

-- The file, until it is applied: apart, because a row that changes is written whole.
CREATE TABLE import_content (
    organisation TEXT COLLATE "C" NOT NULL,
    import TEXT COLLATE "C" NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (organisation, import),
    FOREIGN KEY (organisation, import) REFERENCES import (organisation, id)
);

CREATE TABLE import_refusal (
    organisation TEXT COLLATE "C" NOT NULL,
    import TEXT COLLATE "C" NOT NULL,
    line BIGINT NOT NULL,
    column_name TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation, import, line, column_name),
    FOREIGN KEY (organisation, import) REFERENCES import (organisation, id)
);

-- Reviews planned together; `cursor` is where the look through the duties stands.
CREATE TABLE campaign (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (key),
    id TEXT COLLATE "C" NOT NULL,
    label TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL,
    options TEXT COLLATE "C" NOT NULL,
    cursor TEXT COLLATE "C",
    actor TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, id)
);

CREATE INDEX campaign_waiting ON campaign (organisation, id) WHERE state <> 'done';

-- One employee of a campaign: waiting, then planned (a time is found) or refused, then created; in the end invited or
-- discarded.
CREATE TABLE placement (
    organisation TEXT COLLATE "C" NOT NULL,
    campaign TEXT COLLATE "C" NOT NULL,
    employee TEXT COLLATE "C" NOT NULL,
    duty TEXT COLLATE "C" NOT NULL,
    due TEXT COLLATE "C" NOT NULL,
    interviewer TEXT COLLATE "C" NOT NULL,
    first_day TEXT COLLATE "C" NOT NULL,
    last_day TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'planned', 'created', 'refused', 'invited', 'discarded')),
    starts_at BIGINT,
    ends_at BIGINT,
    review TEXT COLLATE "C",
    reason TEXT COLLATE "C",
    explanation TEXT COLLATE "C",
    PRIMARY KEY (organisation, campaign, employee),
    FOREIGN KEY (organisation, campaign) REFERENCES campaign (organisation, id)
);

CREATE INDEX placement_by_state ON placement (organisation, campaign, state, interviewer, due, employee);

-- Where recurring work of an organisation, or of the whole store, stands; next_at is when it is due again.
CREATE TABLE job (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (key),
    name TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    cursor TEXT COLLATE "C",
    next_at BIGINT,
    last_run BIGINT,
    last_success BIGINT,
    last_error TEXT COLLATE "C",
    result TEXT COLLATE "C",
    PRIMARY KEY (organisation, name)
);
