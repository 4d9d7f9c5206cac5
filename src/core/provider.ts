/**
 * What stands behind a route. A provider does transport and nothing else: hand the work over, say how it
 * stands, give the file back. It never sees a task, a store or an HTTP request of ours. Retries, deadlines
 * and checkpoints belong to the workflow; a capability is there when its method is there.
 */
import type { ReelayError } from "./errors.ts";
import type { Json, JsonObject } from "./json.ts";
import type { MediaFacts } from "./media.ts";

/** An input that we fetched, checked and hold. */
export interface InputFile {
  readonly fileId: string;
  /** Readable by a child process of ours for as long as the task is open. */
  readonly path: string;
  readonly facts: MediaFacts;
}

/** One attempt's work, in the provider's own parameter names (the route has mapped them). */
export interface Submission {
  /** Ours, unique for the attempt, the same again after a crash. */
  readonly attemptId: string;
  readonly endpoint: string;
  readonly params: JsonObject;
  readonly media: Readonly<Record<string, InputFile>>;
}

export interface Output {
  /** A local file of the provider's making, or a URL to fetch it from. */
  readonly from: { readonly path: string } | { readonly url: string };
  /** Told with the result, for example `{ "seed": 42 }`. */
  readonly meta: JsonObject;
  /** Parameters (in the provider's names) that were accepted but do not show, with the reason. */
  readonly ignored: Readonly<Record<string, string>>;
}

export type Progress =
  | { readonly state: "pending" }
  /** `progress` is 1 to 99 percent. */
  | { readonly state: "processing"; readonly progress: number }
  | { readonly state: "done"; readonly output: Output }
  | { readonly state: "failed"; readonly error: ReelayError };

export interface Provider {
  readonly id: string;
  /** How many attempts it works on at once; more wait in our queue. 0: none for now. */
  readonly concurrency: number;
  /** How long to wait between two checks of one attempt. */
  readonly pollEveryMs: number;
  /** Expected seconds of work before there is any history. */
  prior(params: JsonObject): number;
  submit(work: Submission, signal: AbortSignal): Promise<Json>;
  check(ticket: Json, signal: AbortSignal): Promise<Progress>;
  /** Finds the ticket of an attempt whose submit was interrupted; undefined: the provider never saw it. */
  find?(attemptId: string, work: Submission): Promise<Json | undefined>;
  /** Stops the work. Presence means that a running attempt can be cancelled. */
  cancel?(ticket: Json): Promise<void>;
  /** The result has been collected or nobody wants it: free whatever is held for it. */
  forget?(ticket: Json): Promise<void>;
  close?(): Promise<void>;
}
