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
  model TEXT NOT NULL,
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
  CHECK ((finished_at IS NULL) = (state IN ('pending', 'processing')))
) STRICT;
CREATE INDEX open_tasks ON tasks (created_at) WHERE finished_at IS NULL;

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
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;

CREATE TABLE timings (
  shape TEXT NOT NULL PRIMARY KEY,
  count INTEGER NOT NULL,
  seconds REAL NOT NULL
) STRICT, WITHOUT ROWID;
`;
