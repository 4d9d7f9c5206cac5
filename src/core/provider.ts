/**
 * What stands behind a route. A provider does transport and nothing else: hand the work over, say how it
 * stands, give the file back. It never sees a task, a store or an HTTP request of ours. Retries, deadlines
 * and checkpoints belong to the workflow; a capability is there when its method is there.
 */
import type { ReelayError } from "./errors.ts";
import type { Json, JsonObject } from "./json.ts";
import type { MediaFacts } from "./media.ts";
import type { TestPlan } from "./test-plan.ts";

/** An input that we fetched, checked and hold. */
export interface InputFile {
  readonly fileId: string;
  /** Readable by a child process of ours for as long as the task is open. */
  readonly path: string;
  readonly facts: MediaFacts;
  /** A signed link of ours to it, for as long as a task may take; null where nobody outside could follow it. */
  readonly url: string | null;
}

/** One attempt's work, in the provider's own parameter names (the route has mapped them). */
export interface Submission {
  /** Ours, unique for the attempt, the same again after a crash. */
  readonly attemptId: string;
  readonly endpoint: string;
  readonly params: JsonObject;
  readonly media: Readonly<Record<string, InputFile>>;
  /** Of a test key's task: what it is to go through. Only free providers get such work. */
  readonly test: TestPlan | null;
  /** Where the provider may tell that something changed; it carries our attempt, signed. null: it cannot reach us. */
  readonly webhookUrl: string | null;
  /** What `prepare` said; null where the provider has none. */
  readonly prepared: Json;
}

/** The work before anybody has tried it. */
export type Work = Pick<Submission, "endpoint" | "params" | "media" | "test">;

export interface Output {
  /**
   * A local file of the provider's making; a URL that anybody may fetch; or bytes that only the provider can fetch,
   * from its own host with its own key. `open` rejects where it cannot, and may be called again.
   */
  readonly from:
    | { readonly path: string }
    | { readonly url: string }
    | { readonly open: (signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>> };
  /** Told with the result, for example `{ "seed": 42 }`. */
  readonly meta: JsonObject;
  /** Parameters (in the provider's names) that were accepted but do not show, with the reason. */
  readonly ignored: Readonly<Record<string, string>>;
}

export type Progress =
  | { readonly state: "pending"; readonly retryAfterMs?: number }
  /** `progress` is 1 to 99 percent. */
  | { readonly state: "processing"; readonly progress: number; readonly retryAfterMs?: number }
  | { readonly state: "done"; readonly output: Output }
  | { readonly state: "failed"; readonly error: ReelayError };

/**
 * What became of a submit. `refused`: the provider surely has no work of ours; `again` says whether the same
 * request may be sent once more, after `afterMs`. `unknown`: bytes of it left and no answer came that says
 * which; sending it again could buy the video twice.
 */
export type Submitted =
  | { readonly accepted: Json }
  | { readonly refused: ReelayError; readonly again: false | { readonly afterMs: number } }
  | { readonly unknown: string };

/** What a provider can tell of an attempt whose answer was lost. */
export type Found = { readonly accepted: Json } | "absent" | "unknown";

/** `requested`: it was told, and may go on all the same. */
export type Cancelled = "cancelled" | "requested" | "too-late";

/** A call to `webhookUrl`, or to the one address that a provider was told once. Header names are lower-case. */
export interface WebhookCall {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  /** What stood behind the `?`, as it came: the provider put it there when it gave `webhookUrl` out, or its upstream did. */
  readonly query?: string;
}

/**
 * `ticket` is the work that it speaks of, where it says so. `forged`: it has no signature of the provider's although
 * we know what one looks like.
 */
type Heard = { readonly ticket: Json | undefined } | "forged";

export interface Provider {
  /** Which of the providers that are open here: what a task and its attempts remember. */
  readonly id: string;
  /** What routes call it. Two keys, regions or machines of one kind are two providers. */
  readonly kind: string;
  /** Its work costs nobody anything. */
  readonly free: boolean;
  /** How many attempts it works on at once; more wait in our queue. 0: none for now. */
  readonly concurrency: number;
  /** Between two checks of one attempt, before history says better. */
  readonly pollEveryMs: number;
  /** Checks a second that it takes from us, all attempts together. */
  readonly checksPerSecond: number;
  /** How long an attempt whose answer was lost is looked for before it is given up as unknown. */
  readonly reconcileMs: number;
  /** Expected seconds of work before there is any history. */
  prior(params: JsonObject): number;
  /** Whether it can do the work of this endpoint; left out: of every one that routes send it. */
  serves?(endpoint: string): boolean;
  /**
   * What has to be done before a submit, costs nothing and may be done twice: an upload. Its value is remembered and
   * comes with the submission. Rejects with a ReelayError; one that may be tried again says so in its `code`.
   */
  prepare?(work: Work, signal: AbortSignal): Promise<Json>;
  /** Rejects only where nothing was sent. Never sends twice by itself. */
  submit(work: Submission, signal: AbortSignal): Promise<Submitted>;
  /** Rejects where it could not be asked; that says nothing about the work. */
  check(ticket: Json, signal: AbortSignal): Promise<Progress>;
  /** Looks for an attempt whose answer was lost. `absent` only where it can never appear later. */
  find?(attemptId: string, work: Submission): Promise<Found>;
  /**
   * What a call says, after its signature is checked. It is a hint to look, never an answer. Rejects where it cannot be
   * checked at present; the caller is then not told that all is well, and calls again.
   */
  readWebhook?(call: WebhookCall): Promise<Heard>;
  /** Stops the work. Presence means that a running attempt can be cancelled. */
  cancel?(ticket: Json): Promise<Cancelled>;
  /** The result has been collected or nobody wants it: free whatever is held for it. */
  forget?(ticket: Json): Promise<void>;
  /** Resolves with what it found, in a few words, where the provider answers at all; costs nothing. For `reelay doctor`. */
  ping?(signal: AbortSignal): Promise<string>;
  close?(): Promise<void>;
}
