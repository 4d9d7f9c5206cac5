/** What a Reelay server answers with, in its first dialect's own words. Times are Unix seconds, money is credits (US cents). */

interface TaskBase {
  readonly id: string;
  readonly object: "video.generation.task";
  readonly type: "video";
  /** As it was asked for. */
  readonly model: string;
  /** 0 to 100. */
  readonly progress: number;
  readonly created: number;
  readonly usage: Usage;
  readonly task_info: TaskInfo;
}

/** Waiting for its turn, or being made. */
export interface OpenTask extends TaskBase {
  readonly status: "pending" | "processing";
  readonly results: null;
  readonly error: null;
}

export interface CompletedTask extends TaskBase {
  readonly status: "completed";
  /** One for each video, and never none. */
  readonly results: readonly [Result, ...Result[]];
  readonly error: null;
}

/** Failed, or cancelled: then the error's code is `request_cancelled`. It is not charged. */
export interface FailedTask extends TaskBase {
  readonly status: "failed";
  readonly results: null;
  readonly error: TaskError;
  /** What came of it after all, later than it could wait; it stays failed and is not charged. */
  readonly late_results?: readonly Result[];
}

export type EndedTask = CompletedTask | FailedTask;
export type Task = OpenTask | EndedTask;

/** A video that the server holds, as it measured it. */
export interface Result {
  /** Signed and good for a day; reading the task signs it anew. It needs no key, so treat it as one. */
  readonly url: string;
  readonly content_type: string;
  readonly width: number;
  readonly height: number;
  /** Seconds. */
  readonly duration: number;
  readonly fps: number | null;
  /** Whether it has sound. */
  readonly audio: boolean;
  /** Bytes. */
  readonly size: number;
  /** Of the file, in hex. */
  readonly sha256: string;
  /** What was asked and does not show, or shows otherwise. */
  readonly notes: readonly Note[];
  /** Small files that come with it; one that could not be made is missing. */
  readonly poster_url?: string | undefined;
  readonly poster_webp_url?: string | undefined;
  readonly contact_sheet_url?: string | undefined;
  readonly preview_url?: string | undefined;
  /** What a provider told about it, such as `seed`. */
  readonly [fact: string]: unknown;
}

export interface Note {
  readonly field: string;
  readonly message: string;
}

export interface TaskError {
  readonly code: string;
  readonly message: string;
  readonly type: "task_error";
  /** The parameter that it is about. */
  readonly field?: string;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** A failed task is never charged; "unknown": the provider may have done the work, and charged the operator. */
  readonly billed: false | "unknown";
}

export interface Usage {
  /** The hold, or the final charge once it is charged; 0 once it is released. */
  readonly credits_reserved: number;
  readonly user_group: string;
  readonly billing_rule: "per_second";
  readonly billing: "free" | "held" | "charged" | "released" | "unknown";
}

export interface TaskInfo {
  readonly can_cancel: boolean;
  /** Seconds from creation to the end, as expected at creation. */
  readonly estimated_time: number;
  /** Seconds asked for. */
  readonly video_duration: number;
  /** 1 is next; only while it waits. */
  readonly queue_position?: number;
  /** Made with a test key: free, by the server's own renderer. */
  readonly test?: true;
}

/** What a request would become and cost. Nothing was made. */
export interface Quote {
  readonly object: "video.generation.quote";
  readonly model: string;
  /** The parameters with their defaults. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly route: { readonly provider: string };
  readonly price: { readonly credits: number; readonly usd: number; readonly billing_rule: "per_second" };
  /** Seconds. */
  readonly estimated_time: number;
  readonly valid: true;
}

/** A file that you gave the server as an input. */
export interface Upload {
  readonly id: string;
  readonly filename: string;
  /** What a parameter such as `image_url` takes. */
  readonly url: string;
  /** Bytes. */
  readonly size: number;
  readonly created: number;
  readonly content_type: string;
  /** When the server removes it. */
  readonly expires: number;
}

export interface Model {
  readonly id: string;
  readonly object: "model";
  readonly owned_by: string;
  /** For people. */
  readonly name: string;
  readonly supported_endpoint_types: readonly string[];
  /** Whether somebody is open here who can do its work. */
  readonly available: boolean;
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** What must hold between them, as sentences. */
  readonly rules: readonly string[];
}

/** `kind` says which of the others there are: text, choice, integer, number, flag, picture, pictures, clip, sound, unsupported. */
export interface Parameter {
  readonly kind: string;
  readonly about: string;
  readonly required?: true;
  readonly nullable?: true;
  readonly default?: unknown;
  readonly values?: readonly (string | number | boolean)[];
  readonly min?: number;
  readonly max?: number;
  readonly limits?: Readonly<Record<string, unknown>>;
}

export interface Credits {
  /** Of the key. */
  readonly token: Balance;
  /** Of its account. */
  readonly user: Balance;
}

export interface Balance {
  /** 0 where nothing limits it. */
  readonly remaining_credits: number;
  readonly unlimited_credits: boolean;
  readonly used_credits: number;
  readonly held_credits: number;
}

/** One thing wrong with one field of a request. */
export interface Problem {
  readonly field: string;
  readonly message: string;
  readonly received?: unknown;
  readonly allowed?: unknown;
}
