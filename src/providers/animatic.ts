/**
 * Our own renderer behind the provider contract: no key, no network, no price. A ticket is the whole order,
 * and a render is a pure function of it; so an attempt that a crash interrupted is simply rendered again.
 */
import { randomInt } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { ReelayError } from "../core/errors.ts";
import { aspectRatio, frameSize } from "../core/frame.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { InputFile, Output, Progress, Provider, Submission } from "../core/provider.ts";
import { type TestPlan, withoutTestPlan } from "../core/test-plan.ts";

/** Runs one order in a child process; rejects with a ReelayError. */
interface Renderer {
  run(
    op: "render",
    args: unknown,
    options: {
      signal: AbortSignal;
      onStart: () => void;
      onProgress: (percent: number) => void;
      /** What it takes, about: by this, small renders overtake large ones. */
      costMs: number;
    },
  ): Promise<unknown>;
}

export interface AnimaticOptions {
  readonly renderer: Renderer;
  /** Ours alone; emptied at start, because what a killed process left there is half a file at best. */
  readonly scratch: string;
  readonly workers: number;
  readonly now: () => number;
}

interface Ticket {
  readonly attemptId: string;
  /** What the task is to go through, and since when. */
  readonly test: (TestPlan & { readonly at: number }) | null;
  readonly order: JsonObject & { readonly seed: number };
  /** Seconds of the clip that it goes on from; null where there is none. Tickets before 2026-11-21 do not say. */
  readonly clipSeconds?: number | null;
}

interface Job {
  readonly abort: AbortController;
  progress: Progress;
}

const FPS = 24;

/** Pixels drawn and encoded a second, before any history: between 720p and 4k on two cores. */
const PRIOR_PIXELS_PER_SECOND = 60e6;

/** What each parameter of the order is called on this provider's side of a route. */
const NAMES: Readonly<Record<string, string>> = {
  style: "style",
  shots: "shots",
  negativePrompt: "negative_prompt",
  sound: "sound",
  soundFile: "sound_file",
};

export async function openAnimatic({ renderer, scratch, workers, now }: AnimaticOptions): Promise<Provider> {
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  const jobs = new Map<string, Job>();
  const outPath = (id: string): string => join(scratch, `${id}.mp4`);

  const begin = (ticket: Ticket): Job => {
    const { attemptId } = ticket;
    // Tickets outlive versions: before 2026-11-21 a switch stood here, and an order is held to what it may be today.
    const order: Ticket["order"] = { ...ticket.order, rewrite: rewriteMode(ticket.order.rewrite) };
    const job: Job = { abort: new AbortController(), progress: { state: "pending" } };
    jobs.set(attemptId, job);
    const out = outPath(attemptId);
    renderer
      .run(
        "render",
        { order, out },
        {
          signal: job.abort.signal,
          onStart: () => {
            job.progress = { state: "processing", progress: 1 };
          },
          onProgress: (progress) => {
            job.progress = { state: "processing", progress };
          },
          costMs: 1000 * secondsFor(Number(order.width) * Number(order.height) * Number(order.frames)),
        },
      )
      .then(
        (report) => {
          job.progress = { state: "done", output: toOutput(out, ticket, report as Report) };
        },
        (error: unknown) => {
          job.progress = { state: "failed", error: toError(error) };
        },
      );
    return job;
  };

  const forget = async (ticket: Json): Promise<void> => {
    const { attemptId } = ticket as unknown as Ticket;
    jobs.delete(attemptId);
    await rm(outPath(attemptId), { force: true });
  };

  return {
    id: "animatic",
    kind: "animatic",
    free: true,
    // Twice what renders at once: the next task's inputs are fetched while this one's frames are drawn.
    concurrency: 2 * workers,
    pollEveryMs: 100,
    checksPerSecond: 10_000,
    reconcileMs: 0,
    prior: (params) => {
      const { width, height } = frameSize(String(params.resolution), ratioOf(params, {}) ?? 16 / 9);
      return secondsFor(width * height * Number(params.duration) * FPS);
    },
    submit: async (work) => {
      const test = work.test && { ...work.test, at: now() };
      const clip = work.media.clip?.facts;
      const clipSeconds = clip?.kind === "clip" ? clip.seconds : null;
      const ticket: Ticket = { attemptId: work.attemptId, test, order: toOrder(work), clipSeconds };
      if (!test?.fail && !test?.stall) begin(ticket);
      return { accepted: ticket as unknown as Json };
    },
    check: async (ticket) => {
      const known = ticket as unknown as Ticket;
      const staged = known.test && stage(known.test, now());
      if (staged) return staged;
      return (jobs.get(known.attemptId) ?? begin(known)).progress;
    },
    // Whatever a crash interrupted is gone with the process: rendering it again costs nobody anything.
    find: async () => "absent",
    cancel: async (ticket) => {
      jobs.get((ticket as unknown as Ticket).attemptId)?.abort.abort();
      await forget(ticket);
      return "cancelled";
    },
    forget,
  };
}

