/** One model of the server as the AI SDK's VideoModelV4: `doStart` makes a task, `doStatus` looks at it. */
import type {
  Experimental_VideoModelV4CallOptions as CallOptions,
  JSONValue,
  Experimental_VideoModelV4OperationStartResult as Started,
  Experimental_VideoModelV4OperationStatusResult as Status,
  Experimental_VideoModelV4VideoData as VideoData,
  Experimental_VideoModelV4 as VideoModel,
} from "@ai-sdk/provider";
import { downloadBytes } from "../files.ts";
import type { OwnRequest } from "../requests.ts";
import { createTask } from "../tasks.ts";
import type { Answer, RequestOptions, Transport } from "../transport.ts";
import type { CompletedTask, Model, Task } from "../types.ts";
import { pathOf } from "../watch.ts";
import { toCallError } from "./errors.ts";
import type { Inputs } from "./inputs.ts";
import { placesOf } from "./places.ts";
import { toParameters } from "./request.ts";

interface Parts {
  readonly modelId: string;
  readonly transport: Transport;
  readonly inputs: Inputs;
  readonly describe: (modelId: string, signal: AbortSignal | undefined) => Promise<Model | undefined>;
}

type StartOptions = CallOptions & { readonly webhookUrl?: string };
type StatusOptions = Parameters<NonNullable<VideoModel["doStatus"]>>[0];

/**
 * There is no `doGenerate`: the SDK would call that by default, try it again after a lost answer and make no idempotency key
 * for it (ai 7.0.173), so one request could become several tasks. `doStart` gets a key that all its tries share.
 */
export function openVideoModel(parts: Parts): VideoModel {
  const { modelId } = parts;
  return {
    specificationVersion: "v4",
    provider: "reelay.video",
    modelId,
    maxVideosPerCall: 1,
    doStart: (options) => start(parts, options),
    doStatus: (options) => look(parts, options),
    // Its presence says that the server calls webhooks by itself; the URL then comes with doStart.
    async handleWebhookOption({ webhook }) {
      const { url, received } = await webhook();
      return { webhookUrl: url, received };
    },
  };
}

async function start(
  { modelId, transport, inputs, describe }: Parts,
  options: StartOptions,
): Promise<Started> {
  const { "idempotency-key": idempotencyKey, ...headers } = lowerCased(options.headers);
  const request: RequestOptions = { signal: options.abortSignal, headers };
  let body: OwnRequest | undefined;
  try {
    const places = placesOf(await describe(modelId, options.abortSignal));
    const { parameters, warnings } = await toParameters(options, places, inputs, request);
    const callback = options.webhookUrl === undefined ? {} : { callback_url: options.webhookUrl };
    // Any model's id: what it takes was asked of the server, not of this client's types.
    body = { ...parameters, ...callback, model: modelId as OwnRequest["model"] };
    const made = await createTask(transport, body, { ...request, idempotencyKey });
    return {
      operation: { id: made.body.id },
      warnings,
      providerMetadata: { reelay: factsOf(made.body) },
      response: responseOf(modelId, made),
    };
  } catch (error) {
    throw toCallError(error, "/v1/videos/generations", body);
  }
}

async function look(
  { modelId, transport }: Parts,
  { operation, abortSignal, headers }: StatusOptions,
): Promise<Status> {
  const path = pathOf(readOperation(operation));
  const { "idempotency-key": _ofStart, ...kept } = lowerCased(headers);
  const request: RequestOptions = { signal: abortSignal, headers: kept };
  try {
    const answer = await transport.ask<Task>({ ...request, path });
    const { body: task } = answer;
    const told = { providerMetadata: { reelay: factsOf(task) }, response: responseOf(modelId, answer) };
    if (task.status === "failed") {
      return { status: "error", error: `${task.error.code}: ${task.error.message}`, ...told };
    }
    if (task.status !== "completed") return { status: "pending", ...told };
    const videos = await videosOf(transport, task, request);
    return { status: "completed", videos, warnings: notesOf(task), ...told };
  } catch (error) {
    throw toCallError(error, path, undefined);
  }
}

/**
 * Bytes, not links: the SDK refuses to download from private addresses (ai 7.0.173, fetchUntrustedUrl), which is where a
 * server of one's own often is. The links are in providerMetadata.reelay.videos.
 */
function videosOf(
  transport: Transport,
  { results }: CompletedTask,
  { signal }: RequestOptions,
): Promise<VideoData[]> {
  return Promise.all(
    results.map(async (result) => ({
      type: "binary" as const,
      data: await downloadBytes(transport, result, { signal }),
      mediaType: result.content_type,
    })),
  );
}

/** What was asked and does not show. */
function notesOf({ results }: CompletedTask): { type: "other"; message: string }[] {
  return results.flatMap(({ notes }) =>
    notes.map(({ field, message }) => ({ type: "other" as const, message: `${field}: ${message}` })),
  );
}

/** All of it is what the server sent as JSON. */
function factsOf({
  id,
  status,
  progress,
  usage,
  task_info,
  results,
  error,
}: Task): Record<string, JSONValue> {
  const facts = { id, status, progress, usage, task_info, videos: results ?? [], error };
  return facts as unknown as Record<string, JSONValue>;
}

function responseOf(modelId: string, { headers }: Answer<unknown>): Started["response"] {
  return { timestamp: new Date(), modelId, headers: Object.fromEntries(headers) };
}

function readOperation(operation: JSONValue): string {
  const id =
    operation !== null && typeof operation === "object" && "id" in operation ? operation.id : undefined;
  if (typeof id === "string") return id;
  const came = JSON.stringify(operation)?.slice(0, 100);
  throw new TypeError(`The operation is ${came} but must be the one that experimental_startVideo returned.`);
}

function lowerCased(headers: CallOptions["headers"]): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
