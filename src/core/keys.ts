/** Keys as an operator handles them: made, listed, revoked. Used by the CLI, and by the server on its behalf. */
import { keyDigest, keyHint, mintApiKey } from "./api-key.ts";
import type { Clock } from "./clock.ts";
import { newId } from "./ids.ts";
import type { KeyRecord, Store } from "./store.ts";

export interface Keys {
  /** The key itself is in this answer and nowhere else. */
  create(name: string): Promise<{ readonly key: string; readonly record: KeyRecord }>;
  list(): Promise<readonly KeyRecord[]>;
  /** Resolves false where there is no such live key. */
  revoke(id: string): Promise<boolean>;
}

/** `onRevoke` is called once a revocation is durable, by whoever believes keys for a while. */
export function openKeys(
  store: Pick<Store, "addKey" | "listKeys" | "revokeKey">,
  clock: Clock,
  onRevoke: () => void = () => undefined,
): Keys {
  return {
    async create(name) {
      const key = mintApiKey("live");
      const now = clock.now();
      const record = {
        id: newId("key", now),
        digest: keyDigest(key),
        name,
        hint: keyHint(key),
        createdAt: now,
        revokedAt: null,
      };
      await store.addKey(record);
      return { key, record };
    },
    list: () => store.listKeys(),
    async revoke(id) {
      const revoked = await store.revokeKey(id, clock.now());
      onRevoke();
      return revoked;
    },
  };
}
