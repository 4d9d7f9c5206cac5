import type { Json } from "../../src/core/json.ts";
import type { Progress, Provider, Submission } from "../../src/core/provider.ts";
import { until } from "../support/until.ts";

/** What the upstream behind a provider can be made to do, in the words of the suite. */
export type Behaviour =
  | "work"
  | "work-slowly"
  | "never-end"
  | "say-an-unknown-word"
  | "fail-on-content"
  | "fail-for-capacity"
  | "fail-inside"
  | "refuse-400"
  | "refuse-401"
  | "refuse-402"
  | "refuse-422"
  | "refuse-content"
  | "busy-429"
  | "busy-503"
  | "drop-before-accept"
  | "reset-before-accept"
  | "accept-then-drop"
  | "accept-then-reset"
  | "accept-then-500"
  | "accept-then-502"
  | "accept-then-503"
  | "accept-then-504"
  | "accept-then-garbage"
  | "accept-and-never-answer"
  | "list-later"
  | "list-nothing"
  | "drop-the-first-check"
  | "busy-at-the-first-check"
  | "ask-for-patience"
  | "ignore-a-cancel"
  | "cancel-too-late";

export interface ProviderUnderTest {
  readonly provider: Provider;
  /** A provider whose upstream does not listen. */
  readonly unreachable: Provider;
  /** What may be in no error. */
  readonly secret: string;
  /** A valid submission that the upstream treats so. The attempt's id is new each time. */
  work(behaviour: Behaviour): Submission;
  /** How many jobs the upstream accepted for an attempt, by its own account. */
  accepts(attemptId: string): number;
  /** Submits that reached it. */
  submits(attemptId: string): number;
  /** What it tells a webhook about the work of a ticket that was accepted. */
  told(ticket: Json): Json;
  read(url: string): Promise<Uint8Array>;
  destroy(): Promise<void>;
}

export const NEVER = new AbortController().signal;

export type Current = () => ProviderUnderTest;

export async function accepted({ provider }: ProviderUnderTest, work: Submission): Promise<Json> {
  const submitted = await provider.submit(work, NEVER);
  if (!("accepted" in submitted)) throw new Error(`not accepted: ${JSON.stringify(submitted)}`);
  return submitted.accepted;
}

export async function ending({ provider }: ProviderUnderTest, ticket: Json): Promise<Progress> {
  const ended = async (): Promise<Progress | false> => {
    const progress = await provider.check(ticket, NEVER);
    return (progress.state === "done" || progress.state === "failed") && progress;
  };
  return until(ended, { ms: 5_000, what: "the end of the work" });
}

/** Everything that an error says, its causes included. */
export function allOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.stack} ${JSON.stringify(error)} ${error.cause === undefined ? "" : allOf(error.cause)}`;
}
