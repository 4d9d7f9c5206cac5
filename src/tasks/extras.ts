/**
 * The small files that come with a result: poster, contact sheet, preview. They are made before the task is completed,
 * within some seconds, so that whoever is told of the result is told of them, and so that all are written down
 * together: after a kill at any moment the task is collected again, under the same names. Made afterwards, they would need
 * a record of their own of what is still to be made. A task never fails for want of them.
 */
import type { Clock } from "../core/clock.ts";
import type { FileStore, StoredBytes } from "../core/file-store.ts";
import { CONTENT_TYPES, type MediaFacts, type MediaType } from "../core/media.ts";
import { EXTRAS, type ExtraFile, type ExtraName, type ResultFile } from "../core/task.ts";
import type { Measured } from "../media/codec.ts";
import type { MadeExtra } from "../media/extras.ts";

export interface ExtrasMaker {
  /** Makes files in a folder that is `use`'s until it resolves, and then gone. Never rejects: what fails is not made. */
  make(
    video: {
      readonly path: string;
      readonly measured: Measured;
      readonly signal: AbortSignal;
      /** Longest that it may take, waiting for its turn included. */
      readonly ms: number;
    },
    use: (made: readonly MadeExtra[]) => Promise<void>,
  ): Promise<void>;
}

export interface ExtrasParts {
  readonly files: FileStore;
  readonly clock: Clock;
  /** Left out: results come alone. */
  readonly extras?: ExtrasMaker;
}

interface Finished {
  readonly file: ResultFile;
  readonly measured: Measured;
  readonly signal: AbortSignal;
  readonly until: number;
}

/** So much later is a task completed at most, for its extras' sake. */
const MOST_MS = 20_000;
/** Left for writing the result down: a task whose video is there must not run out of time over a picture of it. */
const RESERVE_MS = 10_000;
/** With less, beginning is not worth it. */
const LEAST_MS = 1_000;

const TYPES: Readonly<Record<ExtraName, MediaType>> = {
  poster: "jpeg",
  poster_webp: "webp",
  contact_sheet: "jpeg",
  preview: "mp4",
};
const ENDINGS: Readonly<Record<ExtraName, string>> = {
  poster: "poster.jpg",
  poster_webp: "poster.webp",
  contact_sheet: "contact-sheet.jpg",
  preview: "preview.mp4",
};

/** Records of what could be made; nothing else of a result's extras is left in the store of files. */
export async function collectExtras(
  { files, clock, extras }: ExtrasParts,
  { file, measured, signal, until }: Finished,
): Promise<readonly ExtraFile[]> {
  if (!extras) return [];
  const ms = Math.min(MOST_MS, until - clock.now() - RESERVE_MS);
  const records: ExtraFile[] = [];
  try {
    if (ms < LEAST_MS) return [];
    const path = await files.localPath(file.id);
    await extras.make({ path, measured, signal, ms }, async (made) => {
      for (const one of made) {
        const stored = await files.adopt(idOf(file, one.name), one.path);
        records.push(recordOf(file, { one, stored, at: clock.now() }));
      }
    });
  } finally {
    // An earlier try may have been killed after it had made more than this one.
    for (const name of EXTRAS)
      if (!records.some(({ meta }) => meta.extra === name)) await files.remove(idOf(file, name));
  }
  return records;
}

/** Named after the result: made again, it takes the place of the first one. */
const idOf = (file: Pick<ResultFile, "id">, name: ExtraName): string => `${name}_${file.id}`;

function recordOf(
  file: ResultFile,
  { one, stored, at }: { readonly one: MadeExtra; readonly stored: StoredBytes; readonly at: number },
): ExtraFile {
  return {
    id: idOf(file, one.name),
    role: "result",
    keyId: file.keyId,
    taskId: file.taskId,
    name: `${file.taskId}-${ENDINGS[one.name]}`,
    contentType: CONTENT_TYPES[TYPES[one.name]],
    ...stored,
    facts: factsOf(one, stored.bytes),
    meta: { extra: one.name, of: file.id },
    createdAt: at,
    expiresAt: file.expiresAt,
  };
}

function factsOf({ name, width, height, clip }: MadeExtra, bytes: number): MediaFacts {
  if (clip) return { kind: "clip", type: "mp4", width, height, ...clip, bytes };
  return { kind: "picture", type: name === "poster_webp" ? "webp" : "jpeg", width, height, bytes };
}
