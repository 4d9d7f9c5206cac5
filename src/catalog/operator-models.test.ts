import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Catalog, loadCatalog } from "./catalog.ts";
import { checkModel } from "./check-model.ts";
import { folderState, readOperatorModels, withOperatorModels } from "./operator-models.ts";

const BASE = "pixverse-v6-text-to-video";
const KINDS = ["pixverse", "fal", "replicate", "dashscope", "highwayapi", "comfyui", "animatic"];

let builtIn: Catalog;
let folder: string;
beforeAll(async () => {
  builtIn = await loadCatalog();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "operator-models-"));
});
afterEach(() => rm(folder, { recursive: true }));

const put = (name: string, model: unknown): Promise<void> =>
  writeFile(join(folder, name), typeof model === "string" ? model : JSON.stringify(model));
const read = () => readOperatorModels(folder, { builtIn, kinds: KINDS });

/** As an operator would write it. */
const WHOLE = {
  ...{ name: "Ours", vendor: "us", source: "our own machine", rules: [] },
  input: {
    prompt: { kind: "text", about: "What happens.", required: true, max: 100 },
    duration: { kind: "choice", about: "Seconds.", values: [2, 4], default: 4 },
    resolution: { kind: "choice", about: "Short side.", values: ["480p"], default: "480p" },
    aspect_ratio: { kind: "choice", about: "Shape.", values: ["16:9"], default: "16:9" },
  },
  output: { duration: "duration", resolution: "resolution", aspect: "aspect_ratio" },
  price: { source: "nobody is paid", lines: [{ when: {}, usdPerSecond: 0 }] },
  routes: [
    {
      ...{ provider: "comfyui", endpoint: "ours" },
      send: { prompt: "prompt", seconds: "duration", size: { frame: "{width}x{height}" } },
      unsent: {},
    },
  ],
  example: { prompt: "A fox" },
};
const [ROUTE] = WHOLE.routes;

describe("the pages of a model that a file extends", () => {
  const pagesOf = async (name: string, more: object = {}) => {
    await put(`${name}.json`, { extends: BASE, ...more });
    const { models, mistakes } = await read();
    return [models.find(({ id }) => id === name)?.pages, mistakes];
  };

  test("stay with the model, or go over to the file that takes its place", async () => {
    expect(await pagesOf("another")).toEqual([undefined, []]);
    const pages = builtIn.models.get(BASE)?.pages;
    expect(pages).toBeDefined();
    expect(await pagesOf(BASE)).toEqual([pages, []]);
    expect(await pagesOf(BASE, { pages: {} })).toEqual([{}, []]);
  });

  test("are held to the file's own fields: a default that the model does not take is told", async () => {
    const duration = { kind: "integer", about: "Seconds.", min: 1, max: 3, default: 2 };
    const [, mistakes] = await pagesOf(BASE, { input: { duration }, example: { prompt: "A fox" } });
    expect(mistakes).toEqual([
      `${BASE}.json: pages.highwayapi: the example is not valid: "duration" must be an integer from 1 to 3, not 5.`,
    ]);
  });

  test("under a name that a built-in model has are refused", async () => {
    const [, mistakes] = await pagesOf("another", { pages: builtIn.models.get(BASE)?.pages });
    expect(mistakes).toEqual([
      expect.stringContaining('pages.highwayapi.path is "pixverse-v6-t2v", which another has'),
    ]);
  });
});

