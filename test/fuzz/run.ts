/** Sends as many requests as asked, some at once, each from a seed of its own, and judges every answer. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { type Asked, type AskParts, ask } from "./ask.ts";
import { readContract } from "./contract.ts";
import { formSchema, goodForm } from "./forms.ts";
import { anyRequest, type Planning } from "./plan.ts";
import { openPools } from "./pools.ts";
import { curlOf } from "./report.ts";
import type { Sent } from "./request.ts";
import { good, jsonSchema } from "./requests.ts";
import { openSender } from "./send.ts";
import { emptySummary, note, type Summary } from "./summary.ts";
import { openWorld, type World } from "./world.ts";

export interface FuzzOptions {
  readonly requests: number;
  readonly seed: number;
  /** Only this one. */
  readonly only?: number | undefined;
  readonly onProgress?: (summary: Summary) => void;
}

/** More would only be the same again. */
const MOST_FAILURES = 20;
const LANES = 8;
/** How often it is looked at whether a refused request has cost something. */
const COUNT_EVERY = 1_000;
const SHRINK_MS = 5_000;
/** Real tasks before the first request, for whatever asks for one. */
const WARM_TASKS = 5;
const WARM_TRIES = 80;

interface Running extends AskParts {
  readonly world: World;
  readonly makers: Planning;
  readonly requests: fc.Arbitrary<Sent>;
  readonly summary: Summary;
  readonly seed: number;
}

export async function fuzz({ requests, seed, only, onProgress }: FuzzOptions): Promise<Summary> {
  const world = await openWorld(requests);
  const sender = openSender(world.server.url, world.keys, LANES);
  try {
    const running = await start(world, sender, seed);
    await warmUp(running);
    const since = performance.now();
    const { summary } = running;
    let next = only ?? 0;
    const end = only === undefined ? requests : only + 1;
    const lane = async (): Promise<void> => {
      while (next < end && summary.failures.length < MOST_FAILURES) {
        const at = next++;
        await one(running, at);
        summary.seconds = (performance.now() - since) / 1000;
        if (at % COUNT_EVERY === COUNT_EVERY - 1) {
          await count(running, at);
          onProgress?.(summary);
        }
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    await count(running, next);
    return summary;
  } finally {
    await sender.close();
    await world.close();
  }
}

async function start(world: World, sender: AskParts["sender"], seed: number): Promise<Running> {
  const contract = await readContract(world.server.url);
  const pools = openPools(contract);
  const links: string[] = [];
  const summary = emptySummary();
  const makers = { contract, pools, urls: world.urls, file: world.file, links: () => links };
  return {
    ...{ world, contract, sender, pools, links, makers, summary, seed },
    requests: anyRequest(makers),
    note: (sent, got) => note(summary, sent, got),
  };
}

/** Makes some of everything that can be made, so that what asks for one finds one. */
async function warmUp(running: Running): Promise<void> {
  const { contract, makers, seed, pools } = running;
  for (const operation of contract.operations) {
    const form = formSchema(operation);
    const isPooled = operation.parameters.some(({ name }) => pools.has(operation, name));
    const making = jsonSchema(operation)
      ? good(operation, makers, isPooled ? "any" : "good")
      : form && goodForm(operation, form, makers);
    if (!making) continue;
    const before = pools.all().length;
    for (const [at, sent] of fc
      .sample(making, { seed: seedOf(seed, operation.id), numRuns: WARM_TRIES })
      .entries()) {
      const asked = await ask(running, sent);
      const { faults } = asked;
      if (faults.length > 0) fail(running, -1, asked);
      const made = pools.all().length - before;
      // An upload leads to no operation.
      if (faults.length > 0 || made >= WARM_TASKS || (made === 0 && form && at >= WARM_TASKS)) break;
    }
  }
}

async function one(running: Running, at: number): Promise<void> {
  let last: Asked | undefined;
  const property = fc.asyncProperty(running.requests, async (sent) => {
    const asked = await ask(running, sent);
    // While it is made smaller, the smallest that still fails comes last.
    if (asked.faults.length > 0) last = asked;
    return asked.faults.length === 0;
  });
  const seed = seedOf(running.seed, at);
  const details = await fc.check(property, { seed, numRuns: 1, skipAllAfterTimeLimit: SHRINK_MS });
  if (!details.failed) return;
  if (last) fail(running, at, last);
  // No request could be made: the document, or our reading of it, is at fault.
  else
    throw new Error(`request ${at} of seed ${running.seed} could not be made`, {
      cause: details.errorInstance,
    });
}

function fail({ summary, world }: Running, at: number, { sent, got, faults }: Asked): void {
  const status = got?.status ?? "no answer";
  summary.failures.push({ at, faults, status, curl: curlOf(sent, world.server.url) });
}

/** Nothing of what was refused has cost anything, and the log has no mistake of ours. */
async function count({ world, summary }: Running, at: number): Promise<void> {
  const found = (fault: string): void => {
    summary.failures.push({ at, faults: [fault], status: "-", curl: "" });
  };
  const spent = await world.spent();
  if (spent !== 0) found(`what was to be refused since ${at - COUNT_EVERY} has cost ${spent} credits`);
  const bug = /^.*request-bug.*$/m.exec(world.server.output())?.[0];
  if (bug) found(`the log has ${bug.slice(0, 1_500)}`);
}

/** A number for each request, or each operation, from the run's own. */
function seedOf(seed: number, at: number | string): number {
  return createHash("sha256").update(`${seed}:${at}`).digest().readInt32BE();
}
