/** PixVerse calls one address for all of its work: whom we believe, and what a call changes. */
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pixverseCall, startPixverse } from "../standins/pixverse.ts";
import type { StandIn } from "../standins/standin.ts";
import { call, create, IDS, read, waitForEnd } from "../support/api.ts";
import { temporaryFolder } from "../support/run.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

const SECRET = "whsec-5eCr3t";
const WORK_MS = 700;

let standIn: StandIn;
let folder: string;
let server: Server;
beforeAll(async () => {
  standIn = await startPixverse({ key: "pv-key" });
  folder = await temporaryFolder();
  const settings = join(folder, "reelay.toml");
  const common = `kind = "pixverse"\nkey = "pv-key"\nurl = "${standIn.url}"\n`;
  await writeFile(
    settings,
    `[providers.pixverse]\n${common}webhook_id = "wh-1"\nwebhook_secret = "${SECRET}"\nrank = 0\n` +
      `[providers.silent]\n${common}rank = 1\n[providers.other]\n${common}webhook_secret = "another"\nrank = 2\n`,
  );
  server = await startServer({ ...NO_RENDER, REELAY_CONFIG: settings });
});
afterAll(async () => {
  expect(standIn.complaints).toEqual([]);
  await server.discard();
  await standIn.close();
  await rm(folder, { recursive: true });
});

interface Told {
  readonly to?: string;
  readonly secret?: string;
  readonly timestamp?: string;
  /** What the body says, where it is not what was signed. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** As PixVerse would call, at this moment. */
function tell(video: string, { to = "pixverse", secret = SECRET, timestamp, ...instead }: Told = {}) {
  const now = timestamp ?? String(Math.floor(Date.now() / 1000));
  const { headers, body } = pixverseCall(
    { id: video, status: 1, url: "https://x" },
    { secret, timestamp: now },
  );
  return call(server, `/hooks/${to}`, {
    ...{ method: "POST", key: null },
    headers: { ...headers, ...instead.headers },
    bytes: instead.body ?? body,
  });
}

/** A task whose video is ready, which nobody here knows yet: the next look is many seconds away. */
async function ready(): Promise<{ readonly id: string; readonly video: string }> {
  const prompt = `waves ${standIn.jobs.size}. script: duration=${WORK_MS}`;
  const known = new Set(standIn.jobs.keys());
  const { id } = await create(server, { model: IDS.pixverseText, prompt, resolution: "360p", duration: 1 });
  const job = await until(() => [...standIn.jobs.values()].find((one) => !known.has(one.id)), {
    ...{ ms: 5_000, what: "the order" },
  });
  expect(job.order).toMatchObject({ webhook_id: "wh-1" });
  await until(() => looks(job.id) > 0, { ms: 5_000, what: "the first look" });
  await until(() => Date.now() > job.acceptedAt + WORK_MS, { ms: 5_000, what: "the end of the work" });
  return { id, video: job.id };
}

const looks = (video: string): number =>
  standIn.asks.filter(({ method, url }) => method === "GET" && url.pathname.endsWith(`/result/${video}`))
    .length;

const REFUSED = { status: 403, body: { error: { code: "link_refused" } } };

test("a true call is answered as PixVerse wants it, and makes us look at once", async () => {
  const { id, video } = await ready();
  const before = looks(video);
  // Nothing of these is a reason to look.
  expect(await tell(video, { secret: "whsec-forged" })).toMatchObject(REFUSED);
  expect(await tell("9007199254740000")).toMatchObject({ status: 200, text: "ok" });
  expect([looks(video), (await read(server, id)).status === "completed"]).toEqual([before, false]);
  const answer = await tell(video);
  expect([answer.status, answer.text, answer.headers.get("content-type")]).toEqual([
    ...[200, "ok", expect.stringMatching(/^text\/plain/)],
  ]);
  expect(await waitForEnd(server, id, { ms: 5_000 })).toMatchObject({ status: "completed" });
  expect(looks(video)).toBe(before + 1);
  // Told once more, it is as well.
  expect(await tell(video)).toMatchObject({ status: 200, text: "ok" });
  expect(looks(video)).toBe(before + 1);
});

test("a call that is not PixVerse's is refused, and nobody looks", async () => {
  const { id, video } = await ready();
  const before = looks(video);
  const minutesAgo = (minutes: number): string => String(Math.floor(Date.now() / 1000) - 60 * minutes);
  for (const told of [
    { secret: "" },
    { secret: "another" },
    { timestamp: minutesAgo(6) },
    { timestamp: minutesAgo(-6) },
    { body: `{"id":"${video}","status":1,"url":"https://y"}` },
    { body: "" },
    { body: "[" },
    { headers: { "webhook-signature": "" } },
    { headers: { "webhook-nonce": "another" } },
  ]) {
    expect(await tell(video, told), JSON.stringify(told)).toMatchObject(REFUSED);
  }
  expect([looks(video), (await read(server, id)).status === "completed"]).toEqual([before, false]);
  await tell(video);
  expect((await waitForEnd(server, id, { ms: 5_000 })).status).toBe("completed");
});

test.each([
  ["nobody", "that is not open"],
  ["silent", "without a secret of its webhook, whose calls anybody could make"],
  ["animatic", "that never calls"],
  ["__proto__", "that is no provider at all"],
  ["constructor", "that is no provider either"],
])("a call for %s, one %s, is refused", async (to) => {
  expect(await tell("9007199254740993", { to })).toMatchObject(REFUSED);
});

test("another key's call, rightly signed, says nothing of this key's work", async () => {
  const { id, video } = await ready();
  const before = looks(video);
  expect(await tell(video, { to: "other", secret: "another" })).toMatchObject({ status: 200, text: "ok" });
  expect([looks(video), (await read(server, id)).status === "completed"]).toEqual([before, false]);
  await tell(video);
  expect((await waitForEnd(server, id, { ms: 5_000 })).status).toBe("completed");
});

test("a refusal says nothing of secrets, and a body without end is not read", async () => {
  const { text } = await tell("1", { secret: "x" });
  expect(text).not.toContain(SECRET);
  expect((await tell("1", { body: "x".repeat(300_000) })).status).toBe(400);
  expect(server.output()).not.toContain(SECRET);
});
