/** Every request that the documents show as an example, sent as it stands to the endpoint that it is shown for. */
import { afterAll, expect, test } from "vitest";
import { type OpenapiDocument, operationsOf } from "../../src/http/openapi/testing/walk.ts";
import { call } from "../support/api.ts";
import { NO_RENDER, startServer } from "../support/server.ts";

const server = await startServer(NO_RENDER);
afterAll(() => server.discard());

/** The address that stands for somebody's own in an example; the server has the files of these names. */
const MEDIA = "https://media.example";

const { body: document } = await call<OpenapiDocument>(server, "/openapi.json", { key: null });
const EXAMPLES = operationsOf(document).flatMap(({ method, path, operation }) =>
  Object.entries(operation.requestBody?.content["application/json"]?.examples ?? {}).map(
    ([name, { value }]) => ({ method, path, name, value }),
  ),
);

test("there are none for one of the endpoints that make videos", () => {
  expect([...new Set(EXAMPLES.map(({ path }) => path.replace(/(async)\/.*/, "$1")))].sort()).toEqual([
    "/v1/videos",
    "/v1/videos/generations",
    "/v3/async",
    "/v3/video/create",
  ]);
});

test.each(EXAMPLES)("$method $path refuses its example $name", async ({ method, path, value }) => {
  const body = JSON.stringify(value).replaceAll(MEDIA, `${server.url}/docs/samples`);
  const answer = await call(server, path, { method, json: JSON.parse(body) });
  expect(answer.status, answer.text).toBe(200);
});
