/** Contract 2.1: the endpoints of this dialect. It translates between HTTP and the gateway, and decides nothing. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ReelayError } from "../../../core/errors.ts";
import { nearest } from "../../../core/nearest.ts";
import type { Gateway } from "../../../tasks/gateway.ts";
import { type Dialect, type DialectParts, openCallers } from "../../dialect.ts";
import { openErrors, PageError, spell } from "./errors.ts";
import { describe } from "./openapi.ts";
import { readCreate, readTaskId, WEBHOOK_URL } from "./request.ts";
import { DIALECT, newTaskId, toEvent, toWireResult } from "./wire.ts";

export const highwayapi: Dialect = { id: DIALECT, mount, tell: toEvent, tellMs: 5_000, spell, describe };

/** A picture of 20 MiB in base64, and the rest of its request. */
const BODY_LIMIT = 32 * 1024 * 1024;

async function mount(app: FastifyInstance, parts: DialectParts): Promise<void> {
  const notFound = openErrors("API_NOT_FOUND", parts.settings.highwayStatuses);
  await app.register(
    async (scope) => {
      // Two scopes, because what breaks is called by what was being done.
      await scope.register(async (creates) => mountCreates(creates, parts));
      await scope.register(async (results) => mountResults(results, parts));
      scope.setNotFoundHandler((request, reply) => {
        const message = `There is no ${request.method} ${request.url.split("?")[0]?.slice(0, 200)} here. Create with POST /v3/async/<model>, read with GET /v3/async/task-result?task_id=.`;
        const { status, body } = notFound(new ReelayError("not_found", message), request.id);
        return reply.code(status).send(body);
      });
    },
    { prefix: "/v3" },
  );
}

function mountCreates(app: FastifyInstance, parts: DialectParts): void {
  const { gateway } = parts;
  const { keyOf, admit } = openCallers(
    app,
    parts,
    openErrors("CREATE_TASK_FAILED", parts.settings.highwayStatuses),
  );

  const create = async (request: FastifyRequest, reply: FastifyReply, path?: string): Promise<object> => {
    const asked = readCreate(request, path);
    const { model, page } = findPage(gateway, asked);
    const { webhook, test, ...rest } = asked;
    try {
      const made = await gateway.submit({
        ...rest,
        key: keyOf(request),
        model: model.id,
        dialect: DIALECT,
        newId: newTaskId,
        callbackField: WEBHOOK_URL,
        memo: { type: page.type, webhook },
        ...(test === null ? {} : { test }),
      });
      if (made.replayed) reply.header("idempotent-replayed", "true");
      return { task_id: made.view.task.id };
    } catch (error) {
      throw error instanceof ReelayError ? new PageError(error, page) : error;
    }
  };

  const options = { onRequest: admit, bodyLimit: BODY_LIMIT };
  app.post("/async/:path", options, (request, reply) =>
    create(request, reply, (request.params as { path: string }).path),
  );
  app.post("/video/create", options, (request, reply) => create(request, reply));
}

function mountResults(app: FastifyInstance, parts: DialectParts): void {
  const { keyOf } = openCallers(app, parts, openErrors("GET_RESULT_FAILED", parts.settings.highwayStatuses));
  app.get("/async/task-result", async (request) =>
    toWireResult(await parts.gateway.read(keyOf(request), DIALECT, readTaskId(request))),
  );
}

type Asked = Pick<ReturnType<typeof readCreate>, "path" | "body">;

function findPage(gateway: Gateway, { path, body }: Asked): NonNullable<ReturnType<Gateway["findPage"]>> {
  const found = gateway.findPage({ dialect: DIALECT, path, body });
  if (found) return found;
  const paths = [...new Set(gateway.pages(DIALECT).map(({ page }) => page.path))];
  const meant = nearest(path, paths);
  const hint = meant === undefined ? "" : ` Did you mean "${meant}"?`;
  const name = path.slice(0, 120);
  const message = `There is no model ${JSON.stringify(name)} here.${hint} There are ${paths.join(", ")}.`;
  throw new ReelayError("unknown_model", message, {
    problems: [{ field: "model", message, received: name, allowed: paths }],
  });
}
