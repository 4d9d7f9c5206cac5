/**
 * The unique index is the last line of defence against billing twice: no task can have two holds, releases or
 * charges, whatever the code does.
 */
const MONEY = `
CREATE TABLE ledger (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  key_id TEXT,
  account TEXT,
  task_id TEXT,
  kind TEXT NOT NULL,
  amount INTEGER NOT NULL,
  -- A grant is of a key or of an account; every other entry is of both.
  CHECK ((key_id IS NOT NULL) + (account IS NOT NULL) = iif(kind = 'grant', 1, 2)),
  CHECK ((task_id IS NULL) = (kind = 'grant')),
  CHECK (CASE kind WHEN 'grant' THEN 1 WHEN 'release' THEN amount > 0 WHEN 'hold' THEN amount < 0
    WHEN 'charge' THEN amount < 0 ELSE 0 END)
) STRICT;
CREATE UNIQUE INDEX ledger_of_task ON ledger (task_id, kind) WHERE task_id IS NOT NULL;
CREATE INDEX ledger_of_key ON ledger (key_id);
CREATE TRIGGER ledger_is_not_changed BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'ledger entries are never changed'); END;
CREATE TRIGGER ledger_is_not_shortened BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'ledger entries are never removed'); END;

CREATE TABLE balances (
  -- A key's id, or 'account:' and an account's name.
  owner TEXT NOT NULL PRIMARY KEY,
  granted INTEGER,
  held INTEGER NOT NULL DEFAULT 0,
  spent INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency (
  key_id TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  task_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (key_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (created_at);
CREATE INDEX idempotency_of_task ON idempotency (task_id);
`;

const DELIVERIES = `
CREATE TABLE deliveries (
  id TEXT NOT NULL PRIMARY KEY,
  task_id TEXT NOT NULL,
  key_id TEXT NOT NULL,
  url TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'dead')),
  tries INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  due_at INTEGER,
  CHECK ((due_at IS NULL) = (state IN ('delivered', 'dead')))
) STRICT;
CREATE INDEX due_deliveries ON deliveries (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX deliveries_of_task ON deliveries (task_id);
CREATE INDEX deliveries_by_state ON deliveries (state);

CREATE TABLE tries (
  delivery_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  ms INTEGER NOT NULL,
  status INTEGER,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX tries_of_delivery ON tries (delivery_id);

CREATE TABLE secrets (
  key_id TEXT NOT NULL,
  secret TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER
) STRICT;
CREATE INDEX secrets_of_key ON secrets (key_id);
`;

/**
 * Rowid tables with time-ordered text ids: a new row lands at the end of the table and of its indexes.
 * No foreign keys: uploads and tasks may belong to the operator, who is not in `keys`, and a step is only ever
 * written through its task.
 */
export const FIRST = `
CREATE TABLE tasks (
  id TEXT NOT NULL PRIMARY KEY,
  dialect TEXT NOT NULL,
  key_id TEXT NOT NULL,
  account TEXT NOT NULL,
  model TEXT NOT NULL,
  provider TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'processing', 'completed', 'failed', 'cancelled')),
  input TEXT NOT NULL,
  asked TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  progress INTEGER NOT NULL DEFAULT 0,
  estimate REAL NOT NULL,
  error TEXT,
  notes TEXT NOT NULL,
  callback_url TEXT,
  version INTEGER NOT NULL DEFAULT 1,
  hold INTEGER NOT NULL CHECK (hold >= 0),
  charge INTEGER NOT NULL DEFAULT 0 CHECK (charge BETWEEN 0 AND hold),
  -- 1: the provider may have charged us for it.
  doubtful INTEGER NOT NULL DEFAULT 0,
  late_until INTEGER,
  -- 1: its results came after it had failed.
  recovered INTEGER NOT NULL DEFAULT 0,
  CHECK ((finished_at IS NULL) = (state IN ('pending', 'processing'))),
  CHECK (charge = 0 OR state = 'completed')
) STRICT;
CREATE INDEX open_tasks ON tasks (created_at) WHERE finished_at IS NULL;
CREATE INDEX ended_tasks ON tasks (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX late_tasks ON tasks (late_until) WHERE late_until IS NOT NULL;
CREATE INDEX tasks_of_key ON tasks (key_id, dialect, created_at);

CREATE TABLE steps (
  task_id TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (task_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE files (
  id TEXT NOT NULL PRIMARY KEY,
  role TEXT NOT NULL CHECK (role IN ('upload', 'input', 'result')),
  key_id TEXT NOT NULL,
  task_id TEXT,
  name TEXT NOT NULL,
  content_type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  facts TEXT,
  meta TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER
) STRICT;
CREATE INDEX files_of_task ON files (task_id) WHERE task_id IS NOT NULL;
CREATE INDEX files_of_key ON files (key_id, role, created_at);
CREATE INDEX files_by_expiry ON files (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE keys (
  id TEXT NOT NULL PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  hint TEXT NOT NULL,
  account TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER,
  priority INTEGER NOT NULL,
  concurrency INTEGER
) STRICT;

CREATE TABLE timings (
  shape TEXT NOT NULL PRIMARY KEY,
  count INTEGER NOT NULL,
  seconds REAL NOT NULL
) STRICT, WITHOUT ROWID;
${MONEY}${DELIVERIES}`;
