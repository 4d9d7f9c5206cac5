import { randomUUID } from "node:crypto";
import { createServer, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { withIdentityRoute } from "../../src/catalog/identity-route.ts";
import type { CatalogModel } from "../../src/core/model.ts";
import type { Provider, Submission } from "../../src/core/provider.ts";
import type { ProviderOptions } from "../../src/core/provider-kind.ts";
import { fake } from "../../src/providers/fake.ts";
import type { StandIn } from "../standins/standin.ts";
import { startFakeUpstream } from "../support/fake-upstream.ts";
import { type Behaviour, NEVER } from "./provider-samples.ts";
import { describeProvider } from "./provider-suite.ts";
import { openKind, underTest } from "./under.ts";
import { catalog } from "./work.ts";

const SCRIPTS: Readonly<Record<Behaviour, string>> = {
  work: "duration=50",
  "work-slowly": "duration=1500",
  "never-end": "stuck",
  "say-an-unknown-word": "word=baking duration=300",
  "fail-on-content": "duration=0 fail=content_policy",
  "fail-for-capacity": "duration=0 fail=capacity",
  "fail-inside": "duration=0 fail=melted",
  "refuse-request": "status=422 echo-key",
  "refuse-key": "status=401 echo-key",
  "refuse-balance": "status=402 echo-key",
  "refuse-model": "status=404 echo-key",
  "refuse-content": "status=422 code=content_policy echo-key",
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
  "break-at-the-first-check": "check-status=500 check-times=1",
  "forget-the-work": "check-status=410",
  "list-later": "accept-then-drop find=later",
  "list-nothing": "accept-then-drop find=nothing",
  "ask-for-patience": "poll-after=7 duration=1500",
  "ignore-a-cancel": "cancel=ignored duration=300",
  "cancel-too-late": "cancel=too-late duration=1500",
};

const KEY = "sk-5eCr3t-of-the-operator";

function modelOf(id: string): CatalogModel {
  const model = withIdentityRoute(catalog, fake.kind).models.get(id);
  if (!model) throw new Error(`no model ${id}`);
  return model;
}

function workOf(script: string): Submission {
  return {
    attemptId: `att_${randomUUID()}`,
    endpoint: "a-model",
    params: { prompt: `A fox. script: ${script}`, duration: 5 },
    media: {},
    webhookUrl: null,
    prepared: null,
    test: null,
  };
}

type Given = Partial<ProviderOptions> & Pick<ProviderOptions, "baseUrl">;

const openFake = (given: Given): Promise<Provider> => openKind(fake, given);

/** The witness in the suite's words: of its own accord it tells attempts apart by their ids. */
async function startWitness(): Promise<StandIn> {
  const upstream = await startFakeUpstream({ apiKey: KEY, settleMs: 100 });
  const { entries, url } = upstream;
  const attemptOf = (token: string): string => `att_${token}`;
  return {
    ...{ url, asks: [], jobs: new Map(), complaints: [] },
    accepts: (token) => upstream.accepts(attemptOf(token)),
    submits: (token) =>
      entries.filter(
        (one) =>
          one.event === "request" &&
          (one.body as { attempt?: string } | undefined)?.attempt === attemptOf(token),
      ).length,
    close: upstream.close,
  };
}

/** A server below HTTP: what it does with each connection is the test's affair. */
async function listen(onSocket: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined));
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describeProvider(
  "the fake upstream",
  { signature: "it has none" },
  underTest({
    kind: fake,
    start: startWitness,
    key: KEY,
    model: modelOf("pixverse-v6-text-to-video"),
    body: {},
    scripts: SCRIPTS,
    told: async (ticket) => {
      const said = { job: (ticket as { job: string }).job, status: "succeeded", attempt: "att_1" };
      return { headers: {}, body: Buffer.from(JSON.stringify(said)) };
    },
  }),
);

describe("what the fake upstream is told", () => {
  it("is the attempt, the endpoint, every parameter and where to call back, and never our key", async () => {
    const upstream = await startFakeUpstream({ apiKey: KEY });
    const provider = await openFake({ baseUrl: `${upstream.url}/`, concurrency: 1, key: KEY });
    const work = { ...workOf("duration=0"), webhookUrl: `${upstream.url}/hooks/signed` };
    expect(await provider.submit(work, NEVER)).toEqual({ accepted: { job: "job_1" } });
    expect(upstream.entries[0]).toMatchObject({
      method: "POST",
      path: "/jobs",
      body: {
        attempt: work.attemptId,
        model: "a-model",
        params: work.params,
        webhook: work.webhookUrl,
      },
    });
    expect(JSON.stringify(upstream.entries)).not.toContain(KEY);
    await provider.close?.();
    await upstream.close();
  });
});

