/** Test keys and their plans, and what is remembered of each provider between two starts. */
export const PROVIDERS = `
ALTER TABLE keys ADD COLUMN test INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tasks ADD COLUMN test TEXT;

CREATE TABLE health (
  provider TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