/** Of work, before there is any history. */
function secondsFor(pixels: number): number {
  return 0.5 + pixels / PRIOR_PIXELS_PER_SECOND;
}

const STALLED_AT = 80;
/** How long work takes that fails on demand, where the plan does not say. */
const FAILS_AFTER_SECONDS = 1;

/** What a test plan shows instead of the work; undefined: nothing, it goes on as it is. */
function stage(
  { fail, stall, after, at }: TestPlan & { readonly at: number },
  now: number,
): Progress | undefined {
  const share = (now - at) / 1000 / (after ?? FAILS_AFTER_SECONDS);
  const progress = Math.min(STALLED_AT, Math.max(1, Math.floor(share * STALLED_AT)));
  if (stall) return { state: "processing", progress };
  if (fail === undefined)
    return after !== undefined && share < 1 ? { state: "processing", progress } : undefined;
  if (share < 1) return { state: "processing", progress };
  const message = `This task failed with ${fail} because its test asked for it.`;
  return { state: "failed", error: new ReelayError(fail, message) };
}

function ratioOf(params: JsonObject, media: Readonly<Record<string, InputFile>>): number | undefined {
  if (typeof params.aspect_ratio === "string") return aspectRatio(params.aspect_ratio);
  const shape = (media.first_frame ?? media.clip)?.facts;
  return shape && shape.kind !== "sound" ? shape.width / shape.height : undefined;
}

function toOrder({ params, media, test }: Submission): Ticket["order"] {
  const { width, height } = frameSize(String(params.resolution), ratioOf(params, media) ?? 16 / 9);
  return {
    width,
    height,
    fps: FPS,
    frames: Number(params.duration) * FPS,
    seed: typeof params.seed === "number" ? params.seed : randomInt(2 ** 31),
    prompt: typeof params.prompt === "string" ? toldPrompt(params.prompt, test) : "",
    negativePrompt: params.negative_prompt ?? null,
    firstFrame: media.first_frame?.path ?? null,
    lastFrame: media.last_frame?.path ?? null,
    clip: media.clip?.path ?? null,
    sound: params.sound === true,
    soundFile: media.sound_file?.path ?? null,
    style: params.style ?? null,
    shots: params.shots === true,
    rewrite: rewriteMode(params.rewrite),
  };
}

/** A switch or a word, by model; what is left open is ours to decide. */
function rewriteMode(value: Json | undefined): string {
  if (value === true) return "enabled";
  if (value === false) return "disabled";
  return typeof value === "string" ? value : "auto";
}

/** A live key's prompt is its own, whatever brackets it has. */
function toldPrompt(prompt: string, test: TestPlan | null): string {
  return test ? withoutTestPlan(prompt) : prompt;
}

interface Report {
  readonly motion: string;
  readonly scene: string | null;
  readonly ignored: Readonly<Record<string, string>>;
  /** Shots, sound, what was understood of the prompt and what was made of it. */
  readonly plan: JsonObject;
}

function toOutput(path: string, { order, clipSeconds }: Ticket, report: Report): Output {
  const ignored = Object.entries(report.ignored).map(([name, why]) => [NAMES[name] ?? name, why]);
  return {
    from: { path },
    meta: {
      renderer: "animatic",
      seed: order.seed,
      motion: report.motion,
      scene: report.scene,
      plan: report.plan,
      // A continuation is the new part alone; some providers count the clip in.
      ...(typeof clipSeconds === "number" && { counted: "the new part only", clip_seconds: clipSeconds }),
    },
    ignored: Object.fromEntries(ignored),
  };
}

function toError(error: unknown): ReelayError {
  if (error instanceof ReelayError) return error;
  return new ReelayError("provider_failed", "The renderer failed on this request.", { cause: error });
}
