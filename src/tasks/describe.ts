/** A task's work in a provider's words, its files at hand. */
import { ReelayError } from "../core/errors.ts";
import type { FileStore } from "../core/file-store.ts";
import type { CatalogModel } from "../core/model.ts";
import type { InputFile, Work } from "../core/provider.ts";
import type { Store } from "../core/store.ts";
import type { FileRecord, Task } from "../core/task.ts";
import { askedRatio, mapMedia, mapParams } from "./mapping.ts";
import type { Choice } from "./route.ts";

/** By field, in order: a file, and what a link to it is made from. */
export type Files = Readonly<Record<string, readonly (InputFile & { readonly record: FileRecord })[]>>;

export interface DescribeParts {
  readonly store: Pick<Store, "readFile">;
  readonly files: Pick<FileStore, "localPath">;
  /** A signed link that this provider can follow; null where it could not reach us. */
  readonly linkFor: (provider: string, file: FileRecord) => string | null;
}

/** `kept`: by field, the ids of the files that hold its media. */
export async function openFiles(
  { store, files }: DescribeParts,
  kept: Readonly<Record<string, readonly string[]>>,
): Promise<Files> {
  const open = async (field: string, fileId: string): Promise<Files[string][number]> => {
    const record = await store.readFile(fileId);
    if (!record?.facts)
      throw new ReelayError("input_url_rejected", `${field}: the file has been removed. Send it again.`);
    return { fileId, path: await files.localPath(fileId), facts: record.facts, url: null, record };
  };
  const lists = Object.entries(kept).map(async ([field, ids]) => {
    return [field, await Promise.all(ids.map((id) => open(field, id)))] as const;
  });
  return Object.fromEntries(await Promise.all(lists));
}

export function describeWork(
  parts: Pick<DescribeParts, "linkFor">,
  { task, model, files }: { readonly task: Task; readonly model: CatalogModel; readonly files: Files },
  { route, provider }: Choice,
): Work {
  const media: Record<string, InputFile> = {};
  for (const { name, field, item } of mapMedia(model, route)) {
    const file = files[field]?.[item];
    if (!file) continue;
    const { record, ...known } = file;
    media[name] = { ...known, url: parts.linkFor(provider.id, record) };
  }
  const ratio = askedRatio(model, task.input, files);
  return {
    endpoint: route.endpoint,
    params: mapParams(model, route, { input: task.input, ratio }),
    media,
    test: task.test,
  };
}
