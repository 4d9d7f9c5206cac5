/** The endpoints of this dialect, described: contract 1.2, as routes.ts, tasks.ts and uploads.ts mount them. */
import type { Catalog } from "../../../catalog/catalog.ts";
import {
  type Description,
  type JsonSchema,
  json,
  type Operation,
  object,
} from "../../openapi/description.ts";
import { createSchemas } from "./openapi-creates.ts";
import { ALWAYS, name, own, rendered, SCHEMAS } from "./openapi-schemas.ts";
import { taskOperations } from "./openapi-tasks.ts";
import { DIALECT } from "./wire.ts";

export function describe(catalog: Catalog): Description {
  return {
    name: DIALECT,
    title: "FoxAPI dialect",
    about:
      "Tasks of one endpoint, told apart by `model`. A create answers at once with a task; read it until it is completed or failed, watch it, or name a callback.",
    schemas: { ...SCHEMAS, ...createSchemas(catalog) },
    operations: [
      ...taskOperations(catalog),
      upload,
      uploadBase64,
      uploadUrl,
      models,
      ...["/v1/account/credits", "/v1/credits"].map(credits),
    ],
  };
}

const upload: Operation = {
  id: name("uploadFile"),
  method: "post",
  path: "/v1/files/upload/stream",
  summary: "Upload a picture, clip or sound",
  about:
    "It is measured at once. Its URL can be used in creates until it expires, 72 hours later unless the operator chose otherwise.",
  body: {
    required: true,
    content: {
      "multipart/form-data": {
        schema: {
          type: "object",
          required: ["file"],
          properties: {
            file: { type: "string", format: "binary" },
            file_name: { type: "string", description: "Instead of the file's own name." },
            auto_cleanup: {
              type: "string",
              enum: ["true", "false", "1", "0"],
              default: "true",
              description: "Where the room is used up: remove the oldest uploads, or refuse this one.",
            },
          },
        },
      },
    },
  },
  answers: { 200: { about: "The file.", content: json(own("File")) } },
  errors: [...ALWAYS, "malformed_request", "storage_full", "file_too_large"],
  rendered,
};

/** `given`: what says which file, and its schema. */
const jsonUpload = (id: string, path: string, given: Readonly<Record<string, JsonSchema>>): Operation => ({
  ...upload,
  id: name(id),
  path: `/v1/files/upload/${path}`,
  body: {
    required: true,
    content: json({
      ...object(
        {
          ...given,
          file_name: { type: ["string", "null"], description: "What to call the file." },
          auto_cleanup: {
            type: "boolean",
            default: true,
            description: "Where the room is used up: remove the oldest uploads, or refuse this one.",
          },
          purpose: { description: "Of an older version; without an effect." },
        },
        { optional: ["file_name", "auto_cleanup", "purpose"] },
      ),
      additionalProperties: false,
    }),
  },
});

const uploadBase64 = jsonUpload("uploadBase64", "base64", {
  file_data: {
    type: "string",
    minLength: 1,
    contentEncoding: "base64",
    contentMediaType: "image/*",
    description: "The file in base64, or as a data: URL: a picture, a clip or a sound.",
  },
});

const uploadUrl = jsonUpload("uploadFromUrl", "url", {
  url: {
    type: "string",
    format: "uri",
    minLength: 1,
    description: "Where the file is: a public http(s) URL.",
  },
});

const models: Operation = {
  id: name("listModels"),
  method: "get",
  path: "/v1/models",
  summary: "List the models",
  answers: { 200: { about: "All of them, with what each takes.", content: json(own("ModelList")) } },
  errors: ALWAYS,
  rendered,
};

const credits = (path: string): Operation => ({
  id: name(path === "/v1/credits" ? "readCreditsShort" : "readCredits"),
  method: "get",
  path,
  summary: "Read what the key and its account have left",
  about: "One credit is one US cent.",
  answers: { 200: { about: "Both balances.", content: json(own("Credits")) } },
  errors: ALWAYS,
  rendered,
});
