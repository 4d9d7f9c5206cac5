/**
 * `POST /v1/videos/extensions`: a video goes on from the end of another. The work is a model's that continues clips: the one
 * that made the source, or the one that `model` names. What is made is the new part; it is not put behind the source.
 */

import { ReelayError } from "../../../core/errors.ts";
import type { Json, JsonObject } from "../../../core/json.ts";
import type { CatalogModel } from "../../../core/model.ts";
import type { DialectSettings } from "../../dialect.ts";
import { type Body, readBody } from "./body.ts";
import { invalidField } from "./errors.ts";
import { type Asked, type Making, readCallback, refuseStart, served } from "./make.ts";
import { chooseModel } from "./models.ts";
import { toOrder } from "./order.ts";
import { readVideo, requireVideo } from "./read.ts";
import { type Given, shapeOf } from "./reference.ts";
import { siblingFor, startField } from "./starts.ts";

const VIDEO = "video";
const FIELDS = ["model", "seconds", "size", VIDEO, "callback_url"];

interface Source extends Pick<Given, "url" | "shape"> {
  /** Which made it; null where it is not one of ours. */
  readonly model: string | null;
}

export async function askExtension(making: Making, settings: DialectSettings): Promise<Asked> {
  const { request, gateway, key, uploads } = making;
  const { catalog } = gateway;
  const check = (body: Body, hasFile: boolean): void => {
    if (!hasFile) readId(body.fields[VIDEO]);
    else if (body.fields[VIDEO] !== undefined) throw twice();
    readCallback(body.fields);
  };
  const { upload, ...body } = await readBody(request, { gateway, key, fileField: VIDEO, check });
  if (upload) uploads.push(upload);
  const source: Source = upload
    ? { model: null, url: upload.url, shape: shapeOf(upload) }
    : await fromVideo(making, readId(body.fields[VIDEO]));
  const models = served(making);
  const model = chooseModel({ catalog, settings }, body.fields.model ?? source.model, "clip");
  if (body.fields.model === undefined && source.model !== null) refuseMaker(model, models);
  refuseStart(model, "clip", { field: VIDEO, models });
  const given: Given = { field: VIDEO, start: "clip", url: source.url, shape: source.shape };
  return {
    ...{ model, given, callbackUrl: readCallback(body.fields) },
    order: toOrder(model, body, given, FIELDS),
    fingerprint: { extension: true, asked: body.fields, file: upload?.file.sha256 ?? null },
  };
}

/** `{"id": "video_..."}`, as the client's types have it. */
function readId(video: Json | undefined): string {
  const id =
    typeof video === "object" && video !== null && !Array.isArray(video)
      ? (video as JsonObject).id
      : undefined;
  if (typeof id === "string") return id;
  throw invalidField(
    VIDEO,
    `"${VIDEO}" must be {"id": "video_..."}, a completed video, or a file (in a form).`,
  );
}

async function fromVideo({ gateway, key }: Making, id: string): Promise<Source> {
  const view = await readVideo(gateway, key, id);
  const { file, url } = requireVideo(view);
  return { model: view.task.model, url, shape: file.facts };
}

/** No model stands in for another by itself: they have different prices. */
function refuseMaker(model: CatalogModel, models: readonly CatalogModel[]): void {
  if (startField(model, "clip")) return;
  const first = siblingFor(model, "clip", models)?.id ?? "";
  const able = models.filter((one) => startField(one, "clip")).map(({ id }) => id);
  able.sort((a, b) => Number(b === first) - Number(a === first));
  const remedy =
    able.length === 0 ? "No model here does." : `Send "model" with one that does: ${able.join(", ")}.`;
  const message = `${model.id}, which made this video, does not go on from a clip. ${remedy}`;
  throw new ReelayError("unsupported_parameters", message, {
    problems: [{ field: "model", message, allowed: able }],
  });
}

function twice(): ReelayError {
  return invalidField(VIDEO, `"${VIDEO}" came twice: as a file, and as a field. Send one of them.`);
}