describe("checks of the same moment", () => {
  it("go out together, each gets its own answer, and one that is stopped or unknown fails alone", async () => {
    const upstream = await startFakeUpstream();
    const provider = await openFake({ baseUrl: upstream.url, concurrency: 1, settings: { batch: "10" } });
    const scripts = ["duration=0", "stuck", "duration=0 fail=internal", "word=baking duration=9000"];
    for (const script of scripts) await provider.submit(workOf(script), NEVER);
    const stop = new AbortController();
    const asked = ["job_1", "job_2", "job_3", "job_4", "job_99", "job_1", "job_2"].map((job, n) =>
      provider.check({ job }, n === 6 ? stop.signal : NEVER).then(
        ({ state }) => state,
        () => "rejected",
      ),
    );
    stop.abort();
    const states = await Promise.all(asked);
    expect(states).toEqual(["done", "processing", "failed", "pending", "rejected", "done", "rejected"]);
    const checks = upstream.entries.filter((one) => one.event === "request" && one.method === "GET");
    expect(checks).toMatchObject([{ path: "/jobs?ids=job_1,job_2,job_3,job_4,job_99" }]);
    await Promise.all(
      Array.from({ length: 25 }, (_, n) => provider.check({ job: `job_${1 + (n % 4)}` }, NEVER)),
    );
    expect(upstream.entries.filter((one) => one.event === "request").length).toBe(4 + 1 + 3);
    await provider.close?.();
    await upstream.close();
  });

  it("that fail together say nothing of the work, and one that always fails hides the others only once", async () => {
    const upstream = await startFakeUpstream();
    const provider = await openFake({ baseUrl: upstream.url, concurrency: 1 });
    for (const script of ["duration=0", "duration=0", "duration=0 check-drop"]) {
      await provider.submit(workOf(script), NEVER);
    }
    const states = async () => {
      const checks = ["job_1", "job_2", "job_3"].map((job) => provider.check({ job }, NEVER));
      return (await Promise.allSettled(checks)).map((one) =>
        one.status === "fulfilled" ? one.value.state : "",
      );
    };
    expect(await states()).toEqual(["", "", ""]);
    for (let time = 0; time < 3; time++) expect(await states()).toEqual(["done", "done", ""]);
    await provider.close?.();
    await upstream.close();
  });
});

describe("whether a byte left", () => {
  /** What a submit makes of a server that does this with its sockets, over http: or https:. */
  async function submitTo(scheme: "http" | "https", onSocket: (socket: Socket) => void) {
    const server = await listen(onSocket);
    const baseUrl = `${scheme}://127.0.0.1:${server.port}`;
    const provider = await openFake({ baseUrl, concurrency: 1, key: KEY, connectMs: 300, totalMs: 1_000 });
    const submitted = await provider.submit(workOf(""), NEVER);
    await provider.close?.();
    await server.close();
    return submitted;
  }

  it.each([
    ["is reset", (socket: Socket) => void socket.resetAndDestroy()],
    [
      "is answered by something that is no TLS",
      (socket: Socket) => void socket.end("HTTP/1.1 200 OK\r\n\r\n"),
    ],
    ["never ends", () => undefined],
  ])("a TLS handshake that %s is refused: nothing of ours was inside", async (_name, onSocket) => {
    expect(await submitTo("https", onSocket)).toMatchObject({
      refused: { code: "provider_failed" },
      again: { afterMs: 1_000 },
    });
  });

  it.each([
    [
      "reset after the first byte",
      (socket: Socket) => void socket.once("data", () => socket.resetAndDestroy()),
    ],
    ["silence", (socket: Socket) => void socket.resume()],
    ["half an answer", (socket: Socket) => void socket.once("data", () => socket.end("HTTP/1.1 20"))],
    [
      "a 202 that breaks off",
      (socket: Socket) =>
        void socket.once("data", () => socket.end('HTTP/1.1 202 A\r\ncontent-length: 99\r\n\r\n{"job":"j')),
    ],
    [
      "a redirect",
      (socket: Socket) =>
        void socket.once("data", () =>
          socket.end("HTTP/1.1 307 R\r\nlocation: /x\r\ncontent-length: 0\r\n\r\n"),
        ),
    ],
  ])("plain HTTP with %s is unknown", async (_name, onSocket) => {
    expect(await submitTo("http", onSocket)).toEqual({ unknown: expect.any(String) });
  });

  it("a submit that is stopped while it connects rejects with the reason, for nothing has left", async () => {
    const stop = new AbortController();
    const reason = new Error("closing");
    const server = await listen(() => stop.abort(reason));
    const baseUrl = `https://127.0.0.1:${server.port}`;
    const provider = await openFake({ baseUrl, concurrency: 1, connectMs: 300 });
    await expect(provider.submit(workOf(""), stop.signal)).rejects.toBe(reason);
    await provider.close?.();
    await server.close();
  });

  it("every submit has a socket of its own, since a kept one may close just as we write to it", async () => {
    const upstream = await startFakeUpstream();
    const provider = await openFake({ baseUrl: upstream.url, concurrency: 1 });
    for (let time = 0; time < 3; time++) await provider.submit(workOf("duration=0"), NEVER);
    expect(upstream.sockets()).toBe(3);
    await provider.close?.();
    await upstream.close();
  });
});
