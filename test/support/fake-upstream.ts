/**
 * A paid upstream over real HTTP that does what it is told: the opponent of every test about money and lost work.
 * It knows nothing of Reelay. It never refuses a second submit of the same attempt, so that one is seen in the log.
 *
 *   POST /jobs {attempt, model, params, media?, webhook?}  202 {job, status_url}
 *   GET  /jobs/{id}                                        {job, status, progress, retry_after?, output?, error?}
 *   GET  /jobs?ids=a,b,c                                   {jobs: [as above]}
 *   GET  /jobs?attempt=ATT                                 {jobs: [{job, status_url}], settled}
 *   POST /jobs/{id}/cancel                                 200 cancelled, 202 perhaps, 409 too late
 *   GET  /files/{id}.mp4
 *
 * `settled` with an empty list: there is no such job and there never will be. As its list lags behind what it accepts,
 * it says so only from `settleMs` after the first look-up on. How else it behaves: fake-script.ts.
 *
 * Run as a program it prints its address and takes FAKE_PORT, FAKE_LOG (a file), FAKE_API_KEY and FAKE_SETTLE_MS.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type Exchange, openExchange, type Reply } from "./fake-exchange.ts";
import { sendFile } from "./fake-file.ts";
import { hasEnded, type Job, viewOf, workMs } from "./fake-jobs.ts";
import { type Script, scriptOf } from "./fake-script.ts";
import { openTeller, type Teller } from "./fake-webhooks.ts";
import { type Entry, openWitness, type Witness } from "./fake-witness.ts";

export interface FakeUpstreamOptions {
  readonly port?: number;
  /** Path of the witness's log; in memory without one. */
  readonly log?: string | undefined;
  /** Asked for as a bearer token where it is given. */
  readonly apiKey?: string | undefined;
  readonly settleMs?: number;
  /** Words for every submit; the prompt's own go before them. */
  readonly script?: string;
}

export interface FakeUpstream {
  readonly url: string;
  /** Empty where the log is a file. */
  readonly entries: readonly Entry[];
  /** Jobs accepted for one attempt, or in all; only where the log is in memory. */
  accepts(attempt?: string): number;
  /** Connections that were opened to it so far. */
  sockets(): number;
  close(): Promise<void>;
}

interface World {
  readonly witness: Witness;
  readonly teller: Teller;
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly settleMs: number;
  readonly script: string;
  readonly jobs: Map<string, Job>;
  readonly byAttempt: Map<string, Job[]>;
  /** Scripts of attempts that were seen, accepted or not. */
  readonly scripts: Map<string, Script>;
  readonly submits: Map<string, number>;
  readonly lookUps: Map<string, { readonly since: number; times: number }>;
}

const SETTLE_MS = 200;
const LATER = 2;
const PAGE = "<html><h1>Bad gateway</h1></html>";
const CODES: Readonly<Record<number, string>> = {
  400: "invalid_params",
  401: "unauthorized",
  402: "no_credit",
  403: "forbidden",
  404: "unknown_model",
  413: "too_large",
  422: "invalid_params",
  429: "rate_limited",
  503: "overloaded",
};

