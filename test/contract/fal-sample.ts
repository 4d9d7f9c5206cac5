import type { JsonObject } from "../../src/core/json.ts";

/** A body that a client may send, and what fal is sent for it. */
export interface FalSample {
  readonly model: string;
  readonly what: string;
  readonly body: JsonObject;
  readonly endpoint: string;
  readonly sent: object;
  /** fal's name for a file -> our field: the link alone does not show it. */
  readonly files?: Readonly<Record<string, string>>;
}
