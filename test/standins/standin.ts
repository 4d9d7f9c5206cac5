/**
 * What every stand-in of a provider shares: a server on loopback that keeps what it was asked, jobs whose course follows
 * from a script in their prompt (`fake-script.ts` has the words) and the time alone, and their one video. What the wire
 * looks like is each stand-in's own affair, built from the provider's contract and knowing nothing of Reelay.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Reply } from "../support/fake-exchange.ts";
import { sendFile } from "../support/fake-file.ts";
import { type Job as Course, hasEnded, viewOf, workMs } from "../support/fake-jobs.ts";
import { type Script, scriptOf } from "../support/fake-script.ts";

export type { Reply } from "../support/fake-exchange.ts";

export interface Ask {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly bytes: Buffer;
  /** Parsed where it is JSON, else undefined. */
  readonly json: unknown;
  /** The parts of a multipart body; rejects where it is none. */
  form(): Promise<FormData>;
}

export interface Job extends Course {
  /** What was asked for, as it came. */
  readonly order: unknown;
}

export interface World {
  /** Base of this stand-in. */
  readonly url: string;
  readonly jobs: ReadonlyMap<string, Job>;
  /** Takes a submit as the script in its prompt has it: refuses, ends the socket, accepts in silence, or accepts. */
  submit(order: NewOrder): Promise<Reply>;
  /** `queued`, `running` (or the script's own word), `succeeded`, `failed` or `cancelled`, as it stands now. */
  stateOf(job: Job): { readonly status: string; readonly progress: number };
  /** A fault that the script has for this check, counted; undefined: answer it. */
  faultOf(job: Job, refusal: (status: number, script: Script) => Reply): Reply | undefined;
  hasEnded(job: Job): boolean;
  cancel(job: Job): void;
  /** Where the job's video is, for everybody. */
  fileUrl(job: Job): string;
  /** For a video that only the provider's own API gives out: sends it as the script has it. */
  sendVideo(job: Job): typeof SENDS_ITSELF;
  /** What is wrong with a request by the contract: remembered, and an assertion of every test. */
  complain(what: string): void;
}

interface NewOrder {
  /** Where the script is. */
  readonly prompt: string;
  readonly id: string;
  readonly webhook?: string | null;
  readonly order: unknown;
  readonly accepted: (job: Job) => Reply;
  /** A refusal as this provider words it; `script.code` is the provider's own code where the test gives one. */
  readonly refused: (status: number, script: Script) => Reply;
  /** Tells the end of a job to its webhook, signed as this provider signs. */
  readonly tell?: (job: Job) => Promise<void>;
}

const SENDS_ITSELF = Symbol("the answer is being sent");

export interface Wire {
  answer(ask: Ask, world: World): Promise<Reply | typeof SENDS_ITSELF> | Reply | typeof SENDS_ITSELF;
}

export interface StandIn {
  readonly url: string;
  readonly asks: readonly Ask[];
  readonly jobs: ReadonlyMap<string, Job>;
  /** Every complaint about a request; empty where all were as the contract has them. */
  readonly complaints: readonly string[];
  /** Jobs whose order has this text somewhere. */
  accepts(text: string): number;
  /** Requests whose body has this text somewhere. */
  submits(text: string): number;
  close(): Promise<void>;
}

/** Timers may fire a millisecond before the wall clock is there. */
const EARLY_MS = 2;

