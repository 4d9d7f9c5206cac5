import type { Evidence } from "./evidence.ts";

export interface Looked {
  readonly checked: number;
  readonly faults: readonly string[];
}

export interface Property {
  readonly says: string;
  readonly look: (evidence: Evidence) => Looked;
}

export function grouped<T, K>(items: Iterable<T>, keyOf: (item: T) => K | undefined): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