describe("a file", () => {
  test("is a model under its name, and nobody can change it afterwards", async () => {
    await put("ours-1.0.json", WHOLE);
    await put("README.md", "not a model");
    const { models, mistakes } = await read();
    expect([models, mistakes]).toEqual([[{ id: "ours-1.0", ...WHOLE }], []]);
    expect(() => Object.assign(models[0]?.input.prompt as object, { max: 1 })).toThrow(TypeError);
  });

  test("with mistakes is held to the same checks as our own models, with the same words", async () => {
    const faulty = {
      ...WHOLE,
      routes: [{ ...ROUTE, send: { prompt: "promt" } }],
      output: { ...WHOLE.output, duration: "length" },
    };
    await put("faulty.json", faulty);
    await put("shapeless.json", { ...WHOLE, price: undefined, rule: [] });
    const { models, mistakes } = await read();
    expect(models).toEqual([]);
    const ours = checkModel("faulty", faulty);
    expect(ours.length).toBeGreaterThan(2);
    expect(mistakes).toEqual([
      ...ours.map((one) => `faulty.json: ${one}`),
      'shapeless.json: the model lacks "price"',
      'shapeless.json: the model has no "rule" (did you mean "rules"?)',
    ]);
  });

  test.each([
    ["{", /^broken\.json: .*JSON/],
    ["", /^broken\.json: .*JSON/],
    ["[]", /^broken\.json: the model must be an object$/],
    ["null", /^broken\.json: the model must be an object$/],
    ['"wan"', /^broken\.json: the model must be an object$/],
  ])("of %j is a mistake under its name, and the others are read", async (text, said) => {
    await put("broken.json", text);
    await put("ours.json", WHOLE);
    const { models, mistakes } = await read();
    expect(models.map(({ id }) => id)).toEqual(["ours"]);
    expect(mistakes).toEqual([expect.stringMatching(said)]);
  });

  test("that is a folder, or has a name that no client could send, is told", async () => {
    await mkdir(join(folder, "folder.json"));
    await put("My Model.json", WHOLE);
    const { mistakes } = await read();
    expect(mistakes).toEqual([
      expect.stringMatching(/^My Model\.json: the id "My Model" may have only a-z/),
      expect.stringMatching(/^folder\.json: EISDIR/),
    ]);
  });
});

describe("extends", () => {
  test("takes everything that the file does not say, and leaves the model as it is for others", async () => {
    const before = JSON.stringify(builtIn.models.get(BASE));
    const duration = { kind: "integer", about: "Short.", min: 1, max: 4, default: 2 };
    await put("cheap.json", {
      extends: BASE,
      name: "Cheap",
      input: { duration },
      example: { prompt: "A fox" },
    });
    const [cheap] = (await read()).models;
    const base = builtIn.models.get(BASE);
    expect(cheap).toMatchObject({ id: "cheap", name: "Cheap", vendor: base?.vendor, price: base?.price });
    expect([cheap?.routes, cheap?.input]).toEqual([base?.routes, { ...base?.input, duration }]);
    expect(Object.keys(cheap?.input ?? {})).toEqual(Object.keys(base?.input ?? {}));
    expect(cheap).not.toHaveProperty("extends");
    expect(JSON.stringify(builtIn.models.get(BASE))).toBe(before);
  });

  test("adds a field, and takes one out where that is null; whoever still names it is a mistake", async () => {
    const [, fal] = builtIn.models.get(BASE)?.routes ?? [];
    const { style: _, ...send } = fal?.send ?? {};
    const motion = { kind: "flag", about: "Moves more.", default: false };
    const file = { extends: BASE, input: { style: null, motion } };
    await put("plain.json", { ...file, routes: [{ ...fal, send: { ...send, motion: "motion" } }] });
    const [plain] = (await read()).models;
    expect(plain?.input).not.toHaveProperty("style");
    expect(plain?.input.motion).toEqual(motion);
    await put("plain.json", { ...file, routes: [fal] });
    expect((await read()).mistakes).toEqual([
      'plain.json: routes[0].send.style names "style", which is not a field of input',
      'plain.json: routes[0] forgets "motion": send it, or say in unsent or unsupported why not',
    ]);
  });

  test.each([
    ["pixverse-v6-text-to-vide", `did you mean "${BASE}"?`],
    ["veo-9", "there are pixverse-v6-extend, "],
    ["__proto__", "there are pixverse-v6-extend, "],
    [7, "there are pixverse-v6-extend, "],
    [null, "there are pixverse-v6-extend, "],
  ])("of %j, which is no built-in model, is told with %j", async (name, hint) => {
    await put("mine.json", { extends: name });
    const { mistakes } = await read();
    expect(mistakes).toEqual([
      expect.stringContaining(
        `mine.json: extends names ${JSON.stringify(name)}, which is no built-in model; `,
      ),
    ]);
    expect(mistakes[0]).toContain(hint);
  });

  test("with an input that is no table, or with an id, is a mistake like any other", async () => {
    await put("a.json", { extends: BASE, input: null });
    await put("b.json", { extends: BASE, id: "other" });
    const { mistakes } = await read();
    expect(mistakes).toContain("a.json: the model.input must be an object");
    expect(mistakes.join()).toContain('b.json: the model has no "id"');
  });

  test("does not reach another file of the folder: which is read first would matter", async () => {
    await put("a.json", WHOLE);
    await put("b.json", { extends: "a" });
    expect((await read()).mistakes.join()).toContain('b.json: extends names "a", which is no built-in model');
  });
});

