/** A finished video that only the provider's own API gives out, with our key. */

import type { Json } from "../core/json.ts";
import type { Progress } from "../core/provider.ts";
import { unanswered } from "./upstream-answer.ts";
import type { OpenAnswer, Upstream } from "./upstream-call.ts";

/** `path` is below the base URL, so nobody else is shown the key. Anything but 200 rejects, and may be asked again. */
export function doneHere(
  upstream: Upstream,
  path: string,
  meta: Readonly<Record<string, Json>> = {},
): Progress {
  const open = async (signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> => {
    const answer = await upstream.open({ method: "GET", path, headers: { accept: "*/*" }, signal });
    if (answer.status === 200) return answer.bytes;
    await leave(answer);
    throw unanswered(answer.status, answer.retryAfterMs);
  };
  return { state: "done", output: { from: { open }, meta, ignored: {} } };
}

/** A body that nobody reads would hold its connection; its iterator lets go only where it was begun. */
async function leave({ bytes }: OpenAnswer): Promise<void> {
  try {
    for await (const _ of bytes) break;
  } catch {
    // It broke off by itself.
  }
}
