import type { Database } from "better-sqlite3";
import { accountOf, accountOwner } from "../../core/account.ts";
import { ReelayError } from "../../core/errors.ts";
import { available, type Balance, type LedgerEntry, type Micros, toCredits } from "../../core/money.ts";
import type { NewTask } from "../../core/store.ts";

/** How the hold of a task ends: released whole, then `charge` taken. */
interface Settlement {
  readonly keyId: string;
  readonly account: string;
  readonly taskId: string;
  readonly at: number;
  readonly hold: Micros;
  readonly charge: Micros;
}

/** Every method writes several rows and must run inside a savepoint. */
export interface Ledger {
  /** Throws `insufficient_credits` where the key or its account may not spend the task's hold. */
  hold(task: NewTask): void;
  settle(settlement: Settlement): void;
  grant(owner: string, amount: Micros, at: number): void;
  balance(owner: string): Balance;
  list(of: { readonly taskId: string } | { readonly keyId: string }): readonly LedgerEntry[];
}

const ADD = "INSERT INTO ledger (at, key_id, account, task_id, kind, amount) VALUES (?, ?, ?, ?, ?, ?)";

/** Changes no row where the owner may not spend that much. */
const HOLD = `
INSERT INTO balances (owner, held) VALUES (?, ?)
ON CONFLICT (owner) DO UPDATE SET held = held + excluded.held
WHERE granted IS NULL OR granted - held - spent >= excluded.held`;

const SETTLE = "UPDATE balances SET held = held - ?, spent = spent + ? WHERE owner = ?";

const GRANT = `
INSERT INTO balances (owner, granted) VALUES (?, ?)
ON CONFLICT (owner) DO UPDATE SET granted = coalesce(granted, 0) + excluded.granted`;

const BALANCE = "SELECT granted, held, spent FROM balances WHERE owner = ?";

const SELECT = "SELECT seq, at, key_id AS keyId, account, task_id AS taskId, kind, amount FROM ledger";
const OF_TASK = `${SELECT} WHERE task_id = ? ORDER BY seq`;
const OF_KEY = `${SELECT} WHERE key_id = ? ORDER BY seq`;

const NOTHING: Balance = { granted: null, held: 0, spent: 0 };

export function openLedger(db: Database): Ledger {
  const add = db.prepare<[number, string | null, string | null, string | null, string, Micros]>(ADD);
  const hold = db.prepare<[string, Micros]>(HOLD);
  const settle = db.prepare<[Micros, Micros, string]>(SETTLE);
  const grant = db.prepare<[string, Micros]>(GRANT);
  const balance = db.prepare<[string], Balance>(BALANCE);
  const ofTask = db.prepare<[string], LedgerEntry>(OF_TASK);
  const ofKey = db.prepare<[string], LedgerEntry>(OF_KEY);

  const readBalance = (owner: string): Balance => balance.get(owner) ?? NOTHING;
  return {
    hold(task) {
      for (const owner of ownersOf(task)) {
        if (hold.run(owner, task.hold).changes === 0) throw insufficient(task, owner, readBalance(owner));
      }
      add.run(task.createdAt, task.keyId, task.account, task.id, "hold", -task.hold);
    },
    settle(settlement) {
      const { at, keyId, account, taskId, charge } = settlement;
      for (const owner of ownersOf(settlement)) settle.run(settlement.hold, charge, owner);
      add.run(at, keyId, account, taskId, "release", settlement.hold);
      if (charge > 0) add.run(at, keyId, account, taskId, "charge", -charge);
    },
    grant(owner, amount, at) {
      grant.run(owner, amount);
      const account = accountOf(owner);
      add.run(at, account === undefined ? owner : null, account ?? null, null, "grant", amount);
    },
    balance: readBalance,
    list: (of) => ("taskId" in of ? ofTask.all(of.taskId) : ofKey.all(of.keyId)),
  };
}

function ownersOf({ keyId, account }: Pick<NewTask, "keyId" | "account">): readonly string[] {
  return [keyId, accountOwner(account)];
}

function insufficient({ hold, keyId, account }: NewTask, owner: string, balance: Balance): ReelayError {
  const left = available(balance) ?? 0;
  const whom = owner === keyId ? "this key" : `its account ${account}`;
  return new ReelayError(
    "insufficient_credits",
    `This request needs ${toCredits(hold)} credits, and ${toCredits(left)} are available to ${whom}.`,
  );
}
