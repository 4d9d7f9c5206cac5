import { expect, test } from "vitest";
import { loadCatalog } from "./catalog.ts";
import { checkModel } from "./check-model.ts";
import { withIdentityRoute } from "./identity-route.ts";

const catalog = await loadCatalog();
const widened = withIdentityRoute(catalog, "stand-in");
const MODELS = [...widened.models.values()].map((model) => [model.id, model] as const);

test("a model is lost, or the catalogue given is changed", () => {
  expect([...widened.models.keys()]).toEqual([...catalog.models.keys()]);
  for (const [id, model] of catalog.models) {
    const { routes, ...rest } = widened.models.get(id)!;
    expect({ ...rest, routes: routes.slice(0, -1) }).toEqual(model);
  }
});

test.each(MODELS)(
  "%s: the route forgets a field, or the model is no longer sound",
  (id, { id: _, ...model }) => {
    expect(checkModel(id, model)).toEqual([]);
  },
);

test.each(MODELS)("%s: a field is sent under another name, or another route comes last", (id, model) => {
  const last = model.routes.at(-1);
  expect(last).toMatchObject({ provider: "stand-in", endpoint: id });
  for (const [name, source] of Object.entries(last!.send)) {
    expect(typeof source === "object" && "field" in source ? `${source.field}.${source.item}` : source).toBe(
      name,
    );
  }
  const fields = Object.entries(model.input);
  expect(Object.keys(last!.unsent)).toEqual(
    fields.filter(([, field]) => field.kind === "unsupported").map(([name]) => name),
  );
});

test("the second picture of a list is lost", () => {
  const send = widened.models.get("wan-2.7-image-to-video")?.routes.at(-1)?.send;
  expect(send).toMatchObject({
    prompt: "prompt",
    video_url: "video_url",
    "image_urls.0": { field: "image_urls", item: 0 },
    "image_urls.1": { field: "image_urls", item: 1 },
  });
  expect(send).not.toHaveProperty("image_urls");
  expect(Object.keys(send ?? {})).toHaveLength(12);
});

test("somebody changes the new route at run time", () => {
  const route = widened.models.get("wan-2.7-image-to-video")!.routes.at(-1)!;
  expect(() => Object.assign(route.send, { prompt: "seed" })).toThrow(TypeError);
  expect(() => Object.assign(route, { endpoint: "x" })).toThrow(TypeError);
});
