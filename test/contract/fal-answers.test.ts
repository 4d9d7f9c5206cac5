/** Answers about COMPLETED work that fal's contract has and its stand-in never gives, or that no contract has. */
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Provider } from "../../src/core/provider.ts";
import { fal } from "../../src/providers/fal.ts";
import { type Reply, type StandIn, startStandIn } from "../standins/standin.ts";
import { allOf, NEVER } from "./provider-samples.ts";
import { openKind } from "./under.ts";

const KEY = "5eCr3t-id:5eCr3t";
const TICKET = { request: "1", status: "a/b/requests/1/status", response: "a/b/requests/1", cancel: "a/b" };

let status: Reply;
let result: Reply;
let standIn: StandIn;
let provider: Provider;
beforeEach(async () => {
  standIn = await startStandIn({ answer: ({ path }) => (path.includes("/status") ? status : result) });
  provider = await openKind(fal, { baseUrl: standIn.url, key: KEY });
});
afterEach(async () => {
  await provider.close?.();
  await standIn.close();
});

const reply = (code: number, body: unknown): Reply => ({ status: code, body });
const model = (type: string) => ({ detail: [{ loc: ["body", "image_url"], msg: `It is ${type}`, type }] });
const PAGE = "<html><h1>Not found</h1></html>";
const WELL = reply(200, { status: "COMPLETED", error: null });
const FAILED = reply(200, { status: "COMPLETED", error: "It broke down" });
const VIDEO = { video: { url: "https://v3b.fal.media/files/b/x/out.mp4" } };

it.each<[what: string, status: Reply, result: Reply, end: object]>([
  [
    "a model's error with a 5xx is an end: no proxy makes up a list of typed errors",
    WELL,
    reply(500, model("melted")),
    {
      error: {
        code: "provider_failed",
        message: "The provider gave up on this video: image_url: It is melted.",
      },
    },
  ],
  [
    "a model's error with a 504 is an end",
    WELL,
    reply(504, model("generation_timeout")),
    code("deadline_exceeded"),
  ],
  [
    "a 422 without a list of errors is the model's no",
    WELL,
    reply(422, { detail: "Prompt is too strange." }),
    { error: { code: "provider_refused", message: expect.stringContaining("too strange") } },
  ],
  [
    "of several errors the one that is known counts",
    WELL,
    reply(422, { detail: [...model("odd").detail, ...model("content_policy_violation").detail] }),
    code("content_refused"),
  ],
  [
    "fal's own 4xx with a type is an end",
    WELL,
    reply(499, { detail: "x", error_type: "client_cancelled" }),
    code("provider_failed"),
  ],
  [
    "a failure that only the status tells of, in words, has those words",
    FAILED,
    reply(500, { detail: "Internal" }),
    { error: { code: "provider_failed", message: "The provider gave up on this video: It broke down." } },
  ],
  [
    "a failure whose result is no longer kept is a failure",
    FAILED,
    reply(404, { detail: "Request not found" }),
    code("provider_failed"),
  ],
  ["a failure whose result is a page is a failure", FAILED, reply(502, PAGE), code("provider_failed")],
  [
    "a failure whose result names no file is a failure",
    FAILED,
    reply(200, { video: null }),
    code("provider_failed"),
  ],
  [
    "a video that is there is taken, whatever the status says",
    FAILED,
    reply(200, VIDEO),
    { state: "done", output: { from: { url: VIDEO.video.url } } },
  ],
  [
    "a type without words is enough",
    reply(200, { status: "COMPLETED", error_type: "internal_error" }),
    reply(200, VIDEO),
    code("provider_failed"),
  ],
  [
    "a status that fal does not know any more is lost",
    reply(404, { detail: "Request not found" }),
    reply(200, VIDEO),
    code("provider_lost"),
  ],
  [
    "work that goes on with an error beside it goes on",
    reply(202, { status: "IN_PROGRESS", error: "retrying" }),
    reply(200, VIDEO),
    { state: "pending" },
  ],
])("%s", async (_what, givenStatus, givenResult, end) => {
  [status, result] = [givenStatus, givenResult];
  expect(await provider.check(TICKET, NEVER)).toMatchObject(end);
});

it("a seed with more digits than a number holds keeps all of them", async () => {
  status = WELL;
  const raw = `{"video":{"url":"${VIDEO.video.url}"},"seed":196619188014358661}`;
  result = { status: 200, body: raw, headers: { "content-type": "application/json" } };
  expect(await provider.check(TICKET, NEVER)).toMatchObject({
    output: { meta: { seed: "196619188014358661" } },
  });
});

it.each<[what: string, status: Reply, result: Reply]>([
  ["a 404 that is a proxy's page, at the status", reply(404, PAGE), reply(200, VIDEO)],
  ["a 404 that is a proxy's page, at the result", WELL, reply(404, PAGE)],
  ["a 401 for a failure", FAILED, reply(401, { detail: "No such key" })],
  ["a 403 for a failure", FAILED, reply(403, { detail: "User is locked." })],
  ["a 408", FAILED, reply(408, { detail: "Timeout" })],
  ["a 425", FAILED, reply(425, { detail: "Too early" })],
  ["a 429", FAILED, reply(429, { detail: "Too many requests" })],
  ["a 400 of no kind", WELL, reply(400, { detail: "What?" })],
  ["a page with 200 for a result", WELL, reply(200, PAGE)],
  ["a page with 200 for a status", reply(200, PAGE), reply(200, VIDEO)],
  ["a redirect", reply(302, PAGE), reply(200, VIDEO)],
  ["a status of 422", reply(422, model("missing")), reply(200, VIDEO)],
])("%s says nothing about the work", async (_what, givenStatus, givenResult) => {
  [status, result] = [givenStatus, givenResult];
  await expect(provider.check(TICKET, NEVER)).rejects.toThrow();
});

it("a result that quotes our key is told without it", async () => {
  status = WELL;
  result = reply(422, { detail: [{ loc: ["body"], msg: `Key ${KEY} may not.`, type: "value_error" }] });
  const progress = await provider.check(TICKET, NEVER);
  if (progress.state !== "failed") throw new Error(`it is ${progress.state}`);
  expect(progress.error.message).toBe("The provider gave up on this video: Key [key] may not.");
  expect(allOf(progress.error)).not.toContain(KEY);
});

it("a cancel that is answered with a 400 of another kind rejects: it may still be running", async () => {
  result = reply(400, { status: "TRY_LATER" });
  await expect(provider.cancel?.(TICKET)).rejects.toMatchObject({ code: "provider_failed" });
});

function code(word: string): object {
  return { state: "failed", error: { code: word } };
}
