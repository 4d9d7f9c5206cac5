/** Contract 1.2: the endpoints of this dialect. It translates between HTTP and the gateway, and decides nothing. */
import type { FastifyInstance } from "fastify";
import { type Dialect, type DialectParts, openCallers } from "../../dialect.ts";
import { renderError, spell } from "./errors.ts";
import { describe } from "./openapi.ts";
import { mountTasks } from "./tasks.ts";
import { mountUploads } from "./uploads.ts";
import { DIALECT, toWireCredits, toWireModel, toWireTask } from "./wire.ts";

/** A webhook's body is what a read of the task answers (contract 1.6). */
export const foxapi: Dialect = { id: DIALECT, mount, tell: toWireTask, tellMs: 10_000, spell, describe };

async function mount(app: FastifyInstance, parts: DialectParts): Promise<void> {
  const { gateway } = parts;
  const callers = openCallers(app, parts, renderError);
  const { keyOf } = callers;

  mountTasks(app, gateway, callers);
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
