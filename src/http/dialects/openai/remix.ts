/** `POST /v1/videos/{id}/remix`: the same again, with another prompt. */
import { ReelayError } from "../../../core/errors.ts";
import type { JsonObject } from "../../../core/json.ts";
import type { Task } from "../../../core/task.ts";
import type { DialectSettings } from "../../dialect.ts";
import { type Body, readBody } from "./body.ts";
import { invalidField } from "./errors.ts";
import { type Asked, type Making, readCallback } from "./make.ts";
import { chooseModel } from "./models.ts";
import { readVideo } from "./read.ts";
import { memoOf, wireStatus } from "./wire.ts";

const FIELDS = ["prompt", "callback_url"];

export async function askRemix(making: Making, settings: DialectSettings, id: string): Promise<Asked> {
  const { request, gateway, key } = making;
  const view = await readVideo(gateway, key, id);
  const { task } = view;
  if (task.state !== "completed") {
    const received = wireStatus(task.state);
    const message = `Only a completed video can be remixed, and ${task.id} is ${received}.`;
    throw new ReelayError("invalid_parameters", message, {
      problems: [{ field: "status", message, received, allowed: "completed" }],
    });
  }
  const { fields } = await readBody(request, { gateway, key, fileField: null, check: onlyWords });
  const model = chooseModel({ catalog: gateway.catalog, settings }, task.model, null);
  const { size, said } = memoOf(task);
  return {
    ...{ model, given: null, callbackUrl: readCallback(fields), remixedFrom: task.id },
    order: { body: { ...asked(task), prompt: fields.prompt ?? null }, size, said },
    fingerprint: { remix: task.id, asked: fields },
  };
}

function onlyWords({ fields }: Body): void {
  const other = Object.keys(fields).find((name) => !FIELDS.includes(name));
  if (other !== undefined) {
    const field = other.slice(0, 120);
    const message = `${JSON.stringify(field)} cannot be changed by a remix, which takes ${FIELDS.join(" and ")}: create a new video instead.`;
    throw invalidField(field, message, undefined, FIELDS);
  }
  if (typeof fields.prompt === "string" && fields.prompt !== "") return;
  throw invalidField("prompt", `"prompt" must be a text: what the remix is to show.`);
}

/** What the client itself gave: defaults are filled in again, as they were. */
function asked({ asked: names, input }: Task): JsonObject {
  return Object.fromEntries(names.map((name) => [name, input[name] ?? null]));
}
