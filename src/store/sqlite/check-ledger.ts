import type { Database } from "better-sqlite3";
import { accountOf } from "../../core/account.ts";
import { type Micros, toCredits } from "../../core/money.ts";

interface OwnerFault {
  readonly owner: string;
  readonly granted: Micros | null;
  readonly held: Micros;
  readonly spent: Micros;
  readonly entriesGranted: Micros | null;
  readonly entriesHeld: Micros;
  readonly entriesSpent: Micros;
}

interface TaskFault {
  readonly taskId: string;
  /** null where there is no such task (any more). */
  readonly state: string | null;
  /** Whose entries they are. */
  readonly whose: "own" | "key" | "account";
  readonly found: string;
  readonly expected: string;
}

/** Each owner's balance and its entries, one below the other and added up: a side without a row counts as nothing. */
const OWNER_FAULTS = `
WITH entries AS (
  SELECT key_id AS owner, kind, amount FROM ledger WHERE key_id IS NOT NULL
  UNION ALL
  SELECT 'account:' || account, kind, amount FROM ledger WHERE account IS NOT NULL),
sides AS (
  SELECT owner, granted, held, spent, NULL AS entriesGranted, 0 AS entriesHeld, 0 AS entriesSpent FROM balances
  UNION ALL
  SELECT owner, NULL, 0, 0, iif(kind = 'grant', amount, NULL), iif(kind IN ('hold', 'release'), -amount, 0),
    iif(kind = 'charge', -amount, 0)
  FROM entries),
sums AS (
  SELECT owner, sum(granted) AS granted, sum(held) AS held, sum(spent) AS spent,
    sum(entriesGranted) AS entriesGranted, sum(entriesHeld) AS entriesHeld, sum(entriesSpent) AS entriesSpent
  FROM sides GROUP BY owner)
SELECT * FROM sums
WHERE granted IS NOT entriesGranted OR held <> entriesHeld OR spent <> entriesSpent
ORDER BY owner`;

/**
 * What a task's entries are, and what its row says they must be, each as "hold release charge" in micros. Of a
 * removed task nothing is left to compare with but that its hold was released and that it was charged no more.
 */
const TASK_FAULTS = `
WITH entries AS (
  SELECT task_id AS taskId, min(key_id) AS firstKey, max(key_id) AS lastKey,
    min(account) AS firstAccount, max(account) AS lastAccount,
    sum(iif(kind = 'hold', amount, 0)) AS hold, sum(iif(kind = 'release', amount, 0)) AS release,
    sum(iif(kind = 'charge', amount, 0)) AS charge
  FROM ledger WHERE task_id IS NOT NULL GROUP BY task_id),
sides AS (
  SELECT e.*, t.state, t.key_id AS keyId, t.account, -coalesce(t.hold, -e.hold) AS mustHold,
    iif(t.state IN ('pending', 'processing'), 0, coalesce(t.hold, -e.hold)) AS mustRelease,
    -coalesce(t.charge, min(-e.charge, -e.hold)) AS mustCharge
  FROM entries e LEFT JOIN tasks t ON t.id = e.taskId
  UNION ALL
  SELECT id, key_id, key_id, account, account, 0, 0, 0, state, key_id, account, -hold, iif(finished_at IS NULL, 0, hold), -charge
  FROM tasks WHERE hold > 0 AND NOT EXISTS (SELECT 1 FROM ledger WHERE task_id = tasks.id))
SELECT taskId, state, CASE WHEN firstKey <> lastKey OR firstKey <> keyId THEN 'key'
  WHEN firstAccount <> lastAccount OR firstAccount <> account THEN 'account' ELSE 'own' END AS whose,
  hold || ' ' || release || ' ' || charge AS found, mustHold || ' ' || mustRelease || ' ' || mustCharge AS expected
FROM sides
WHERE hold <> mustHold OR release <> mustRelease OR charge <> mustCharge OR whose <> 'own'
ORDER BY taskId`;

/** One sentence for each key or account whose balance, and each task whose entries, are not what they must be. */
export function openLedgerCheck(db: Database): () => readonly string[] {
  const ownerFaults = db.prepare<[], OwnerFault>(OWNER_FAULTS);
  const taskFaults = db.prepare<[], TaskFault>(TASK_FAULTS);
  return () => [...ownerFaults.all().map(sayOwner), ...taskFaults.all().map(sayTask)];
}

function sayOwner(fault: OwnerFault): string {
  const balance = sayBalance(fault.granted, fault.held, fault.spent);
  const entries = sayBalance(fault.entriesGranted, fault.entriesHeld, fault.entriesSpent);
  const account = accountOf(fault.owner);
  const whom = account === undefined ? `key ${fault.owner}` : `account ${account}`;
  return `The balance of ${whom} says ${balance} (credits), and its entries add up to ${entries}.`;
}

function sayBalance(granted: Micros | null, held: Micros, spent: Micros): string {
  const limit = granted === null ? "nothing granted" : `${toCredits(granted)} granted`;
  return `${limit}, ${toCredits(held)} held, ${toCredits(spent)} spent`;
}

function sayTask({ taskId, state, whose, found, expected }: TaskFault): string {
  const what = `${state === null ? "Removed" : `The ${state}`} task ${taskId}`;
  if (found === expected && whose !== "own") return `${what} has entries of another ${whose}.`;
  return `${what} has entries of ${sayEntries(found)} (credits) where there must be ${sayEntries(expected)}.`;
}

function sayEntries(sums: string): string {
  const [hold = 0, release = 0, charge = 0] = sums.split(" ").map((sum) => toCredits(Number(sum)));
  return `hold ${hold}, release ${release}, charge ${charge}`;
}
