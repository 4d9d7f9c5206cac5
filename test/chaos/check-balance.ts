/** The books, added up again from the rows alone. */
import type { BalanceRow, Evidence, LedgerRow } from "./evidence.ts";
import { grouped, type Looked, type Property } from "./property.ts";

const sum = (rows: readonly LedgerRow[], ...kinds: readonly string[]): number =>
  rows.filter(({ kind }) => kinds.includes(kind)).reduce((total, { amount }) => total + amount, 0);

/** Of a task, in all: minus what was delivered; and each kind of entry at most once. */
function tasksNet({ tasks, ledger, history }: Evidence): Looked {
  const byTask = grouped(ledger, ({ taskId }) => taskId ?? undefined);
  const told = new Map(
    history.flatMap(({ tasks: seen = [] }) =>
      seen
        .filter(({ billing }) => billing === "charged")
        .map(({ id, credits }) => [id, credits * MICROS] as const),
    ),
  );
  const faults = tasks.flatMap(({ id, state, hold, charge }) => {
    const rows = byTask.get(id) ?? [];
    byTask.delete(id);
    const total = rows.reduce((net, { amount }) => net + amount, 0);
    const must = state === "completed" ? charge : 0;
    if (total !== -must)
      return [`${id} is ${state} with ${must} delivered, and its entries add up to ${total}`];
    if (charge > hold || charge < 0) return [`${id} was charged ${charge} of a hold of ${hold}`];
    if (state === "completed" && hold > 0 && charge === 0) return [`${id} was delivered for nothing`];
    if (new Set(rows.map(({ kind }) => kind)).size !== rows.length)
      return [`${id} has two entries of one kind`];
    const said = told.get(id) ?? must;
    return Math.round(said) === must ? [] : [`${id}: the client was told ${said}, and charged ${must}`];
  });
  return {
    checked: tasks.length,
    faults: [...faults, ...[...byTask.keys()].map((id) => `entries of no task: ${id}`)],
  };
}

const MICROS = 10_000;

function noHoldLeft({ ledger, balances }: Evidence): Looked {
  const byTask = grouped(ledger, ({ taskId }) => taskId ?? undefined);
  const faults = [...byTask].flatMap(([id, rows]) => {
    const left = sum(rows, "hold", "release");
    return left === 0 ? [] : [`${id} still holds ${-left}`];
  });
  const held = balances.filter(({ held: amount }) => amount !== 0);
  return {
    checked: byTask.size,
    faults: [...faults, ...held.map(({ owner, held: amount }) => `${owner} still holds ${amount}`)],
  };
}

/** The entries of each key and of each account; those of a task are in both. */
function byOwner(ledger: readonly LedgerRow[]): Map<string, LedgerRow[]> {
  const keys = grouped(ledger, ({ keyId }) => keyId ?? undefined);
  const accounts = grouped(ledger, ({ account }) => (account === null ? undefined : `account:${account}`));
  return new Map([...keys, ...accounts]);
}

function balancesAreSums({ ledger, balances }: Evidence): Looked {
  const owned = byOwner(ledger);
  const rows = new Map(balances.map((row) => [row.owner, row]));
  const owners = new Set([...owned.keys(), ...rows.keys()]);
  const faults = [...owners].flatMap((owner) => {
    const entries = owned.get(owner) ?? [];
    const grants = entries.filter(({ kind }) => kind === "grant");
    const must: BalanceRow = {
      owner,
      granted: grants.length === 0 ? null : sum(grants, "grant"),
      held: -sum(entries, "hold", "release") || 0,
      spent: -sum(entries, "charge") || 0,
    };
    const { granted = null, held = 0, spent = 0 } = rows.get(owner) ?? {};
    const same = granted === must.granted && held === must.held && spent === must.spent;
    return same
      ? []
      : [`${owner} says ${granted}/${held}/${spent}, its entries ${must.granted}/${must.held}/${must.spent}`];
  });
  return { checked: owners.size, faults };
}

/** After every single entry, not only at the end: what is left of a grant is never negative. */
function neverAboveGrant({ ledger }: Evidence): Looked {
  const faults: string[] = [];
  let checked = 0;
  for (const [owner, entries] of byOwner(ledger)) {
    if (!entries.some(({ kind }) => kind === "grant")) continue;
    let left = 0;
    for (const { amount, taskId } of entries) {
      checked++;
      left += amount;
      if (left < 0) faults.push(`${owner} was at ${left} after an entry of ${taskId}`);
    }
  }
  return { checked, faults };
}

export const BALANCE_PROPERTIES: readonly Property[] = [
  { says: "the ledger's entries of every task add up to minus what was delivered", look: tasksNet },
  { says: "no hold is left", look: noHoldLeft },
  { says: "every balance equals the sum of its entries", look: balancesAreSums },
  { says: "no key was ever above its grant, entry by entry", look: neverAboveGrant },
];
