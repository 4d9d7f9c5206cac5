/** Submissions as the server makes them: a body that a client may send, through the catalogue and the model's own route. */
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { loadCatalog } from "../../src/catalog/catalog.ts";
import { misfits } from "../../src/catalog/misfits.ts";
import { validate } from "../../src/catalog/validate.ts";
import type { Json, JsonObject } from "../../src/core/json.ts";
import type { MediaFacts } from "../../src/core/media.ts";
import type { CatalogModel } from "../../src/core/model.ts";
import type { InputFile, Submission } from "../../src/core/provider.ts";
import { askedRatio, mapMedia, mapParams } from "../../src/tasks/mapping.ts";

export const catalog = await loadCatalog();

export interface WorkOptions {
  readonly kind: string;
  /** Its id in the catalogue, or one that is not in there. */
  readonly model: string | CatalogModel;
  /** In our own names, or made around a token that is also the end of the attempt's id; URLs of files stand for `picture`, `clip` and `sound` below, whatever they are. */
  readonly body: JsonObject | ((token: string) => JsonObject);
  readonly webhookUrl?: string | null;
  readonly prepared?: Json;
  /** Links to the files, where the provider can follow one; else it gets their bytes. */
  readonly links?: boolean;
}

/** Throws where the model refuses the body, or has no route of this kind, or the route cannot do the work. */
export function workFor(options: WorkOptions): Submission {
  const model = typeof options.model === "string" ? catalog.models.get(options.model) : options.model;
  const route = model?.routes.find(({ provider }) => provider === options.kind);
  if (!model || !route) throw new Error(`${model?.id ?? options.model} has no route to ${options.kind}`);
  const token = randomUUID();
  const body = typeof options.body === "function" ? options.body(token) : options.body;
  const { input } = validate(model, body);
  const broken = misfits(model, route, input);
  if (broken.length > 0) throw new Error(broken.map(({ message }) => message).join(" "));
  const media: Record<string, InputFile> = {};
  const files: Record<string, InputFile[]> = {};
  for (const { name, field, item } of mapMedia(model, route)) {
    const given = input[field];
    if ((Array.isArray(given) ? given[item] : given) === null) continue;
    if (Array.isArray(given) && given[item] === undefined) continue;
    const file = fileOf(model.input[field]?.kind ?? "", { links: options.links ?? true, name });
    media[name] = file;
    files[field] ??= [];
    files[field][item] = file;
  }
  return {
    attemptId: `att_${token}`,
    endpoint: route.endpoint,
    params: mapParams(model, route, { input, ratio: askedRatio(model, input, files) }),
    media,
    webhookUrl: options.webhookUrl ?? null,
    prepared: options.prepared ?? null,
    test: null,
  };
}

const FILES: Readonly<Record<string, { readonly path: string; readonly facts: MediaFacts }>> = {
  picture: {
    path: fileURLToPath(new URL("../../samples/lighthouse.jpg", import.meta.url)),
    facts: { kind: "picture", type: "jpeg", width: 1280, height: 720, bytes: 100_000 } as MediaFacts,
  },
  clip: {
    path: fileURLToPath(new URL("../support/tiny.mp4", import.meta.url)),
    facts: {
      ...{
        kind: "clip",
        type: "mp4",
        width: 64,
        height: 64,
        seconds: 2,
        fps: 24,
        sound: false,
        bytes: 1_000,
      },
    } as MediaFacts,
  },
  sound: {
    path: fileURLToPath(new URL("../support/tiny.mp4", import.meta.url)),
    facts: { kind: "sound", type: "wav", seconds: 4, bytes: 1_000 } as MediaFacts,
  },
};

function fileOf(kind: string, { links, name }: { links: boolean; name: string }): InputFile {
  const known = FILES[kind === "pictures" ? "picture" : kind];
  if (!known) throw new Error(`no file of kind ${kind}`);
  return {
    ...known,
    fileId: `file_${name}`,
    url: links ? `https://reelay.example/files/file_${name}/in?expires=1&signature=s` : null,
  };
}
