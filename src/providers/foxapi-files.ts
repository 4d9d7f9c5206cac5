/**
 * Files for the FoxAPI dialect. It takes URLs only, no data URIs (served-dialects 1.12): our own links where we have a
 * public address, else what its upload gives for the file, which lives there for 72 hours.
 */
import { openAsBlob } from "node:fs";
import { FormData } from "undici";
import { type ErrorCode, ReelayError } from "../core/errors.ts";
import type { JsonObject } from "../core/json.ts";
import { CONTENT_TYPES } from "../core/media.ts";
import type { InputFile, Work } from "../core/provider.ts";
import { unanswered } from "./upstream-answer.ts";
import { type Say, textAt } from "./upstream-body.ts";
import type { Upstream } from "./upstream-call.ts";

/** The URL of each file, by the provider's name for it. Once chosen, a submit says the same each time it is made. */
export async function placeFiles(
  { media }: Pick<Work, "media">,
  { upstream, say, signal }: { readonly upstream: Upstream; readonly say: Say; readonly signal: AbortSignal },
): Promise<JsonObject> {
  const urls: Record<string, string> = {};
  for (const [name, file] of Object.entries(media)) {
    urls[name] = file.url ?? (await upload(name, file, { upstream, say, signal }));
  }
  return urls;
}

const CODES: Readonly<Record<number, ErrorCode>> = {
  400: "provider_refused",
  401: "provider_account",
  402: "provider_balance",
  403: "provider_account",
  404: "provider_account",
  413: "input_out_of_limits",
  422: "provider_refused",
};

async function upload(
  name: string,
  { path, facts }: InputFile,
  { upstream, say, signal }: { readonly upstream: Upstream; readonly say: Say; readonly signal: AbortSignal },
): Promise<string> {
  const form = new FormData();
  const blob = await openAsBlob(path, { type: CONTENT_TYPES[facts.type] });
  form.append("file", blob, `${name.replaceAll(/\W+/g, "-")}.${facts.type}`);
  const called = await upstream.call({ method: "POST", path: "v1/files/upload/stream", form, signal });
  if ("lost" in called) {
    if (signal.aborted) throw signal.reason;
    const { why, cause } = called.lost;
    throw new ReelayError("provider_failed", `${name} could not be handed to the provider: ${why}.`, {
      cause,
    });
  }
  const { status, body, retryAfterMs } = called.answer;
  const url = textAt(body, "url");
  if (status >= 200 && status < 300 && url !== undefined && /^https?:\/\//.test(url)) return url;
  // What earlier tasks had sent up is in the way, and goes in time.
  const full = textAt(body, "error", "code") === "storage_full";
  const code = full ? "provider_busy" : CODES[status];
  if (code === undefined) throw unanswered(status, retryAfterMs);
  const words = code === "provider_refused" || code === "input_out_of_limits" ? say(body) : "";
  throw new ReelayError(code, `The provider did not take ${name} (HTTP ${status})${words}.`);
}