test("a route to a kind that does not exist is told with the kind that was meant, or with all of them", async () => {
  const routes = ["confyui", "comfyui", "sora"].map((provider) => ({ ...ROUTE, provider }));
  await put("ours.json", { ...WHOLE, routes });
  expect(await read()).toEqual({
    models: [],
    mistakes: [
      'ours.json: routes[0].provider is "confyui", which is no kind of provider; did you mean "comfyui"?',
      `ours.json: routes[2].provider is "sora", which is no kind of provider; there are ${KINDS.join(", ")}`,
    ],
  });
});

test("a kind that no message offers is known all the same", async () => {
  const routes = ["secret", "secretly"].map((provider) => ({ ...ROUTE, provider }));
  await put("ours.json", { ...WHOLE, routes });
  const { mistakes } = await readOperatorModels(folder, {
    builtIn,
    kinds: [...KINDS, "secret"],
    offered: KINDS,
  });
  expect(mistakes).toEqual([
    `ours.json: routes[1].provider is "secretly", which is no kind of provider; there are ${KINDS.join(", ")}`,
  ]);
});

test("an operator's model takes the place of a built-in one of its name, and all are in the order of their ids", async () => {
  await put(`${BASE}.json`, WHOLE);
  await put("zebra.json", WHOLE);
  await put("aardvark.json", WHOLE);
  const whole = withOperatorModels(builtIn, (await read()).models);
  const ids = [...whole.models.keys()];
  expect(ids).toEqual([...builtIn.models.keys(), "zebra", "aardvark"].sort());
  expect(whole.models.get(BASE)?.name).toBe("Ours");
  expect([...whole.operators].sort()).toEqual(["aardvark", BASE, "zebra"]);
  expect([builtIn.models.get(BASE)?.name, builtIn.operators.size]).toEqual(["PixVerse V6, text to video", 0]);
});

test("the folder's state changes with every file that is added, changed, replaced or removed, and with nothing else", async () => {
  const states: string[] = [await folderState(folder)];
  const note = async (): Promise<void> => void states.push(await folderState(folder));
  await put("a.json", WHOLE);
  await note();
  // Of the same length, as `4` for `2` would be.
  await put("a.json", JSON.stringify(WHOLE).replace("100", "200"));
  await utimes(join(folder, "a.json"), 1, 1);
  await note();
  await put("b.json", WHOLE);
  await utimes(join(folder, "b.json"), 1, 1);
  await rename(join(folder, "b.json"), join(folder, "a.json"));
  await note();
  await rm(join(folder, "a.json"));
  await note();
  await put("notes.txt", "-");
  expect(await folderState(folder)).toBe(states.at(-1));
  for (let n = 1; n < states.length; n++) expect(states[n], `change ${n}`).not.toBe(states[n - 1]);
});
