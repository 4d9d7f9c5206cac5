/** A request becomes a task: everything is checked before anything is written, and nothing has cost anything until then. */

import { secondsAsked } from "../catalog/asked.ts";
import { pageOf, readBody } from "../catalog/page.ts";
import { inPageWords } from "../catalog/page-words.ts";
import { priceOf } from "../catalog/price.ts";
import { ReelayError } from "../core/errors.ts";
import type { JsonObject } from "../core/json.ts";
import type { CatalogModel } from "../core/model.ts";
import type { Micros } from "../core/money.ts";
import type { Idempotency, KeyRecord, NewTask } from "../core/store.ts";
import { readTestPlan, type TestPlan } from "../core/test-plan.ts";
import { estimateSeconds } from "./estimate.ts";
import type { GatewayParts, Quote } from "./gateway.ts";
import { type Inlined, keepInline } from "./inline.ts";
import type { Choice } from "./route.ts";

export interface SubmitRequest {
  readonly key: KeyRecord;
  readonly dialect: string;
  readonly model: string;
  /** The model's parameters as the client sent them: under the names of its page in this dialect, else under its own. */
  readonly body: JsonObject;
  /** Where the end is to be told; already known to be text. */
  readonly callbackUrl: string | null;
  /** What the dialect calls it, for a refusal; left out: `callback_url`. */
  readonly callbackField?: string;
  /** The client's own name for this request, and a hash of what it asked. */
  readonly idempotency: Idempotency | null;
  /** What the dialect wants to find with the task again. */
  readonly memo?: JsonObject;
  /** A live key may ask for a test, too, where its dialect has a way to. */
  readonly test?: TestPlan;
  /** A fresh id of the dialect's form, for the given moment. */
  readonly newId: (now: number) => string;
}

/** What the checks are about. */
export type Asked = Pick<
  SubmitRequest,
  "key" | "dialect" | "body" | "callbackUrl" | "callbackField" | "test"
>;

interface Checked {
  readonly input: JsonObject;
  readonly asked: readonly string[];
  readonly test: TestPlan | null;
  readonly choice: Choice;
  readonly amount: Micros;
  readonly estimate: number;
  readonly discard: Inlined["discard"];
}

/**
 * Every check of a request, in the order of what they cost. Writes nothing but the files that the request brings itself,
 * which are gone again where it is refused.
 */
async function check(
  parts: GatewayParts,
  model: CatalogModel,
  { key, dialect, body, callbackUrl, callbackField, test: asksTest }: Asked,
): Promise<Checked> {
  const page = pageOf(model, dialect);
  const { input: given, asked } = readBody(model, page, body);
  const test = asksTest ?? (key.test ? (readTestPlan(given.prompt) ?? {}) : null);
  if (callbackUrl !== null) parts.screenCallback(callbackUrl, callbackField);
  const { input, discard } = await keepInline(parts, { key, model, page, input: given });
  try {
    await parts.inputs.screen(model, input, { keyId: key.id, page });
    const choice = parts.router.pick({ model, input, free: test !== null });
    const amount = choice.provider.free ? 0 : priceOf(model, input, secondsAsked(model, input));
    const estimate = await estimateSeconds(parts.store, {
      ...{ model, choice, input },
      ahead: parts.queue.waiting,
    });
    return { input, asked, test, choice, amount, estimate, discard };
  } catch (error) {
    await discard();
    throw page && error instanceof ReelayError ? inPageWords(page, error) : error;
  }
}

export async function quoteTask(parts: GatewayParts, model: CatalogModel, request: Asked): Promise<Quote> {
  const { input, choice, amount, estimate, discard } = await check(parts, model, request);
  await discard();
  return { model, input, provider: choice.provider.id, amount, estimate };
}

interface Submitted {
  readonly id: string;
  /** It is one that the same idempotency key made before. */
  readonly replayed: boolean;
}

export async function submitTask(
  parts: GatewayParts,
  model: CatalogModel,
  request: SubmitRequest,
): Promise<Submitted> {
  const { key, idempotency } = request;
  // Before all checks: a replay is answered also where the same request would be refused by now.
  const replayed = idempotency ? await parts.store.findReplay(key.id, idempotency) : undefined;
  if (replayed !== undefined) return { id: replayed, replayed: true };
  const checked = await check(parts, model, request);
  let made: Submitted | undefined;
  try {
    made = await create(parts, { model, request, checked });
    return made;
  } finally {
    if (made === undefined || made.replayed) await checked.discard();
  }
}

async function create(
  parts: GatewayParts,
  about: { readonly model: CatalogModel; readonly request: SubmitRequest; readonly checked: Checked },
): Promise<Submitted> {
  const { model, request, checked } = about;
  const { key, idempotency } = request;
  const { input, asked, test, choice, amount, estimate } = checked;
  if (!parts.accepting()) {
    throw new ReelayError("overloaded", "This server is shutting down. Try again shortly.", {
      retryAfter: 5,
    });
  }
  const createdAt = parts.clock.now();
  const task: NewTask = {
    id: request.newId(createdAt),
    dialect: request.dialect,
    keyId: key.id,
    account: key.account,
    model: model.id,
    provider: choice.provider.id,
    input,
    asked,
    createdAt,
    estimate,
    callbackUrl: request.callbackUrl,
    hold: amount,
    ...(test ? { test } : {}),
    ...(request.memo ? { memo: request.memo } : {}),
    ...(idempotency ? { idempotency } : {}),
  };
  const leave = parts.admission.enter(key.id);
  try {
    const created = await parts.store.createTask(task);
    if ("replayed" in created) return { id: created.replayed, replayed: true };
    parts.engine.start({ id: task.id, owner: key.id, resource: task.provider }, key);
    return { id: task.id, replayed: false };
  } finally {
    leave();
  }
}
