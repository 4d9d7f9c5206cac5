/** What every dialect stands on: who asks, whether now is a time to ask, and errors in the dialect's own shape. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Catalog } from "../catalog/catalog.ts";
import { type ErrorCode, ReelayError } from "../core/errors.ts";
import type { FileStore } from "../core/file-store.ts";
import type { KeyRecord } from "../core/store.ts";
import type { Gateway, TaskView } from "../tasks/gateway.ts";
import type { Auth } from "./auth.ts";
import type { AuthFailures } from "./auth-failures.ts";
import { toReelayError } from "./errors.ts";
import { lingerBeforeClosing } from "./linger.ts";
import type { Description } from "./openapi/description.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { Shedding } from "./shedding.ts";

/** One family of HTTP shapes. */
export interface Dialect {
  /** Kept with each of its tasks: another dialect does not see them. */
  readonly id: string;
  mount(app: FastifyInstance, parts: DialectParts): Promise<void>;
  /** What a webhook is sent at the end of a task; JSON. */
  tell(view: TaskView): unknown;
  /** How long a receiver of it may take. Milliseconds. */
  readonly tellMs: number;
  /** How it spells an error, for the documents. */
  spell(code: ErrorCode): Spelling;
  /** What it mounts and how its bodies look, for its OpenAPI document. Asked again when the catalogue has changed. */
  describe(catalog: Catalog, settings: DialectSettings): Description;
}

export interface Spelling {
  /** Status and code of an answer: "422 invalid_parameters". */
  readonly answer: string;
  /** The code of a task that ended so; null: none does. */
  readonly task: string | null;
}

/** What an operator may set for one dialect or another. */
export interface DialectSettings {
  /** Names that clients of the OpenAI dialect may use for models: by name, the ids of those it stands for. */
  readonly openaiModels: ReadonlyMap<string, readonly string[]>;
  /** The model, or such a name, of its requests that name none; empty: they are refused. */
  readonly openaiDefault: string;
  /** Statuses of the HighwayAPI dialect, by the reason that is answered with them. */
  readonly highwayStatuses: ReadonlyMap<string, number>;
}

export interface DialectParts {
  readonly gateway: Gateway;
  /** The bytes of what the gateway shows. */
  readonly files: FileStore;
  readonly auth: Auth;
  readonly authFailures: AuthFailures;
  readonly createLimit: RateLimit;
  readonly shedding: Pick<Shedding, "check">;
  readonly settings: DialectSettings;
  readonly onBug: (requestId: string, error: unknown) => void;
}

export interface ErrorAnswer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export type RenderError = (error: ReelayError, requestId: string) => ErrorAnswer;

export interface Callers {
  keyOf(request: FastifyRequest): KeyRecord;
  /** An `onRequest` hook for whatever makes a task: refuses while the server or the key has too much of it. */
  admit(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

/** Makes `app`, a scope of the dialect's own, ask for a key and answer errors as the dialect does. */
export function openCallers(app: FastifyInstance, parts: DialectParts, render: RenderError): Callers {
  // A place on every request from the start; a WeakMap beside them cost a seventh of a read.
  app.decorateRequest("key", null);
  const keyOf = (request: FastifyRequest): KeyRecord => request.getDecorator<KeyRecord>("key");

  // An empty body is no mistake where none is wanted (some clients name a type for it); a create tells it by itself.
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, text, done) => {
    if (text === "") done(null, undefined);
    else done(...parseJson(text as string));
  });

  lingerBeforeClosing(app);
  app.setErrorHandler((error, request, reply) => {
    const known = toReelayError(error);
    if (known.code === "bug") parts.onBug(request.id, error);
    const { status, body, headers = {} } = render(known, request.id);
    reply.headers(headers);
    if (known.retryAfter !== undefined) reply.header("retry-after", known.retryAfter);
    return reply.code(status).send(body);
  });

  // Who asks comes before the body is even read.
  app.addHook("onRequest", async (request) => {
    try {
      request.setDecorator("key", await parts.auth.authenticate(request.headers.authorization));
    } catch (error) {
      throw parts.authFailures.count(request.ip, error);
    }
  });

  return {
    keyOf,
    async admit(request, reply) {
      const { id } = keyOf(request);
      try {
        // First the server's own need: what it refuses does not count against the client.
        parts.shedding.check();
        parts.createLimit.take(id);
      } finally {
        reply.headers(parts.createLimit.headers(id));
      }
    },
  };
}

/**
 * Plain `JSON.parse`: a key like `__proto__` becomes an ordinary property, which the catalogue then refuses by its
 * name; nothing here merges objects.
 */
function parseJson(text: string): [error: Error | null, body?: unknown] {
  try {
    return [null, JSON.parse(text)];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [new ReelayError("malformed_request", `The body is not valid JSON: ${why}.`, { cause: error })];
  }
}
