/** Who is asking: `Authorization: Bearer <key>`. Unknown and revoked keys get one and the same answer. */
import { isWellFormedKey, keyDigest } from "../core/api-key.ts";
import type { Clock } from "../core/clock.ts";
import { ReelayError } from "../core/errors.ts";
import type { KeyRecord, Store } from "../core/store.ts";

export interface Auth {
  /** Takes the header's value. Throws `unauthenticated`. */
  authenticate(authorization: string | undefined): Promise<KeyRecord>;
  /** A key has changed: look all of them up again. */
  forget(): void;
}

/** How long a key that was found is believed. A revocation by another process takes effect within it. */
const BELIEVED_MS = 1000;

export function openAuth(store: Pick<Store, "findKey">, clock: Clock): Auth {
  // Only keys that were found: a client that polls is looked up once a second, and nobody can fill it.
  let known = new Map<string, KeyRecord>();
  let until = 0;
  return {
    async authenticate(authorization) {
      if (clock.now() >= until) {
        known = new Map();
        until = clock.now() + BELIEVED_MS;
      }
      const believed = authorization === undefined ? undefined : known.get(authorization);
      if (believed) return believed;
      const believing = known;
      const record = await lookUp(store, authorization);
      // Not into a map that was started since: the key may have been revoked in between.
      if (authorization !== undefined) believing.set(authorization, record);
      return record;
    },
    forget() {
      known = new Map();
    },
  };
}

async function lookUp(store: Pick<Store, "findKey">, authorization: string | undefined): Promise<KeyRecord> {
  if (!authorization) throw refuse("No API key was sent. Send the header Authorization: Bearer <key>.", null);
  const key = /^bearer +(\S+)$/i.exec(authorization)?.[1];
  if (key === undefined) throw refuse("The Authorization header is not of the form Bearer <key>.");
  if (!isWellFormedKey(key)) {
    throw refuse(
      "This is not a key of this server: its checksum is wrong. Check for a missing or changed character.",
    );
  }
  const record = await store.findKey(keyDigest(key));
  if (!record || record.revokedAt !== null) {
    throw refuse("This key is unknown to this server or has been revoked.");
  }
  return record;
}

/** What a client sent as a key is never repeated; that it sent none is. */
function refuse(message: string, received?: null): ReelayError {
  const problem = { field: "authorization", message, allowed: "Bearer <key>" };
  return new ReelayError("unauthenticated", message, {
    problems: [received === undefined ? problem : { ...problem, received }],
  });
}
