/**
 * What a video starts from, in the ways that this dialect has: a file, `{image_url}` (a link of ours, a public URL, or the
 * bytes themselves as a data: URL) and `{file_id}` (an upload of the key's own).
 */
import type { Size } from "../../../core/frame.ts";
import type { Json } from "../../../core/json.ts";
import type { UploadView } from "../../../tasks/gateway.ts";
import { invalidField } from "./errors.ts";
import type { Start } from "./starts.ts";

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

/** Pixels of an upload; null of a sound. */
export function shapeOf({ file: { facts } }: UploadView): Size | null {
  return facts === null || facts.kind === "sound" ? null : { width: facts.width, height: facts.height };
}
