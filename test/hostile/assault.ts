/** Sends files to a real server as a client would, and uses those that it takes. Whatever becomes of them is counted. */
import { readFile } from "node:fs/promises";
import type { Corpus } from "../media/hostile.ts";
import {
  type Answer,
  create,
  IDS,
  post,
  tryUpload,
  upload,
  type WireTask,
  waitForEnd,
} from "../support/api.ts";
import type { Server } from "../support/server.ts";
import { until } from "../support/until.ts";

type Kind = "picture" | "clip" | "sound";

/** Files of one sort, each with a name for messages. */
export interface Wave {
  readonly name: string;
  readonly files: () => Iterable<readonly [name: string, bytes: Uint8Array]>;
}

export interface Losses {
  readonly name: string;
  readonly files: number;
  /** Uploads that were answered with a 4xx and a reason. */
  readonly refused: number;
  readonly accepted: number;
  /** What came of those that a task was made of: a good end, a refusal that names the input, or no task at all. */
  readonly completed: number;
  readonly failed: number;
  readonly unmade: number;
  /** Children that died, as the server says. */
  readonly killed: number;
  /** The longest upload, and the longest task from its creation to its end. */
  readonly uploadMs: number;
  readonly taskMs: number;
  /** What should not have been, in words. */
  readonly faults: readonly string[];
}

/** Under way at once: more than the server works on, so that its queue is never empty. */
const AT_ONCE = 8;
/** Of accepted cuts one in so many is used: a cut sound is a good, shorter one, and the film for it takes a second. */
const APART: Readonly<Record<Kind, number>> = { picture: 4, clip: 1, sound: 64 };
const CUT = ", cut off after ";
const TYPES: Readonly<Record<Kind, string>> = {
  picture: "image/png",
  clip: "video/mp4",
  sound: "audio/mpeg",
};
const STILL = new URL("../../samples/lighthouse.jpg", import.meta.url);
const LATER = [429, 503];
const REFUSALS = [400, 413, 415, 422];

/** By a file's name, which says what it is or passes for. */
function kindOf(name: string): Kind {
  if (/^(mp4|mov)|MP4|MOV|fragment/.test(name)) return "clip";
  return /^(wav|mp3)|WAV|MP3/.test(name) ? "sound" : "picture";
}

/** MiB that the server's process holds, without its children. Linux only. */
export async function residentMib(server: Server): Promise<number> {
  const status = await readFile(`/proc/${server.child.pid}/status`, "latin1");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

export async function attack(server: Server, { name, files }: Wave): Promise<Losses> {
  const diedBefore = deaths(server);
  const faults: string[] = [];
  const count = { files: 0, refused: 0, accepted: 0, completed: 0, failed: 0, unmade: 0 };
  const longest = { uploadMs: 0, taskMs: 0 };
  const around = await requestsAround(server);

  async function send(file: string, bytes: Uint8Array): Promise<void> {
    count.files++;
    const what = kindOf(file);
    const start = performance.now();
    const answer = await accepted(() =>
      tryUpload<{ url?: string; error?: { message: string } }>(server, bytes, { type: TYPES[what] }),
    );
    longest.uploadMs = Math.max(longest.uploadMs, performance.now() - start);
    if (answer.status !== 200) {
      if (!REFUSALS.includes(answer.status) || !answer.body.error?.message)
        faults.push(`${file}: the upload was answered with ${answer.status} ${answer.text}`);
      count.refused++;
      return;
    }
    count.accepted++;
    if (file.includes(CUT) && (count.accepted - 1) % APART[what] !== 0) return;
    await use(file, around[what](answer.body.url ?? ""));
  }

  async function use(file: string, body: object): Promise<void> {
    const start = performance.now();
    const answer = await accepted(() => post<WireTask>(server, body));
    if (answer.status !== 200) {
      if (!REFUSALS.includes(answer.status))
        faults.push(`${file}: the task was answered with ${answer.status} ${answer.text}`);
      count.unmade++;
      return;
    }
    const { status, error } = await waitForEnd(server, answer.body.id);
    longest.taskMs = Math.max(longest.taskMs, performance.now() - start);
    if (status === "completed") count.completed++;
    else {
      count.failed++;
      if (!/image|video|file|media|input|invalid/i.test(error?.code ?? ""))
        faults.push(`${file}: the task failed with ${error?.code}: ${error?.message}`);
    }
  }

  const left = files()[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = left.next(); !next.done; next = left.next()) await send(...next.value);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { name, ...count, ...longest, killed: deaths(server) - diedBefore, faults };
}

/** Asks again where the server says that this is too much just now: so many tasks a minute are allowed. */
function accepted<T>(ask: () => Promise<Answer<T>>): Promise<Answer<T>> {
  const answered = async () => {
    const answer = await ask();
    return LATER.includes(answer.status) ? undefined : answer;
  };
  return until(answered, { ms: 120_000, everyMs: 500, what: "an answer other than 'later'" });
}

/** The smallest request around a file of each kind; a sound needs a picture to go with. */
async function requestsAround(server: Server): Promise<Readonly<Record<Kind, (url: string) => object>>> {
  const still = await upload(server, await readFile(STILL));
  const long = { model: IDS.wan, resolution: "720p", duration: 2, prompt: "x" };
  return {
    picture: (image_url) => ({
      model: IDS.pixverseImage,
      image_url,
      resolution: "360p",
      duration: 1,
      prompt: "x",
    }),
    clip: (video_url) => ({ ...long, video_url }),
    sound: (audio_url) => ({ ...long, audio_url, image_urls: [still.url] }),
  };
}

function deaths(server: Server): number {
  return server.output().split("media-child-died").length - 1;
}

/** A clip of the server's own making, of two seconds. */
export async function ownClip(server: Server): Promise<Uint8Array> {
  const order = { model: IDS.pixverseText, prompt: "a hill in the wind", resolution: "360p", duration: 2 };
  const { id } = await create(server, order);
  const task = await waitForEnd(server, id);
  const url = task.results?.[0]?.url;
  if (!url) throw new Error(`no clip to cut: ${JSON.stringify(task.error)}`);
  return new Uint8Array(await (await fetch(url)).arrayBuffer());
}

/** Every `step`th length of the first `most` bytes of each whole file, the longest first. */
export function* cutsOf(files: Corpus, name: string, { most = 0, step = 1 }) {
  const bytes = files[name] ?? new Uint8Array();
  for (let length = most - 1; length >= 0; length -= step)
    yield [`${name}${CUT}${length} bytes`, bytes.subarray(0, length)] as const;
}
