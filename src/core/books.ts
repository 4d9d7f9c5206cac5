/** Money as an operator handles it: what a key or an account may spend, and whether the books balance. */
import { accountOf } from "./account.ts";
import type { Clock } from "./clock.ts";
import { type Balance, MICROS_PER_CREDIT } from "./money.ts";
import type { Store } from "./store.ts";

export interface Books {
  /** `credits` may be negative, to take back. Resolves undefined where there is no such key, or no key of such an account. */
  grant(owner: string, credits: number): Promise<Balance | undefined>;
  balance(owner: string): Promise<Balance | undefined>;
  /** One sentence for each fault; empty where the books balance. */
  check(): Promise<readonly string[]>;
}

export function openBooks(
  store: Pick<Store, "readKey" | "listKeys" | "grant" | "readBalance" | "checkLedger">,
  clock: Clock,
): Books {
  // An account is there once a key belongs to it: a grant to a misspelt one would reach nobody.
  const exists = async (owner: string): Promise<boolean> => {
    const account = accountOf(owner);
    if (account === undefined) return (await store.readKey(owner)) !== undefined;
    return (await store.listKeys()).some((key) => key.account === account);
  };
  const balance = async (owner: string): Promise<Balance | undefined> =>
    (await exists(owner)) ? store.readBalance(owner) : undefined;
  return {
    async grant(owner, credits) {
      if (!(await exists(owner))) return undefined;
      await store.grant(owner, Math.round(credits * MICROS_PER_CREDIT), clock.now());
      return balance(owner);
    },
    balance,
    check: () => store.checkLedger(),
  };
}
