/** What a framework or a bug throws, as one of our errors; a dialect's error handler then renders it. */
import type { FastifyError } from "fastify";
import { ReelayError } from "../core/errors.ts";

export function toReelayError(error: unknown): ReelayError {
  if (error instanceof ReelayError) return error;
  const { code = "", statusCode = 500, message = "" } = error as Partial<FastifyError>;
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    return new ReelayError(
      "malformed_request",
      "The Content-Type is not one this endpoint takes. Send application/json.",
      { cause: error },
    );
  }
  if (statusCode === 413) {
    return new ReelayError("file_too_large", "The request's body is larger than this endpoint takes.", {
      cause: error,
    });
  }
  if (["ECONNRESET", "ERR_STREAM_PREMATURE_CLOSE"].includes(code)) {
    return new ReelayError("malformed_request", "The request ended before its body was complete.", {
      cause: error,
    });
  }
  if (statusCode >= 400 && statusCode < 500) {
    return new ReelayError("malformed_request", `The request could not be read: ${message}`, {
      cause: error,
    });
  }
  return new ReelayError(
    "bug",
    "Reelay made a mistake. It has been logged under this request's id; nothing was billed.",
    { cause: error },
  );
}