export async function startStandIn(wire: Wire): Promise<StandIn> {
  const asks: Ask[] = [];
  const complaints: string[] = [];
  const jobs = new Map<string, Job>();
  const timers = new Set<NodeJS.Timeout>();
  const submitted = new Map<string, number>();

  const server = createServer((request, response) => {
    void (async () => {
      const ask = await readAsk(request, server.address() as AddressInfo);
      asks.push(ask);
      const [, fileId = ""] = /^\/files\/([^/]+)\.mp4$/.exec(ask.url.pathname) ?? [];
      const job = jobs.get(decodeURIComponent(fileId));
      if (job) return sendFile(exchangeOf(request, response), job);
      const reply = await wire.answer(ask, worldFor(request, response));
      if (reply !== SENDS_ITSELF) send(request, response, reply);
    })().catch((error: unknown) => {
      complaints.push(String(error instanceof Error ? error.stack : error));
      if (!response.headersSent && !request.socket.destroyed) response.writeHead(500).end();
      else response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const worldFor = (request: IncomingMessage, response: ServerResponse): World => ({
    url,
    jobs,
    submit,
    stateOf: (job) => viewOf(job, Date.now(), `${url}/files`),
    faultOf(job, refusal) {
      const { script } = job;
      job.checks++;
      const faulty = job.checks <= (script["check-times"] ?? Number.POSITIVE_INFINITY);
      if (faulty && script["check-drop"]) return { end: "drop" };
      const status = script["check-status"];
      if (!faulty || status === undefined) return undefined;
      return withRetry(refusal(status, script), script);
    },
    hasEnded: (job) => hasEnded(job, Date.now()),
    cancel: (job) => {
      job.cancelledAt ??= Date.now();
    },
    fileUrl: (job) => `${url}/files/${encodeURIComponent(job.id)}.mp4`,
    sendVideo(job) {
      void sendFile(exchangeOf(request, response), job).catch(() => response.destroy());
      return SENDS_ITSELF;
    },
    complain: (what) => void complaints.push(what),
  });

  const submit = async (order: NewOrder): Promise<Reply> => {
    const script = scriptOf({ prompt: order.prompt }, order.id);
    const time = (submitted.get(order.prompt) ?? 0) + 1;
    submitted.set(order.prompt, time);
    const faults = time <= (script.times ?? Number.POSITIVE_INFINITY) ? script : {};
    if (faults["drop-before-accept"]) return { end: "drop" };
    if (faults["reset-before-accept"]) return { end: "reset" };
    if (faults.status !== undefined) return withRetry(order.refused(faults.status, script), script);
    const job = accept(order, script);
    if (faults["late-answer"] !== undefined) await delay(faults["late-answer"]);
    if (faults["accept-then-drop"]) return { end: "drop" };
    if (faults["accept-then-reset"]) return { end: "reset" };
    if (faults["accepted-status"] !== undefined) return { status: faults["accepted-status"], body: PAGE };
    if (faults.garbage) return { status: 200, body: PAGE };
    return order.accepted(job);
  };

  const accept = ({ id, webhook = null, order, tell }: NewOrder, script: Script): Job => {
    const job: Job = {
      ...{ id, attempt: id, script, acceptedAt: Date.now(), webhook, order },
      ...{ cancelledAt: null, checks: 0, fileReads: 0 },
    };
    jobs.set(id, job);
    if (webhook !== null && tell && !script.stuck && script.webhook !== "never") {
      const timer = setTimeout(() => {
        timers.delete(timer);
        // Whoever is called may be gone; the work goes on.
        void tell(job)
          .then(() => (script.webhook === "twice" ? tell(job) : undefined))
          .catch(() => undefined);
      }, workMs(script) + EARLY_MS);
      timers.add(timer);
    }
    return job;
  };

  return {
    url,
    asks,
    jobs,
    complaints,
    accepts: (text) => [...jobs.values()].filter(({ order }) => JSON.stringify(order).includes(text)).length,
    submits: (text) => asks.filter(({ method, bytes }) => method !== "GET" && bytes.includes(text)).length,
    async close() {
      for (const timer of timers) clearTimeout(timer);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const PAGE = "<html><h1>Bad gateway</h1></html>";

function withRetry(reply: Reply, script: Script): Reply {
  const wait = script["retry-after"];
  if (wait === undefined || "end" in reply) return reply;
  return { ...reply, headers: { "retry-after": String(wait), ...reply.headers } };
}

async function readAsk(request: IncomingMessage, { port }: AddressInfo): Promise<Ask> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const path = request.url ?? "/";
  const type = String(request.headers["content-type"] ?? "");
  return {
    method: request.method ?? "GET",
    path,
    url: new URL(path, `http://127.0.0.1:${port}`),
    headers: request.headers,
    bytes,
    json:
      type.startsWith("application/json") && bytes.length > 0
        ? JSON.parse(bytes.toString("utf8"))
        : undefined,
    form: () => new Response(new Uint8Array(bytes), { headers: { "content-type": type } }).formData(),
  };
}

function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  if ("end" in reply) {
    if (reply.end === "reset") request.socket.resetAndDestroy();
    else request.socket.destroy();
    return;
  }
  const page = typeof reply.body === "string";
  response.writeHead(reply.status, {
    "content-type": page ? "text/html" : "application/json",
    ...reply.headers,
  });
  response.end(page ? reply.body : JSON.stringify(reply.body));
}

/** What `sendFile` asks for. */
function exchangeOf(request: IncomingMessage, response: ServerResponse): Parameters<typeof sendFile>[0] {
  return {
    n: 0,
    method: request.method ?? "GET",
    url: new URL(request.url ?? "/", "http://127.0.0.1"),
    authorization: request.headers.authorization,
    body: undefined,
    send: (reply) => send(request, response, reply),
    raw: () => response,
  };
}
