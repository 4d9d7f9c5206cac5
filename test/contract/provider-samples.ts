import type { ErrorCode } from "../../src/core/errors.ts";
import type { Json } from "../../src/core/json.ts";
import type { Output, Progress, Provider, Submission, WebhookCall } from "../../src/core/provider.ts";
import type { Reply } from "../standins/standin.ts";
import { until } from "../support/until.ts";

/**
 * What the upstream behind a provider can be made to do, in the words of the suite. Each stands for the submit, the work
 * or the first look at it; where one is refused, for one of the refusals that the provider documents.
 */
export type Behaviour =
  | "work"
  | "work-slowly"
  | "never-end"
  | "say-an-unknown-word"
  | "fail-on-content"
  | "fail-for-capacity"
  | "fail-inside"
  | "refuse-request"
  | "refuse-key"
  | "refuse-balance"
  | "refuse-model"
  | "refuse-content"
  | "busy"
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
  | "drop-the-first-check"
  | "busy-at-the-first-check"
  | "break-at-the-first-check"
  | "forget-the-work"
  | "list-later"
  | "list-nothing"
  | "ask-for-patience"
  | "ignore-a-cancel"
  | "cancel-too-late";

/** What a provider's API does not have, each with the reason. The suite asserts that the capability is then missing, too. */
export interface Lacks {
  /** Progress in percent. */
  readonly progress?: string;
  /** `find`: no look-up, no list. */
  readonly find?: string;
  readonly cancel?: string;
  readonly webhook?: string;
  /** It tells of calls, and does not sign them: the address is signed by us. */
  readonly signature?: string;
  /** Behaviours that cannot be had from this API. */
  readonly behaviours?: Readonly<Partial<Record<Behaviour, string>>>;
}

export interface ProviderUnderTest {
  readonly provider: Provider;
  /** A provider whose upstream does not listen. */
  readonly unreachable: Provider;
  /** A provider whose upstream gives this answer to everything, tokens apart. */
  behind(reply: Reply): Promise<Provider>;
  /** The same provider as another process would open it. */
  reopen(): Promise<Provider>;
  /** What may be in no error and no ticket. */
  readonly secret: string;
  /** A valid submission that the upstream treats so, `prepared` as `prepare` made it. The attempt's id is new each time. */
  work(behaviour: Behaviour): Promise<Submission>;
  /** How many jobs the upstream accepted for it, by its own account. */
  accepts(work: Submission): number;
  /** Submits of it that reached the upstream. */
  submits(work: Submission): number;
  /** The call by which the upstream tells of the accepted work of a ticket, signed as it signs. */
  told(ticket: Json, work: Submission): Promise<WebhookCall>;
  /** The bytes of a finished video, fetched as the server would. */
  read(output: Output): Promise<Uint8Array>;
  /** What was wrong with any request, by the provider's contract. */
  readonly complaints: readonly string[];
  destroy(): Promise<void>;
}

/** The codes with which refused and failed work ends; the rest of the suite's words mean the same everywhere. */
export const ENDS: Readonly<Partial<Record<Behaviour, ErrorCode>>> = {
  "fail-on-content": "content_refused",
  "fail-for-capacity": "provider_busy",
  "fail-inside": "provider_failed",
  "refuse-request": "provider_refused",
  "refuse-key": "provider_account",
  "refuse-balance": "provider_balance",
  "refuse-model": "provider_account",
  "refuse-content": "content_refused",
};

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
