/** What every kind of provider has to do for a client, whatever API it speaks. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, IDS, post } from "../support/api.ts";
import { TINY_MP4 } from "../support/fake-file.ts";
import type { Kind } from "./upstreams-kinds.ts";
import { FAULTS, type Made, play, type Story } from "./upstreams-story.ts";

const STORY_MS = 90_000;

/** One server for each kind; they live side by side. */
export function describeKinds(kinds: readonly Kind[]): void {
  const stories = new Map<string, Promise<Story>>();
  beforeAll(() => {
    for (const kind of kinds) {
      const story = play(kind);
      // Told where it is waited for.
      story.catch(() => undefined);
      stories.set(kind.name, story);
    }
  });
  afterAll(async () => {
    for (const told of await Promise.allSettled(stories.values()))
      if (told.status === "fulfilled") await told.value.discard();
  });

  describe.each(kinds)("$name", (kind) => {
    let story: Story;
    beforeAll(async () => {
      story = (await stories.get(kind.name)) as Story;
    }, STORY_MS);
    describeResults(kind, () => story);
    describeTrouble(kind, () => story);
    describeRest(kind, () => story);
  });
}

function describeResults({ models, besides = [] }: Kind, story: () => Story): void {
  test.each(models)("%s: the video comes through our link, and is charged as what it is", async (model) => {
    const made = await story().made(model);
    expectResult(story(), made);
    expect(made.task.model).toBe(model);
  });

  test("its models are available, and no others", async () => {
    const { server } = story();
    const listed = await call<{ readonly data: readonly ModelLine[] }>(server, "/v1/models");
    const { true: served = [], false: others = [] } = Object.groupBy(
      listed.body.data,
      (one) => `${one.available}`,
    );
    expect(served.map(({ id }) => id).sort()).toEqual([...models, ...besides].sort());
    for (const { id, parameters } of others) {
      const required = Object.entries(parameters).filter(([, { required: is }]) => is);
      const body = required.map(([name, { kind }]) => [name, kind === "text" ? "x" : PICTURE]);
      const some = id === IDS.wan ? { image_urls: [PICTURE] } : {};
      const answer = await post(server, { model: id, ...Object.fromEntries(body), ...some });
      expect(answer).toMatchObject({ status: 422, body: { error: { code: "no_compatible_channel" } } });
    }
  });
}

interface ModelLine {
  readonly id: string;
  readonly available: boolean;
  readonly parameters: Readonly<Record<string, { readonly kind: string; readonly required?: boolean }>>;
}

const PICTURE = "http://127.0.0.1/a.jpg";

function describeTrouble(kind: Kind, story: () => Story): void {
  test.each(kind.lost)(
    "an answer is lost: $heals tells, and it is never sent again",
    async ({ heals, end }) => {
      expectEnd(story(), await story().made(heals), end);
    },
  );

  test("kill -9 before the first question about it: the next start takes it over", async () => {
    expectResult(story(), await story().made("accepted"));
  });

  test("kill -9 before the answer came: the next start finds out, or says that it cannot", async () => {
    const end = kind.lost.at(-1)?.end ?? "unknown";
    expectEnd(story(), await story().made("unanswered"), end);
  });

  test.each(kind.downloads ? Object.entries(FAULTS) : [])(
    "a download that is %s",
    async (name, { reads }) => {
      const made = await story().made(name);
      expectResult(story(), made);
      expect(story().upstream.reads(made.token)).toBe(reads);
    },
  );

  test("too busy at first: it is sent once more, and no other time", async () => {
    expectResult(story(), await story().made("busy"), { submits: kind.busy?.submits ?? 2 });
  });

  test("it fails after it was taken: the client is told why, and pays nothing", async () => {
    const { task, token } = await story().made("fails");
    expect(task).toMatchObject({
      ...{ status: "failed", results: null },
      usage: { billing: kind.free ? "free" : "released", credits_reserved: 0 },
      error: { code: kind.fails.code, billed: false },
    });
    expectOnce(story().upstream, token);
  });

  test("cancelled while it is worked on", async () => {
    const { told } = kind.cancel;
    const billing = kind.free ? "free" : kind.cancel.billing;
    const { task, token } = await story().made("cancelled");
    expect(task).toMatchObject({
      ...{
        status: "failed",
        results: null,
        usage: { billing, credits_reserved: billing === "unknown" ? expect.any(Number) : 0 },
      },
      error: { code: "request_cancelled", billed: billing === "unknown" ? "unknown" : false },
    });
    expect(story().upstream.isStopped(token)).toBe(told);
    expect(story().upstream.submits(token)).toBe(1);
  });
}

