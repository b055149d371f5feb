-- Deliveries that wait for quiet hours to end, for their digest or for room under a cap; mutes; and subscriptions
-- that ask for more. SQLite cannot change a CHECK, so deliveries are copied into a table that knows the state
-- 'held', and attempts with them, because they refer to it.

CREATE TABLE deliveries_2 (
    id TEXT NOT NULL PRIMARY KEY,
    alert_id TEXT NOT NULL REFERENCES alerts (id),
    story TEXT NOT NULL,                -- the alert's, kept here so that a thread is one index look-up
    destination TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    due_at BIGINT NOT NULL,             -- pending: the next attempt; held: the release; sending: when the lease ends
    closed_at BIGINT,                   -- NULL while open
    attempts BIGINT NOT NULL,
    maybe_since BIGINT,                 -- start of the first attempt that may have reached the platform
    sent_at BIGINT,
    receipt TEXT,
    release_at BIGINT,                  -- of one that was held, kept to its end
    carrier TEXT REFERENCES deliveries_2 (id),  -- of one that was held, once claimed: whose message tells it too
    UNIQUE (alert_id, destination),
    UNIQUE (destination, sequence),
    CHECK ((closed_at IS NULL) = (state IN ('pending', 'held', 'sending'))),
    CHECK ((sent_at IS NULL) = (state <> 'sent')),
    CHECK ((receipt IS NULL) = (state <> 'sent')),
    CHECK (release_at IS NOT NULL OR (state <> 'held' AND carrier IS NULL))
);
INSERT INTO deliveries_2
    SELECT id, alert_id, story, destination, sequence, state, reason, due_at, closed_at, attempts, maybe_since,
           sent_at, receipt, NULL, NULL
    FROM deliveries;

CREATE TABLE attempts_2 (
    delivery_id TEXT NOT NULL REFERENCES deliveries_2 (id),
    number BIGINT NOT NULL,
    owner TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,                    -- NULL: in flight, or its process died
    result TEXT,
    error TEXT,
    PRIMARY KEY (delivery_id, number)
);
INSERT INTO attempts_2
    SELECT delivery_id, number, owner, epoch, started_at, ended_at, result, error FROM attempts;

DROP TABLE attempts;
DROP TABLE deliveries;
ALTER TABLE deliveries_2 RENAME TO deliveries;
ALTER TABLE attempts_2 RENAME TO attempts;

CREATE INDEX deliveries_open ON deliveries (destination, release_at, sequence, due_at, state, carrier)
    WHERE closed_at IS NULL;
CREATE INDEX deliveries_sent ON deliveries (destination, sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX deliveries_dead ON deliveries (destination) WHERE state = 'dead';
CREATE INDEX deliveries_thread ON deliveries (story, destination, sequence);
CREATE INDEX deliveries_carrier ON deliveries (carrier) WHERE carrier IS NOT NULL;
CREATE INDEX deliveries_released ON deliveries (sent_at) WHERE release_at IS NOT NULL;

CREATE TABLE mutes (
    id TEXT NOT NULL PRIMARY KEY,
    destination TEXT,                   -- NULL: every destination
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    until BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

ALTER TABLE subscriptions ADD COLUMN statuses TEXT NOT NULL DEFAULT '[]';
ALTER TABLE subscriptions ADD COLUMN tiers TEXT NOT NULL DEFAULT '[]';
ALTER TABLE subscriptions ADD COLUMN include TEXT NOT NULL DEFAULT '[]';
ALTER TABLE subscriptions ADD COLUMN exclude TEXT NOT NULL DEFAULT '[]';
ALTER TABLE subscriptions ADD COLUMN quiet TEXT;
ALTER TABLE subscriptions ADD COLUMN digest TEXT;
ALTER TABLE subscriptions ADD COLUMN cap TEXT;
