/** Every route of the sibling models but fal's (`fal-types.test.ts`): the exact body, and the stand-in holds it to the provider's page. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Provider } from "../../src/core/provider.ts";
import type { ProviderKind } from "../../src/core/provider-kind.ts";
import { dashscope } from "../../src/providers/dashscope.ts";
import { highwayapi } from "../../src/providers/highwayapi.ts";
import { pixverse } from "../../src/providers/pixverse.ts";
import { replicate } from "../../src/providers/replicate.ts";
import { vertex } from "../../src/providers/vertex.ts";
import { mapMedia } from "../../src/tasks/mapping.ts";
import { DASHSCOPE_KEY, startDashscope } from "../standins/dashscope.ts";
import { startHighwayapi } from "../standins/highwayapi.ts";
import { startPixverse } from "../standins/pixverse.ts";
import { REPLICATE_KEY, startReplicate } from "../standins/replicate.ts";
import type { StandIn } from "../standins/standin.ts";
import { KEY_FILE, startVertex } from "../standins/vertex.ts";
import { NEVER } from "./provider-samples.ts";
import type { Told } from "./siblings-bodies.ts";
import { PIXVERSE } from "./siblings-pixverse.ts";
import { VEO } from "./siblings-veo.ts";
import { WAN } from "./siblings-wan.ts";
import { openKind } from "./under.ts";
import { catalog, workFor } from "./work.ts";

const KEY = "sk-5eCr3t-of-the-operator";
const TOLD = [...PIXVERSE, ...WAN, ...VEO];

interface Upstream {
  readonly kind: ProviderKind;
  readonly start: () => Promise<StandIn>;
  readonly key?: string;
  readonly settings?: (standIn: StandIn) => Readonly<Record<string, string>>;
}

let folder: string;
const UPSTREAMS: readonly Upstream[] = [
  { kind: pixverse, start: () => startPixverse({ key: KEY }), key: KEY },
  { kind: replicate, start: startReplicate, key: REPLICATE_KEY },
  {
    kind: dashscope,
    start: () => startDashscope({ region: "beijing" }),
    key: DASHSCOPE_KEY,
    settings: () => ({ region: "beijing" }),
  },
  { kind: highwayapi, start: () => startHighwayapi({ key: KEY }), key: KEY },
  {
    kind: vertex,
    start: startVertex,
    settings: ({ url }) => ({ credentials: join(folder, "key.json"), token_url: `${url}/token` }),
  },
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reelay-siblings-"));
  await writeFile(join(folder, "key.json"), JSON.stringify(KEY_FILE));
});
afterAll(() => rm(folder, { recursive: true }));

const routeOf = ({ kind, model: id }: Pick<Told, "kind" | "model">) => {
  const model = catalog.models.get(id);
  const route = model?.routes.find(({ provider }) => provider === kind);
  if (!model || !route) throw new Error(`${id} has no route to ${kind}`);
  return { model, route };
};

describe.each(UPSTREAMS)("what $kind.kind is told", ({ kind, start, key, settings }) => {
  let standIn: StandIn;
  let provider: Provider;
  beforeAll(async () => {
    standIn = await start();
    const options = { baseUrl: standIn.url, settings: settings?.(standIn) ?? {} };
    provider = await openKind(kind, key === undefined ? options : { ...options, key });
  });
  afterAll(async () => {
    await provider.close?.();
    await standIn.close();
  });

  it.each(TOLD.filter((told) => told.kind === kind.kind))("of $model with $body", async (told) => {
    const work = workFor({ kind: told.kind, model: told.model, body: told.body });
    const prepared = (await provider.prepare?.(work, NEVER)) ?? null;
    expect(await provider.submit({ ...work, prepared }, NEVER)).toHaveProperty("accepted");
    const ask = standIn.asks.findLast(({ method, path }) => method === "POST" && !path.includes("/token"));
    expect(ask?.path.endsWith(told.path), ask?.path).toBe(true);
    expect(ask?.json).toEqual(told.json);
    expect(standIn.complaints).toEqual([]);
    const { model, route } = routeOf(told);
    const sent = mapMedia(model, route).filter(({ name }) => Object.hasOwn(work.media, name));
    const files = Object.fromEntries(sent.map(({ name, field }) => [name, field]));
    if (told.files) expect(files).toEqual(told.files);
  });
});

const SIBLINGS = [...new Set(TOLD.map(({ model }) => model))];
const KINDS = UPSTREAMS.map(({ kind }) => kind.kind);

it.each(SIBLINGS)("%s has a route whose body nobody has looked at", (id) => {
  const routes = catalog.models.get(id)?.routes.filter(({ provider }) => KINDS.includes(provider)) ?? [];
  for (const { provider } of routes) {
    const samples = TOLD.filter(({ kind, model }) => kind === provider && model === id);
    expect([provider, samples.length]).toEqual([provider, 2]);
    expect(samples.some(({ files }) => files !== undefined) || !needsFiles(id)).toBe(true);
  }
});

function needsFiles(id: string): boolean {
  return Object.values(catalog.models.get(id)?.input ?? {}).some((field) => "limits" in field);
}

describe("a route refuses what its provider would do otherwise:", () => {
  const PICTURE = "https://client.example/a.jpg";
  it.each<[kind: string, model: string, body: Record<string, string>, says: string]>([
    ["pixverse", "pixverse-v6-transition", { image_url: PICTURE }, "two pictures only"],
    ["dashscope", "pixverse-v6-transition", { image_url: PICTURE }, "two pictures only"],
    [
      "replicate",
      "pixverse-v6-transition",
      { image_url: PICTURE, aspect_ratio: "9:16" },
      "shape of the first picture",
    ],
    [
      "highwayapi",
      "pixverse-v6-transition",
      { image_url: PICTURE, thinking_type: "auto" },
      "always or never",
    ],
    ["highwayapi", "pixverse-v6-transition", { image_url: PICTURE, aspect_ratio: "21:9" }, "shapes 16:9"],
    [
      "highwayapi",
      "wan-2.7-text-to-video",
      { prompt: "x".repeat(1501) },
      "1 to 1500 characters, not of 1501",
    ],
    ["highwayapi", "wan-2.7-text-to-video", { aspect_ratio: "1:1" }, "a size of its own"],
    [
      "highwayapi",
      "veo-3.1-lite-text-to-video",
      { prompt: "x".repeat(2049) },
      "1 to 2048 characters, not of 2049",
    ],
    ["highwayapi", "veo-3.1-text-to-video", { resolution: "4k" }, "720p and 1080p only"],
    ["vertex", "veo-3.1-extend", { video_url: PICTURE, auto_fix: "" }, "does not rewrite"],
  ])("%s, %s with %j", (kind, model, body, says) => {
    const whole = "auto_fix" in body ? { ...body, auto_fix: true } : body;
    expect(() => workFor({ kind, model, body: { prompt: "A fox", ...whole } })).toThrow(says);
  });
});
