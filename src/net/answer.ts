/** What a server's answer means for a fetch, and how little of a failure is told to whoever asked for it. */
import type { Dispatcher } from "undici";
import type { ReelayError } from "../core/errors.ts";
import { tooLarge } from "./body-reader.ts";
import { rejected } from "./url-policy.ts";

export interface Answer {
  readonly response: Dispatcher.ResponseData;
  /** Whether it came from the public internet. */
  readonly isPublic: boolean;
}

/**
 * One sentence for everything that went wrong on the way: a blocked address, a closed port, a timeout and a reset
 * must look alike, or the server becomes a port scanner for the network it stands in. The rest is for the log.
 */
export function unreachable(cause: unknown): ReelayError {
  return rejected(
    "The URL could not be fetched. It must lead to a server on the public internet that answers at once and sends " +
      "the whole file; otherwise upload the file.",
    cause,
  );
}

/** What a public server answered may be told; one in a range that only the operator allowed is not talked about. */
export function refuseAnswer(answer: Answer, reason: string): ReelayError {
  return answer.isPublic
    ? rejected(`The URL could not be fetched: ${reason}.`)
    : unreachable(new Error(reason));
}

/** Where the answer sends us, if it does. */
export function redirectOf({ statusCode, headers }: Dispatcher.ResponseData): string | undefined {
  if (![301, 302, 303, 307, 308].includes(statusCode)) return undefined;
  return headerText(headers.location) ?? undefined;
}

/**
 * Refuses an answer that is not the plain bytes of a whole file. Encoded bodies are never decoded: a decoder fed by
 * strangers is a way into the process, and a few bytes become gigabytes.
 */
export function readHeaders(
  answer: Answer,
  maxBytes: number,
): { readonly contentLength: number | null; readonly contentType: string | null } {
  const { statusCode, headers } = answer.response;
  if (statusCode < 200 || statusCode > 299) throw refuseAnswer(answer, `the server answered ${statusCode}`);
  if (statusCode === 206) throw refuseAnswer(answer, "the server answered 206, a part of the file");

  const encoding = headerText(headers["content-encoding"]) ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    throw refuseAnswer(
      answer,
      "the server sent the file with a content-encoding although none was asked for",
    );
  }
  const transfer = headerText(headers["transfer-encoding"]) ?? "chunked";
  if (transfer.toLowerCase() !== "chunked") {
    throw refuseAnswer(answer, "the server sent the file with a transfer-encoding other than chunked");
  }
  const length = headerText(headers["content-length"]);
  const contentLength = length === null ? null : Number(length);
  if (contentLength !== null && contentLength > maxBytes) throw tooLarge(String(contentLength), maxBytes);
  return { contentLength, contentType: headerText(headers["content-type"]) };
}

/** null where the header is absent or empty. */
function headerText(value: string | string[] | undefined): string | null {
  const text = Array.isArray(value) ? value.join(", ") : (value ?? "");
  return text.trim() === "" ? null : text.trim();
}
