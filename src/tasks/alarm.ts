/** Rings at the soonest of all times it was set to, one ring at a time, and never for most of the time. */
import type { Clock } from "../core/clock.ts";

export interface Alarm {
  /** Milliseconds since 1970. A later time than one already set is forgotten: every ring has to set the next. */
  set(at: number): void;
  /** Rings no more; resolves when the ring under way has ended. */
  close(): Promise<void>;
}

/** After a ring it rests nine times as long as that took, so that rings have a tenth of the time at most. */
const REST = 9;
const LONGEST_TIMER = 2 ** 31 - 1;

/** `ring` must not reject. */
export function openAlarm(clock: Clock, ring: () => Promise<void>): Alarm {
  let due = Number.POSITIVE_INFINITY;
  let restUntil = 0;
  let timer: NodeJS.Timeout | undefined;
  let ringing: Promise<void> | undefined;
  let closed = false;

  function arm(): void {
    clearTimeout(timer);
    if (closed || ringing !== undefined || due === Number.POSITIVE_INFINITY) return;
    const wait = Math.max(due - clock.now(), restUntil - performance.now(), 0);
    timer = setTimeout(go, Math.min(wait, LONGEST_TIMER)).unref();
  }

  function go(): void {
    due = Number.POSITIVE_INFINITY;
    const since = performance.now();
    // Not called before `ringing` is set: a time that the ring itself sets would start a second one.
    const rung = Promise.resolve().then(ring);
    ringing = rung.finally(() => {
      const now = performance.now();
      restUntil = now + REST * (now - since);
      ringing = undefined;
      arm();
    });
  }

  return {
    set(at) {
      if (at >= due) return;
      due = at;
      arm();
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await ringing;
    },
  };
}
