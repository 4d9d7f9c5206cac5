/**
 * Finds a provider that accepts a task's work: attempt after attempt, each with its decision written down before anything
 * leaves, until one is accepted or nobody is left.
 */

import type { Clock } from "../core/clock.ts";
import { ReelayError } from "../core/errors.ts";
import { timeOf } from "../core/ids.ts";
import type { Json } from "../core/json.ts";
import type { CatalogModel } from "../core/model.ts";
import type { InputFile, Provider, Work } from "../core/provider.ts";
import type { Store } from "../core/store.ts";
import type { Task } from "../core/task.ts";
import type { Run } from "../engine/run.ts";
import { attemptStep, handOver, type Refused, unpreparedStep } from "./attempt.ts";
import { isFinal, lastObjection, ruledOut } from "./failover.ts";
import type { Health } from "./health.ts";
import { type Attempt, attemptsOf, type Placing, routeStep } from "./history.ts";
import type { Hooks } from "./hooks.ts";
import type { Choice, Router } from "./route.ts";

export interface PlaceParts {
  readonly store: Pick<Store, "moveTask">;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly router: Router;
  readonly health: Health;
  /** Milliseconds until the provider takes another submit; its turn is taken where it comes before `withinMs`. */
  readonly submitTurn: (provider: string, withinMs: number) => number;
  readonly hooks: Pick<Hooks, "url">;
  readonly clock: Clock;
  readonly log: (event: string, fields: Record<string, unknown>) => void;
}

export interface Errand {
  readonly task: Task;
  readonly model: CatalogModel;
  /** By field, in order. */
  readonly files: Readonly<Record<string, readonly InputFile[]>>;
  readonly deadlineAt: number;
  /** In the provider's words. */
  readonly describe: (choice: Choice) => Work;
}

/** An attempt that was accepted. */
export interface Placed {
  readonly number: number;
  readonly choice: Choice;
  readonly work: Work;
  readonly attemptId: string;
  readonly ticket: Json;
  /** When it left us, after any waiting for a place or a turn there. */
  readonly at: number;
}

/** Before a provider that refuses again and again is asked once more. */
const LONGEST_PAUSE_MS = 60_000;

/** Throws the last refusal where nobody is left to ask, and what `handOver` throws. */
export async function placeWork(
  parts: PlaceParts,
  run: Run<unknown, unknown>,
  errand: Errand,
): Promise<Placed> {
  for (let number = nextAttempt(run.steps); ; number++) {
    const chosen = await choose(parts, run, { errand, number });
    if (!chosen) continue;
    const { choice, notBefore } = chosen;
    const { provider, route } = choice;
    const { endpoint } = route;
    const work = errand.describe(choice);
    const tried = await handOver(run, {
      ...{ number, provider, work, deadlineAt: errand.deadlineAt, clock: parts.clock },
      webhookUrl: (attemptId) =>
        parts.hooks.url({ taskId: errand.task.id, attemptId, provider: provider.id }),
      onFindFailed: (error) =>
        parts.log("find-failed", { task: errand.task.id, provider: provider.id, error }),
      onAsk: () => parts.health.asks(provider.id),
      onAnswer: (answer) => {
        if (answer === "accepted") parts.health.accepted(provider.id, endpoint);
        else parts.health.refused(provider.id, { endpoint, ...answer });
      },
    });
    if ("accepted" in tried) {
      const { attemptId, accepted: ticket } = tried;
      return { number, choice, work, attemptId, ticket, at: timeOf(attemptId) ?? notBefore };
    }
    throwIfFinal(tried);
  }
}

/** The first that is not over: to choose the provider of one that is would take the task back there. */
function nextAttempt(steps: ReadonlyMap<string, Json>): number {
  const attempts = attemptsOf(steps);
  for (const { refused } of attempts) if (refused) throwIfFinal(refused);
  return attempts.find(({ refused, ending }) => !refused && !ending)?.number ?? attempts.length + 1;
}

function throwIfFinal({ refused: { code, message } }: Refused): void {
  if (isFinal(code)) throw new ReelayError(code, message);
}

