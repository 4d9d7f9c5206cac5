/** The endpoints of this dialect, described as routes.ts mounts them. */
import type { Catalog } from "../../../catalog/catalog.ts";
import type { ErrorCode } from "../../../core/errors.ts";
import type { DialectSettings } from "../../dialect.ts";
import {
  type Answer,
  type Description,
  json,
  type Operation,
  type Parameter,
} from "../../openapi/description.ts";
import { sampleViews } from "../../openapi/sample-view.ts";
import { createBody, createSchemas } from "./openapi-creates.ts";
import { ALWAYS, CALLBACK, name, own, rendered, SCHEMAS } from "./openapi-schemas.ts";
import { DIALECT, toMemo, toVideo } from "./wire.ts";

export function describe(catalog: Catalog, settings: DialectSettings): Description {
  return {
    name: DIALECT,
    title: "OpenAI Videos dialect",
    about: "What clients of OpenAI's video endpoints ask and expect, for the models of this server.",
    schemas: { ...SCHEMAS, ...createSchemas(catalog, settings) },
    operations: [
      {
        ...create,
        body: createBody(catalog),
        answers: { 200: { ...MADE, content: json(own("Video"), examples(catalog)) } },
      },
      list,
      read,
      content,
      remove,
      remix,
      extend,
      ...UNSUPPORTED,
    ],
  };
}

const SAMPLE_ID = "video_0mw0a1b2ck2x9qaw5t1bz";

function examples({ models }: Catalog): Readonly<Record<string, { readonly value: unknown }>> {
  const [model] = models.values();
  if (!model) return {};
  const memo = toMemo({ size: "1280x720", said: {} });
  const { pending } = sampleViews(model, { dialect: DIALECT, id: SAMPLE_ID, memo });
  return { queued: { value: toVideo(pending) } };
}

const ID: Parameter = {
  name: "id",
  in: "path",
  about: "The id of a video of this key.",
  schema: { type: "string", minLength: 1 },
};
const IDEMPOTENCY: Parameter = {
  name: "Idempotency-Key",
  in: "header",
  about: "The client's own name for this request: sent again, it answers with the same video.",
  schema: { type: "string" },
  example: "4f9c2b1e-7d",
};
const text = { type: "string" } as const;
const header = (of: string, about: string, example: string): Parameter => ({
  name: of,
  in: "header",
  about,
  schema: text,
  example,
});

const links = (id: string): NonNullable<Answer["links"]> =>
  Object.fromEntries(
    ["readVideo", "readContent", "removeVideo", "remixVideo"].map((of) => [name(of), { id }]),
  );

const MADE: Answer = {
  about: "The video, which is still to be made: read it until it is completed or failed.",
  content: json(own("Video")),
  headers: ["RateLimit", "RateLimitPolicy", "IdempotentReplayed"],
  links: links("$response.body#/id"),
};
const MAKING: readonly ErrorCode[] = [
  ...ALWAYS,
  "malformed_request",
  "insufficient_credits",
  "storage_full",
  "not_found",
  "task_not_found",
  "file_too_large",
  "invalid_parameters",
  "unsupported_parameters",
  "unknown_model",
  "no_route",
  "idempotency_mismatch",
  "input_url_rejected",
  "input_type_rejected",
  "input_out_of_limits",
  "input_unreadable",
  "overloaded",
];

const create: Operation = {
  id: name("createVideo"),
  method: "post",
  path: "/v1/videos",
  summary: "Create a video",
  about:
    "`seconds`, `size` and `input_reference` stand for parameters of the model, which can be sent by their own names instead.",
  parameters: [IDEMPOTENCY],
  answers: { 200: MADE },
  errors: MAKING,
  rendered,
  calls: {
    ended: {
      to: "{$request.body#/callback_url}",
      summary: "The video has ended",
      about:
        "An event as the original's, signed as Standard Webhooks are; any 2xx within 10 seconds takes it.",
      schema: own("Event"),
      headers: [
        { ...header("webhook-id", "The same for every try of one call.", "whd_3f9c1a7be2"), required: true },
        { ...header("webhook-timestamp", "Unix seconds of this try.", "1795000041"), required: true },
        {
          ...header("webhook-signature", "`v1,` and an HMAC; several are divided by spaces.", "v1,g0hM9SsE"),
          required: true,
        },
      ],
    },
  },
};

