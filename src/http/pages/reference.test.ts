import { expect, test } from "vitest";
import type { OpenapiDocument } from "./openapi-shape.ts";
import { operationsList, referencePage } from "./reference.ts";
import { schemaText } from "./schema-text.ts";
import { WORDS } from "./words.ts";

const TASK = { $ref: "#/components/schemas/one.Task" };

const DOCUMENT: OpenapiDocument = {
  tags: [{ name: "one", description: "By `model`." }, { name: "two" }],
  paths: {
    "/v1/tasks/{id}": {
      get: {
        tags: ["one"],
        summary: "Read <it>",
        parameters: [
          { name: "id", in: "path", required: true, description: "Whose.", schema: { type: "string" } },
        ],
        responses: {
          200: {
            description: "The task.",
            content: { "application/json": { schema: TASK, example: { id: "x" } } },
          },
          202: {
            description: "Later.",
            content: { "application/json": { schema: { type: "object", properties: {} } } },
          },
          404: { description: "None.", content: { "application/json": { example: { error: "y" } } } },
        },
      },
      delete: { tags: ["two"], responses: { 204: { description: "Gone." } } },
    },
  },
  components: {
    schemas: { "one.Task": { type: "object", properties: { id: { type: "string" } } }, "two.X": {} },
  },
};

test("an operation is on another part's page, or a link to it leads nowhere", () => {
  const page = referencePage(DOCUMENT, "one", WORDS.en);
  expect(page).toContain("## `GET /v1/tasks/{id}`");
  expect(page).not.toContain("DELETE");
  expect(page).toContain("| `id` | path | `string` | yes | Whose. |");
  expect(page).toContain("| `200` | The task. | `application/json`: [one.Task](#onetask) |");
  expect(page).toContain('```example Failures: examples\n// 404\n{\n  "error": "y"\n}\n```');
  expect(page).toContain("### one.Task");
  expect(page).not.toContain("two.X");
  expect(page).toContain("```schema Answer 202, application/json\n{\n}\n```");
  expect(operationsList(DOCUMENT)).toContain(
    "[`GET /v1/tasks/{id}`](reference/one.md#get-v1tasksid): Read \\<it\\>",
  );
});

test("a schema's text leaves out what it says", () => {
  const schema = {
    required: ["a"],
    allOf: [{ description: "a goes with b." }],
    properties: {
      a: { type: ["integer", "null"], minimum: 1, maximum: 15, default: 5, description: "Seconds." },
      b: { enum: ["x", "y"] },
      c: { type: "array", items: { oneOf: [TASK, { type: "null" }] }, maxItems: 2 },
      d: { type: "array", items: { properties: { e: { const: true } } } },
      f: { properties: { g: { type: "string", format: "uri", maxLength: 9 } } },
    },
  };
  expect(schemaText(schema)).toBe(
    [
      "// a goes with b.",
      "{",
      "  a: integer | null  // 1..15; default 5; Seconds.",
      '  b?: "x" | "y"',
      "  c?: (one.Task | null)[]  // ..2 items",
      "  d?: {",
      "    e?: true",
      "  }[]",
      "  f?: {",
      "    g?: string  // ..9 characters; uri",
      "  }",
      "}",
    ].join("\n"),
  );
});
