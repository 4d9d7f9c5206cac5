/** Whatever is sent, the answer is one of those documented: never a 5xx, never a hang, always the envelope. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, call, GENERATIONS, IDS, post, UPLOAD, type WireError } from "../support/api.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";

let server: Server;
beforeAll(async () => {
  server = await startServer({ ...NO_RENDER, REELAY_CREATES_PER_MINUTE: "0" });
});
afterAll(() => server.discard());

/** The same inputs on every run: a failure here is a failure for everybody. */
const RUNS = { numRuns: 250, seed: 20_261_120 };

const FIELDS = [
  ...[
    "prompt",
    "image_url",
    "image_urls",
    "video_url",
    "audio_url",
    "resolution",
    "duration",
    "aspect_ratio",
  ],
  ...[
    "generate_audio",
    "negative_prompt",
    "style",
    "seed",
    "generate_multi_clip",
    "thinking_type",
    "auto_fix",
  ],
  ...["generation_type", "enable_prompt_expansion", "safety_tolerance", "callback_url", "", "constructor"],
];
const VALUES = [
  ...[
    "",
    "x",
    "720p",
    "16:9",
    "http://127.0.0.1:9/a.png",
    "http://",
    "http://[",
    "https://a:b@c/",
    "//x",
    "\u0000",
  ],
  ...[
    "http://127.0.0.1:99999/",
    `http://127.0.0.1/${"a".repeat(3000)}`,
    "\ud800",
    "http://ß.example/",
    "1e999",
  ],
];

const value = fc.oneof(
  fc.constantFrom(...VALUES),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: "binary" }),
);
const body = fc
  .tuple(
    fc.constantFrom<string>(...Object.values(IDS)),
    fc.dictionary(fc.constantFrom(...FIELDS), fc.oneof(value, fc.array(value, { maxLength: 3 })), {
      maxKeys: 8,
    }),
  )
  .map(([model, fields]) => ({ ...fields, model }));

function expectDocumented(answer: Answer<WireError>, statuses: readonly number[]): void {
  expect(statuses, answer.text.slice(0, 500)).toContain(answer.status);
  if (answer.status === 200) return;
  expect(answer.body?.error?.type, answer.text.slice(0, 500)).toMatch(/^[a-z_]+$/);
  expect(answer.body.error.message).toContain("request_id: ");
}

test("any values in the known fields of any model", async () => {
  await fc.assert(
    fc.asyncProperty(body, async (json) => expectDocumented(await post(server, json), [200, 422])),
    RUNS,
  );
});

test("any JSON as the body", async () => {
  await fc.assert(
    fc.asyncProperty(fc.json(), async (bytes) => {
      const headers = { "content-type": "application/json" };
      expectDocumented(await call(server, GENERATIONS, { method: "POST", bytes, headers }), [400, 422]);
    }),
    RUNS,
  );
});

test("any bytes under any of our content types", async () => {
  const types = [
    "application/json",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "text/plain",
    "a/b",
  ];
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(...types), async (bytes, type) => {
      for (const path of [GENERATIONS, UPLOAD]) {
        const answer = await call(server, path, { method: "POST", bytes, headers: { "content-type": type } });
        expectDocumented(answer, [400, 422]);
      }
    }),
    RUNS,
  );
});

test("any task id", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", minLength: 1, maxLength: 60 }), async (id) => {
      // A dot or two would be tidied away before they are sent.
      const path = `/v1/tasks/${encodeURIComponent(id.toWellFormed()).replace(/^\.+$/, "%2e")}x`;
      expectDocumented(await call(server, path), [404]);
    }),
    RUNS,
  );
});

test("and it still works", async () => {
  expect((await post(server, { model: IDS.pixverseText, prompt: "x" })).status).toBe(200);
});
