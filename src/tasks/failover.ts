/**
 * Whether work that one provider refused, or failed at, goes to another. A refusal costs nothing, so the next may be
 * asked; a failure of accepted work may have cost something, so it is a matter of policy, and of a cap on what all
 * attempts of a task may cost together.
 */
import { type ErrorCode, ReelayError } from "../core/errors.ts";
import type { FailoverReason } from "../core/failover.ts";
import type { Attempt } from "./history.ts";
import type { Choice } from "./route.ts";

export interface FailoverPolicy {
  /** After which failures of accepted work another attempt is made. */
  readonly reasons: readonly FailoverReason[];
  /** Attempts of one task that may be accepted. */
  readonly attempts: number;
  /** Percent of the task's price that they may cost together, each taken to cost all of it. */
  readonly costPercent: number;
}

/** What else a failure may be is about the request (its content, its files) and would be the same elsewhere. */
const REASONS: Readonly<Partial<Record<ErrorCode, FailoverReason>>> = {
  provider_busy: "capacity",
  provider_balance: "capacity",
  provider_account: "capacity",
  provider_failed: "failure",
  provider_lost: "lost",
  deadline_exceeded: "timeout",
};

/** Of a provider's own word that accepted work has failed. */
export function mayFollow(policy: FailoverPolicy, code: ErrorCode, attempts: readonly Attempt[]): boolean {
  const reason = REASONS[code];
  if (reason === undefined || !policy.reasons.includes(reason)) return false;
  const accepted = attempts.filter(({ state }) => state === "accepted" || state === "failed").length;
  return accepted < policy.attempts && (accepted + 1) * 100 <= policy.costPercent;
}

/** Refusals that no other provider would take another view of. */
const FINAL: readonly ErrorCode[] = ["content_refused", "invalid_parameters"];

export function isFinal(code: ErrorCode): boolean {
  return FINAL.includes(code);
}

/** Whether an earlier attempt rules a provider out for the rest of the task. */
export function ruledOut(attempts: readonly Attempt[]): (choice: Choice) => boolean {
  return ({ provider }) =>
    attempts.some(({ placing, refused, ending }) => {
      if (!placing) return false;
      if (ending) return placing.provider === provider.id;
      if (!refused || refused.againAt !== null) return false;
      // What it does not like about the request, it does not like with another key either.
      return refused.refused.code === "provider_refused"
        ? placing.kind === provider.kind
        : placing.provider === provider.id;
    });
}

/** The last thing that a provider said against the task; undefined where none has. */
export function lastObjection(attempts: readonly Attempt[]): ReelayError | undefined {
  const last = attempts.findLast(({ refused, ending }) => refused ?? ending);
  const said = last?.ending ?? last?.refused?.refused;
  return said && new ReelayError(said.code, said.message);
}
