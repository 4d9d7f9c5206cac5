import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { until } from "../../test/support/until.ts";
import { systemClock } from "../core/clock.ts";
import { openAlarm } from "./alarm.ts";

describe("an alarm", () => {
  test("rings at the soonest of its times, and once for many", async () => {
    const rings: number[] = [];
    const alarm = openAlarm(systemClock, async () => {
      rings.push(Date.now());
    });
    const now = Date.now();
    for (const later of [60_000, 40, 5_000, 50]) alarm.set(now + later);
    await until(() => rings.length > 0, { ms: 5_000 });
    expect(rings[0]! - now).toBeGreaterThanOrEqual(39);
    for (let n = 0; n < 100; n++) alarm.set(Date.now());
    await until(() => rings.length > 1, { ms: 5_000 });
    await alarm.close();
    expect(rings.length).toBe(2);
  });

  test("a time set during a ring is not lost, and rings never overlap", async () => {
    let rings = 0;
    let ringing = 0;
    const alarm = openAlarm(systemClock, async () => {
      expect(++ringing).toBe(1);
      rings++;
      alarm.set(Date.now());
      await delay(2);
      ringing--;
    });
    alarm.set(0);
    await until(() => rings >= 5, { ms: 5_000 });
    await alarm.close();
  });

  test("it rests nine times as long as a ring took", async () => {
    const starts: number[] = [];
    const alarm = openAlarm(systemClock, async () => {
      starts.push(performance.now());
      await delay(20);
      alarm.set(0);
    });
    alarm.set(0);
    await until(() => starts.length === 3, { ms: 5_000 });
    await alarm.close();
    expect(starts[1]! - starts[0]!).toBeGreaterThanOrEqual(190);
    expect(starts[2]! - starts[1]!).toBeGreaterThanOrEqual(190);
  });

  test("closed, it waits for the ring under way and rings no more", async () => {
    let begun = 0;
    let ended = 0;
    const alarm = openAlarm(systemClock, async () => {
      begun++;
      alarm.set(0);
      await delay(50);
      ended++;
    });
    alarm.set(0);
    await until(() => begun === 1, { ms: 5_000, everyMs: 1 });
    await alarm.close();
    expect(ended).toBe(1);
    alarm.set(0);
    await another(20);
    expect([begun, ended]).toEqual([1, 1]);
  });

  test("a time beyond what a timer can hold does not ring at once", async () => {
    let rings = 0;
    const alarm = openAlarm(systemClock, async () => {
      rings++;
    });
    alarm.set(Date.now() + 1e12);
    await another(20);
    await alarm.close();
    expect(rings).toBe(0);
  });
});

/** An alarm set to `ms` from here has rung: one that was to ring before has had its chance. */
async function another(ms: number): Promise<void> {
  let rung = false;
  const alarm = openAlarm(systemClock, async () => {
    rung = true;
  });
  alarm.set(Date.now() + ms);
  await until(() => rung, { ms: 5_000 });
}
