/** Headers of answers, once for all operations. */
import type { HeaderName, JsonSchema } from "./description.ts";

interface Header {
  readonly description: string;
  readonly schema: JsonSchema;
  readonly example: unknown;
}

const text: JsonSchema = { type: "string" };

export const HEADERS: Readonly<Record<HeaderName | "RequestId", Header>> = {
  RequestId: {
    description:
      "Names this request in the operator's log: the client's own X-Request-Id where it sent one, else a new one.",
    schema: { type: "string", pattern: "^[\\w.-]{1,64}$" },
    example: "req_3f9c1a7be20400001",
  },
  RetryAfter: {
    description: "Whole seconds after which it makes sense to ask again.",
    schema: { type: "integer", minimum: 0 },
    example: 3,
  },
  RateLimit: {
    description:
      "How many creates this key has left, and for how many seconds (IETF draft 11). Absent where nothing is limited.",
    schema: text,
    example: '"creates";r=598;t=41',
  },
  RateLimitPolicy: {
    description: "How many creates a key may make in a window of seconds (IETF draft 11).",
    schema: text,
    example: '"creates";q=600;w=60',
  },
  IdempotentReplayed: {
    description:
      "Present where the same Idempotency-Key made this task before: nothing was made or charged again.",
    schema: { type: "string", const: "true" },
    example: "true",
  },
  PreferenceApplied: {
    description: "The wait that was granted (RFC 7240), at most 60 seconds.",
    schema: { type: "string", pattern: "^wait=\\d+$" },
    example: "wait=30",
  },
  ETag: { description: "For If-None-Match.", schema: text, example: '"3b1f0c"' },
};

/** The names as they travel. */
export const WIRE_NAMES: Readonly<Record<keyof typeof HEADERS, string>> = {
  RequestId: "X-Request-Id",
  RetryAfter: "Retry-After",
  RateLimit: "RateLimit",
  RateLimitPolicy: "RateLimit-Policy",
  IdempotentReplayed: "Idempotent-Replayed",
  PreferenceApplied: "Preference-Applied",
  ETag: "ETag",
};
