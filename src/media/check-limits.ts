import type { Problem } from "../core/errors.ts";
import type { MediaFacts, MediaType } from "../core/media.ts";
import type { MediaLimits } from "../core/model.ts";

const NAMES: Readonly<Record<MediaType, string>> = {
  jpeg: "JPEG",
  png: "PNG",
  webp: "WebP",
  bmp: "BMP",
  mp4: "MP4",
  mov: "MOV",
  wav: "WAV",
  mp3: "MP3",
};

/** "JPEG, PNG or WebP" */
export function listTypes(types: readonly MediaType[]): string {
  const names = types.map((type) => NAMES[type]);
  return [names.slice(0, -1).join(", "), ...names.slice(-1)].filter(Boolean).join(" or ");
}

/**
 * Every limit that a file breaks, in the order type, bytes, side, ratio, seconds. A wrong type stands alone,
 * because the other limits are about the right one. Limits are closed ranges; see `TOLERANCE_SECONDS`.
 */
export function checkLimits(facts: MediaFacts, limits: MediaLimits, field: string): Problem[] {
  if (!limits.types.includes(facts.type)) {
    const message = `${field} is a ${facts.kind} of type ${NAMES[facts.type]}; it must be ${listTypes(limits.types)}.`;
    return [{ field, message, received: facts.type, allowed: limits.types }];
  }
  const problems = [
    bytesProblem(facts, limits, field),
    facts.kind === "sound" ? undefined : sideProblem(facts, limits, field),
    facts.kind === "sound" ? undefined : ratioProblem(facts, limits, field),
    facts.kind === "picture" ? undefined : secondsProblem(facts, limits, field),
  ];
  return problems.filter((problem) => problem !== undefined);
}

function bytesProblem(facts: MediaFacts, limits: MediaLimits, field: string): Problem | undefined {
  if (facts.bytes <= limits.maxBytes) return undefined;
  const message = `${field} has ${grouped(facts.bytes)} bytes; at most ${grouped(limits.maxBytes)} are allowed.`;
  return { field, message, received: facts.bytes, allowed: { max: limits.maxBytes }, limit: "bytes" };
}

interface Sides {
  readonly width: number;
  readonly height: number;
}

function sideProblem({ width, height }: Sides, limits: MediaLimits, field: string): Problem | undefined {
  if (!limits.side) return undefined;
  const [min, max] = limits.side;
  if (Math.min(width, height) >= min && Math.max(width, height) <= max) return undefined;
  const message = `${field} is ${width} x ${height} pixels; each side must be ${min} to ${max} pixels.`;
  return { field, message, received: { width, height }, allowed: { min, max }, limit: "side" };
}

function ratioProblem({ width, height }: Sides, limits: MediaLimits, field: string): Problem | undefined {
  if (!limits.ratio) return undefined;
  const [min, max] = limits.ratio;
  const ratio = width / height;
  if (ratio >= min && ratio <= max) return undefined;
  const measured = distinct(ratio, ratio < min ? min : max);
  const allowed = `${distinct(min)} to ${distinct(max)}`;
  const message = `${field} is ${width} x ${height} pixels, which is ${measured} as width over height; it must be ${allowed}.`;
  return { field, message, received: ratio, allowed: { min, max }, limit: "ratio" };
}

/** A clip of "10 s" measures 10.03 where its last packet of sound reaches over the last frame: a length nobody chose. */
const TOLERANCE_SECONDS = 0.05;

function secondsProblem(
  { seconds }: { readonly seconds: number },
  limits: MediaLimits,
  field: string,
): Problem | undefined {
  if (!limits.seconds) return undefined;
  const [min, max] = limits.seconds;
  if (seconds >= min - TOLERANCE_SECONDS && seconds <= max + TOLERANCE_SECONDS) return undefined;
  const measured = distinct(seconds, seconds < min ? min : max);
  const message = `${field} is ${measured} seconds long; it must be ${min} to ${max} seconds.`;
  return { field, message, received: seconds, allowed: { min, max }, limit: "seconds" };
}

/** Two decimals, or as many as it takes to look different from the limit: "10 is not at most 10" helps nobody. */
function distinct(value: number, limit?: number): string {
  const shown = (digits: number) => String(Number(value.toFixed(digits)));
  for (let digits = 2; digits < 9; digits++) if (Number(shown(digits)) !== limit) return shown(digits);
  return String(value);
}

/** 20971520 -> "20,971,520", whatever the machine's language is. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
