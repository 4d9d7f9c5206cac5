/** A task's attempts as its steps tell them: who was asked, what came of it, and what may still be under way. */
import type { ErrorCode } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import { attemptStep, hintStep, type Refused, type Tried, unpreparedStep } from "./attempt.ts";

/** Who an attempt goes to; written before anything is handed over. */
export interface Placing {
  readonly provider: string;
  readonly kind: string;
  readonly endpoint: string;
  /** When its submit may leave. */
  readonly at: number;
}

/** How accepted work ended that is followed by another attempt. */
export interface Ending {
  readonly code: ErrorCode;
  readonly message: string;
  readonly at: number;
}

export interface Attempt {
  /** 1 is the first. */
  readonly number: number;
  /** undefined: the task was begun by a Reelay that asked one provider only. */
  readonly placing: Placing | undefined;
  /** undefined: nothing was submitted. */
  readonly attemptId: string | undefined;
  /** `open`: it may be with the provider; `unsent`: nothing of it has left. */
  readonly state: "unsent" | "open" | "accepted" | "refused" | "failed";
  readonly ticket: Json | undefined;
  readonly refused: Refused | undefined;
  readonly ending: Ending | undefined;
}

export const routeStep = (number: number): string => `route-${number}`;
export const endingStep = (number: number): string => `ended-${number}`;

interface Intent {
  readonly intent: string;
  readonly done?: Tried;
  readonly unsent?: true;
}

/** In order. */
export function attemptsOf(steps: ReadonlyMap<string, Json>): readonly Attempt[] {
  const attempts: Attempt[] = [];
  for (let number = 1; steps.has(routeStep(number)) || steps.has(attemptStep(number)); number++) {
    attempts.push(attemptOf(steps, number));
  }
  return attempts;
}

function attemptOf(steps: ReadonlyMap<string, Json>, number: number): Attempt {
  const intent = steps.get(attemptStep(number)) as unknown as Intent | undefined;
  const done = intent?.done;
  const unprepared = steps.get(unpreparedStep(number)) as unknown as Refused | undefined;
  const refused = done && "refused" in done ? done : unprepared;
  const ending = steps.get(endingStep(number)) as unknown as Ending | undefined;
  return {
    number,
    placing: steps.get(routeStep(number)) as unknown as Placing | undefined,
    attemptId: intent?.intent,
    state: stateOf(intent, { refused, ending }),
    ticket: ticketOf(steps, intent),
    refused,
    ending,
  };
}

function ticketOf(steps: ReadonlyMap<string, Json>, intent: Intent | undefined): Json | undefined {
  if (!intent?.done) return intent && steps.get(hintStep(intent.intent));
  return "accepted" in intent.done ? intent.done.accepted : undefined;
}

function stateOf(
  intent: Intent | undefined,
  { refused, ending }: Pick<Attempt, "refused" | "ending">,
): Attempt["state"] {
  if (ending) return "failed";
  if (refused) return "refused";
  if (!intent || intent.unsent) return "unsent";
  return intent.done ? "accepted" : "open";
}

/** The attempt that a provider may be working on: accepted, or an intent whose end nobody saw. */
export function liveAttempt(
  steps: ReadonlyMap<string, Json>,
): (Attempt & { readonly attemptId: string }) | undefined {
  const last = attemptsOf(steps).at(-1);
  const live = last && (last.state === "accepted" || last.state === "open");
  return live && last.attemptId !== undefined ? { ...last, attemptId: last.attemptId } : undefined;
}
