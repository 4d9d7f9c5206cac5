/** A provider's output becomes a result: bytes that we hold, hashed, and measured against what was asked. */
import type { Clock } from "../core/clock.ts";
import { ReelayError } from "../core/errors.ts";
import type { FileStore } from "../core/file-store.ts";
import { aspectRatio, frameSize } from "../core/frame.ts";
import { CONTENT_TYPES } from "../core/media.ts";
import type { CatalogModel } from "../core/model.ts";
import type { InputFile, Output } from "../core/provider.ts";
import type { FileRecord, Note, Task } from "../core/task.ts";
import type { Measured } from "../media/codec.ts";

export interface Collector {
  readonly files: FileStore;
  readonly clock: Clock;
  /** Reads the file's streams in a child process. */
  readonly measure: (path: string) => Promise<Measured>;
}

export interface Collected {
  readonly file: FileRecord;
  /** Where the result differs from the request. */
  readonly notes: readonly Note[];
}

interface Collection {
  readonly task: Task;
  readonly model: CatalogModel;
  readonly output: Output;
  readonly media: Readonly<Record<string, InputFile>>;
}

export async function collectResult(parts: Collector, collection: Collection): Promise<Collected> {
  const { task, output } = collection;
  if (!("path" in output.from)) throw new ReelayError("provider_failed", "The provider gave no file.");
  const measured = await parts.measure(output.from.path);
  // Named after its task: collected again after a crash, it takes the place of the first one.
  const id = `res_${task.id}`;
  const stored = await parts.files.adopt(id, output.from.path);
  const file: FileRecord = {
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
    meta: output.meta,
    createdAt: parts.clock.now(),
    expiresAt: null,
  };
  return { file, notes: differences(collection, measured) };
}

/** Half a frame at 24 fps: less is rounding, more is another length. */
const SECONDS_TOLERANCE = 1 / 48;

function differences({ task, model, media }: Collection, measured: Measured): readonly Note[] {
  const notes: Note[] = [];
  const seconds = Number(task.input[model.output.duration]);
  if (Math.abs(measured.seconds - seconds) > SECONDS_TOLERANCE) {
    notes.push({
      field: model.output.duration,
      message: `${seconds} seconds were asked, the result has ${measured.seconds}.`,
    });
  }
  const resolution = String(task.input[model.output.resolution]);
  const size = frameSize(resolution, askedRatio(task, model, media) ?? measured.width / measured.height);
  if (size.width !== measured.width || size.height !== measured.height) {
    notes.push({
      field: model.output.resolution,
      message: `${size.width}x${size.height} was asked (${resolution}), the result has ${measured.width}x${measured.height}.`,
    });
  }
  return notes;
}

/** Width over height as asked: a parameter, or the shape of the given picture or clip. */
function askedRatio(
  task: Task,
  model: CatalogModel,
  media: Readonly<Record<string, InputFile>>,
): number | undefined {
  const { aspect } = model.output;
  if (typeof aspect === "string") return aspectRatio(String(task.input[aspect]));
  for (const { facts } of Object.values(media)) if (facts.kind !== "sound") return facts.width / facts.height;
  return undefined;
}
