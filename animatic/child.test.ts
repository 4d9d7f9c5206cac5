import { access } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPool, type Pool } from "../src/media/pool.ts";
import { type Desk, openDesk, orderOf } from "./testing/pictures.ts";

let desk: Desk;
let pool: Pool;
let measurers: Pool;
beforeAll(async () => {
  desk = await openDesk();
  const open = (entry: string) =>
    openPool({
      entry: new URL(entry, import.meta.url),
      size: 1,
      deadlineMs: 60_000,
      maxRssBytes: 1e9,
      env: { PATH: process.env.PATH ?? "" },
      log: () => {},
    });
  pool = open("./child.ts");
  measurers = open("../src/media/measure-child.ts");
});
afterAll(async () => {
  await Promise.all([pool.close(), measurers.close()]);
  await desk.clear();
});

test("a child of the pool does not render, tell its progress and measure", async () => {
  const told: number[] = [];
  const out = desk.path("child.mp4");
  const order = orderOf({ prompt: "sea at dawn", sound: true });
  const report = await pool.run("render", { order, out }, { onProgress: (percent) => told.push(percent) });
  expect(report).toMatchObject({ frames: 24, seconds: 1, scene: "sea, dawn" });
  expect(told.length).toBe(24);
  expect(await measurers.run("measure", { path: out })).toMatchObject({
    frames: 24,
    width: 320,
    height: 180,
    seconds: 1,
  });
});

test("an order that is wrong, or a file that is none, loses its reason on the way", async () => {
  const out = desk.path("never.mp4");
  const wrong = pool.run("render", { order: orderOf({ frames: 0 }), out });
  await expect(wrong).rejects.toMatchObject({
    code: "invalid_parameters",
    message: expect.stringContaining("frames"),
  });
  const missing = pool.run("render", { order: orderOf({ firstFrame: desk.path("none.png") }), out });
  await expect(missing).rejects.toMatchObject({ code: "input_unreadable" });
});

test("a cancelled render works on", async () => {
  const controller = new AbortController();
  const out = desk.path("cancelled.mp4");
  const work = pool.run(
    "render",
    { order: orderOf({ frames: 2400, prompt: "city" }), out },
    { signal: controller.signal, onProgress: () => controller.abort() },
  );
  await expect(work).rejects.toMatchObject({ code: "cancelled" });
  await expect(access(out)).rejects.toThrow();
});
