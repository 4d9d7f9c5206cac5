import { randomInt } from "node:crypto";

const BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz";

export function randomBase36(length: number): string {
  let text = "";
  for (let i = 0; i < length; i++) text += BASE36[randomInt(36)];
  return text;
}

/** Time-ordered to the millisecond, so that a new row lands at the end of its index, then 60 random bits. */
export function newId(prefix: string, now: number): string {
  return `${prefix}_${now.toString(36).padStart(9, "0")}${randomBase36(12)}`;
}

/** `file-<unix seconds>-` and chance, as the contract of uploads has it. */
export function newUploadId(now: number): string {
  return `file-${Math.floor(now / 1000)}-${randomBase36(10)}`;
}

/** Every such id in a text. */
export const UPLOAD_IDS: RegExp = /file-\d+-[0-9a-z]{10}/g;

/** When an id was made; undefined where it is none of `newId`'s. */
export function timeOf(id: string): number | undefined {
  const [, time] = /_([0-9a-z]{9})[0-9a-z]{12}$/.exec(id) ?? [];
  return time === undefined ? undefined : Number.parseInt(time, 36);
}