const list: Operation = {
  id: name("listVideos"),
  method: "get",
  path: "/v1/videos",
  summary: "List this key's videos",
  parameters: [
    {
      name: "after",
      in: "query",
      about: "The `last_id` of the page before.",
      schema: { ...text, pattern: "^video_[0-9a-z]{21}$" },
    },
    {
      name: "limit",
      in: "query",
      about: "At most so many.",
      schema: { type: "integer", minimum: 1, maximum: 100, default: 20 },
    },
    {
      name: "order",
      in: "query",
      about: "Newest first, or oldest.",
      schema: { ...text, enum: ["asc", "desc"], default: "desc" },
    },
  ],
  answers: {
    200: { about: "One page.", content: json(own("VideoList")), links: links("$response.body#/data/0/id") },
  },
  errors: [...ALWAYS, "invalid_parameters"],
  rendered,
};

const read: Operation = {
  id: name("readVideo"),
  method: "get",
  path: "/v1/videos/{id}",
  summary: "Read a video",
  parameters: [ID],
  answers: { 200: { about: "The video as it is now.", content: json(own("Video")) } },
  errors: [...ALWAYS, "task_not_found"],
  rendered,
};

const BYTES = { schema: { type: "string", format: "binary" } } as const;
const FILES = { "video/mp4": BYTES, "image/webp": BYTES, "image/jpeg": BYTES };

const content: Operation = {
  id: name("readContent"),
  method: "get",
  path: "/v1/videos/{id}/content",
  summary: "Read the bytes of a video, or of a small picture of it",
  parameters: [
    ID,
    {
      name: "variant",
      in: "query",
      about: "The MP4, a WebP of one frame, or a JPEG of five.",
      schema: { ...text, enum: ["video", "thumbnail", "spritesheet"], default: "video" },
    },
    header("Range", "One range of bytes.", "bytes=0-1023"),
    header("If-None-Match", "The ETag of an earlier answer.", '"3b1f0c"'),
  ],
  answers: {
    200: { about: "The whole file.", headers: ["ETag"], content: FILES },
    206: { about: "The range.", headers: ["ETag"], content: FILES },
    304: { about: "The client has it already.", headers: ["ETag"] },
    416: { about: "The file ends before the range begins." },
  },
  errors: [...ALWAYS, "task_not_found", "not_found", "invalid_parameters"],
  rendered,
};

const remove: Operation = {
  id: name("removeVideo"),
  method: "delete",
  path: "/v1/videos/{id}",
  summary: "Remove a video with its files",
  about: "Where it still runs it is stopped first. What it cost stays in the books.",
  parameters: [ID],
  body: { required: false, about: "None is needed; JSON is passed over.", content: json({}) },
  answers: { 200: { about: "It is gone.", content: json(own("Deleted")) } },
  errors: [...ALWAYS, "malformed_request", "file_too_large", "task_not_found"],
  rendered,
};

const remix: Operation = {
  id: name("remixVideo"),
  method: "post",
  path: "/v1/videos/{id}/remix",
  summary: "Make a completed video again with other words",
  parameters: [ID, IDEMPOTENCY],
  body: {
    required: true,
    content: json({
      type: "object",
      additionalProperties: false,
      required: ["prompt"],
      properties: { prompt: { ...text, minLength: 1 }, callback_url: CALLBACK },
    }),
  },
  answers: { 200: MADE },
  errors: MAKING,
  rendered,
};

const extend: Operation = {
  id: name("extendVideo"),
  method: "post",
  path: "/v1/videos/extensions",
  summary: "Go on from the end of a completed video",
  about:
    "By the model that made it, or by the one that `model` names; it has to be one that goes on from clips.",
  parameters: [IDEMPOTENCY],
  body: {
    required: true,
    about:
      "Every other parameter of the model can be sent by its own name. In a form, `video` may be a file.",
    content: json({
      type: "object",
      required: ["video"],
      properties: {
        video: { type: "object", required: ["id"], properties: { id: { ...text, "x-made": true } } },
        callback_url: CALLBACK,
      },
    }),
  },
  answers: { 200: MADE },
  errors: MAKING,
  rendered,
};

/** What the hosted original had: refused with what can be done instead. */
const UNSUPPORTED = (
  [
    ["post", "/v1/videos/edits", "editVideo", "Edit a video: refused, no model here does"],
    ["post", "/v1/videos/characters", "createCharacter", "Keep a character: refused, no model here does"],
    ["get", "/v1/videos/characters/{id}", "readCharacter", "Read a character: refused, there are none"],
  ] as const
).map(
  ([method, path, id, summary]): Operation => ({
    id: name(id),
    method,
    path,
    summary,
    ...(path.includes("{id}") ? { parameters: [ID] } : {}),
    ...(method === "post" ? { body: { required: false, content: json({}) } } : {}),
    answers: {},
    errors: [...ALWAYS, "malformed_request", "file_too_large", "unsupported_parameters"],
    rendered,
  }),
);