function describeRest(kind: Kind, story: () => Story): void {
  test("every request was as the provider's contract has it", () => {
    expect(story().upstream.complaints).toEqual([]);
  });

  test("no key, no prompt and no URL's query was printed, not even for debugging", () => {
    const { printed, prompts, upstream } = story();
    const tokens = prompts.map((prompt) => /over (\w+)/.exec(prompt)?.[1] ?? prompt);
    const hidden = [...tokens, "Gulls", "script:", ...upstream.secrets];
    const lines = printed.split("\n");
    const telling = lines.filter(
      (line) => QUERY.test(line) || hidden.some((text) => text !== "" && line.includes(text)),
    );
    expect(telling).toEqual([]);
    // Not because nothing was printed: each answer is there, and so is what went wrong.
    const events = new Set(lines.map((line) => /"event":"([^"]+)"/.exec(line)?.[1]));
    expect(events).toContain("request-answered");
    if (kind.downloads) expect(events).toContain("result-not-fetched");
    expect(tokens.length).toBeGreaterThan(4);
  });
}

const QUERY = /\?[\w.%-]+=|signature=|expires=|assertion/;
const SIZE = { width: 64, height: 64, duration: 1, fps: 24, audio: false };

function expectResult(
  { kind, server, upstream }: Story,
  { task, created, asked, token, bytes }: Made,
  { submits = 1 } = {},
): void {
  expect(task, JSON.stringify(task.error)).toMatchObject({
    ...{
      status: "completed",
      progress: 100,
      error: null,
      usage: { billing: kind.free ? "free" : "charged" },
    },
    task_info: { can_cancel: false },
  });
  // What was delivered is shorter than what was asked.
  expect(task.usage.credits_reserved).toBeLessThanOrEqual(created.usage.credits_reserved);
  expect(task.results).toHaveLength(1);
  const [result] = task.results ?? [];
  const sha256 = createHash("sha256").update(TINY_MP4).digest("hex");
  const file = { content_type: "video/mp4", size: TINY_MP4.length, sha256, ...SIZE };
  expect(result).toMatchObject(file);
  expect(result?.url.startsWith(`${server.url}/files/`)).toBe(true);
  expect(bytes?.equals(TINY_MP4)).toBe(true);
  const told = (kind.notes ?? []).filter((field) => Object.hasOwn(asked, field));
  expect(result?.notes.map(({ field }) => field)).toEqual([...told, "duration", "resolution"]);
  const [duration, resolution] = (result?.notes ?? []).slice(-2);
  expect(duration?.message).toMatch(/^\d seconds were asked, the result has 1\.$/);
  expect(resolution?.message).toMatch(/^\d+x\d+ was asked \(\d+p\), the result has 64x64\.$/);
  expectOnce(upstream, token, submits);
}

function expectEnd(story: Story, made: Made, end: "completed" | "unknown"): void {
  if (end === "completed") {
    expectResult(story, made);
    return;
  }
  expect(made.task).toMatchObject({
    ...{ status: "failed", results: null, usage: { billing: "unknown" } },
    error: { code: "upstream_outcome_unknown", billed: "unknown", retryable: false },
  });
  expectOnce(story.upstream, made.token);
}

/** Taken once, whatever happened; `submits` are more where it was refused for now. */
function expectOnce(upstream: Story["upstream"], token: string, submits = 1): void {
  expect([upstream.submits(token), upstream.accepts(token)]).toEqual([submits, 1]);
}
