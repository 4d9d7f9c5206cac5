import { once } from "node:events";
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { until } from "../../test/support/until.ts";
import { type EventStream, openEventStream } from "./event-stream.ts";

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
});

interface Opened {
  readonly raw: ServerResponse;
  readonly stream: EventStream;
  readonly abort: AbortController;
  readonly answer: IncomingMessage;
}

async function open(heartbeatMs?: number): Promise<Opened> {
  const listening = createServer();
  server = listening;
  const abort = new AbortController();
  const asked = once(listening, "request").then(([, raw]: ServerResponse[]) => {
    if (!raw) throw new Error("no response");
    const more = heartbeatMs === undefined ? {} : { heartbeatMs };
    const options = { headers: { "x-request-id": "req_1" }, signal: abort.signal, ...more };
    return { raw, stream: openEventStream(raw, options) };
  });
  listening.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const request = get({ host: "127.0.0.1", port: (listening.address() as AddressInfo).port });
  const [[answer], { raw, stream }] = await Promise.all([
    once(request, "response") as Promise<IncomingMessage[]>,
    asked,
  ]);
  if (!answer) throw new Error("no answer");
  return { raw, stream, abort, answer: answer.setEncoding("utf8") };
}

/** All that comes until the end, or until the connection breaks. */
async function read(answer: IncomingMessage): Promise<string> {
  let text = "";
  try {
    for await (const piece of answer) text += piece;
  } catch {
    // A broken connection is an end too.
  }
  return text;
}

it("headers come at once, and tell proxies and caches to leave it alone", async () => {
  const { answer } = await open();
  expect(answer.statusCode).toBe(200);
  expect(answer.headers).toMatchObject({
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
    "x-request-id": "req_1",
    connection: "close",
  });
});

it("an event is its name, its id where it has one, and one line of JSON", async () => {
  const { stream, answer } = await open();
  stream.send({ name: "state", id: "3", data: { text: "two\nlines" } });
  stream.offer({ name: "progress", data: { progress: 5 } });
  stream.end();
  stream.send({ name: "state", data: "after the end" });
  stream.end();
  expect(await read(answer)).toBe(
    'event: state\nid: 3\ndata: {"text":"two\\nlines"}\n\nevent: progress\ndata: {"progress":5}\n\n',
  );
});

it("a quiet stream is kept open by comments", async () => {
  const { answer, stream } = await open(20);
  let text = "";
  answer.on("data", (piece: string) => {
    text += piece;
  });
  await until(() => text.startsWith(":\n\n:\n\n"), { ms: 5000, what: "two comments" });
  stream.end();
});

it("a reader that does not read costs no memory for progress, and still gets the end", async () => {
  const { raw, stream, answer } = await open();
  const data = "x".repeat(10_000);
  await until(
    () => {
      for (let i = 0; i < 100; i++) stream.offer({ name: "progress", data });
      return raw.writableNeedDrain;
    },
    { ms: 10_000, everyMs: 1, what: "a full buffer" },
  );
  const kept = raw.writableLength;
  for (let i = 0; i < 10_000; i++) stream.offer({ name: "progress", data });
  expect(raw.writableLength).toBeLessThanOrEqual(kept);
  stream.send({ name: "state", id: "9", data: "the end" });
  stream.end();
  expect((await read(answer)).endsWith('event: state\nid: 9\ndata: "the end"\n\n')).toBe(true);
});

it("a reader that has stopped reading is given up", async () => {
  const { raw, stream } = await open(50);
  const data = "x".repeat(100_000);
  await until(
    () => {
      stream.offer({ name: "progress", data });
      return raw.destroyed;
    },
    { ms: 10_000, everyMs: 1, what: "the end of the connection" },
  );
});

it("a server that closes ends the stream, also of a reader that does not read", async () => {
  const { raw, stream, abort } = await open();
  await until(
    () => {
      stream.offer({ name: "progress", data: "x".repeat(100_000) });
      return raw.writableNeedDrain;
    },
    { ms: 10_000, everyMs: 1, what: "a full buffer" },
  );
  abort.abort();
  await until(() => raw.destroyed, { ms: 2000, what: "the end of the connection" });
});

it("a client that has gone is written to no more, and nothing throws", async () => {
  const { raw, stream, answer } = await open(10);
  answer.destroy();
  await until(() => raw.destroyed, { ms: 2000, what: "the end of the connection" });
  stream.send({ name: "state", data: 1 });
  stream.offer({ name: "progress", data: 1 });
  stream.end();
});
