-- Edits of posted messages, flashes first, delayed subscriptions; and what people say and set in chat.

ALTER TABLE deliveries ADD COLUMN rank BIGINT NOT NULL DEFAULT 1;  -- of the alert's urgency
UPDATE deliveries SET rank = 2 WHERE alert_id IN (SELECT id FROM alerts WHERE body LIKE '%"urgency":"flash"%');
UPDATE deliveries SET rank = 0 WHERE alert_id IN (SELECT id FROM alerts WHERE body LIKE '%"urgency":"watch"%');

DROP INDEX deliveries_open;
CREATE INDEX deliveries_open ON deliveries (destination, release_at, sequence, due_at, state, carrier, attempts, rank)
    WHERE closed_at IS NULL;

ALTER TABLE subscriptions ADD COLUMN delay TEXT;

-- Whether a story's first message at a destination must be edited: one row for each, however often it changes.
CREATE TABLE amendments (
    story TEXT NOT NULL REFERENCES stories (slug),
    destination TEXT NOT NULL,
    revision BIGINT NOT NULL,           -- raised by each change
    change TEXT NOT NULL,               -- the most urgent one that is not shown yet: count or status
    due_at BIGINT,                      -- the next attempt; NULL while the message itself is not sent
    closed_at BIGINT,                   -- NULL while something is not shown
    attempts BIGINT NOT NULL,           -- since the last edit
    edits BIGINT NOT NULL,
    edited_at BIGINT,
    given_up BOOLEAN NOT NULL,          -- it cannot be edited, and never will be
    error TEXT,                         -- of the last attempt, or why it was given up
    PRIMARY KEY (story, destination)
);
CREATE INDEX amendments_due ON amendments (destination, due_at) WHERE closed_at IS NULL;

CREATE TABLE votes (
    alert_id TEXT NOT NULL REFERENCES alerts (id),
    person TEXT NOT NULL,
    useful BOOLEAN NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (alert_id, person)
);
CREATE INDEX votes_at ON votes (at);
CREATE INDEX votes_person ON votes (person);

CREATE TABLE readers (
    destination TEXT NOT NULL PRIMARY KEY,
    language TEXT,
    preview BOOLEAN,
    owner TEXT
);
CREATE INDEX readers_owner ON readers (owner) WHERE owner IS NOT NULL;

-- Workspaces that installed the Slack app; the body is encrypted by whoever saves it.
CREATE TABLE installations (
    team TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL,
    saved_at BIGINT NOT NULL
);

CREATE TABLE oauth_states (
    state TEXT NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
