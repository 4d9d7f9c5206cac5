/** What a clean input asks of the video: by one of its parameters, or as the model always makes it. */
import type { JsonObject } from "../core/json.ts";
import type { Model } from "../core/model.ts";

type Made = Pick<Model, "output">;

/** Seconds of video that are asked for, and paid for. */
export function secondsAsked({ output: { duration } }: Made, input: JsonObject): number {
  return typeof duration === "string" ? Number(input[duration]) : duration.value;
}

/** As `core/frame.ts` reads it. */
export function resolutionAsked({ output: { resolution } }: Made, input: JsonObject): string {
  return typeof resolution === "string" ? String(input[resolution]) : resolution.value;
}
