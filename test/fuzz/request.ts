/** One request, ready to be sent, and what is expected of its answer. */
import type { Operation } from "./contract.ts";

export type Who = "ours" | "refused" | "stranger" | "revoked" | "none";

/**
 * `good`: an answer of success. `refused`: 4xx. `locked`: 401. `absent`: 404, and not a word of what there is. `unknown`:
 * no such route. `any`: whatever the document has.
 */
export type Expected = "good" | "refused" | "locked" | "absent" | "unknown" | "any";

export interface Sent {
  readonly kind: string;
  /** undefined: nothing is described under this method and path. */
  readonly operation: Operation | undefined;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly who: Who;
  /** Instead of a key's own. */
  readonly authorization?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly expected: Expected;
}

/** Fills in a path and a query, each part encoded. */
export function toPath(
  template: string,
  inPath: Readonly<Record<string, string>>,
  query: Readonly<Record<string, string>> = {},
): string {
  const path = template.replace(/\{(\w+)\}/g, (_all, name: string) => {
    // A dot or two would be tidied away before they are sent.
    return encodeURIComponent((inPath[name] ?? "x").toWellFormed()).replace(/^\.+$/, "%2e%2e%2e");
  });
  const pairs = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value.toWellFormed())}`,
  );
  return pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
}
