/** The SDK says "1280x720" and "16:9"; a model of the server says "720p", its shorter side, and perhaps "16:9". */
import type {
  Experimental_VideoModelV4CallOptions as CallOptions,
  SharedV4Warning as Warning,
} from "@ai-sdk/provider";
import { type Places, unsupported } from "./places.ts";

interface Shape {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly warnings: readonly Warning[];
}

type Options = Pick<CallOptions, "aspectRatio" | "resolution">;

/** So far may a width over height be off and still be called so: 1366x768 is 16:9. */
const NEAR = 0.01;

export function readShape({ aspectRatio, resolution }: Options, places: Places): Shape {
  const sized = resolution === undefined ? none : fromSize(resolution, aspectRatio === undefined, places);
  const shaped = aspectRatio === undefined ? none : fromRatio(aspectRatio, places);
  return {
    parameters: { ...sized.parameters, ...shaped.parameters },
    warnings: [...sized.warnings, ...shaped.warnings, ...contradiction({ aspectRatio, resolution })],
  };
}

const none: Shape = { parameters: {}, warnings: [] };

function fromSize(resolution: string, aloneSaysShape: boolean, places: Places): Shape {
  const [width = 0, height = 0] = resolution.split("x").map(Number);
  const values = places.find("resolution")?.values ?? [];
  const shorter = Math.min(width, height);
  const named = values.find((value) => pixelsOf(String(value)) === shorter);
  if (named === undefined) {
    const known =
      values.length === 0 ? "The model has no choice of it" : `The model makes ${values.join(", ")}`;
    return { ...none, warnings: [unsupported("resolution", `${known}; ${resolution} was not sent.`)] };
  }
  const shape = aloneSaysShape ? shapeOfSize(resolution, width / height, places) : none;
  return { parameters: { resolution: named, ...shape.parameters }, warnings: shape.warnings };
}

function shapeOfSize(resolution: string, ratio: number, places: Places): Shape {
  const ratios = places.find("aspect_ratio")?.values;
  if (!ratios) {
    const details = `Of ${resolution} the shorter side was taken; the video has the shape of its picture.`;
    return { ...none, warnings: [{ type: "compatibility", feature: "resolution", details }] };
  }
  const named = ratios.find((value) => isNear(ratioOf(String(value)), ratio));
  if (named !== undefined) return { parameters: { aspect_ratio: named }, warnings: [] };
  const details = `The model makes ${ratios.join(", ")}; of ${resolution} only the shorter side was taken.`;
  return { ...none, warnings: [unsupported("resolution", details)] };
}

function fromRatio(aspectRatio: string, places: Places): Shape {
  if (!places.has("aspect_ratio")) {
    // What "adaptive" asks for is what such a model does.
    if (aspectRatio === "adaptive") return none;
    const details = `The video has the shape of its picture; ${aspectRatio} was not sent.`;
    return { ...none, warnings: [unsupported("aspectRatio", details)] };
  }
  const values = places.find("aspect_ratio")?.values;
  if (aspectRatio === "adaptive" && !values?.includes(aspectRatio)) {
    const details = `The model makes ${values?.join(", ")} and takes its default; "adaptive" was not sent.`;
    return { ...none, warnings: [unsupported("aspectRatio", details)] };
  }
  return { parameters: { aspect_ratio: aspectRatio }, warnings: [] };
}

function contradiction({ aspectRatio, resolution }: Options): readonly Warning[] {
  if (aspectRatio === undefined || aspectRatio === "adaptive" || resolution === undefined) return [];
  if (isNear(ratioOf(aspectRatio), ratioOf(resolution))) return [];
  const message = `resolution ${resolution} is not ${aspectRatio}: its shorter side was taken, and aspectRatio for the shape.`;
  return [{ type: "other", message }];
}

/** "720p" -> 720, "4k" -> 2160 */
function pixelsOf(value: string): number | undefined {
  const text = value.toLowerCase();
  if (text === "4k") return 2160;
  return /^\d+p$/.test(text) ? Number.parseInt(text, 10) : undefined;
}

function ratioOf(text: string): number {
  const [width = 0, height = 0] = text.split(/[:x]/).map(Number);
  return width / height;
}

function isNear(one: number, other: number): boolean {
  return Math.abs(one - other) <= NEAR * other;
}
