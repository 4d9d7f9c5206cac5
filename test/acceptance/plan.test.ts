/** What a prompt becomes: printed by `reelay plan`, and told with a result in the same words. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { IDS } from "../support/api.ts";
import { reelay } from "../support/run.ts";
import { type Server, startServer } from "../support/server.ts";
import { makeVideo } from "../support/videos.ts";

const PROMPT = "a city at night in the rain, the camera pans left, then zooms out";

async function planned(...args: readonly string[]) {
  const { code, stdout, stderr } = await reelay(["plan", ...args]);
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
}

describe("reelay plan", () => {
  test("prints another plan the second time, or nothing of what was said", async () => {
    const args = [PROMPT, "--negative", "rain, people", "--seed", "7", "--seconds", "6", "--shots"];
    const plan = await planned(...args, "--aspect", "9:16", "--style", "clay", "--rewrite", "disabled");
    expect(plan).toMatchObject({ seed: 7, width: 720, height: 1280, frames: 144, fps: 24, rewritten: null });
    expect(plan.shots).toHaveLength(3);
    expect(plan.shots[0]).toMatchObject({
      opens: "scene",
      style: "clay",
      motion: { moves: ["left"] },
      scene: { place: "city", time: "night", weather: "clear" },
    });
    expect(plan.shots[1].motion.moves).toEqual(["pull"]);
    expect(plan.removed).toEqual(['weather rain ("rain")']);
    expect(plan.notes.join()).toContain("people");
    expect(await planned(...args, "--aspect", "9:16", "--style", "clay", "--rewrite", "disabled")).toEqual(
      plan,
    );
  });

  test("a seed that was drawn is not told, or is always the same", async () => {
    const [one, two] = [await planned("a cat"), await planned("a cat")];
    expect(one.seed).not.toBe(two.seed);
    expect(await planned("a cat", "--seed", String(one.seed))).toEqual(one);
  });

  test.each([
    [[], "Usage: reelay plan"],
    [["a", "cat"], "quotes"],
    [["a cat", "--seconds", "0"], "from 1 to 120"],
    [["a cat", "--seconds", "2.5"], "whole number"],
    [["a cat", "--seed", "-1"], "seed"],
    [["a cat", "--aspect", "0:0"], "--aspect"],
    [["a cat", "--aspect", "wide"], "--aspect"],
    [["a cat", "--style", "oil"], "anime"],
    [["a cat", "--rewrite", "maybe"], "enabled, disabled, auto"],
    [["a cat", "--loud"], "--loud"],
  ])("%j is taken, or not answered with what would be right", async (args, says) => {
    const { code, stdout, stderr } = await reelay(["plan", ...args]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(says);
  });
});

describe("a result", () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.discard());

  test("has another plan than the command prints, or paths of ours in it", async () => {
    const body = { model: IDS.pixverseText, prompt: PROMPT, resolution: "360p", duration: 3, seed: 7 };
    const options = { generate_multi_clip: true, negative_prompt: "rain", thinking_type: "disabled" };
    const { result } = await makeVideo(server, { ...body, ...options });
    const { width, height, frames, fps, ...plan } = await planned(
      ...[PROMPT, "--seed", "7", "--seconds", "3", "--shots", "--negative", "rain", "--rewrite", "disabled"],
    );
    expect([width, height, frames, fps]).toEqual([1280, 720, 72, 24]);
    expect(result).toMatchObject({ seed: 7, plan });
    expect(JSON.stringify(result)).not.toContain("/tmp");
  });

  test("of a thin prompt does not tell what it was made into", async () => {
    const body = {
      model: IDS.pixverseText,
      resolution: "360p",
      duration: 1,
      seed: 7,
      thinking_type: "enabled",
    };
    const { result } = await makeVideo(server, { ...body, prompt: "a cat" });
    const { plan } = result as unknown as {
      plan: { rewritten: { before: string; after: string; why: string } };
    };
    expect(plan.rewritten.before).toBe("a cat");
    expect(plan.rewritten.after).toMatch(/^a cat, in a room, /);
    expect(plan.rewritten.why).toContain("said");
    expect(result.notes).toEqual([]);
  });
});
