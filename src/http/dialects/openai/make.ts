/** What every way to a new video has in common: what it leaves behind where it fails, and how its refusals are said. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { ReelayError } from "../../../core/errors.ts";
import type { JsonObject } from "../../../core/json.ts";
import type { CatalogModel } from "../../../core/model.ts";
import type { KeyRecord } from "../../../core/store.ts";
import type { Gateway, UploadView } from "../../../tasks/gateway.ts";
import { toReelayError } from "../../errors.ts";
import { readIdempotency } from "../../idempotency-key.ts";
import { invalidField, NO_RETRY } from "./errors.ts";
import type { Order } from "./order.ts";
import { type Given, REFERENCE } from "./reference.ts";
import { type Start, siblingFor, startField } from "./starts.ts";
import { DIALECT, newVideoId, toMemo, toVideo, type WireVideo } from "./wire.ts";
import { errorSaid } from "./words.ts";

export interface Making {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly gateway: Gateway;
  readonly key: KeyRecord;
  /** Uploads that this request has made so far. */
  readonly uploads: UploadView[];
}

export interface Asked {
  readonly model: CatalogModel;
  readonly order: Order;
  readonly given: Given | null;
  readonly callbackUrl: string | null;
  /** All that tells this request from another one. */
  readonly fingerprint: JsonObject;
  readonly remixedFrom?: string;
}

/** Carries `ask` out, makes its task, and answers with the video. Refused or replayed, its uploads are dropped. */
export async function makeVideo(making: Making, ask: (making: Making) => Promise<Asked>): Promise<WireVideo> {
  const { gateway, reply, uploads } = making;
  // A leftover harms nobody: it is in the key's quota, and ages out.
  const drop = (): Promise<unknown> =>
    Promise.allSettled(uploads.map((upload) => gateway.dropUpload(upload)));
  try {
    const { view, replayed } = await submit(making, await ask(making));
    if (replayed) {
      reply.header("idempotent-replayed", "true");
      await drop();
    }
    return toVideo(view);
  } catch (error) {
    if (toReelayError(error).code !== "bug") await drop();
    // The task may have been made before it: sent again, the request could make another.
    else reply.headers(NO_RETRY);
    throw error;
  }
}

async function submit(making: Making, asked: Asked): ReturnType<Gateway["submit"]> {
  const { request, gateway, key } = making;
  const { model, order, callbackUrl, remixedFrom } = asked;
  try {
    return await gateway.submit({
      ...{ key, callbackUrl, model: model.id, body: order.body, dialect: DIALECT, newId: newVideoId },
      idempotency: readIdempotency(request.headers["idempotency-key"], {
        dialect: DIALECT,
        ...asked.fingerprint,
      }),
      memo: toMemo({ ...order, ...(remixedFrom === undefined ? {} : { remixedFrom }) }),
    });
  } catch (error) {
    if (!(error instanceof ReelayError)) throw error;
    const said = errorSaid(order.said, withSibling(error, asked, served(making)));
    throw remixedFrom !== undefined && said.code === "input_url_rejected" ? gone(said) : said;
  }
}

/** The models that somebody is open for: to name another would be of no help. */
export function served({ gateway, key }: Pick<Making, "gateway" | "key">): readonly CatalogModel[] {
  return [...gateway.catalog.models.values()].filter((model) => gateway.isServed(key, model));
}

/** Refuses a model that cannot start so, with the one that is most like it and can. */
export function refuseStart(
  model: CatalogModel,
  start: Start,
  { field, models }: { readonly field: string; readonly models: readonly CatalogModel[] },
): void {
  if (startField(model, start)) return;
  const sibling = siblingFor(model, start, models);
  const other = sibling
    ? `From a ${start} "${sibling.id}" makes one`
    : `No model here starts from a ${start}`;
  const message = `"${field}": ${model.id} makes a video without a ${start}. ${other}; or leave "${field}" out.`;
  throw invalidField(field, message, undefined, sibling ? [sibling.id] : undefined);
}

/** A model that starts from a picture was sent none: the catalogue names the parameter, and this what can be done. */
function withSibling(
  error: ReelayError,
  { model, order, given }: Asked,
  models: readonly CatalogModel[],
): ReelayError {
  const field = startField(model, "picture")?.name;
  const lacks = field !== undefined && given === null && order.body[field] === undefined;
  if (!lacks || !error.problems.some((one) => one.field === field)) return error;
  const sibling = siblingFor(model, null, models);
  const other = sibling
    ? `From words alone "${sibling.id}" makes one.`
    : "No model here makes one from words alone.";
  const message = `${model.id} starts from a picture: send "${REFERENCE}", a file, {"image_url": ...} or {"file_id": ...}. ${other}`;
  const problems = error.problems.map((one) =>
    one.field === field ? { field: REFERENCE, message, ...(sibling && { allowed: [sibling.id] }) } : one,
  );
  const whole = problems.map((one) => one.message).join(" ");
  return new ReelayError(error.code, whole, { problems, cause: error });
}

/** A remix starts from what its source started from, and uploads age out. */
function gone(error: ReelayError): ReelayError {
  const message = `${error.message} A remix starts from the source's picture, which can no longer be had: create a new video and send it again.`;
  return new ReelayError(error.code, message, { problems: error.problems, cause: error });
}

/** A URL to be told the end, or none. Whether the server may call it is the gateway's to say. */
export function readCallback({ callback_url: url = null }: JsonObject): string | null {
  if (url === null || (typeof url === "string" && url.length <= LONGEST_URL && URL.canParse(url))) return url;
  const message = `"callback_url" must be an https URL of at most ${LONGEST_URL} characters, or left out.`;
  throw invalidField("callback_url", message);
}

const LONGEST_URL = 2048;
