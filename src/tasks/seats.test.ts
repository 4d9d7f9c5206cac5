import { expect, it } from "vitest";
import { openSeats } from "./seats.ts";

const NEVER = new AbortController().signal;

it("no more work is under way at once than there are seats, and all of it is done in order", async () => {
  const seats = openSeats(3);
  const begun: number[] = [];
  let now = 0;
  let most = 0;
  const works = Array.from({ length: 20 }, (_, n) =>
    seats.run(async () => {
      begun.push(n);
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now--;
      return n;
    }, NEVER),
  );
  expect(await Promise.all(works)).toEqual(Array.from({ length: 20 }, (_, n) => n));
  expect([most, begun]).toEqual([3, Array.from({ length: 20 }, (_, n) => n)]);
});

it("work that fails gives its seat back", async () => {
  const seats = openSeats(1);
  await expect(seats.run(() => Promise.reject(new Error("no")), NEVER)).rejects.toThrow("no");
  expect(await seats.run(async () => 1, NEVER)).toBe(1);
});

it("whoever stops waiting takes no seat, and its work never begins", async () => {
  const seats = openSeats(1);
  const hold = Promise.withResolvers<void>();
  const first = seats.run(() => hold.promise, NEVER);
  const stop = new AbortController();
  let begun = false;
  const second = seats.run(async () => {
    begun = true;
  }, stop.signal);
  const third = seats.run(async () => "third", NEVER);
  stop.abort(new Error("stopped"));
  await expect(second).rejects.toThrow("stopped");
  await expect(seats.run(async () => 0, AbortSignal.abort(new Error("before")))).rejects.toThrow("before");
  hold.resolve();
  await first;
  expect([await third, begun]).toEqual(["third", false]);
});
