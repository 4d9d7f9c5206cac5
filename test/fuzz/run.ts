/** Sends as many requests as asked, some at once, each from a seed of its own, and judges every answer. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { type Contract, readContract } from "./contract.ts";
import { judge } from "./judge.ts";
import { anyRequest } from "./plan.ts";
import { openPools, type Pools } from "./pools.ts";
import { curlOf } from "./report.ts";
import type { Sent } from "./request.ts";
import { type Got, openSender, type Sender } from "./send.ts";
import { openWorld, type World } from "./world.ts";

export interface FuzzOptions {
  readonly requests: number;
  readonly seed: number;
  /** Only this one, after the first ones that fill the pools. */
  readonly only?: number;
  readonly lanes?: number;
  readonly onProgress?: (summary: Summary) => void;
}

export interface Failure {
  readonly at: number;
  readonly faults: readonly string[];
  readonly status: number | string;
  readonly curl: string;
}

export interface Summary {
  requests: number;
  /** "good 2xx" -> how many. */
  readonly answers: Map<string, number>;
  readonly slowest: { ms: number; what: string };
  readonly failures: Failure[];
  seconds: number;
}

/** More would only be the same again. */
const MOST_FAILURES = 20;
const LANES = 8;
/** How often it is looked at whether a refused request has cost something. */
const COUNT_EVERY = 1_000;
const MOST_LINKS = 50;
const SHRINK_MS = 5_000;

export async function fuzz(options: FuzzOptions): Promise<Summary> {
  const world = await openWorld();
  const contract = await readContract(world.server.url);
  const sender = openSender(world.server.url, world.keys, LANES);
  try {
    return await new Run(world, contract, sender, options).all();
  } finally {
    await sender.close();
    await world.close();
  }
}

class Run {
  readonly #world: World;
  readonly #contract: Contract;
  readonly #sender: Sender;
  readonly #options: FuzzOptions;
  readonly #pools: Pools;
  readonly #links: string[] = [];
  readonly #requests: fc.Arbitrary<Sent>;
  readonly #summary: Summary = {
    requests: 0,
    answers: new Map(),
    slowest: { ms: 0, what: "" },
    failures: [],
    seconds: 0,
  };

  constructor(world: World, contract: Contract, sender: Sender, options: FuzzOptions) {
    this.#world = world;
    this.#contract = contract;
    this.#sender = sender;
    this.#options = options;
    this.#pools = openPools(contract);
    const { urls, file } = world;
    this.#requests = anyRequest({ contract, pools: this.#pools, urls, file, links: () => this.#links });
  }

  async all(): Promise<Summary> {
    const { requests, only, lanes = LANES } = this.#options;
    const since = performance.now();
    const summary = this.#summary;
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < requests && summary.failures.length < MOST_FAILURES) {
        const at = next++;
        await this.#one(at);
        summary.seconds = (performance.now() - since) / 1000;
        if (at % COUNT_EVERY === COUNT_EVERY - 1) await this.#count(at);
      }
    };
    if (only !== undefined) await this.#one(only);
    else await Promise.all(Array.from({ length: lanes }, lane));
    await this.#count(next);
    return summary;
  }

  async #one(at: number): Promise<void> {
    let last: { sent: Sent; got: Got | undefined; faults: readonly string[] } | undefined;
    const property = fc.asyncProperty(this.#requests, async (sent) => {
      const { got, faults } = await this.#ask(sent);
      if (faults.length > 0) last = { sent, got, faults };
      return faults.length === 0;
    });
    const seed = seedOf(this.#options.seed, at);
    const details = await fc.check(property, { seed, numRuns: 1, interruptAfterTimeLimit: SHRINK_MS });
    if (!details.failed) return;
    const faults = last?.faults ?? [String(details.errorInstance)];
    const curl = last ? curlOf(last.sent, this.#world.server.url) : "";
    this.#summary.failures.push({ at, faults, status: last?.got?.status ?? "no answer", curl });
  }

  async #ask(sent: Sent): Promise<{ got: Got | undefined; faults: readonly string[] }> {
    this.#summary.requests++;
    try {
      const got = await this.#sender.send(sent);
      this.#note(sent, got);
      const faults = judge(this.#contract, sent, got);
      return { got, faults: faults.length > 0 ? faults : await this.#follow(sent, got) };
    } catch (error) {
      return {
        got: undefined,
        faults: [`there was no answer: ${error instanceof Error ? error.message : String(error)}`],
      };
    }
  }

  #note({ kind, method, path, expected }: Sent, { status, ms }: Got): void {
    const { answers, slowest } = this.#summary;
    const name = `${kind}\t${Math.floor(status / 100)}xx`;
    answers.set(name, (answers.get(name) ?? 0) + 1);
    // A stream of events is not slow where nothing happens.
    if (ms > slowest.ms && expected !== "good")
      Object.assign(slowest, { ms, what: `${method} ${path.slice(0, 60)}` });
  }

  /** What was just made is there: an answer that leads on must lead somewhere. */
  async #follow(sent: Sent, got: Got): Promise<readonly string[]> {
    if (sent.who !== "ours" || got.status !== 200 || !sent.operation) return [];
    const body = got.headers["content-type"]?.startsWith("application/json")
      ? JSON.parse(got.text)
      : undefined;
    if (typeof body?.url === "string" && body.url.includes("/files/")) this.#keepLink(body.url);
    if (sent.operation.method !== "POST") return [];
    for (const { operationId, parameter, id } of this.#pools.harvest(sent.operation, got.status, body)) {
      const operation = this.#contract.operations.find((one) => one.id === operationId);
      const streams = operation?.answers[200]?.content?.["text/event-stream"];
      if (operation?.method !== "GET" || streams) continue;
      const place = operation.parameters.find(({ name }) => name === parameter)?.in;
      const path =
        place === "query"
          ? `${operation.path}?${parameter}=${id}`
          : operation.path.replace(`{${parameter}}`, id);
      const read: Sent = {
        kind: "what was made",
        operation,
        method: "GET",
        path,
        who: "ours",
        headers: {},
        expected: "good",
      };
      const answer = await this.#sender.send(read);
      this.#note(read, answer);
      this.#summary.requests++;
      const faults = judge(this.#contract, read, answer);
      if (faults.length > 0) return faults.map((fault) => `then GET ${path}: ${fault}`);
    }
    return [];
  }

  #keepLink(url: string): void {
    this.#links.push(url);
    if (this.#links.length > MOST_LINKS) this.#links.shift();
  }

  /** Nothing of what was refused has cost anything, and nothing of it is in the log as a mistake of ours. */
  async #count(at: number): Promise<void> {
    const { failures } = this.#summary;
    const spent = await this.#world.spent();
    if (spent !== 0)
      failures.push({
        at,
        faults: [`requests that were to be refused have cost ${spent} credits`],
        status: "-",
        curl: "",
      });
    const bug = /^.*request-bug.*$/m.exec(this.#world.server.output())?.[0];
    if (bug) failures.push({ at, faults: [`the log has ${bug.slice(0, 1_500)}`], status: "-", curl: "" });
    this.#options.onProgress?.(this.#summary);
  }
}

/** A number for each request, from the run's own. */
function seedOf(seed: number, at: number): number {
  return createHash("sha256").update(`${seed}:${at}`).digest().readInt32BE();
}
