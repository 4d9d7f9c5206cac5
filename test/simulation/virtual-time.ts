/** Time that passes only when it is told to, with wheels on it: all waiting of a simulation is here. */
import type { Clock } from "../../src/core/clock.ts";
import type { Wheel } from "../../src/engine/wheel.ts";

interface Wait {
  readonly at: number;
  readonly due: () => void;
}

export interface VirtualTime extends Clock {
  /** A wheel of its own; closed, its waits are gone, as a killed process's are. */
  openWheel(): Wheel;
  /** Moves to the next wait that ends and ends it; false where nothing waits or it is after `until`. */
  step(until: number): boolean;
}

export function openVirtualTime(start: number): VirtualTime {
  const wheels = new Set<Set<Wait>>();
  let now = start;

  const soonest = (): { readonly wait: Wait; readonly waits: Set<Wait> } | undefined => {
    let found: { readonly wait: Wait; readonly waits: Set<Wait> } | undefined;
    for (const waits of wheels) {
      for (const wait of waits) if (!found || wait.at < found.wait.at) found = { wait, waits };
    }
    return found;
  };

  return {
    now: () => now,
    openWheel() {
      const waits = new Set<Wait>();
      wheels.add(waits);
      return {
        after(ms, due) {
          const wait = { at: Math.ceil(now + Math.max(1, ms)), due };
          waits.add(wait);
          return () => void waits.delete(wait);
        },
        get size() {
          return waits.size;
        },
        close() {
          waits.clear();
          wheels.delete(waits);
        },
      };
    },
    step(until) {
      const next = soonest();
      if (!next || next.wait.at > until) return false;
      next.waits.delete(next.wait);
      now = Math.max(now, next.wait.at);
      next.wait.due();
      return true;
    },
  };
}

export const sleep = (wheel: Wheel, ms: number): Promise<void> =>
  new Promise((resolve) => wheel.after(ms, resolve));
