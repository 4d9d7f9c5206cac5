/** Contract 1.2: the endpoints of this dialect. It translates between HTTP and the gateway, and decides nothing. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ReelayError } from "../../../core/errors.ts";
import type { KeyRecord } from "../../../core/store.ts";
import type { Auth } from "../../auth.ts";
import type { AuthFailures } from "../../auth-failures.ts";
import { toReelayError } from "../../errors.ts";
import { renderError } from "./errors.ts";
import { mountTasks, type TaskParts } from "./tasks.ts";
import { mountUploads } from "./uploads.ts";
import { toWireCredits, toWireModel } from "./wire.ts";

export interface DialectParts extends TaskParts {
  readonly auth: Auth;
  readonly authFailures: AuthFailures;
  readonly onBug: (requestId: string, error: unknown) => void;
}

export async function foxapi(app: FastifyInstance, parts: DialectParts): Promise<void> {
  const { gateway } = parts;
  // A place on every request from the start; a WeakMap beside them cost a seventh of a read.
  app.decorateRequest("key", null);
  const keyOf = (request: FastifyRequest): KeyRecord => request.getDecorator<KeyRecord>("key");

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
    try {
      request.setDecorator("key", await parts.auth.authenticate(request.headers.authorization));
    } catch (error) {
      throw parts.authFailures.count(request.ip, error);
    }
  });

  mountTasks(app, parts, keyOf);
  await mountUploads(app, gateway, keyOf);

  app.get("/v1/models", async (request) => {
    const key = keyOf(request);
    const models = [...gateway.catalog.models.values()];
    return { object: "list", data: models.map((model) => toWireModel(model, gateway.isServed(key, model))) };
  });

  // Contract 1.8.
  for (const path of ["/v1/account/credits", "/v1/credits"]) {
    app.get(path, async (request) => toWireCredits(await gateway.balance(keyOf(request))));
  }
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
