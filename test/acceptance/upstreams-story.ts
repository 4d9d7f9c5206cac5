/**
 * What one server goes through with one kind of provider. Most of it is waiting for providers that are not asked often,
 * so everything goes in at once; then the server is killed with two more pieces of work in flight, and starts again.
 */
import { randomInt, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../chaos/processes.ts";
import { cancel, download, IDS, isOver, post, read, upload, type WireTask } from "../support/api.ts";
import { TINY_MP4 } from "../support/fake-file.ts";
import { ROOT } from "../support/run.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import type { Kind } from "./upstreams-kinds.ts";
import type { Opened, Upstream } from "./upstreams-opened.ts";

export interface Made {
  /** In the prompt, and in no other. */
  readonly token: string;
  /** Beside model and prompt. */
  readonly asked: object;
  readonly created: WireTask;
  readonly task: WireTask;
  /** What our link gives; undefined where there is no result. */
  readonly bytes: Buffer | undefined;
}

export interface Story {
  readonly kind: Kind;
  readonly upstream: Upstream & Pick<Opened, "secrets">;
  /** The server that runs at the end. */
  readonly server: Server;
  /** Everything that both processes printed. */
  readonly printed: string;
  readonly prompts: readonly string[];
  /** Rejects with what went wrong on the way there. */
  made(name: string): Promise<Made>;
  discard(): Promise<void>;
}

export const FAULTS: Readonly<Record<string, { readonly words: string; readonly reads: number }>> = {
  slow: { words: "file=slow slow-ms=1500", reads: 1 },
  "cut short once": { words: "file=cut file-times=1", reads: 2 },
  "not there at first": { words: "file=lost file-times=1", reads: 2 },
};

interface Begun extends Omit<Made, "task" | "bytes"> {
  readonly prompt: string;
}

type Names = { readonly model: string; readonly words: string };

/** Whoever looks for a lost one does so every 15 seconds at most; what is found may then be broken once. */
const END_MS = 40_000;

/** A provider that calls calls once, so the next start has to be there by then, on a busy machine, too. */
const CALL_MS = 20_000;

const twoFrames = (url: string) => ({ first_image_url: url, last_image_url: url });
const OF_PICTURE = { resolution: "720p", duration: 5 };
/** Valid for every route of the model. */
const BODIES: Readonly<Record<string, (picture: string, clip: string) => object>> = {
  [IDS.pixverseText]: () => ({ resolution: "720p", aspect_ratio: "16:9", duration: 5, generate_audio: true }),
  [IDS.pixverseImage]: (image_url) => ({ image_url, ...OF_PICTURE, generate_audio: true, seed: 7 }),
  [IDS.wan]: (url) => ({ image_urls: [url], ...OF_PICTURE, negative_prompt: "people", seed: 7 }),
  [IDS.veo]: (image_url) => ({ image_url, aspect_ratio: "16:9", duration: 8, negative_prompt: "people" }),
  [IDS.veoFast]: (image_url) => ({ image_url, aspect_ratio: "9:16", duration: 6, generate_audio: true }),
  [IDS.veoLite]: (image_url) => ({ image_url, duration: 4, resolution: "720p", seed: 7 }),
  [IDS.pixverseTransition]: (url) => ({ image_url: url, image_tail_url: url, ...OF_PICTURE, seed: 7 }),
  [IDS.pixverseExtend]: (_, video_url) => ({ video_url, ...OF_PICTURE, seed: 7 }),
  [IDS.wanText]: () => ({ ...OF_PICTURE, negative_prompt: "people", seed: 7 }),
  [IDS.veoText]: () => ({ aspect_ratio: "16:9", duration: 8, negative_prompt: "people" }),
  [IDS.veoFastText]: () => ({ aspect_ratio: "9:16", duration: 6, generate_audio: true }),
  [IDS.veoLiteText]: () => ({ duration: 4, resolution: "720p", seed: 7 }),
  [IDS.veoFrames]: (url) => ({ ...twoFrames(url), duration: 8, negative_prompt: "people" }),
  [IDS.veoFastFrames]: (url) => ({ ...twoFrames(url), duration: 6, generate_audio: true }),
  [IDS.veoLiteFrames]: (url) => ({ ...twoFrames(url), duration: 4, resolution: "720p", seed: 7 }),
  "wan-2.2-image-to-video": (image_url) => ({ image_url, resolution: "480p", duration: 3, seed: 7 }),
  "wan-2.2-text-to-video": () => ({ resolution: "480p", aspect_ratio: "9:16", duration: 2 }),
};

export async function play(kind: Kind): Promise<Story> {
  const upstream = await kind.open();
  try {
    return await live(kind, upstream);
  } catch (error) {
    await upstream.close();
    throw error;
  }
}

async function live(kind: Kind, upstream: Opened): Promise<Story> {
  // Whoever was given our address calls it again after the restart, so it stays the same.
  const REELAY_PORT = String(await freePort(() => randomInt(20_000, 31_000)));
  const env = { ...NO_RENDER, REELAY_LOG_LEVEL: "debug", REELAY_PORT, ...upstream.env };
  let server = await startServer(env);
  let printed = (): string => server.output();
  const prompts: string[] = [];
  const picture = await readFile(join(ROOT, "samples/lighthouse.jpg"));
  const { url } = await upload(server, picture, { name: "lighthouse.jpg", type: "image/jpeg" });

  const tiny = Buffer.from(TINY_MP4);
  const { url: clip } = await upload(server, tiny, { name: "tiny.mp4", type: "video/mp4" });

  const begin = async ({ model, words }: Names): Promise<Begun> => {
    const token = `t${randomUUID().replaceAll("-", "")}`;
    const prompt = `Gulls over ${token}. script: ${words}`;
    prompts.push(prompt);
    const asked = BODIES[model]?.(url, clip) ?? {};
    return { token, prompt, asked, created: await insist(server, { model, prompt, ...asked }) };
  };
  const end = async ({ prompt, ...begun }: Begun): Promise<Made> => {
    const task = await until(
      async () => {
        const now = await read(server, begun.created.id, kind.looks ? "?sync_upstream=true" : "");
        return isOver(now) && now;
      },
      { ms: END_MS, everyMs: 100, what: `the end of ${prompt}` },
    );
    const [result] = task.results ?? [];
    return { ...begun, task, bytes: result && (await download(result.url)) };
  };
  const make = async (names: Names): Promise<Made> => end(await begin(names));

  const [model = "", ...others] = kind.models;
  const results = new Map<string, Promise<Made>>();
  for (const one of [model, ...others]) results.set(one, make({ model: one, words: "duration=0" }));
  for (const { heals, words } of kind.lost)
    results.set(heals, make({ model, words: `accept-then-drop ${words}` }));
  for (const [name, { words }] of kind.downloads ? Object.entries(FAULTS) : [])
    results.set(name, make({ model, words: `duration=0 ${words}` }));
  results.set("fails", make({ model, words: `duration=0 ${kind.fails.words}` }));
  results.set(
    "busy",
    make({ model, words: `${kind.busy?.words ?? "status=429"} retry-after=1 times=1 duration=0` }),
  );
  results.set(
    "cancelled",
    (async () => {
      const begun = await begin({ model, words: kind.cancel.words });
      await beginning(upstream, begun.token);
      await cancel(server, begun.created.id);
      return end(begun);
    })(),
  );
  await Promise.allSettled(results.values());

  const restart = async (): Promise<void> => {
    const before = printed();
    server = await server.restart();
    printed = () => before + server.output();
  };
  const [accepted, unanswered] = await Promise.allSettled([
    begin({ model, words: "duration=0 webhook=never check-drop check-times=1" }),
    begin({
      model,
      words: `late-answer=15000 duration=${kind.lost.at(-1)?.called ? CALL_MS : 3_000} ${kind.lost.at(-1)?.words ?? ""}`,
    }),
  ]);
  const inFlight = async (): Promise<void> => {
    if (accepted.status === "fulfilled") await beginning(upstream, accepted.value.token);
    if (unanswered.status === "fulfilled") await taken(upstream, unanswered.value.token);
  };
  const restarted = inFlight().then(restart);
  for (const [name, begun] of Object.entries({ accepted, unanswered })) {
    const ended = restarted.then(() => {
      if (begun.status === "rejected") throw begun.reason;
      return end(begun.value);
    });
    results.set(name, ended);
  }
  await Promise.allSettled(results.values());

  return {
    ...{ kind, upstream, server, printed: printed(), prompts },
    made: (name) => results.get(name) ?? Promise.reject(new Error(`nothing was made for ${name}`)),
    async discard() {
      await server.discard();
      await upstream.close();
    },
  };
}

/** A server on a busy machine may refuse for a moment, and says so. */
function insist(server: Server, body: object): Promise<WireTask> {
  return until(
    async () => {
      const answer = await post<WireTask>(server, body);
      if (answer.status !== 200 && answer.status !== 503)
        throw new Error(`create answered ${answer.status}: ${answer.text}`);
      return answer.status === 200 && answer.body;
    },
    { ms: 20_000, everyMs: 500, what: "a server that takes work" },
  );
}

function beginning(upstream: Upstream, token: string): Promise<unknown> {
  return until(() => upstream.checks(token) > 0, { ms: 20_000, what: "the first question about the work" });
}

function taken(upstream: Upstream, token: string): Promise<unknown> {
  return until(() => upstream.accepts(token) > 0, { ms: 20_000, what: "the accept" });
}
