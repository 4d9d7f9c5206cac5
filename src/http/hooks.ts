/**
 * Providers tell that something has changed. `POST /hooks/{task}/{attempt}/{signature}` answers 204, or 403;
 * `POST /hooks/{provider}` is for those that call one address for all of their work, and answers 200 "ok", or 403.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ReelayError } from "../core/errors.ts";
import type { WebhookCall } from "../core/provider.ts";
import type { Hooks } from "../tasks/hooks.ts";
import type { ErrorAnswer } from "./dialect.ts";
import { toReelayError } from "./errors.ts";

export interface HookParts {
  readonly hooks: Hooks;
  readonly onBug: (requestId: string, error: unknown) => void;
}

const MOST_BYTES = 256 * 1024;

export function renderHookError({ code, message }: ReelayError): ErrorAnswer {
  const status = { link_refused: 403, bug: 500 }[code as string] ?? 400;
  return { status, body: { error: { code, message } } };
}

export function mountHooks(app: FastifyInstance, { hooks, onBug }: HookParts): void {
  app.register(async (scope) => {
    // Whatever it is: a provider's own content type must not cost us its call.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: MOST_BYTES }, (_request, bytes, done) =>
      done(null, bytes),
    );
    scope.setErrorHandler((error, request, reply) => {
      const known = toReelayError(error);
      if (known.code === "bug") onBug(request.id, error);
      const { status, body } = renderHookError(known);
      return reply.code(status).send(body);
    });
    scope.post("/hooks/:taskId/:attemptId/:signature", async (request, reply) => {
      const params = request.params as { taskId: string; attemptId: string; signature: string };
      await hooks.take({ ...params, call: toCall(request) });
      return reply.code(204).send();
    });
    scope.post("/hooks/:provider", async (request, reply) => {
      const { provider } = request.params as { provider: string };
      await hooks.takeFixed({ provider, call: toCall(request) });
      // PixVerse calls again unless it reads just this.
      return reply.code(200).type("text/plain").send("ok");
    });
  });
}

function toCall({ headers, body, url }: FastifyRequest): WebhookCall {
  const single = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  return {
    headers: Object.fromEntries(single),
    body: (body as Buffer | undefined) ?? new Uint8Array(),
    query: /\?(.*)$/.exec(url)?.[1] ?? "",
  };
}
