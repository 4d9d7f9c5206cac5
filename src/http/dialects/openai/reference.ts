/**
 * What a video starts from, in the ways that this dialect has: a file, `{image_url}` (a link of ours, a public URL, or the
 * bytes themselves as a data: URL) and `{file_id}` (an upload of the key's own).
 */
import { ReelayError } from "../../../core/errors.ts";
import type { Size } from "../../../core/frame.ts";
import type { Json } from "../../../core/json.ts";
import type { KeyRecord } from "../../../core/store.ts";
import type { Gateway, UploadView } from "../../../tasks/gateway.ts";
import { invalidField } from "./errors.ts";
import type { Start } from "./starts.ts";
import { newUploadId } from "./wire.ts";

/** As it was sent; `file` is in the form. */
export type Reference = { readonly file: true } | { readonly url: string } | { readonly fileId: string };

/** As the model is told. */
export interface Given {
  /** The field that it was sent in. */
  readonly field: string;
  readonly start: Start;
  readonly url: string;
  /** Pixels; null where only its link is known. */
  readonly shape: Size | null;
}

export const REFERENCE = "input_reference";

/** null: none was sent. Throws `invalid_parameters`. */
export function readReference(value: Json | undefined): Reference | null {
  if (value === undefined || value === null) return null;
  const entries = typeof value === "object" && !Array.isArray(value) ? Object.entries(value) : [];
  const [[name, text] = []] = entries;
  if (entries.length === 1 && typeof text === "string" && text !== "") {
    if (name === "image_url") return { url: text };
    if (name === "file_id") return { fileId: text };
  }
  const message = `"${REFERENCE}" must be a file (in a form), {"image_url": "https://..."} or {"file_id": "file-..."}.`;
  throw invalidField(REFERENCE, message, typeof value === "string" ? value.slice(0, 120) : "another object");
}

export function isDataUrl(url: string): boolean {
  return /^data:/i.test(url);
}

/** Keeps the bytes of a data: URL as an upload. Throws `malformed_request` where they are no base64. */
export function keepDataUrl(
  gateway: Pick<Gateway, "upload">,
  { key, url, field }: { readonly key: KeyRecord; readonly url: string; readonly field: string },
): Promise<UploadView> {
  const head = /^data:[\w.+/-]{0,100}(?:;[\w=.+-]{1,100})*;base64,/i.exec(url.slice(0, 400))?.[0];
  if (head === undefined) {
    throw invalidField(
      field,
      `"${field}": a data: URL must be data:image/png;base64,... with the bytes in base64.`,
    );
  }
  const form = async () => ({ name: field, autoCleanup: true });
  return gateway.upload({ key, source: decode(url, head.length), form, newId: newUploadId });
}

/** Of base64, a multiple of four. */
const CHUNK = 256 * 1024;

async function* decode(url: string, start: number): AsyncIterable<Uint8Array> {
  for (let at = start; at < url.length; at += CHUNK) {
    const chunk = url.slice(at, at + CHUNK);
    const isLast = at + CHUNK >= url.length;
    if (!(isLast ? /^[A-Za-z0-9+/]*={0,2}$/ : /^[A-Za-z0-9+/]*$/).test(chunk)) {
      throw new ReelayError("malformed_request", "The data: URL has characters in it that are no base64.");
    }
    yield Buffer.from(chunk, "base64");
  }
}

/** Pixels of an upload; null of a sound. */
export function shapeOf({ file: { facts } }: UploadView): Size | null {
  return facts === null || facts.kind === "sound" ? null : { width: facts.width, height: facts.height };
}
