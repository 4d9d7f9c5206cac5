/** Handing a provider the files of a task: as a link of ours that it may follow, or inside the request. */
import { readFile } from "node:fs/promises";
import { ReelayError } from "../core/errors.ts";
import { CONTENT_TYPES } from "../core/media.ts";
import type { InputFile } from "../core/provider.ts";

const MIB = 1024 * 1024;

/**
 * A link of ours where the provider can reach us, else the whole file as a data URI of at most `inlineBytes`. Never the
 * client's own URL: what we checked is what is used. Throws `input_out_of_limits` where neither will do.
 */
export async function asUrl(name: string, file: InputFile, inlineBytes: number): Promise<string> {
  if (file.url !== null) return file.url;
  if (file.facts.bytes <= inlineBytes) {
    return `data:${CONTENT_TYPES[file.facts.type]};base64,${await asBase64(file)}`;
  }
  const size = `${(file.facts.bytes / MIB).toFixed(1)} MiB`;
  const most = `${(inlineBytes / MIB).toFixed(1)} MiB`;
  const message = `${name}: the file has ${size}. Without a public address of this server (REELAY_PUBLIC_URL) the provider takes at most ${most}, inside the request.`;
  throw new ReelayError("input_out_of_limits", message);
}

export async function asBase64(file: InputFile): Promise<string> {
  return (await readFile(file.path)).toString("base64");
}