export async function startFakeUpstream(options: FakeUpstreamOptions = {}): Promise<FakeUpstream> {
  const witness = openWitness(options.log);
  let requests = 0;
  const server = createServer((request, response) => {
    const n = ++requests;
    openExchange(witness, n, { request, response })
      .then((exchange) => handle(world, exchange))
      .catch((error: unknown) => {
        // Gone while it spoke: nobody is left to be answered.
        if (response.headersSent || request.socket.destroyed) {
          response.destroy();
          return;
        }
        witness.write({ event: "answer", n, status: 400 });
        response.writeHead(400, { "content-type": "application/json" });
        response.end(JSON.stringify(problem("malformed", String(error))));
      });
  });
  let sockets = 0;
  server.on("connection", () => sockets++);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const world: World = {
    witness,
    teller: openTeller(witness, `${url}/files`),
    url,
    apiKey: options.apiKey,
    settleMs: options.settleMs ?? SETTLE_MS,
    script: options.script ?? "",
    jobs: new Map(),
    byAttempt: new Map(),
    scripts: new Map(),
    submits: new Map(),
    lookUps: new Map(),
  };
  return {
    url,
    entries: witness.entries,
    accepts: (attempt) =>
      witness.entries.filter(
        (one) => one.event === "accepted" && (attempt === undefined || one.attempt === attempt),
      ).length,
    sockets: () => sockets,
    async close() {
      world.teller.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function handle(world: World, exchange: Exchange): Promise<void> {
  const [, id = ""] = /^\/files\/(\w+)\.mp4$/.exec(exchange.url.pathname) ?? [];
  const job = world.jobs.get(id);
  if (job) await sendFile(exchange, job);
  else exchange.send(await answer(world, exchange));
}

async function answer(world: World, exchange: Exchange): Promise<Reply> {
  const { method, url } = exchange;
  const [kind, id = "", act] = url.pathname.slice(1).split("/");
  if (world.apiKey !== undefined && exchange.authorization !== `Bearer ${world.apiKey}`) {
    return reply(401, problem("unauthorized", `Incorrect key: ${exchange.authorization}`));
  }
  if (kind !== "jobs") return reply(404, problem("not_found", "No such address."));
  if (method === "POST" && id === "") return submit(world, exchange);
  if (method === "GET" && id === "") return list(world, exchange);
  const job = world.jobs.get(id);
  if (!job) return reply(404, problem("not_found", "No such job."));
  if (method === "POST" && act === "cancel") return cancel(world, job);
  return check(world, exchange, job);
}

interface Order {
  readonly attempt: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly webhook?: string;
}

async function submit(world: World, exchange: Exchange): Promise<Reply> {
  const order = exchange.body as Order;
  const script = {
    ...scriptOf({ script: world.script }, order.attempt),
    ...scriptOf(order.params, order.attempt),
  };
  world.scripts.set(order.attempt, script);
  // What is drawn for an attempt is counted by it, since prompts of a crowd are alike.
  const same = script.mixed === undefined ? JSON.stringify(order.params) : order.attempt;
  const time = (world.submits.get(same) ?? 0) + 1;
  world.submits.set(same, time);
  const faults = time <= (script.times ?? Number.POSITIVE_INFINITY) ? script : {};
  if (faults["drop-before-accept"]) return { end: "drop" };
  if (faults["reset-before-accept"]) return { end: "reset" };
  if (faults.status !== undefined) return refuse(exchange, script, faults.status);

  const job = accept(world, exchange, { ...order, script });
  if (script.webhook === "before-answer") await world.teller.tell(job);
  else world.teller.schedule(job);
  if (faults["late-answer"] !== undefined) await delay(faults["late-answer"]);
  if (faults["accept-then-drop"]) return { end: "drop" };
  if (faults["accept-then-reset"]) return { end: "reset" };
  if (faults["accepted-status"] !== undefined) return reply(faults["accepted-status"], PAGE);
  if (faults.garbage) return reply(202, PAGE);
  return reply(202, handleOf(world, job));
}

function accept(world: World, exchange: Exchange, order: Order & { readonly script: Script }): Job {
  const { attempt, script, webhook = null } = order;
  const early = script.webhook === "before-answer" ? workMs(script) : 0;
  const job: Job = {
    id: `job_${world.jobs.size + 1}`,
    attempt,
    script,
    acceptedAt: Date.now() - early,
    webhook,
    cancelledAt: null,
    checks: 0,
    fileReads: 0,
  };
  world.jobs.set(job.id, job);
  world.byAttempt.set(attempt, [...(world.byAttempt.get(attempt) ?? []), job]);
  world.witness.write({ event: "accepted", n: exchange.n, attempt, job: job.id });
  return job;
}

function refuse(exchange: Exchange, script: Script, status: number): Reply {
  const wait = script["retry-after"];
  const headers = wait === undefined ? {} : { "retry-after": String(wait) };
  const code = script.code ?? CODES[status];
  const message = script["echo-key"] ? `Not with ${exchange.authorization}.` : "This cannot be done.";
  return reply(status, code === undefined ? PAGE : problem(code, message), headers);
}

function check(world: World, exchange: Exchange, job: Job): Reply {
  return faultOf(exchange, job) ?? reply(200, viewOf(job, Date.now(), `${world.url}/files`));
}

function faultOf(exchange: Exchange, job: Job): Reply | undefined {
  const { script } = job;
  job.checks++;
  const faulty = job.checks <= (script["check-times"] ?? Number.POSITIVE_INFINITY);
  const status = script["check-status"];
  if (faulty && script["check-drop"]) return { end: "drop" };
  return faulty && status !== undefined ? refuse(exchange, script, status) : undefined;
}

function list(world: World, exchange: Exchange): Reply {
  const { searchParams } = exchange.url;
  const attempt = searchParams.get("attempt");
  if (attempt !== null) return reply(200, lookUp(world, attempt));
  const ids = (searchParams.get("ids") ?? "").split(",");
  const jobs = ids.flatMap((id) => world.jobs.get(id) ?? []);
  // One job's fault is the fault of the whole answer, as it is where one bad row breaks a page.
  const [fault] = jobs.flatMap((job) => faultOf(exchange, job) ?? []);
  if (fault) return fault;
  return reply(200, { jobs: jobs.map((job) => viewOf(job, Date.now(), `${world.url}/files`)) });
}

function lookUp(world: World, attempt: string): unknown {
  const now = Date.now();
  const seen = world.lookUps.get(attempt) ?? { since: now, times: 0 };
  world.lookUps.set(attempt, seen);
  seen.times++;
  const find = world.scripts.get(attempt)?.find ?? "now";
  if (find === "nothing" || (find === "later" && seen.times <= LATER)) return { jobs: [], settled: false };
  const jobs = world.byAttempt.get(attempt) ?? [];
  return {
    jobs: jobs.map((job) => handleOf(world, job)),
    settled: jobs.length > 0 || now - seen.since >= world.settleMs,
  };
}

function cancel(world: World, job: Job): Reply {
  const { script } = job;
  if (job.cancelledAt === null) {
    if (script.cancel === "too-late" || hasEnded(job, Date.now())) {
      return reply(409, problem("too_late", "It can no longer be stopped."));
    }
    if (script.cancel === "ignored") return reply(202, { status: "cancelling" });
    job.cancelledAt = Date.now();
    world.witness.write({ event: "cancelled", attempt: job.attempt, job: job.id });
  }
  return reply(200, { status: "cancelled" });
}

function handleOf({ url }: World, { id }: Job): { readonly job: string; readonly status_url: string } {
  return { job: id, status_url: `${url}/jobs/${id}` };
}

function reply(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, body, headers };
}

function problem(code: string, message: string): unknown {
  return { error: { code, message } };
}

if (import.meta.main) {
  const { FAKE_PORT, FAKE_LOG, FAKE_API_KEY, FAKE_SETTLE_MS } = process.env;
  const { url } = await startFakeUpstream({
    port: Number(FAKE_PORT ?? 0),
    log: FAKE_LOG,
    apiKey: FAKE_API_KEY,
    settleMs: Number(FAKE_SETTLE_MS ?? SETTLE_MS),
  });
  console.log(`The fake upstream listens on ${url}`);
}
