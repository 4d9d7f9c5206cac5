/**
 * Who runs next. Work waits per resource (who does it) and per owner (who wants it): owners of a higher priority go
 * first, owners of the same one take turns, so that a thousand tasks of one owner delay another's first task by
 * one turn. Both sides have a limit on what is under way at once.
 */
import { Line } from "./line.ts";

export interface Item {
  readonly id: string;
  readonly owner: string;
  readonly resource: string;
}

export interface OwnerRules {
  readonly priority: number;
  /** Under way at once; null: as many as the resource takes. */
  readonly concurrency: number | null;
}

const NO_RULES: OwnerRules = { priority: 0, concurrency: null };

interface Lane {
  readonly priority: number;
  /** Owner -> what waits, in order. The order of the owners is whose turn it is. */
  readonly owners: Map<string, Line>;
}

export class Queue {
  readonly #limitOf: (resource: string) => number;
  /** Resource -> lanes, highest priority first. */
  readonly #lanes = new Map<string, Lane[]>();
  readonly #rules = new Map<string, OwnerRules>();
  readonly #waiting = new Map<string, Item>();
  readonly #running = new Map<string, Item>();
  readonly #waitingOfOwner = new Map<string, number>();
  readonly #ofOwner = new Map<string, number>();
  readonly #ofResource = new Map<string, number>();

  constructor(limitOf: (resource: string) => number) {
    this.#limitOf = limitOf;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  waitingOf(owner: string): number {
    return count(this.#waitingOfOwner, owner);
  }

  get running(): number {
    return this.#running.size;
  }

  /** Whether as much as it takes is under way on a resource. */
  isFull(resource: string): boolean {
    return count(this.#ofResource, resource) >= this.#limitOf(resource);
  }

  /** No effect where it is known already. `rules` hold for the owner from now on; left out: those that held. */
  add(item: Item, rules = this.#rules.get(item.owner) ?? NO_RULES): void {
    if (this.#waiting.has(item.id) || this.#running.has(item.id)) return;
    this.#rules.set(item.owner, rules);
    this.#waiting.set(item.id, item);
    add(this.#waitingOfOwner, item.owner, 1);
    const { owners } = this.#lane(item.resource, rules.priority);
    const line = owners.get(item.owner) ?? new Line();
    line.add(item.id);
    owners.set(item.owner, line);
  }

  /** Counts as running from the start, beyond any limit: it was under way already. */
  addRunning(item: Item, rules: OwnerRules): void {
    if (this.#waiting.has(item.id) || this.#running.has(item.id)) return;
    this.#rules.set(item.owner, rules);
    this.#begin(item);
  }

  /** It waits no longer, and counts as running beyond any limit. False where it does not wait. */
  begin(id: string): boolean {
    const item = this.#waiting.get(id);
    if (!item) return false;
    this.#forgetWaiting(item);
    this.#begin(item);
    return true;
  }

  /** The next item that may start, which counts as running from then on. */
  next(): Item | undefined {
    for (const [resource, lanes] of this.#lanes) {
      if (this.isFull(resource)) continue;
      for (const lane of lanes) {
        const item = this.#takeTurn(lane);
        if (!item) continue;
        // To the end of the round: where few may start, each resource gets some.
        this.#lanes.delete(resource);
        this.#lanes.set(resource, lanes);
        return item;
      }
    }
    return undefined;
  }

  /** It no longer waits, or no longer runs. Returns what it was. */
  remove(id: string): Item | undefined {
    const waiting = this.#waiting.get(id);
    if (waiting) this.#forgetWaiting(waiting);
    const running = this.#running.get(id);
    if (!running) return waiting;
    this.#running.delete(id);
    add(this.#ofOwner, running.owner, -1);
    add(this.#ofResource, running.resource, -1);
    return running;
  }

  isWaiting(id: string): boolean {
    return this.#waiting.has(id);
  }

  /** 1 is next on its resource, as turns stand and if all alike; undefined where it does not wait. */
  position(id: string): number | undefined {
    const item = this.#waiting.get(id);
    if (!item) return undefined;
    let ahead = 0;
    for (const lane of this.#lanes.get(item.resource) ?? []) {
      const own = lane.owners.get(item.owner);
      if (own?.has(id)) return ahead + turnsBefore(lane, item, own) + 1;
      for (const ids of lane.owners.values()) ahead += ids.size;
    }
    return undefined;
  }

  #lane(resource: string, priority: number): Lane {
    const lanes = this.#lanes.get(resource) ?? [];
    this.#lanes.set(resource, lanes);
    const known = lanes.find((lane) => lane.priority === priority);
    if (known) return known;
    const lane: Lane = { priority, owners: new Map() };
    lanes.push(lane);
    lanes.sort((a, b) => b.priority - a.priority);
    return lane;
  }

  #takeTurn({ owners }: Lane): Item | undefined {
    for (const [owner, ids] of owners) {
      const limit = this.#rules.get(owner)?.concurrency ?? null;
      if (limit !== null && count(this.#ofOwner, owner) >= limit) continue;
      const item = ids.first === undefined ? undefined : this.#waiting.get(ids.first);
      if (!item) continue;
      // To the end of the round, with what it still has waiting.
      owners.delete(owner);
      owners.set(owner, ids);
      this.#forgetWaiting(item);
      this.#begin(item);
      return item;
    }
    return undefined;
  }

  #begin(item: Item): void {
    this.#running.set(item.id, item);
    add(this.#ofOwner, item.owner, 1);
    add(this.#ofResource, item.resource, 1);
  }

  #forgetWaiting(item: Item): void {
    this.#waiting.delete(item.id);
    add(this.#waitingOfOwner, item.owner, -1);
    for (const { owners } of this.#lanes.get(item.resource) ?? []) {
      const ids = owners.get(item.owner);
      if (ids?.delete(item.id) && ids.size === 0) owners.delete(item.owner);
    }
  }
}

/** How many of one lane start before `item`: its owner's earlier ones, and as many turns of each other owner. */
function turnsBefore({ owners }: Lane, item: Item, own: Line): number {
  const index = own.before(item.id);
  let before = index;
  let first = true;
  for (const [owner, ids] of owners) {
    if (owner === item.owner) first = false;
    else before += Math.min(ids.size, first ? index + 1 : index);
  }
  return before;
}

const count = (counts: ReadonlyMap<string, number>, name: string): number => counts.get(name) ?? 0;

function add(counts: Map<string, number>, name: string, difference: number): void {
  const sum = count(counts, name) + difference;
  if (sum === 0) counts.delete(name);
  else counts.set(name, sum);
}
