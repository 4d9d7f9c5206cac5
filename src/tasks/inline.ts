/** Files that a request brings itself instead of a URL: kept as uploads of its key, and named by our own links from then on. */
import { isInline } from "../catalog/field-problems.ts";
import { mediaPlace } from "../catalog/page.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { CatalogModel, Page } from "../core/model.ts";
import type { KeyRecord } from "../core/store.ts";
import type { FileRecord } from "../core/task.ts";
import type { GatewayParts } from "./gateway.ts";
import { removeFile } from "./remove.ts";
import { takeInline } from "./uploads.ts";

export interface Inlined {
  /** With a link in the place of each file. */
  readonly input: JsonObject;
  /** The request came to nothing: nobody knows these uploads. */
  discard(): Promise<void>;
}

interface Bringing {
  readonly key: KeyRecord;
  readonly model: CatalogModel;
  readonly page: Page | undefined;
  readonly input: JsonObject;
}

/** Throws `input_unreadable` or `input_type_rejected` for what is no picture, clip or sound, by its name. */
export async function keepInline(parts: GatewayParts, about: Bringing): Promise<Inlined> {
  const kept: FileRecord[] = [];
  const discard = async (): Promise<void> => {
    for (const file of kept.splice(0)) await removeFile(parts, file);
  };
  const linked = async (field: string, value: Json, item = 0): Promise<Json> => {
    if (!isInline(value)) return value;
    const name = mediaPlace(about.model, about.page, { field, item })?.name ?? field;
    const file = await takeInline(parts, { key: about.key, name, text: value });
    kept.push(file);
    return parts.links.sign(file, file.createdAt + parts.limits.uploadMs);
  };
  const input: Record<string, Json> = { ...about.input };
  try {
    for (const [field, shape] of Object.entries(about.model.input)) {
      const value = input[field] ?? null;
      if (!("limits" in shape)) continue;
      if (!Array.isArray(value)) input[field] = await linked(field, value);
      else {
        const items: Json[] = [];
        for (const [item, one] of (value as readonly Json[]).entries())
          items.push(await linked(field, one, item));
        input[field] = items;
      }
    }
    return { input, discard };
  } catch (error) {
    await discard();
    throw error;
  }
}
