/**
 * Handing the work over: at most one accepted submit for each attempt. The intent is durable before the first
 * byte leaves; a submit whose answer was lost is looked for, and never sent again.
 */
import type { Clock } from "../core/clock.ts";
import { type ErrorCode, ReelayError } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import type { Provider, Submission } from "../core/provider.ts";
import type { Recovered, Run } from "../engine/run.ts";

export interface HandedOver {
  readonly attemptId: string;
  readonly ticket: Json;
}

/** What is remembered of one attempt that was answered. */
type Tried = { readonly accepted: Json; readonly attemptId: string } | Refused;
interface Refused {
  readonly refused: { readonly code: ErrorCode; readonly message: string };
  /** Milliseconds to wait before another attempt; null: there is no use. */
  readonly againAfterMs: number | null;
}

const LOOK_FOR_LOST_EVERY_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

export type Work = Omit<Submission, "attemptId" | "webhookUrl">;

export interface Handover {
  readonly provider: Provider;
  readonly work: Work;
  /** Where the provider may tell of an attempt. */
  readonly webhookUrl: (attemptId: string) => string | null;
  /** Nothing is handed over after it. */
  readonly deadlineAt: number;
  readonly clock: Clock;
  readonly onFindFailed: (error: unknown) => void;
}

/** Throws the provider's refusal, `deadline_exceeded`, or `outcome_unknown` where an answer was lost and could not be found. */
export async function handOver(run: Run<unknown, unknown>, handover: Handover): Promise<HandedOver> {
  const { clock, deadlineAt } = handover;
  for (let attempt = 1; ; attempt++) {
    const tried = (await run.once(
      `attempt-${attempt}`,
      (attemptId) => submit(run, handover, attemptId),
      (attemptId, losses) => recover(run, handover, { step: `lost-${attempt}-${losses}`, attemptId }),
    )) as unknown as Tried;
    if ("accepted" in tried) return { attemptId: tried.attemptId, ticket: tried.accepted };
    const { code, message } = tried.refused;
    if (tried.againAfterMs === null) throw new ReelayError(code, message);
    // The provider's own pause, and longer ones while it goes on refusing.
    const pause = Math.max(
      tried.againAfterMs,
      Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** Math.min(attempt - 1, 10)),
    );
    const until = await run.step(`again-${attempt}`, async () => clock.now() + pause);
    if (until >= deadlineAt)
      throw new ReelayError(
        code,
        `${message} It was asked again ${attempt} times, until the task's time was up.`,
      );
    if (clock.now() < until) await run.rest(until - clock.now());
  }
}

async function submit(
  run: Run<unknown, unknown>,
  { provider, work, webhookUrl, clock, deadlineAt }: Handover,
  attemptId: string,
): Promise<Json | "unknown"> {
  if (clock.now() >= deadlineAt) {
    throw new ReelayError(
      "deadline_exceeded",
      "The task's time was up before its work could be handed over. Nothing was billed.",
    );
  }
  const submission = { ...work, attemptId, webhookUrl: webhookUrl(attemptId) };
  const submitted = await provider.submit(submission, run.signal);
  if ("unknown" in submitted) return "unknown";
  if ("accepted" in submitted) return { accepted: submitted.accepted, attemptId };
  const { code, message } = submitted.refused;
  return { refused: { code, message }, againAfterMs: submitted.again ? submitted.again.afterMs : null };
}

async function recover(
  run: Run<unknown, unknown>,
  { provider, work, webhookUrl, deadlineAt, clock, onFindFailed }: Handover,
  { step, attemptId }: { step: string; attemptId: string },
): Promise<Recovered<Json>> {
  const since = await run.step(step, async () => clock.now());
  const submission = { ...work, attemptId, webhookUrl: webhookUrl(attemptId) };
  // A look-up that fails has told nothing: the attempt is as unknown as before.
  const found = await Promise.resolve(provider.find?.(attemptId, submission)).catch(onFindFailed);
  if (found === "absent") return "absent";
  // The provider's own answer first; what its call told us only where it has none.
  const accepted = typeof found === "object" ? found.accepted : run.steps.get(hintStep(attemptId));
  if (accepted !== undefined) return { found: { accepted, attemptId } };
  const until = Math.min(since + provider.reconcileMs, deadlineAt);
  if (clock.now() < until) return { againInMs: Math.min(LOOK_FOR_LOST_EVERY_MS, until - clock.now()) };
  throw new ReelayError(
    "outcome_unknown",
    "The answer to handing the work over was lost, and the provider cannot tell whether it was accepted. It was not sent again.",
  );
}

/** Where the ticket is remembered that a provider's call told us, before we found it ourselves. */
export function hintStep(attemptId: string): string {
  return `hint-${attemptId}`;
}

/** The last attempt among a task's steps: what was accepted, or an intent whose end nobody saw. Refused ones are none. */
export function lastAttempt(
  steps: ReadonlyMap<string, Json>,
): { readonly attemptId: string; readonly ticket: Json | undefined } | undefined {
  const attempts = [...steps.keys()].filter((name) => /^attempt-\d+$/.test(name));
  const last = attempts.sort((a, b) => Number(a.slice(8)) - Number(b.slice(8))).at(-1);
  const step = last && (steps.get(last) as unknown as { intent: string; done?: Tried; unsent?: true });
  if (!step || step.unsent) return undefined;
  if (step.done === undefined) return { attemptId: step.intent, ticket: steps.get(hintStep(step.intent)) };
  return "accepted" in step.done ? { attemptId: step.intent, ticket: step.done.accepted } : undefined;
}
