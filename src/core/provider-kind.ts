/**
 * How a kind of provider is opened from an operator's settings. Every kind has the common ones (`key`, `url`,
 * `concurrency` and so on); what it needs besides, it says here, and settings, `reelay doctor` and the docs follow.
 */
import type { Provider } from "./provider.ts";

/** A setting that only this kind has. Values are text, as in the environment. */
export interface KindSetting {
  readonly about: string;
  /** Never shown, logged or stored in the clear. */
  readonly secret?: true;
  readonly required?: true;
  readonly fallback?: string;
}

export interface ProviderKind {
  /** What routes call it; the name of its file. */
  readonly kind: string;
  /** For people. */
  readonly title: string;
  /** Where its API is unless the operator says otherwise; null: the operator has to say. */
  readonly url: string | null;
  /** `optional`: it may be open to everybody who can reach it. `none`: what it goes by is in its own settings. */
  readonly key: "required" | "optional" | "none";
  /** Attempts at once, where the operator does not say. */
  readonly concurrency: number;
  /** Questions a second about attempts, where the operator does not say. */
  readonly checksPerSecond: number;
  readonly settings: Readonly<Record<string, KindSetting>>;
  /**
   * It speaks our own parameter names and knows our models by our ids, so every model has a route to it without one
   * being written.
   */
  readonly speaksOurs?: true;
  /** It can be opened, and no message or page offers it: there is no such service. */
  readonly forTests?: true;
  /** Throws an Error with a sentence for the operator where the settings cannot work. Opens no connection. */
  open(options: ProviderOptions): Provider | Promise<Provider>;
}

export interface ProviderOptions {
  readonly id: string;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly key: string | undefined;
  readonly concurrency: number;
  readonly checksPerSecond: number;
  readonly pollEveryMs?: number | undefined;
  readonly reconcileMs?: number | undefined;
  readonly connectMs?: number | undefined;
  /** For one call as a whole. */
  readonly totalMs?: number | undefined;
  /** Its own settings, fallbacks filled in; those without either are missing. */
  readonly settings: Readonly<Record<string, string>>;
  /** A folder of ours alone for files on their way; emptied at every start. */
  readonly scratch: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}
