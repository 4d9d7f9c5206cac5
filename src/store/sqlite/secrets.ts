import type { Database } from "better-sqlite3";
import type { WebhookSecret } from "../../core/delivery.ts";

export interface Secrets {
  add(secret: WebhookSecret): void;
  list(keyId: string, now: number): readonly WebhookSecret[];
  expire(keyId: string, expiresAt: number): void;
}

const ADD =
  "INSERT INTO secrets (key_id, secret, created_at, expires_at) VALUES (@keyId, @secret, @createdAt, @expiresAt)";

const LIST = `
SELECT key_id AS keyId, secret, created_at AS createdAt, expires_at AS expiresAt
FROM secrets WHERE key_id = ? AND (expires_at IS NULL OR expires_at > ?) ORDER BY created_at DESC, rowid DESC`;

/** Only ever sooner: a secret that has expired does not come back to life. */
const EXPIRE = `
UPDATE secrets SET expires_at = @expiresAt
WHERE key_id = @keyId AND (expires_at IS NULL OR expires_at > @expiresAt)`;

export function openSecrets(db: Database): Secrets {
  const add = db.prepare<WebhookSecret>(ADD);
  const list = db.prepare<[string, number], WebhookSecret>(LIST);
  const expire = db.prepare<{ keyId: string; expiresAt: number }>(EXPIRE);
  return {
    add(secret) {
      add.run(secret);
    },
    list: (keyId, now) => list.all(keyId, now),
    expire(keyId, expiresAt) {
      expire.run({ keyId, expiresAt });
    },
  };
}
