/** What the renderer is asked for and what it says it did. Both cross a process boundary as JSON. */
import { ReelayError } from "../src/core/errors.ts";
import { REWRITE_MODES, type RewriteMode } from "./rewrite.ts";
import type { ToldPlan } from "./told.ts";

export interface RenderOrder {
  /** Pixels; even. */
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly fps: 24;
  readonly seed: number;
  readonly prompt: string;
  readonly negativePrompt: string | null;
  /** Local paths. A picture to open on, a picture to close on, a clip to go on from. */
  readonly firstFrame: string | null;
  readonly lastFrame: string | null;
  readonly clip: string | null;
  /** Whether to make a sound that fits. A given `soundFile` is used whatever this says. */
  readonly sound: boolean;
  readonly soundFile: string | null;
  readonly style: string | null;
  readonly shots: boolean;
  /** Whether a thin prompt is made fuller. Null is "auto". */
  readonly rewrite: RewriteMode | null;
}

export interface RenderReport {
  readonly seconds: number;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** What the camera did, for people. */
  readonly motion: string;
  /** What was drawn where no picture was given, for people. */
  readonly scene: string | null;
  /** Fields of the order that were asked for and do not show, each with the reason. */
  readonly ignored: Readonly<Record<string, string>>;
  /** Why it looks as it does; without paths. */
  readonly plan: ToldPlan;
}

/** 8:1 at 1080p is the longest that any model asks for. */
const SIDE = { min: 16, max: 8704 };
const MOST_PIXELS = 12_000_000;
const FRAMES = { min: 1, max: 24 * 120 };

/** Checks an order that came as JSON. Throws `invalid_parameters` naming the field, what came and what may. */
export function readOrder(value: unknown): RenderOrder {
  if (typeof value !== "object" || value === null) refuse("order", value, "an object");
  const order = value as Record<string, unknown>;
  for (const field of ["width", "height"]) {
    const side = whole(order, field, SIDE);
    if (side % 2 !== 0) refuse(field, side, "an even number");
  }
  const { width, height } = order as { width: number; height: number };
  if (width * height > MOST_PIXELS) refuse("width", width, `at most ${MOST_PIXELS} pixels in all`);
  whole(order, "frames", FRAMES);
  whole(order, "seed", { min: 0, max: 0xffffffff });
  if (order.fps !== 24) refuse("fps", order.fps, "24");
  if (typeof order.prompt !== "string") refuse("prompt", order.prompt, "text");
  for (const field of ["negativePrompt", "firstFrame", "lastFrame", "clip", "soundFile", "style"]) {
    if (order[field] !== null && typeof order[field] !== "string")
      refuse(field, order[field], "text or null");
  }
  for (const field of ["sound", "shots"]) {
    if (typeof order[field] !== "boolean") refuse(field, order[field], "true or false");
  }
  if (order.rewrite !== null && !REWRITE_MODES.some((mode) => mode === order.rewrite))
    refuse("rewrite", order.rewrite, `${REWRITE_MODES.join(", ")} or null`);
  if (order.clip !== null && order.firstFrame !== null)
    refuse(
      "firstFrame",
      order.firstFrame,
      "null where a clip is given: a continuation opens on the clip's last frame",
    );
  return order as unknown as RenderOrder;
}

function whole(order: Record<string, unknown>, field: string, range: { min: number; max: number }): number {
  const value = order[field];
  if (!Number.isInteger(value) || (value as number) < range.min || (value as number) > range.max)
    refuse(field, value, `a whole number from ${range.min} to ${range.max}`);
  return value as number;
}

function refuse(field: string, received: unknown, allowed: string): never {
  const message = `${field} of the render order is ${JSON.stringify(received)}; it must be ${allowed}.`;
  throw new ReelayError("invalid_parameters", message, { problems: [{ field, message, received, allowed }] });
}
