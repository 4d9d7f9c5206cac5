/** `POST /hooks/{task}/{attempt}/{signature}`: providers tell that something has changed. Answers 204, or 403. */
import type { FastifyInstance } from "fastify";
import type { Hooks } from "../tasks/hooks.ts";
import { toReelayError } from "./errors.ts";

export interface HookParts {
  readonly hooks: Hooks;
  readonly onBug: (requestId: string, error: unknown) => void;
}

const MOST_BYTES = 256 * 1024;

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
      const status = { link_refused: 403, bug: 500 }[known.code as string] ?? 400;
      return reply.code(status).send({ error: { code: known.code, message: known.message } });
    });
    scope.post("/hooks/:taskId/:attemptId/:signature", async (request, reply) => {
      const params = request.params as { taskId: string; attemptId: string; signature: string };
      const call = {
        headers: request.headers as Record<string, string | undefined>,
        body: (request.body as Buffer | undefined) ?? new Uint8Array(),
      };
      await hooks.take({ ...params, call });
      return reply.code(204).send();
    });
  });
}
