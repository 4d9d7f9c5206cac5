/** A provider's output becomes a result: bytes that we hold, hashed, and measured against what was asked. */
import { resolutionAsked, secondsAsked } from "../catalog/asked.ts";
import type { Clock } from "../core/clock.ts";
import { ReelayError } from "../core/errors.ts";
import type { FileStore, StoredBytes } from "../core/file-store.ts";
import { frameSize } from "../core/frame.ts";
import { CONTENT_TYPES } from "../core/media.ts";
import type { CatalogModel } from "../core/model.ts";
import type { Output } from "../core/provider.ts";
import type { ExtraFile, Note, ResultFile, Task } from "../core/task.ts";
import type { Measured } from "../media/codec.ts";
import { collectExtras, type ExtrasParts } from "./extras.ts";
import { askedRatio, type GivenFiles } from "./mapping.ts";
import type { Seats } from "./seats.ts";

export interface Collector extends ExtrasParts {
  readonly files: FileStore;
  readonly clock: Clock;
  /** Reads the file's streams in a child process. */
  readonly measure: (path: string) => Promise<Measured>;
  /** Each result under way holds some buffers: a hundred at once are a hundred times that. */
  readonly fetching: Seats;
  /** Fetches a result from where a provider says it is. */
  readonly fetchResult: (
    url: string,
    options: { readonly maxBytes: number; readonly signal: AbortSignal },
  ) => Promise<AsyncIterable<Uint8Array>>;
}

export interface Collected {
  readonly file: ResultFile;
  readonly extras: readonly ExtraFile[];
  /** Where the result differs from the request. */
  readonly notes: readonly Note[];
}

interface Collection {
  readonly task: Task;
  readonly model: CatalogModel;
  readonly output: Output;
  readonly files: GivenFiles;
  readonly signal: AbortSignal;
  /** When the signal fires at the latest. */
  readonly until: number;
}

const MOST_BYTES = 2 * 1024 ** 3;

/** `name` tells the file apart from the task's other ones. */
export async function collectResult(
  parts: Collector,
  collection: Collection,
  name = "res",
): Promise<Collected> {
  const { task } = collection;
  // Named after its task: collected again after a crash, it takes the place of the first one.
  const id = `${name}_${task.id}`;
  const { stored, measured } = await takeOver(parts, id, collection);
  const file: ResultFile = {
    id,
    role: "result",
    keyId: task.keyId,
    taskId: task.id,
    name: `${task.id}.mp4`,
    contentType: CONTENT_TYPES.mp4,
    ...stored,
    facts: {
      kind: "clip",
      type: "mp4",
      width: measured.width,
      height: measured.height,
      seconds: measured.seconds,
      fps: measured.fps,
      sound: measured.sound !== null,
      bytes: stored.bytes,
    },
    meta: collection.output.meta,
    createdAt: parts.clock.now(),
    expiresAt: null,
  };
  const extras = await collectExtras(parts, { file, measured, ...collection });
  return { file, extras, notes: differences(collection, measured) };
}

/** A result that is there, as far as the provider says, and that we could not get; it may be got later. */
export class NotFetched extends ReelayError {
  constructor(cause: unknown) {
    super("provider_failed", "The provider said the video was ready, but it could not be fetched.", {
      cause,
    });
  }
}

/** Bytes that do not measure as a video are no result: they are not kept. */
async function takeOver(
  parts: Collector,
  id: string,
  { output: { from }, signal }: Collection,
): Promise<{ readonly stored: StoredBytes; readonly measured: Measured }> {
  const stored =
    "path" in from ? await parts.files.adopt(id, from.path) : await fetchTo(parts, id, { from, signal });
  try {
    return { stored, measured: await parts.measure(await parts.files.localPath(id)) };
  } catch (error) {
    await parts.files.remove(id);
    if (error instanceof ReelayError && error.code !== "input_unreadable") throw error;
    if (!("path" in from)) throw new NotFetched(error);
    throw new ReelayError("provider_failed", "What was made is not a video that can be read.", {
      cause: error,
    });
  }
}

async function fetchTo(
  parts: Collector,
  id: string,
  { from, signal }: { from: Exclude<Output["from"], { path: string }>; signal: AbortSignal },
): Promise<StoredBytes> {
  try {
    return await parts.fetching.run(async () => {
      const bytes =
        "open" in from ? from.open(signal) : parts.fetchResult(from.url, { maxBytes: MOST_BYTES, signal });
      return parts.files.put(id, await bytes, MOST_BYTES);
    }, signal);
  } catch (error) {
    throw new NotFetched(error);
  }
}

/** Half a frame at 24 fps: less is rounding, more is another length. */
const SECONDS_TOLERANCE = 1 / 48;

function differences({ task, model, files }: Collection, measured: Measured): readonly Note[] {
  const notes: Note[] = [];
  const { duration: length, resolution: size } = model.output;
  const seconds = secondsAsked(model, task.input);
  if (Math.abs(measured.seconds - seconds) > SECONDS_TOLERANCE) {
    notes.push({
      field: typeof length === "string" ? length : "duration",
      message: `${seconds} seconds were asked, the result has ${measured.seconds}${withClip(files, measured.seconds - seconds)}.`,
    });
  }
  const resolution = resolutionAsked(model, task.input);
  const { width, height } = frameSize(
    resolution,
    askedRatio(model, task.input, files) ?? measured.width / measured.height,
  );
  if (width !== measured.width || height !== measured.height) {
    notes.push({
      field: typeof size === "string" ? size : "resolution",
      message: `${width}x${height} was asked (${resolution}), the result has ${measured.width}x${measured.height}.`,
    });
  }
  return notes;
}

/** Providers may cut a frame or two off a clip, and round the rest. */
const CLIP_TOLERANCE_SECONDS = 0.25;

/** Some providers hand over the clip with its continuation behind it: the new part is what was asked, and is paid for. */
function withClip(files: GivenFiles, more: number): string {
  for (const { facts } of Object.values(files).flat()) {
    if (facts.kind === "clip" && Math.abs(more - facts.seconds) < CLIP_TOLERANCE_SECONDS)
      return `: the clip that was given, ${facts.seconds} seconds, stands before the new part`;
  }
  return "";
}
