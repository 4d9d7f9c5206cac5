import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/core/errors.ts";
import type { Json } from "../../src/core/json.ts";
import type { Provider, Submission } from "../../src/core/provider.ts";
import { fal } from "../../src/providers/fal.ts";
import { FAL_KEY, type FalStandIn, startFal } from "../standins/fal.ts";
import { type StandIn, startStandIn } from "../standins/standin.ts";
import { type Behaviour, ending as endingOf, NEVER } from "./provider-samples.ts";
import { describeProvider } from "./provider-suite.ts";
import { openKind, underTest } from "./under.ts";
import { type WorkOptions, workFor } from "./work.ts";

const MODEL = "pixverse-v6-text-to-video";
const JWKS = "/.well-known/jwks.json";

const SCRIPTS: Readonly<Partial<Record<Behaviour, string>>> = {
  work: "duration=50",
  "never-end": "stuck",
  "say-an-unknown-word": "word=BAKING duration=300",
  "fail-on-content": "duration=0 fail=content_policy",
  "fail-for-capacity": "duration=0 fail=capacity",
  "fail-inside": "duration=0 fail=internal",
  "refuse-request": "status=422 echo-key",
  "refuse-key": "status=401 echo-key",
  "refuse-balance": "status=403 code=locked echo-key",
  "refuse-model": "status=404 echo-key",
  "refuse-content": "status=422 code=content_policy_violation echo-key",
  busy: "status=429 retry-after=3",
  "drop-before-accept": "drop-before-accept",
  "reset-before-accept": "reset-before-accept",
  "accept-then-drop": "accept-then-drop",
  "accept-then-reset": "accept-then-reset",
  "accept-then-500": "accepted-status=500",
  "accept-then-502": "accepted-status=502",
  "accept-then-503": "accepted-status=503",
  "accept-then-504": "accepted-status=504",
  "accept-then-garbage": "garbage",
  "accept-and-never-answer": "late-answer=60000",
  "drop-the-first-check": "check-drop check-times=1",
  "busy-at-the-first-check": "check-status=429 retry-after=3 check-times=1",
  "break-at-the-first-check": "check-status=503 check-times=1",
  "forget-the-work": "check-status=404",
  "ignore-a-cancel": "cancel=ignored duration=300",
  "cancel-too-late": "cancel=too-late duration=1500",
};

describeProvider(
  "fal",
  {
    progress: "it tells the place in its queue, and no percent",
    find: "no list and no look-up: its webhook tells what became of a submit",
    behaviours: { "ask-for-patience": "its status never says when to come back" },
  },
  underTest({
    kind: fal,
    start: startFal,
    key: FAL_KEY,
    settings: ({ url }) => ({ jwks_url: `${url}${JWKS}` }),
    scripts: SCRIPTS,
    model: MODEL,
    body: {},
    told: async (ticket, { standIn }) => {
      const { request } = ticket as { readonly request: string };
      return { ...(standIn as FalStandIn).sign(request), query: "app=fal-ai%2Fpixverse" };
    },
  }),
);

let standIn: FalStandIn;
let provider: Provider;
let now: () => number;

beforeEach(async () => {
  standIn = await startFal();
  now = Date.now;
  provider = await open();
});
afterEach(async () => {
  await provider.close?.();
  await standIn.close();
  expect(standIn.complaints).toEqual([]);
});

const open = (given: Partial<Parameters<typeof openKind>[1]> = {}): Promise<Provider> =>
  openKind(fal, {
    baseUrl: standIn.url,
    key: FAL_KEY,
    settings: { jwks_url: `${standIn.url}${JWKS}` },
    now: () => now(),
    ...given,
  });
const workWith = (script: string, about: Partial<WorkOptions> = {}): Submission =>
  workFor({ kind: "fal", model: MODEL, body: { prompt: `A fox. script: ${script}` }, ...about });
const submitted = async (work: Submission): Promise<Json> => {
  const answer = await provider.submit(work, NEVER);
  if (!("accepted" in answer)) throw new Error(`not accepted: ${JSON.stringify(answer)}`);
  return answer.accepted;
};
const ending = (ticket: Json) => endingOf({ provider } as Parameters<typeof endingOf>[0], ticket);
const endOf = async (script: string) => ending(await submitted(workWith(script)));

