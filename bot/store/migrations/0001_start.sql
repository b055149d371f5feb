-- The first schema; the same text for SQLite and PostgreSQL.
-- Times are microseconds since 1970-01-01 UTC. JSON is text. Lists inside JSON are sorted.

CREATE TABLE leases (
    name TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,                -- '' while nobody holds it
    epoch BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE sources (
    name TEXT NOT NULL PRIMARY KEY,
    cursor_json TEXT NOT NULL,
    baseline_done BOOLEAN NOT NULL,
    next_due BIGINT NOT NULL,
    last_ok_at BIGINT,
    last_new_at BIGINT,
    failures BIGINT NOT NULL,
    last_error TEXT
);

CREATE TABLE stories (
    slug TEXT NOT NULL PRIMARY KEY,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body TEXT NOT NULL                  -- the Story as JSON
);
CREATE INDEX stories_updated ON stories (updated_at);

CREATE TABLE headlines (
    id TEXT NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    guid TEXT NOT NULL,
    text TEXT NOT NULL,                 -- '' once trimmed
    url TEXT NOT NULL,
    publisher TEXT NOT NULL,
    tier TEXT NOT NULL,
    official BOOLEAN NOT NULL,
    published_at BIGINT,
    first_seen_at BIGINT NOT NULL,
    event_at BIGINT,
    fingerprint TEXT NOT NULL,
    canonical_url TEXT NOT NULL,
    summary TEXT,
    document TEXT,
    outcome TEXT,                       -- NULL while due for scoring
    reason TEXT,
    decided_at BIGINT,
    score TEXT,
    mentions TEXT,
    story TEXT REFERENCES stories (slug),
    UNIQUE (source, guid),
    CHECK ((outcome IS NULL) = (decided_at IS NULL)),
    CHECK ((outcome IS NULL) = (reason IS NULL))
);
CREATE INDEX headlines_unscored ON headlines (first_seen_at) WHERE outcome IS NULL;
CREATE INDEX headlines_decided ON headlines (decided_at, outcome, reason);
CREATE INDEX headlines_untrimmed ON headlines (first_seen_at) WHERE outcome = 'spike' AND text <> '';
CREATE INDEX headlines_canonical_url ON headlines (canonical_url, first_seen_at);
CREATE INDEX headlines_url ON headlines (url, first_seen_at);

CREATE TABLE alerts (
    id TEXT NOT NULL PRIMARY KEY,
    headline_id TEXT NOT NULL UNIQUE REFERENCES headlines (id),
    story TEXT NOT NULL REFERENCES stories (slug),
    created_at BIGINT NOT NULL,
    body TEXT NOT NULL                  -- the Alert as JSON, frozen
);
CREATE INDEX alerts_created ON alerts (created_at);
CREATE INDEX alerts_story ON alerts (story, created_at);

-- One row per destination that ever got a delivery: the counter that numbers them.
CREATE TABLE destinations (
    name TEXT NOT NULL PRIMARY KEY,
    last_sequence BIGINT NOT NULL
);

CREATE TABLE deliveries (
    id TEXT NOT NULL PRIMARY KEY,
    alert_id TEXT NOT NULL REFERENCES alerts (id),
    story TEXT NOT NULL,                -- the alert's, kept here so that a thread is one index look-up
    destination TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    due_at BIGINT NOT NULL,             -- pending: the next attempt; sending: when the lease runs out
    closed_at BIGINT,                   -- NULL while open
    attempts BIGINT NOT NULL,
    maybe_since BIGINT,                 -- start of the first attempt that may have reached the platform
    sent_at BIGINT,
    receipt TEXT,
    UNIQUE (alert_id, destination),
    UNIQUE (destination, sequence),
    CHECK ((closed_at IS NULL) = (state IN ('pending', 'sending'))),
    CHECK ((sent_at IS NULL) = (state <> 'sent')),
    CHECK ((receipt IS NULL) = (state <> 'sent'))
);
CREATE INDEX deliveries_open ON deliveries (destination, sequence, due_at, state) WHERE closed_at IS NULL;
CREATE INDEX deliveries_sent ON deliveries (destination, sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX deliveries_dead ON deliveries (destination) WHERE state = 'dead';
CREATE INDEX deliveries_thread ON deliveries (story, destination, sequence);

CREATE TABLE attempts (
    delivery_id TEXT NOT NULL REFERENCES deliveries (id),
    number BIGINT NOT NULL,
    owner TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,                    -- NULL: in flight, or its process died
    result TEXT,
    error TEXT,
    PRIMARY KEY (delivery_id, number)
);

-- Chats that migrated; targets are always final, never a further move.
CREATE TABLE moves (
    name TEXT NOT NULL PRIMARY KEY,
    target TEXT NOT NULL
);

CREATE TABLE subscriptions (
    id TEXT NOT NULL PRIMARY KEY,
    origin TEXT NOT NULL,
    given TEXT NOT NULL,                -- the destination's text as it was written
    destination TEXT NOT NULL,          -- after moves
    topics TEXT NOT NULL,
    tickers TEXT NOT NULL,
    events TEXT NOT NULL,
    min_urgency TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    position BIGINT NOT NULL,           -- order among those of one origin that came together
    retired_at BIGINT,
    retired_reason TEXT
);
CREATE INDEX subscriptions_destination ON subscriptions (destination);
