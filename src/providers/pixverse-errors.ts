/** What PixVerse's error codes mean (docs.platform.pixverse.ai, "Error codes", read 2026-11-20). */
import { type ErrorCode, ReelayError } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import type { Submitted } from "../core/provider.ts";
import { refuse, refuseForNow, unsaid } from "./upstream-answer.ts";
import { type Say, textAt, valueAt } from "./upstream-body.ts";
import type { Answer, Called } from "./upstream-call.ts";

const CODES: ReadonlyMap<number, ErrorCode> = new Map(
  Object.entries({
    provider_refused: [400011, 400013, 400017, 400018, 400019, 500060, 500070, 500071],
    provider_account: [400012, 500020],
    provider_balance: [500090],
    // Of a picture or a video that we uploaded or ordered: the number was good and is not any more.
    provider_lost: [400032, 500008],
    input_out_of_limits: [500030, 500033],
    input_unreadable: [500031, 500032, 500041, 500042],
    // 500052 is what a refused picture has on the page "Upload image"; the list of codes leaves it out.
    content_refused: [500052, 500054, 500063, 500064],
    provider_busy: [500044, 500069],
    // A database that failed, and "unknown": whether before or after the work was taken is not said.
    provider_failed: [500100, 99999],
  } satisfies Partial<Record<ErrorCode, number[]>>).flatMap(([word, codes]) =>
    codes.map((code) => [code, word as ErrorCode] as const),
  ),
);

const SENTENCES: Readonly<Partial<Record<ErrorCode, string>>> = {
  provider_refused: "The provider refused the request",
  provider_account:
    "The provider did not accept this server's key, or its account may not use this model; its operator has to look",
  provider_balance:
    "This server's account with the provider has no credit left; its operator has to add some",
  provider_lost: "The provider no longer has the picture or the video in question",
  input_out_of_limits: "The provider refused the size of the picture",
  input_unreadable: "The provider could not read the picture",
  content_refused: "The provider's content check refused the request",
  provider_busy: "The provider takes no more work at present",
};

/** The code in an answer and the status that it came with. */
interface Verdict {
  readonly code: number;
  readonly status: number;
  readonly body: Json;
  readonly retryAfterMs: number | undefined;
}

/**
 * 0 is success. It comes with HTTP 200 whatever it is, and for a refused picture with HTTP 500 and names in lower case.
 * undefined: no answer came, or it is not PixVerse's own.
 */
export function verdictOf(called: Called): Verdict | undefined {
  if ("lost" in called) return undefined;
  const { status, body, retryAfterMs } = called.answer;
  const code = valueAt(body, "ErrCode") ?? valueAt(body, "err_code");
  return typeof code === "number" ? { code, status, body, retryAfterMs } : undefined;
}

export function wordsOf(body: Json): string | undefined {
  return textAt(body, "ErrMsg") ?? textAt(body, "err_msg");
}

/** What is the operator's affair comes without PixVerse's own words, which may quote the account. */
export function errorOf({ code, body, retryAfterMs }: Verdict, say: Say): ReelayError {
  const word = CODES.get(code) ?? "provider_failed";
  const sentence = SENTENCES[word] ?? `The provider failed with ErrCode ${code}`;
  const words = word === "provider_account" || word === "provider_balance" ? "" : say(body);
  const details = retryAfterMs === undefined ? {} : { retryAfter: retryAfterMs / 1000 };
  return new ReelayError(word, `${sentence}${words}.`, details);
}

/**
 * What a submit's answer that is no success says. A code of the list decides; without one something before PixVerse's own
 * service spoke, and only its status says anything. Busy means that nothing was made, in the list's words and in a 429.
 */
export function refusalOf(answer: Answer, say: Say): Submitted {
  const { status, retryAfterMs } = answer;
  const verdict = verdictOf({ answer });
  const word = (verdict && CODES.get(verdict.code)) ?? STATUSES[status];
  if (word === undefined || word === "provider_failed") return unsaid(status);
  const own = verdict === undefined ? `HTTP ${status}` : `ErrCode ${verdict.code}`;
  if (word === "provider_busy") return refuseForNow(`${SENTENCES[word]} (${own}).`, retryAfterMs);
  return verdict && CODES.has(verdict.code)
    ? { refused: errorOf(verdict, say), again: false }
    : refuse(word, `${SENTENCES[word]} (${own}).`);
}

const STATUSES: Readonly<Record<number, ErrorCode>> = {
  400: "provider_refused",
  401: "provider_account",
  402: "provider_balance",
  403: "provider_account",
  404: "provider_account",
  413: "provider_refused",
  422: "provider_refused",
  429: "provider_busy",
};
