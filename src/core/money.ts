/**
 * Money is a whole number of micros, millionths of a US dollar: sums of them are exact. On the wire of a dialect it
 * becomes credits; one credit is one US cent.
 */
export type Micros = number;

export const MICROS_PER_CREDIT = 10_000;

export function toMicros(usd: number): Micros {
  return Math.round(usd * 1e6);
}

export function toCredits(micros: Micros): number {
  return micros / MICROS_PER_CREDIT;
}

/**
 * What an entry of the ledger says. `grant` adds to a balance, `hold` sets aside for a task, `release` gives the hold
 * back, `charge` takes what was delivered. Amounts are signed as they change the balance; entries are never
 * changed or removed. At rest a task's entries add up to minus what was delivered.
 */
const LEDGER_KINDS = ["grant", "hold", "release", "charge"] as const;
type LedgerKind = (typeof LEDGER_KINDS)[number];

export interface LedgerEntry {
  readonly seq: number;
  readonly at: number;
  /** A task's entry carries its key and its account and changes both balances; a grant carries the one that got it. */
  readonly keyId: string | null;
  readonly account: string | null;
  readonly taskId: string | null;
  readonly kind: LedgerKind;
  readonly amount: Micros;
}

/** What one key or one account has. Without any grant it is unlimited, and its entries are written all the same. */
export interface Balance {
  /** Sum of all grants, or null where it is unlimited. */
  readonly granted: Micros | null;
  /** Set aside for open tasks. */
  readonly held: Micros;
  /** Charged so far. */
  readonly spent: Micros;
}

/** What is still to be spent; null where that is unlimited. */
export function available({ granted, held, spent }: Balance): Micros | null {
  return granted === null ? null : granted - held - spent;
}
