/** A request becomes a task: everything is checked before anything is written, and nothing has cost anything until then. */

import { validate } from "../catalog/validate.ts";
import { ReelayError } from "../core/errors.ts";
import type { JsonObject } from "../core/json.ts";
import type { CatalogModel } from "../core/model.ts";
import type { KeyRecord } from "../core/store.ts";
import type { Task } from "../core/task.ts";
import { estimateSeconds } from "./estimate.ts";
import type { GatewayParts } from "./gateway.ts";
import { chooseRoute } from "./route.ts";

export interface SubmitRequest {
  readonly key: KeyRecord;
  readonly dialect: string;
  readonly model: string;
  /** The model's parameters as the client sent them, in the catalogue's field names. */
  readonly body: JsonObject;
  /** A fresh id of the dialect's form, for the given moment. */
  readonly newId: (now: number) => string;
}

export async function submitTask(
  parts: GatewayParts,
  model: CatalogModel,
  request: SubmitRequest,
): Promise<Task> {
  const { input, asked } = validate(model, request.body);
  await parts.inputs.screen(model, input);
  const choice = chooseRoute(model, parts.providers);
  if (!parts.accepting()) {
    throw new ReelayError("overloaded", "This server is shutting down. Try again shortly.", {
      retryAfter: 5,
    });
  }
  const estimate = await estimateSeconds(parts.store, { model, choice, input, ahead: parts.engine.waiting });
  const createdAt = parts.clock.now();
  const task = {
    id: request.newId(createdAt),
    dialect: request.dialect,
    keyId: request.key.id,
    model: model.id,
    input,
    asked,
    createdAt,
    estimate,
  };
  const leave = parts.admission.enter();
  try {
    await parts.store.createTask(task);
    parts.engine.start(task.id);
  } finally {
    leave();
  }
  return {
    ...task,
    state: "pending",
    startedAt: null,
    finishedAt: null,
    progress: 0,
    error: null,
    notes: [],
  };
}
