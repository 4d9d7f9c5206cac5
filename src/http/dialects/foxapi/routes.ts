/** Contract 1.2: the endpoints of this dialect. It translates between HTTP and the gateway, and decides nothing. */
import multipart from "@fastify/multipart";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ReelayError } from "../../../core/errors.ts";
import type { JsonObject } from "../../../core/json.ts";
import type { KeyRecord } from "../../../core/store.ts";
import type { Gateway } from "../../../tasks/gateway.ts";
import type { Auth } from "../../auth.ts";
import { toReelayError } from "../../errors.ts";
import type { RateLimit } from "../../rate-limit.ts";
import { renderError } from "./errors.ts";
import { openForm } from "./form.ts";
import { newTaskId, newUploadId, toWireFile, toWireModel, toWireTask } from "./wire.ts";

export interface DialectParts {
  readonly gateway: Gateway;
  readonly auth: Auth;
  readonly createLimit: RateLimit;
  readonly onBug: (requestId: string, error: unknown) => void;
}

const DIALECT = "foxapi";

export async function foxapi(app: FastifyInstance, parts: DialectParts): Promise<void> {
  const { gateway } = parts;
  // A place on every request from the start; a WeakMap beside them cost a seventh of a read.
  app.decorateRequest("key", null);
  const keyOf = (request: FastifyRequest): KeyRecord => request.getDecorator<KeyRecord>("key");

  await app.register(multipart, {
    limits: { files: 1, fields: 8, fieldSize: 4096, fileSize: Number.POSITIVE_INFINITY },
  });

  // An empty body is no mistake where none is wanted (some clients name a type for it); a create tells it by itself.
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, text, done) => {
    if (text === "") done(null, undefined);
    else done(...parseJson(text as string));
  });

  app.setErrorHandler((error, request, reply) => {
    const known = toReelayError(error);
    if (known.code === "bug") parts.onBug(request.id, error);
    const { status, body } = renderError(known, request.id);
    if (known.retryAfter !== undefined) reply.header("retry-after", known.retryAfter);
    return reply.code(status).send(body);
  });

  // Contract 1.5, check order: who asks comes before the body is even read.
  app.addHook("onRequest", async (request) => {
    request.setDecorator("key", await parts.auth.authenticate(request.headers.authorization));
  });

  const limited = async (request: FastifyRequest): Promise<void> => {
    parts.createLimit.take(keyOf(request).id);
  };

  app.post("/v1/videos/generations", { onRequest: limited }, async (request) => {
    const { model, body } = readCreate(request.body);
    return toWireTask(
      await gateway.submit({ key: keyOf(request), dialect: DIALECT, model, body, newId: newTaskId }),
    );
  });

  app.get("/v1/tasks/:id", async (request) => {
    const { id } = request.params as { id: string };
    const look = isTrue((request.query as Record<string, unknown>).sync_upstream);
    return toWireTask(await gateway.read(keyOf(request), DIALECT, id, look));
  });

  // Contract 1.9.
  app.post("/v1/tasks/:id/cancel", async (request) => {
    const { id } = request.params as { id: string };
    return toWireTask(await gateway.cancel(keyOf(request), DIALECT, id));
  });

  app.get("/v1/models", async () => ({
    object: "list",
    data: [...gateway.catalog.models.values()].map(toWireModel),
  }));

  app.post("/v1/files/upload/stream", async (request) => {
    if (!request.isMultipart()) {
      throw new ReelayError(
        "malformed_request",
        "The Content-Type is not multipart/form-data. Send the file as the form field `file`.",
      );
    }
    const form = openForm(() => request.parts());
    try {
      const upload = { key: keyOf(request), source: await form.file(), form: form.rest, newId: newUploadId };
      return toWireFile(await gateway.upload(upload));
    } catch (error) {
      form.drain();
      throw asUploadError(error);
    }
  });
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

function readCreate(body: unknown): { model: string; body: JsonObject } {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new ReelayError("malformed_request", "The body is not a JSON object.");
  }
  const { model, ...rest } = body as Record<string, never>;
  if (typeof model !== "string") {
    const message = "`model` is missing or no string. Send the id of a model; GET /v1/models lists them.";
    throw new ReelayError("invalid_parameters", message, {
      problems: [{ field: "model", message, received: model ?? null }],
    });
  }
  if ("callback_url" in rest) {
    const message = "`callback_url` is not served yet: read the task with GET /v1/tasks/{id} instead.";
    throw new ReelayError("unsupported_parameters", message, {
      problems: [{ field: "callback_url", message }],
    });
  }
  return { model, body: rest };
}

/** The upload endpoints document 400, not 422, for a file that is not wanted (contract 1.10). */
function asUploadError(error: unknown): unknown {
  if (!(error instanceof ReelayError)) return error;
  if (!["input_type_rejected", "input_unreadable"].includes(error.code)) return error;
  return new ReelayError("malformed_request", error.message, { problems: error.problems, cause: error });
}

function isTrue(value: unknown): boolean {
  return value === "true" || value === "1" || value === true;
}
