/**
 * Our errors as the AI SDK's. It knows its own by symbols, so that nothing of it has to be loaded to make one
 * (@ai-sdk/provider 4.0.38, src/errors, read 2026-11-21).
 */
import type { APICallError, NoSuchModelError } from "@ai-sdk/provider";
import { ReelayApiError } from "../errors.ts";

const MARKER = "vercel.ai.error";

/** What the SDK reads of an APICallError; `isRetryable` and Retry-After steer its retries. */
type CallError = Omit<APICallError, "name" | "message" | "stack" | "cause">;

/** Anything but a ReelayApiError passes as it is: an abort is the caller's own. */
export function toCallError(error: unknown, url: string, requestBodyValues: unknown): unknown {
  if (!(error instanceof ReelayApiError)) return error;
  const { status, code, type, message, problems, retryAfter, billed, requestId } = error;
  const facts: CallError = {
    url,
    requestBodyValues,
    isRetryable: error.retryable,
    responseHeaders: retryAfter === undefined ? {} : { "retry-after": String(retryAfter) },
    data: { error: { code, type, message, problems, billed, requestId } },
    ...(status === 0 ? {} : { statusCode: status }),
  };
  return marked("AI_APICallError", `${code}: ${message}`, { ...facts }, error);
}

export function noSuchModel(modelId: string, modelType: NoSuchModelError["modelType"] | string): Error {
  const message = `Reelay makes videos and has no ${modelType} "${modelId}"; use .video("${modelId}").`;
  return marked("AI_NoSuchModelError", message, { modelId, modelType });
}

function marked(name: string, message: string, facts: object, cause?: unknown): Error {
  const error = new Error(message, cause === undefined ? undefined : { cause });
  return Object.assign(error, {
    ...facts,
    name,
    [Symbol.for(MARKER)]: true,
    [Symbol.for(`${MARKER}.${name}`)]: true,
  });
}
