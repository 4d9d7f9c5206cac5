import type { Database } from "better-sqlite3";
import { FIRST } from "./migrations/0001-first.ts";
import { PROVIDERS } from "./migrations/0002-providers.ts";
import { DIALECTS } from "./migrations/0003-dialects.ts";

/** Position is version: the first makes version 1. A published one is never edited, only followed. */
const MIGRATIONS: readonly string[] = [FIRST, PROVIDERS, DIALECTS];

/** The database was written by a later Reelay; opening it with this one could lose what it does not know. */
export class StoreTooNewError extends Error {
  readonly code = "STORE_TOO_NEW";

  constructor(path: string, found: number, known: number) {
    super(
      `The database ${path} has version ${found}, and this Reelay knows versions up to ${known}. ` +
        "Start the Reelay that wrote it or a later one, or set REELAY_DATA_DIR to another folder.",
    );
    this.name = "StoreTooNewError";
  }
}

/**
 * Brings the database to the newest version, each migration in its own transaction: one that fails leaves the
 * version before it. Throws `StoreTooNewError`.
 */
export function migrate(db: Database, migrations: readonly string[] = MIGRATIONS): void {
  const found = Number(db.pragma("user_version", { simple: true }));
  if (found > migrations.length) throw new StoreTooNewError(db.name, found, migrations.length);
  migrations.slice(found).forEach((sql, index) => {
    const apply = db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${found + index + 1}`);
    });
    apply.immediate();
  });
}
