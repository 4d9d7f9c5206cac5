/** Keys as an operator handles them: made, listed, revoked. Used by the CLI, and by the server on its behalf. */
import { DEFAULT_ACCOUNT } from "./account.ts";
import { keyDigest, keyHint, mintApiKey } from "./api-key.ts";
import type { Clock } from "./clock.ts";
import { newId } from "./ids.ts";
import type { Micros } from "./money.ts";
import type { KeyRecord, Store } from "./store.ts";

export interface NewKey {
  readonly name: string;
  /** Left out: the default one. */
  readonly account?: string;
  readonly priority?: number;
  readonly concurrency?: number | null;
  readonly test?: boolean;
  /** What it may spend; left out: without limit. */
  readonly grant?: Micros;
}

export interface Keys {
  /** The key itself is in this answer and nowhere else. */
  create(options: NewKey): Promise<{ readonly key: string; readonly record: KeyRecord }>;
  list(): Promise<readonly KeyRecord[]>;
  /** Resolves false where there is no such live key. */
  revoke(id: string): Promise<boolean>;
}

/** `onRevoke` is called once a revocation is durable, by whoever believes keys for a while. */
export function openKeys(
  store: Pick<Store, "addKey" | "grant" | "listKeys" | "revokeKey">,
  clock: Clock,
  onRevoke: () => void = () => undefined,
): Keys {
  return {
    async create({ name, account = DEFAULT_ACCOUNT, priority = 0, concurrency = null, grant, test = false }) {
      const key = mintApiKey(test ? "test" : "live");
      const now = clock.now();
      const record = {
        id: newId("key", now),
        digest: keyDigest(key),
        name,
        hint: keyHint(key),
        account,
        createdAt: now,
        revokedAt: null,
        priority,
        concurrency,
        test,
      };
      await store.addKey(record);
      if (grant !== undefined) await store.grant(record.id, grant, now);
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
