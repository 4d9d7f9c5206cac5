/** The body of a create in the FoxAPI dialect, and what is settled before it: the same work makes the same body again. */
import type { JsonObject } from "../core/json.ts";
import type { Submission } from "../core/provider.ts";
import { nest, placeAt } from "./upstream-body.ts";
import { asUrl } from "./upstream-file.ts";

/** What `prepare` says. */
export interface Prepared {
  /** Milliseconds since 1970, before the first submit: nothing that the other side remembers of one is older. */
  readonly at: number;
  /** By the provider's name of the file. */
  readonly urls: Readonly<Record<string, string>>;
}

const LONGEST_CALLBACK = 2048;

export function preparedOf({ prepared }: Submission): Prepared | null {
  return prepared as unknown as Prepared | null;
}

/** `callbacks`: the other side may be asked to call back. */
export async function toOrder(work: Submission, callbacks: boolean): Promise<JsonObject> {
  const { endpoint, params, media, webhookUrl } = work;
  const body = nest(params) as Record<string, unknown>;
  for (const [name, file] of Object.entries(media)) {
    placeAt(body, name, preparedOf(work)?.urls[name] ?? (await asUrl(name, file, 0)));
  }
  // Anything else than https is refused there, and with it the whole request.
  const calls = callbacks && webhookUrl?.startsWith("https://") && webhookUrl.length <= LONGEST_CALLBACK;
  return { ...(body as JsonObject), model: endpoint, ...(calls ? { callback_url: webhookUrl } : {}) };
}
