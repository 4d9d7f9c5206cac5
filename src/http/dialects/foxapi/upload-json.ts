/** Contract 1.10: an upload that is named or brought by a JSON body. */
import { decodeBase64, typeOfDataUrl } from "../../../core/base64.ts";
import { ReelayError } from "../../../core/errors.ts";
import { nearest } from "../../../core/nearest.ts";
import type { UploadRequest } from "../../../tasks/uploads.ts";

export interface JsonUpload {
  readonly source: UploadRequest["source"];
  readonly name: string;
  readonly autoCleanup: boolean;
}

/** An older page of the contract has it; it means nothing. */
const IGNORED = "purpose";

/** Endings by what a data URL calls its type; the content itself decides what a file is. */
const ENDINGS: ReadonlyMap<string, string> = new Map([
  ["image/jpeg", "jpg"],
  ["image/png", "png"],
  ["image/webp", "webp"],
  ["image/bmp", "bmp"],
  ["video/mp4", "mp4"],
  ["video/quicktime", "mov"],
  ["audio/wav", "wav"],
  ["audio/x-wav", "wav"],
  ["audio/mpeg", "mp3"],
]);

export function readBase64(body: unknown): JsonUpload {
  const { value, name, autoCleanup } = readFields(body, "file_data", "base64 or a data URL");
  const ending = ENDINGS.get(typeOfDataUrl(value) ?? "") ?? "bin";
  return { source: decodeBase64(value), name: name ?? `upload.${ending}`, autoCleanup };
}

export function readUrl(body: unknown): JsonUpload {
  const { value, name, autoCleanup } = readFields(body, "url", "a public http(s) URL");
  const path = URL.canParse(value) ? new URL(value).pathname : "";
  return { source: { url: value }, name: name ?? lastOf(path), autoCleanup };
}

interface Fields {
  readonly value: string;
  readonly name: string | undefined;
  readonly autoCleanup: boolean;
}

function readFields(body: unknown, field: string, what: string): Fields {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw refuse("The body is not a JSON object.", field);
  }
  const given = body as Readonly<Record<string, unknown>>;
  const known = [field, "file_name", "auto_cleanup"];
  const strange = Object.keys(given).find((name) => ![...known, IGNORED].includes(name));
  if (strange !== undefined) {
    const meant = nearest(strange, known);
    const hint = meant === undefined ? `it takes ${known.join(", ")}` : `did you mean "${meant}"?`;
    throw refuse(
      `${JSON.stringify(strange.slice(0, 60))} is no parameter here (${hint}).`,
      strange.slice(0, 60),
    );
  }
  const { [field]: value, file_name: name = null, auto_cleanup: autoCleanup = true } = given;
  if (typeof value !== "string" || value === "")
    throw refuse(`\`${field}\` is required: send ${what}.`, field);
  if (name !== null && typeof name !== "string") throw refuse("`file_name` must be text.", "file_name");
  // Strict: who wants to keep old files must not lose them to a "false" in quotes.
  if (typeof autoCleanup !== "boolean") throw refuse("`auto_cleanup` must be true or false.", "auto_cleanup");
  return { value, name: name || undefined, autoCleanup };
}

/** A broken escape is part of the name then. */
function lastOf(path: string): string {
  const last = path.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(last) || "upload";
  } catch {
    return last;
  }
}

function refuse(message: string, field: string): ReelayError {
  return new ReelayError("malformed_request", message, { problems: [{ field, message }] });
}
