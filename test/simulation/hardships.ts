/** How often what happened that makes failing over hard, so that a run can say that it was. */
import type { Entry } from "./witness.ts";

export function countHardships(entries: readonly Entry[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  const add = (what: string): void => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  const lastOf = new Map<string, string>();
  const accepts = new Map<string, number>();
  for (const entry of entries) {
    if (entry.event === "submit") {
      const last = lastOf.get(entry.task);
      if (last !== undefined && last !== entry.provider) add("handed to another");
      lastOf.set(entry.task, entry.provider);
    } else if (entry.event === "accepted") {
      const times = (accepts.get(entry.task) ?? 0) + 1;
      accepts.set(entry.task, times);
      if (times > 1) add(`accept number ${times}`);
    } else {
      const name = nameOf(entry);
      if (name !== undefined) add(name);
    }
  }
  return counts;
}

function nameOf(entry: Entry): string | undefined {
  switch (entry.event) {
    case "answered":
      if (entry.said === "accepted") return undefined;
      return entry.code === undefined ? entry.said : `${entry.said} ${entry.code}`;
    case "unprepared":
    case "failed":
      return `${entry.event} ${entry.code}`;
    case "looked":
      return `looked: ${entry.said}`;
    case "asked":
      return entry.act === "cancel" ? "told to stop" : undefined;
    default:
      return undefined;
  }
}
