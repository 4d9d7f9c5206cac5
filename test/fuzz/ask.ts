/** Asks one request, judges the answer, and follows what it leads to: what was just made has to be there. */
import { setTimeout as delay } from "node:timers/promises";
import type { Contract } from "./contract.ts";
import { judge } from "./judge.ts";
import type { Led, Pools } from "./pools.ts";
import type { Sent } from "./request.ts";
import type { Got, Sender } from "./send.ts";

export interface Asked {
  readonly sent: Sent;
  /** undefined: there was no whole answer. */
  readonly got: Got | undefined;
  readonly faults: readonly string[];
}

export interface AskParts {
  readonly contract: Contract;
  readonly sender: Pick<Sender, "send">;
  readonly pools: Pools;
  /** Links to files that answers have given; the newest are kept. */
  readonly links: string[];
  readonly note: (sent: Sent, got: Got) => void;
}

const MOST_LINKS = 50;
const MOST_SHED = 20;

export async function ask(parts: AskParts, sent: Sent): Promise<Asked> {
  try {
    const got = await sendWhenTaken(parts.sender, sent);
    parts.note(sent, got);
    const faults = judge(parts.contract, sent, got);
    return { sent, got, faults: faults.length > 0 ? faults : await follow(parts, sent, got) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { sent, got: undefined, faults: [`there was no answer: ${why}`] };
  }
}

/** On a machine that does other things, too, the server may shed what is new; it says so, and when to come again. */
async function sendWhenTaken(sender: AskParts["sender"], sent: Sent): Promise<Got> {
  for (let left = MOST_SHED; ; left--) {
    const got = await sender.send(sent);
    const seconds = Number(got.headers["retry-after"]);
    const shed = got.status === 503 && sent.operation?.answers[503] !== undefined && seconds > 0;
    if (!shed || left === 0) return got;
    await delay(seconds * 1000);
  }
}

async function follow(parts: AskParts, sent: Sent, got: Got): Promise<readonly string[]> {
  const { contract, sender, pools, note } = parts;
  if (sent.method === "DELETE" && got.status < 300) return afterwards(parts, sent);
  if (sent.who !== "ours" || sent.method !== "POST" || !sent.operation || got.status >= 300) return [];
  if (!got.headers["content-type"]?.startsWith("application/json")) return [];
  const body: unknown = JSON.parse(got.text);
  keepLink(parts.links, body);
  for (const led of pools.harvest(sent.operation, got.status, body)) {
    const read = readOf(contract, led);
    if (!read) continue;
    const answer = await sender.send(read);
    note(read, answer);
    const faults = judge(contract, read, answer);
    if (faults.length > 0) return faults.map((fault) => `then GET ${read.path}: ${fault}`);
  }
  return [];
}

/** What was removed is gone. */
async function afterwards(
  { contract, sender, pools, note }: AskParts,
  sent: Sent,
): Promise<readonly string[]> {
  const operation = contract.operations.find(
    ({ method, path }) => method === "GET" && path === sent.operation?.path,
  );
  if (!operation) return [];
  pools.forget(decodeURIComponent(/([^/?]+)(?:\?.*)?$/.exec(sent.path)?.[1] ?? ""));
  const read: Sent = {
    kind: "what was removed",
    operation,
    method: "GET",
    path: sent.path,
    who: "ours",
    headers: {},
    expected: "absent",
  };
  const answer = await sender.send(read);
  note(read, answer);
  return judge(contract, read, answer).map((fault) => `then GET ${read.path}: ${fault}`);
}

function keepLink(links: string[], body: unknown): void {
  const { url } = (body ?? {}) as { url?: unknown };
  if (typeof url !== "string" || !url.includes("/files/")) return;
  links.push(url);
  if (links.length > MOST_LINKS) links.shift();
}

/** A read of what an answer leads to; undefined where it leads to an act, or to a stream that may be long. */
function readOf({ operations }: Contract, { operationId, parameter, id }: Led): Sent | undefined {
  const operation = operations.find((one) => one.id === operationId);
  const types = Object.values(operation?.answers ?? {}).flatMap(({ content = {} }) => Object.keys(content));
  if (operation?.method !== "GET" || types.includes("text/event-stream")) return undefined;
  // What lies below it may come later, such as a file of work that has just begun.
  if (!operation.path.endsWith(`{${parameter}}`) && operation.path.includes("{")) return undefined;
  const isQuery = operation.parameters.some((one) => one.name === parameter && one.in === "query");
  const path = isQuery
    ? `${operation.path}?${parameter}=${encodeURIComponent(id)}`
    : operation.path.replace(`{${parameter}}`, encodeURIComponent(id));
  return {
    kind: "what was made",
    operation,
    method: "GET",
    path,
    who: "ours",
    headers: {},
    expected: "good",
  };
}
