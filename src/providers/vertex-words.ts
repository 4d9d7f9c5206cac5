/** What Vertex AI's answers mean: statuses and messages of a submit, and the ends of an operation (contract 2.1, 9.5). */
import type { ErrorCode } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import type { Output, Progress, Submitted } from "../core/provider.ts";
import { failed, refuse, refuseForNow, unsaid } from "./upstream-answer.ts";
import { openSayer, textAt, valueAt } from "./upstream-body.ts";
import type { Answer } from "./upstream-call.ts";

/** The limit is some ten submits a minute and project, and no Retry-After comes with it. */
const BUSY_MS = 10_000;

/** A whole name, so that no answer can lead a question of ours, with its token, anywhere else. */
const OPERATION =
  /^projects\/[a-z0-9][\w.:-]*\/locations\/[a-z0-9][\w-]*\/publishers\/google\/models\/[a-z0-9][\w.-]*\/operations\/[\w-]+$/i;

/**
 * Google words it in many ways: "The prompt couldn't be submitted ... might violate our policies", "... violates Vertex
 * AI's usage guidelines. ... Support codes: 15236754" (its page on responsible AI for Veo, read 2026-11-20).
 */
const CONTENT =
  /usage guidelines|responsible ai|safety|support codes?:|violat|our policies|could(n't| not) be submitted|sensitive words/i;
/** From third-party reports only. */
const PICTURE = /process input image|image is not valid/i;

const ACCOUNT = "its operator has to look at the project, the service account and its roles";

export function toSubmittedOf({ status, body, retryAfterMs }: Answer, token: string): Submitted {
  if (status >= 200 && status < 300) {
    const operation = textAt(body, "name") ?? "";
    return OPERATION.test(operation) ? { accepted: { operation } } : unsaid(status);
  }
  if (status === 400) {
    const said = openSayer(token)(body);
    return refuse(codeOf(textAt(body, "error", "message")), `Vertex AI refused the request${said}.`);
  }
  if (status === 401)
    return refuse("provider_account", `Vertex AI did not accept this server's token; ${ACCOUNT}.`);
  if (status === 403 && isUnpaid(body)) {
    return refuse(
      "provider_balance",
      "This server's Google Cloud project has no billing; its operator has to enable it.",
    );
  }
  if (status === 403) return refuse("provider_account", `This server may not use Vertex AI; ${ACCOUNT}.`);
  if (status === 404) {
    // "Publisher Model ... was not found": the -preview ids since 2026-04-02, and any model that this location lacks.
    const message =
      "Vertex AI does not have this model in this server's location, or this project may not use it.";
    return refuse("provider_account", message);
  }
  if (status === 429) {
    return refuseForNow("Vertex AI takes no more work at present (HTTP 429).", retryAfterMs ?? BUSY_MS);
  }
  return unsaid(status);
}

function codeOf(message = ""): ErrorCode {
  if (CONTENT.test(message)) return "content_refused";
  return PICTURE.test(message) ? "input_unreadable" : "provider_refused";
}

/** google.rpc.ErrorInfo, as all of Google's APIs have it. */
function isUnpaid(body: Json): boolean {
  const details = valueAt(body, "error", "details");
  return Array.isArray(details) && details.some((one: Json) => textAt(one, "reason") === "BILLING_DISABLED");
}

interface Finished {
  readonly token: string;
  /** Where the first video is, if the answer had it inside. */
  readonly path: string | undefined;
  /** Of a video in a storage folder. */
  readonly open: (uri: string) => Extract<Output["from"], { open: unknown }>;
}

export function toProgressOf(body: Json, { token, path, open }: Finished): Progress {
  // Neither progress nor status words: an operation is done, or it is not.
  if (valueAt(body, "done") !== true) return { state: "pending" };
  if (valueAt(body, "error") !== undefined) return toFailure(body, token);
  const videos = valueAt(body, "response", "videos");
  if (Array.isArray(videos) && videos.length > 0) {
    const uri = textAt(videos[0] as Json, "gcsUri");
    const from = path === undefined ? uri && open(uri) : { path };
    // Paid for and made: asking again costs nothing, giving up would lose it.
    if (!from) throw new Error("Vertex AI reports success and has no video.");
    return { state: "done", output: { from, meta: {}, ignored: {} } };
  }
  const response = valueAt(body, "response");
  if (typeof response !== "object" || response === null)
    throw new Error("Vertex AI reports an end and does not say which.");
  return toNothing(response as Json, token);
}

/** Codes of google.rpc.Code. */
const CODES: Readonly<Record<number, ErrorCode>> = {
  4: "deadline_exceeded",
  7: "provider_account",
  8: "provider_busy",
  16: "provider_account",
};

function toFailure(body: Json, token: string): Progress {
  const number = Number(valueAt(body, "error", "code"));
  const code = number === 3 ? codeOf(textAt(body, "error", "message")) : (CODES[number] ?? "provider_failed");
  if (code === "provider_account")
    return failed(code, `This server's account may not do this at Vertex AI; ${ACCOUNT}.`);
  return failed(code, `Vertex AI gave up on this video${openSayer(token)(body)}.`);
}

/** Done, without an error and without a video. */
function toNothing(response: Json, token: string): Progress {
  const reasons = valueAt(response, "raiMediaFilteredReasons");
  const said = Array.isArray(reasons) ? reasons.join(" ") : "";
  if (Number(valueAt(response, "raiMediaFilteredCount")) >= 1 || said !== "") {
    const words = openSayer(token, () => said)(response);
    return failed("content_refused", `Vertex AI's content check held the video back${words}.`);
  }
  return failed("no_content", "Vertex AI finished and made no video.");
}