describe("a submit to fal", () => {
  it("goes to the whole endpoint with the word Key, without a header or a query that changes how it is run", async () => {
    await submitted(workWith("duration=0"));
    const [ask] = standIn.asks;
    expect([ask?.method, ask?.path]).toEqual(["POST", "/fal-ai/pixverse/v6/text-to-video"]);
    expect(ask?.headers).toMatchObject({
      authorization: `Key ${FAL_KEY}`,
      "content-type": "application/json",
    });
  });

  it("names the address for its call, and behind it the app, which the call itself will not say", async () => {
    await submitted(workWith("duration=0", { webhookUrl: "https://reelay.example/hooks/task/att_1/s-g_n" }));
    expect(standIn.asks[0]?.path).toBe(
      `/fal-ai/pixverse/v6/text-to-video?fal_webhook=${encodeURIComponent(
        "https://reelay.example/hooks/task/att_1/s-g_n?app=fal-ai%2Fpixverse",
      )}`,
    );
  });

  it("has a ticket of the request and its own URLs, which are below owner and app only", async () => {
    const ticket = await submitted(workWith("duration=0"));
    const { request } = ticket as { readonly request: string };
    expect(ticket).toEqual({
      request,
      status: `fal-ai/pixverse/requests/${request}/status`,
      response: `fal-ai/pixverse/requests/${request}`,
      cancel: `fal-ai/pixverse/requests/${request}/cancel`,
    });
  });

  const withPicture = (bytes?: number): Submission => {
    const body = { prompt: "A fox.", image_url: "https://client.example/a.jpg" };
    const work = workFor({ kind: "fal", model: "pixverse-v6-image-to-video", body, links: false });
    const file = work.media.image_url;
    if (!file) throw new Error("no picture");
    const facts = { ...file.facts, bytes: bytes ?? file.facts.bytes };
    return { ...work, media: { image_url: { ...file, facts } } };
  };

  it("carries the picture itself where fal could not follow a link of ours", async () => {
    await submitted(withPicture());
    expect(standIn.asks[0]?.json).toMatchObject({
      image_url: expect.stringMatching(/^data:image\/jpeg;base64,\/9j\//),
    });
  });

  it("that would be too large with the picture inside is refused before anything has left", async () => {
    const submit = provider.submit(withPicture(9_000_000), NEVER);
    await expect(submit).rejects.toMatchObject({ code: "input_out_of_limits" });
    expect(standIn.asks).toEqual([]);
  });

  it.each<[script: string, code: ErrorCode, words: RegExp]>([
    ["status=400", "provider_refused", /It cannot be done/],
    ["status=413", "provider_refused", /It cannot be done/],
    ["status=422 code=missing", "provider_refused", /prompt: It cannot be done/],
    ["status=422 code=image_too_small", "input_out_of_limits", /It cannot be done/],
    ["status=422 code=file_download_error", "input_unreadable", /It cannot be done/],
    ["status=401", "provider_account", /^(?!.*Authentication is required)/],
    ["status=402", "provider_balance", /operator/],
    ["status=403", "provider_account", /^(?!.*Access denied)/],
    ["status=403 code=admin", "provider_account", /^(?!.*support@fal)/],
    ["status=403 code=locked", "provider_balance", /^(?!.*dashboard)/],
    ["status=403 code=top_up", "provider_balance", /^(?!.*locked)/],
    ["status=404", "provider_account", /does not know this model/],
  ])("refused with %s is final and told as %s", async (script, code, words) => {
    const answer = await provider.submit(workWith(script), NEVER);
    expect(answer).toMatchObject({ refused: { code }, again: false });
    expect("refused" in answer && answer.refused.message).toMatch(words);
  });

  it.each([408, 409, 499, 500, 502, 503, 504])(
    "answered with %i by fal itself is unknown: no page of its says that nothing was taken",
    async (status) => {
      const answer = await provider.submit(workWith(`status=${status}`), NEVER);
      expect(answer).toEqual({ unknown: expect.stringContaining(String(status)) });
    },
  );
});

describe("work that fal calls COMPLETED", () => {
  it("has its file, and the seed and the prompt where the model tells them", async () => {
    const body = {
      prompt: "A fox. script: duration=0",
      image_urls: ["https://client.example/a.jpg"],
      seed: 0,
    };
    const ticket = await submitted(workFor({ kind: "fal", model: "wan-2.7-image-to-video", body }));
    const { request } = ticket as { readonly request: string };
    expect(await ending(ticket)).toEqual({
      state: "done",
      output: {
        from: { url: `${standIn.url}/files/${request}.mp4` },
        meta: { seed: 0, actual_prompt: "A fox, rewritten." },
        ignored: {},
      },
    });
    expect(await endOf("duration=0")).toMatchObject({ state: "done", output: { meta: {} } });
  });

  it("is asked for its result only then, and never below the whole endpoint", async () => {
    const ticket = await submitted(workWith("queued=100 duration=100"));
    expect(await provider.check(ticket, NEVER)).toEqual({ state: "pending" });
    expect((await ending(ticket)).state).toBe("done");
    const { response, status } = ticket as { readonly response: string; readonly status: string };
    const paths = standIn.asks.slice(1).map(({ path }) => path);
    expect(new Set(paths)).toEqual(new Set([`/${status}?logs=0`, `/${response}`]));
    expect(paths.filter((path) => path === `/${response}`)).toHaveLength(1);
  });

  const TYPES: readonly [type: string, code: ErrorCode][] = [
    ["content_policy_violation", "content_refused"],
    ["image_too_small", "input_out_of_limits"],
    ["image_too_large", "input_out_of_limits"],
    ["file_too_large", "input_out_of_limits"],
    ["file_download_error", "input_unreadable"],
    ["image_load_error", "input_unreadable"],
    ["unsupported_image_format", "input_unreadable"],
    ["generation_timeout", "deadline_exceeded"],
    ["no_media_generated", "no_content"],
    ["downstream_service_error", "provider_busy"],
    ["downstream_service_unavailable", "provider_busy"],
    ["internal_server_error", "provider_failed"],
    ["missing", "provider_refused"],
    ["literal_error", "provider_refused"],
    ["constructor", "provider_refused"],
  ];
  describe.each(["typed", "untyped", "silent"])("and whose model failed, with a status that is %s", (how) => {
    it.each(TYPES)("%s ends it as %s", async (type, code) => {
      const variant = how === "typed" ? "" : ` code=${how}`;
      expect(await endOf(`duration=0 fail=${type}${variant}`)).toMatchObject({
        state: "failed",
        error: { code },
      });
    });
  });

  const RUNNER: readonly [type: string, code: ErrorCode][] = [
    ["request_timeout", "deadline_exceeded"],
    ["startup_timeout", "deadline_exceeded"],
    ["runner_scheduling_failure", "provider_busy"],
    ["runner_connection_timeout", "provider_busy"],
    ["runner_disconnected", "provider_busy"],
    ["runner_connection_refused", "provider_busy"],
    ["runner_connection_error", "provider_busy"],
    ["runner_incomplete_response", "provider_busy"],
    ["runner_server_error", "provider_failed"],
    ["internal_error", "provider_failed"],
    ["client_disconnected", "provider_failed"],
    ["client_cancelled", "provider_failed"],
    ["bad_request", "provider_refused"],
  ];
  describe.each(["typed", "untyped"])("and that fal itself could not do, with a status that is %s", (how) => {
    it.each(RUNNER)("%s ends it as %s", async (type, code) => {
      const variant = how === "typed" ? "" : ` code=${how}`;
      expect(await endOf(`duration=0 fail=${type}${variant}`)).toMatchObject({
        state: "failed",
        error: { code },
      });
    });
  });

  it.each(["runner_disconnected", "internal_error", "request_timeout"])(
    "is not over for a 5xx of fal's own at the result (%s) where the status told of no error",
    async (type) => {
      const ticket = await submitted(workWith(`duration=0 fail=${type} code=silent`));
      for (let time = 0; time < 3; time++) {
        await expect(provider.check(ticket, NEVER)).rejects.toMatchObject({
          code: /^provider_(busy|failed)$/,
        });
      }
    },
  );

  it("shows the model's words with the field that they are about", async () => {
    const end = await endOf("duration=0 fail=literal_error code=silent");
    expect(end).toMatchObject({ error: { message: expect.stringContaining("prompt: blocked") } });
  });

  it("goes on where its result is still in progress", async () => {
    const ticket = await submitted(workWith("duration=0 code=early"));
    expect(await provider.check(ticket, NEVER)).toEqual({ state: "pending" });
    expect((await ending(ticket)).state).toBe("done");
  });

  it("is asked again where the result is answered with a 503", async () => {
    const ticket = await submitted(workWith("duration=0 code=stumble"));
    await expect(provider.check(ticket, NEVER)).rejects.toMatchObject({ code: "provider_busy" });
    expect((await ending(ticket)).state).toBe("done");
  });

  it("is lost where its result is no longer kept", async () => {
    expect(await endOf("duration=0 code=expired")).toMatchObject({
      state: "failed",
      error: { code: "provider_lost" },
    });
  });

  it("is asked again where the result names no file: the video was paid for", async () => {
    const ticket = await submitted(workWith("duration=0 code=nameless"));
    for (let time = 0; time < 2; time++) {
      await expect(provider.check(ticket, NEVER)).rejects.toThrow("names no file");
    }
  });

  it("is not over for a key that is refused meanwhile", async () => {
    const ticket = await submitted(workWith("duration=0 fail=content_policy code=silent"));
    const other = await open({ key: "another:key" });
    await expect(other.check(ticket, NEVER)).rejects.toMatchObject({ code: "provider_failed" });
    await other.close?.();
  });

  it.each(["cut", "long", "lost"])("whose file is %s is not taken for whole", async (file) => {
    const end = await endOf(`duration=0 file=${file}`);
    if (end.state !== "done" || !("url" in end.output.from)) throw new Error(`it ended as ${end.state}`);
    const { url } = end.output.from;
    const reading = fetch(url).then((response) =>
      response.ok ? response.arrayBuffer() : Promise.reject(new Error(String(response.status))),
    );
    await expect(reading).rejects.toThrow();
  });
});

describe("a cancel at fal", () => {
  it("of a request that it does not know is too late", async () => {
    const ticket = { request: "1", status: "a/b/requests/1/status", response: "a/b/requests/1" };
    expect(await provider.cancel?.({ ...ticket, cancel: "a/b/requests/1/cancel" })).toBe("too-late");
  });

  it("ends a request that is still queued", async () => {
    const ticket = await submitted(workWith("queued=60000"));
    expect(await provider.cancel?.(ticket)).toBe("requested");
    expect(await ending(ticket)).toMatchObject({ state: "failed", error: { code: "provider_failed" } });
  });
});

describe("the URLs of fal's answers", () => {
  let servers: StandIn[];
  let asked: string[];
  beforeEach(() => {
    servers = [];
    asked = [];
  });
  afterEach(() => Promise.all(servers.map((one) => one.close())));

  /** A queue whose answer names other places, all of which answer IN_QUEUE. */
  async function openElsewhere(urlsFor: (own: string, other: string) => Record<string, unknown>) {
    const other = await startStandIn({ answer: () => ({ status: 202, body: { status: "IN_QUEUE" } }) });
    const own: StandIn = await startStandIn({
      answer: (ask) =>
        ask.method === "POST"
          ? { status: 200, body: { request_id: "r/1", ...urlsFor(own.url, other.url) } }
          : { status: 202, body: { status: "IN_QUEUE" } },
    });
    servers.push(own, other);
    const elsewhere = await open({ baseUrl: own.url });
    const answer = await elsewhere.submit(workWith(""), NEVER);
    if (!("accepted" in answer)) throw new Error("not accepted");
    await elsewhere.check(answer.accepted, NEVER);
    await elsewhere.cancel?.(answer.accepted);
    await elsewhere.close?.();
    asked = own.asks.slice(1).map(({ method, path }) => `${method} ${path}`);
    return { asksOfOther: other.asks.length };
  }
  const BUILT = [
    "GET /fal-ai/pixverse/requests/r%2F1/status?logs=0",
    "PUT /fal-ai/pixverse/requests/r%2F1/cancel",
  ];

  it("that lead to another host are not followed: our key would go there", async () => {
    const { asksOfOther } = await openElsewhere((_own, other) => ({
      status_url: `${other}/fal-ai/pixverse/requests/r/status`,
      response_url: `${other}/fal-ai/pixverse/requests/r`,
      cancel_url: `${other}/fal-ai/pixverse/requests/r/cancel`,
    }));
    expect([asksOfOther, asked]).toEqual([0, BUILT]);
  });

  it("that are missing or are none are built from the id", async () => {
    await openElsewhere(() => ({ status_url: "//", cancel_url: 7 }));
    expect(asked).toEqual(BUILT);
  });

  it("that lead elsewhere on the same host are followed: fal says not to build them", async () => {
    await openElsewhere((own) => ({ status_url: `${own}/v2/r/status?x=1`, cancel_url: `${own}/v2/r/stop` }));
    expect(asked).toEqual(["GET /v2/r/status?x=1&logs=0", "PUT /v2/r/stop"]);
  });
});

describe("fal's settings", () => {
  it.each(["", "keys", "file:///etc/passwd"])("with keys at %j are refused at once", async (jwks_url) => {
    await expect(async () => open({ settings: { jwks_url } })).rejects.toThrow("jwks_url must be");
  });

  it("with a key that fal does not take show at the ping", async () => {
    expect(await provider.ping?.(NEVER)).toBe("answers 404");
    const other = await open({ key: "another:key" });
    await expect(other.ping?.(NEVER)).rejects.toMatchObject({ code: "provider_account" });
    await other.close?.();
  });
});
