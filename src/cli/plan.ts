/** `reelay plan "..."`: what our own renderer would make of a request, as JSON. No server, no network, no file. */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { type RenderOrder, readOrder } from "../../animatic/order.ts";
import { planOf, STYLES } from "../../animatic/plan.ts";
import { REWRITE_MODES, type RewriteMode } from "../../animatic/rewrite.ts";
import { tellPlan } from "../../animatic/told.ts";
import { aspectRatio, frameSize } from "../core/frame.ts";
import { UsageError } from "./usage-error.ts";

const USAGE = `Usage: reelay plan PROMPT [--negative TEXT] [--seconds N] [--aspect W:H] [--seed N] [--shots] [--sound]
                   [--rewrite ${REWRITE_MODES.join("|")}] [--style ${STYLES.join("|")}]

  Prints what the animatic renderer would make of the prompt. docs/pages/en/prompts.md has the words that it understands.`;

const FPS = 24;
const MOST_SECONDS = 120;
const MOST_SEED = 0xffffffff;

export async function run(args: readonly string[]): Promise<number> {
  const order = readOrder(orderOf(args));
  const { width, height, frames, fps } = order;
  process.stdout.write(
    `${JSON.stringify({ width, height, frames, fps, ...tellPlan(planOf(order)) }, null, 2)}\n`,
  );
  return 0;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        negative: { type: "string" },
        seconds: { type: "string" },
        aspect: { type: "string" },
        seed: { type: "string" },
        shots: { type: "boolean" },
        sound: { type: "boolean" },
        rewrite: { type: "string" },
        style: { type: "string" },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`);
  }
}

function orderOf(args: readonly string[]): RenderOrder {
  const { positionals, values } = parse(args);
  const [prompt, ...more] = positionals;
  if (prompt === undefined) throw new UsageError(USAGE);
  if (more.length > 0) throw new UsageError(`Too many words after the prompt: put it in quotes.\n${USAGE}`);
  const seconds = whole("--seconds", values.seconds ?? "5", [1, MOST_SECONDS]);
  return {
    ...frameSize("720p", shapeOf(values.aspect ?? "16:9")),
    fps: FPS,
    frames: seconds * FPS,
    seed: values.seed === undefined ? randomInt(2 ** 31) : whole("--seed", values.seed, [0, MOST_SEED]),
    prompt,
    negativePrompt: values.negative ?? null,
    firstFrame: null,
    lastFrame: null,
    clip: null,
    sound: values.sound === true,
    soundFile: null,
    style: values.style === undefined ? null : oneOf("--style", values.style, STYLES),
    shots: values.shots === true,
    rewrite: oneOf<RewriteMode>("--rewrite", values.rewrite ?? "auto", REWRITE_MODES),
  };
}

function whole(name: string, text: string, [least, most]: readonly [number, number]): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new UsageError(`${name} is "${text}" but must be a whole number from ${least} to ${most}.`);
  return value;
}

function oneOf<T extends string>(name: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === text);
  if (found === undefined)
    throw new UsageError(`${name} is "${text}" but must be one of ${allowed.join(", ")}.`);
  return found;
}

function shapeOf(text: string): number {
  const ratio = /^\d{1,2}:\d{1,2}$/.test(text) && !/\b0+\b/.test(text) ? aspectRatio(text) : 0;
  if (ratio < 1 / 8 || ratio > 8)
    throw new UsageError(`--aspect is "${text}" but must be width to height, from 1:8 to 8:1, as in 16:9.`);
  return ratio;
}
