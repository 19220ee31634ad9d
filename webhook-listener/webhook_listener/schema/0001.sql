-- Webhooks at Asana. state: creating (the handshake may bring a secret), active, retired (the last deliveries may still come).
CREATE TABLE IF NOT EXISTS webhooks (
    key TEXT PRIMARY KEY,
    project_gid TEXT NOT NULL,
    target TEXT NOT NULL,
    gid TEXT,
    secret TEXT,
    state TEXT NOT NULL,
    changed_at REAL NOT NULL,
    heard_at REAL
);

-- What was accepted and is not worked off yet (done_at IS NULL), and for some days what was.
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    origin TEXT NOT NULL,
    digest TEXT NOT NULL,
    body BLOB NOT NULL,
    received_at REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before REAL NOT NULL DEFAULT 0,
    done_at REAL,
    UNIQUE (origin, digest)
);
CREATE INDEX IF NOT EXISTS deliveries_open ON deliveries (not_before) WHERE done_at IS NULL;

-- Events that were dealt with, so that a second delivery of one costs nothing.
CREATE TABLE IF NOT EXISTS seen (
    identity TEXT NOT NULL,
    at REAL NOT NULL,
    seen_at REAL NOT NULL,
    PRIMARY KEY (identity, at)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    fingerprint TEXT UNIQUE,
    identity TEXT,
    story_gid TEXT UNIQUE,
    visma_id TEXT,
    asana_gid TEXT,
    who TEXT,
    who_gid TEXT,
    what TEXT NOT NULL,
    detail TEXT,
    "when" TEXT NOT NULL,
    recorded_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS log_document ON log (visma_id);
CREATE INDEX IF NOT EXISTS log_identity ON log (identity);
CREATE INDEX IF NOT EXISTS log_task ON log (asana_gid);
CREATE TRIGGER IF NOT EXISTS log_keeps BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER IF NOT EXISTS log_grows BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;

-- One line for Visma per logged event. state: pending, written, refused.
CREATE TABLE IF NOT EXISTS notes (
    log_id INTEGER PRIMARY KEY REFERENCES log (id),
    visma_id TEXT NOT NULL,
    line TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending',
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before REAL NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS notes_pending ON notes (visma_id) WHERE state = 'pending';
CREATE UNIQUE INDEX IF NOT EXISTS notes_once ON notes (visma_id, line);

CREATE TABLE IF NOT EXISTS documents (asana_gid TEXT PRIMARY KEY, visma_id TEXT NOT NULL) WITHOUT ROWID;

-- Where the Events API was read to, and Asana's own time of that reading.
CREATE TABLE IF NOT EXISTS projects (gid TEXT PRIMARY KEY, sync_token TEXT, read_at TEXT) WITHOUT ROWID;

-- Visma's deliveries: reasons to sync sooner. A job begun at or after received_at serves one.
CREATE TABLE IF NOT EXISTS hints (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    digest TEXT NOT NULL,
    notification_id TEXT UNIQUE,
    event TEXT,
    received_at REAL NOT NULL,
    served_at REAL
);
CREATE INDEX IF NOT EXISTS hints_digest ON hints (digest);
CREATE INDEX IF NOT EXISTS hints_open ON hints (received_at) WHERE served_at IS NULL;

CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
