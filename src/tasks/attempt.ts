/**
 * One attempt: at most one accepted submit. The intent is durable before the first byte leaves; a submit whose answer was
 * lost is looked for, and never sent again.
 */
import type { Clock } from "../core/clock.ts";
import { type ErrorCode, ReelayError } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import type { Provider, Work } from "../core/provider.ts";
import type { Recovered, Run } from "../engine/run.ts";

/** What is remembered of one attempt that was answered. */
export type Tried = { readonly accepted: Json; readonly attemptId: string } | Refused;
export interface Refused {
  readonly refused: { readonly code: ErrorCode; readonly message: string };
  /** When the same provider may be asked once more; null: there is no use. */
  readonly againAt: number | null;
}

export interface Handover {
  /** 1 for a task's first attempt. */
  readonly number: number;
  readonly provider: Provider;
  readonly work: Work;
  /** Where the provider may tell of an attempt. */
  readonly webhookUrl: (attemptId: string) => string | null;
  /** Nothing is handed over after it. */
  readonly deadlineAt: number;
  readonly clock: Clock;
  readonly onFindFailed: (error: unknown) => void;
  /** A submit is about to leave, and what came of it; not told again at a replay. */
  readonly onAsk: () => void;
  readonly onAnswer: (answer: "accepted" | { readonly code: ErrorCode; readonly afterMs: number }) => void;
}

const LOOK_FOR_LOST_EVERY_MS = 2_000;
const PREPARE_AGAIN_MS = 1_000;

/** Throws `deadline_exceeded`, or `outcome_unknown` where an answer was lost and could not be found. */
export async function handOver(run: Run<unknown, unknown>, handover: Handover): Promise<Tried> {
  const prepared = await prepare(run, handover);
  if (typeof prepared === "object" && "refused" in prepared) return prepared;
  return (await run.once(
    attemptStep(handover.number),
    (attemptId) => submit(run, handover, { attemptId, prepared: prepared.value }),
    (attemptId, losses) => recover(run, handover, { attemptId, losses, prepared: prepared.value }),
  )) as unknown as Tried;
}

/** Nothing has been ordered yet: whatever goes wrong here is a refusal. */
async function prepare(
  run: Run<unknown, unknown>,
  handover: Handover,
): Promise<{ readonly value: Json } | Refused> {
  const { provider, work, number, clock, onAnswer } = handover;
  if (!provider.prepare) return { value: null };
  const unprepared = run.steps.get(unpreparedStep(number));
  if (unprepared !== undefined) return unprepared as unknown as Refused;
  if (!run.steps.has(preparedStep(number))) throwIfLate(handover);
  try {
    const value = await run.step(
      preparedStep(number),
      async () => (await provider.prepare?.(work, run.signal)) ?? null,
    );
    return { value };
  } catch (error) {
    if (!(error instanceof ReelayError) || run.signal.aborted) throw error;
    const { code, message, retryAfter = PREPARE_AGAIN_MS / 1000 } = error;
    const again = code === "provider_busy" || code === "provider_failed";
    const afterMs = retryAfter * 1000;
    onAnswer({ code, afterMs });
    const refused: Refused = { refused: { code, message }, againAt: again ? clock.now() + afterMs : null };
    return (await run.step(
      unpreparedStep(number),
      async () => refused as unknown as Json,
    )) as unknown as Refused;
  }
}

async function submit(
  run: Run<unknown, unknown>,
  handover: Handover,
  { attemptId, prepared }: { readonly attemptId: string; readonly prepared: Json },
): Promise<Json | "unknown"> {
  const { provider, work, webhookUrl, clock, onAsk, onAnswer } = handover;
  throwIfLate(handover);
  onAsk();
  const submission = { ...work, attemptId, prepared, webhookUrl: webhookUrl(attemptId) };
  const submitted = await provider.submit(submission, run.signal).catch((error: unknown) => {
    // It rejects only where nothing has left: a file that does not fit into a request, for one.
    if (!(error instanceof ReelayError) || run.signal.aborted) throw error;
    return { refused: error, again: false as const };
  });
  if ("unknown" in submitted) return "unknown";
  if ("accepted" in submitted) {
    onAnswer("accepted");
    return { accepted: submitted.accepted, attemptId };
  }
  const { code, message } = submitted.refused;
  const afterMs = submitted.again ? submitted.again.afterMs : 0;
  onAnswer({ code, afterMs });
  return { refused: { code, message }, againAt: submitted.again ? clock.now() + afterMs : null };
}

function throwIfLate({ clock, deadlineAt }: Handover): void {
  if (clock.now() < deadlineAt) return;
  throw new ReelayError(
    "deadline_exceeded",
    "The task's time was up before its work could be handed over. Nothing was billed.",
  );
}

async function recover(
  run: Run<unknown, unknown>,
  { provider, work, webhookUrl, deadlineAt, clock, number, onFindFailed }: Handover,
  { attemptId, losses, prepared }: { attemptId: string; losses: number; prepared: Json },
): Promise<Recovered<Json>> {
  const since = await run.step(`lost-${number}-${losses}`, async () => clock.now());
  const submission = { ...work, attemptId, prepared, webhookUrl: webhookUrl(attemptId) };
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

export function attemptStep(number: number): string {
  return `attempt-${number}`;
}

function preparedStep(number: number): string {
  return `prepared-${number}`;
}

export function unpreparedStep(number: number): string {
  return `unprepared-${number}`;
}

/** Where the ticket is remembered that a provider's call told us, before we found it ourselves. */
export function hintStep(attemptId: string): string {
  return `hint-${attemptId}`;
}
