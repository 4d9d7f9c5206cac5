/** What becomes of a create whose end nobody knows, and of the files that it brought: the gateway here fails as a broken disk would. */
import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, it } from "vitest";
import { loadCatalog } from "../../../catalog/catalog.ts";
import { ReelayError } from "../../../core/errors.ts";
import type { KeyRecord } from "../../../core/store.ts";
import type { Gateway, UploadView } from "../../../tasks/gateway.ts";
import type { DialectParts } from "../../dialect.ts";
import { openai } from "./routes.ts";

const KEY = { id: "key_1" } as KeyRecord;
const UPLOAD = {
  url: "https://reelay.example/files/file-1/a.png",
  file: { id: "file-1", sha256: "ab", facts: { kind: "picture", width: 640, height: 360 } },
} as UploadView;

let app: FastifyInstance;
let fails: () => never;
const dropped: string[] = [];
const bugs: unknown[] = [];

beforeEach(async () => {
  dropped.length = 0;
  bugs.length = 0;
  const gateway = {
    catalog: await loadCatalog(),
    isServed: () => true,
    upload: async ({ source, form }: Parameters<Gateway["upload"]>[0]) => {
      for await (const _ of source as AsyncIterable<Uint8Array>);
      await form();
      return UPLOAD;
    },
    dropUpload: async ({ file }: UploadView) => void dropped.push(file.id),
    submit: async () => fails(),
  };
  const parts = {
    gateway: gateway as unknown as Gateway,
    auth: { authenticate: async () => KEY },
    createLimit: { take: () => undefined, headers: () => ({}) },
    shedding: { check: () => undefined },
    settings: { openaiModels: new Map(), openaiDefault: "" },
    onBug: (_id: string, error: unknown) => bugs.push(error),
  };
  app = Fastify();
  await app.register((scope) => openai.mount(scope, parts as unknown as DialectParts));
});
afterEach(() => app.close());

const create = () => {
  const form = new FormData();
  form.append("model", "pixverse-v6-image-to-video");
  form.append("prompt", "push in");
  form.append("input_reference", new Blob(["picture"]), "a.png");
  return app.inject({ method: "POST", url: "/v1/videos", payload: form });
};

it("a mistake of ours, which may have come after the video was made, is not sent again and keeps the picture", async () => {
  fails = () => {
    throw new Error("the disk broke");
  };
  const answer = await create();
  expect([answer.statusCode, answer.headers["x-should-retry"]]).toEqual([500, "false"]);
  expect([dropped, bugs.length]).toEqual([[], 1]);
  expect(answer.body).not.toContain("disk");
});

it("a refusal, which made nothing, may be sent again where that helps, and leaves no picture", async () => {
  fails = () => {
    throw new ReelayError("overloaded", "Full.", { retryAfter: 5 });
  };
  const answer = await create();
  expect([answer.statusCode, answer.headers["retry-after"]]).toEqual([503, "5"]);
  expect(answer.headers).not.toHaveProperty("x-should-retry");
  expect([dropped, bugs]).toEqual([["file-1"], []]);
});