interface Question {
  readonly errand: Errand;
  readonly number: number;
}

/**
 * The decision for this attempt; where it is another provider's than the last, the run waits for its turn there.
 * undefined: whom it names is gone, and nothing had left.
 */
async function choose(
  parts: PlaceParts,
  run: Run<unknown, unknown>,
  question: Question,
): Promise<{ readonly choice: Choice; readonly notBefore: number } | undefined> {
  const { task, model } = question.errand;
  const placing = (run.steps.get(routeStep(question.number)) ??
    (await decide(parts, run, question))) as unknown as Placing;
  const { provider: id, kind, endpoint, at } = placing;
  if (id !== task.provider) {
    await parts.store.moveTask(task.id, id);
    await run.move(id, question.errand.deadlineAt - parts.clock.now());
  }
  const submitted = run.steps.has(attemptStep(question.number));
  if (!submitted && parts.clock.now() < at) await run.rest(at - parts.clock.now());
  const provider = parts.providers.get(id);
  const route =
    model.routes.find((one) => one.provider === kind && one.endpoint === endpoint) ??
    // The model has changed since, and the work is bought: what it was called is enough to take it over.
    (submitted ? { provider: kind, endpoint, send: {}, unsent: {} } : undefined);
  if (provider && route) return { choice: { provider, route }, notBefore: at };
  const message = "The provider that was chosen for this work is not open here any more.";
  if (submitted) throw new ReelayError("no_route", message);
  const refused: Refused = { refused: { code: "no_route", message }, againAt: null };
  await run.step(unpreparedStep(question.number), async () => refused as unknown as Json);
  return undefined;
}

async function decide(
  parts: PlaceParts,
  run: Run<unknown, unknown>,
  { errand, number }: Question,
): Promise<Json> {
  const before = attemptsOf(run.steps).slice(0, number - 1);
  const { provider, route, waitMs } = pick(parts, errand, before);
  const now = parts.clock.now();
  if (now + waitMs >= errand.deadlineAt) throw timeIsUp(before);
  // Nothing is decided before: by then another may be the better one.
  if (waitMs > 0) await run.rest(waitMs);
  // A turn after the deadline is none: it is left to another, and the task ends at its deadline.
  const left = errand.deadlineAt - now;
  const placing: Placing = {
    provider: provider.id,
    kind: provider.kind,
    endpoint: route.endpoint,
    at: now + Math.min(left, parts.submitTurn(provider.id, left)),
  };
  return run.step(routeStep(number), async () => placing as unknown as Json);
}

function pick(parts: PlaceParts, { task, model, files }: Errand, before: readonly Attempt[]) {
  try {
    return parts.router.pick({
      ...{ model, input: task.input, files, free: task.test !== null, holder: task.provider },
      without: ruledOut(before),
      pauseMs: (provider) => Math.max(0, pauseUntil(before, provider) - parts.clock.now()),
    });
  } catch (error) {
    // Whoever is left cannot do it: what those said that could is the reason.
    throw lastObjection(before) ?? error;
  }
}

/** The provider's own pause, and longer ones while it goes on refusing this task. */
function pauseUntil(before: readonly Attempt[], provider: string): number {
  const own = before.filter(({ placing }) => placing?.provider === provider);
  const refusals = own.length - 1 - own.findLastIndex(({ refused }) => refused === undefined);
  const last = own.at(-1)?.refused;
  if (!last || last.againAt === null) return 0;
  const at = own.at(-1)?.placing?.at ?? 0;
  return Math.max(last.againAt, at + Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** Math.min(refusals - 1, 10)));
}

function timeIsUp(before: readonly Attempt[]): ReelayError {
  const objection = lastObjection(before);
  if (!objection) {
    const message =
      "Every provider that could do this was resting until the task's time was up. Nothing was billed.";
    return new ReelayError("deadline_exceeded", message);
  }
  const message = `${objection.message} It was asked again ${before.length} times, until the task's time was up.`;
  return new ReelayError(objection.code, message);
}
