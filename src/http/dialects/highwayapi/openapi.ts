/** The endpoints of this dialect, described: contract 2.1, as routes.ts mounts them. */
import type { Catalog } from "../../../catalog/catalog.ts";
import type { ErrorCode } from "../../../core/errors.ts";
import type { DialectSettings } from "../../dialect.ts";
import {
  type Answer,
  type Description,
  json,
  type Operation,
  type Parameter,
  type Rendered,
} from "../../openapi/description.ts";
import { anyNamed, createSchemas, examplesOf, pathsOf } from "./openapi-creates.ts";
import { name, own, renderedAs, SCHEMAS } from "./openapi-schemas.ts";
import { DIALECT } from "./wire.ts";

export function describe(catalog: Catalog, settings: DialectSettings): Description {
  const making = renderedAs("CREATE_TASK_FAILED", settings);
  return {
    name: DIALECT,
    title: "HighwayAPI dialect",
    about:
      "Each model has a path of its own. A create answers with a task's id; ask for its result until it has succeeded or failed, or name a webhook.",
    schemas: { ...SCHEMAS, ...createSchemas(catalog) },
    operations: [
      ...creates(catalog, making),
      createNamed(catalog, making),
      result(renderedAs("GET_RESULT_FAILED", settings)),
    ],
  };
}

/** Before anything is looked at: who asks, how often a wrong key was tried, and a mistake of ours. */
const ALWAYS: readonly ErrorCode[] = ["unauthenticated", "rate_limited", "bug"];
const MAKING: readonly ErrorCode[] = [
  ...ALWAYS,
  "malformed_request",
  "insufficient_credits",
  "storage_full",
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

const IDEMPOTENCY: Parameter = {
  name: "Idempotency-Key",
  in: "header",
  about: "The client's own name for this request: sent again, it answers with the same task.",
  schema: { type: "string" },
  example: "4f9c2b1e-7d",
};

const MADE: Answer = {
  about: "The task's id.",
  content: json(own("Made")),
  headers: ["RateLimit", "RateLimitPolicy", "IdempotentReplayed"],
  links: { [name("readResult")]: { task_id: "$response.body#/task_id" } },
};

const header = (of: string, about: string): Parameter => ({
  name: of,
  in: "header",
  required: true,
  about,
  schema: { type: "string" },
});
const CALLS: NonNullable<Operation["calls"]> = {
  ended: {
    to: "{$request.body#/extra/webhook/url}",
    summary: "The task has ended",
    about:
      "Its result, signed as Standard Webhooks are; any 2xx within 5 seconds takes it, else it is sent again under the same id.",
    schema: own("Event"),
    headers: [
      header("webhook-id", "The same for every try of one call."),
      header("webhook-timestamp", "Unix seconds of this try."),
      header("webhook-signature", "`v1,` and an HMAC; several are divided by spaces."),
    ],
  },
};

const creating = {
  method: "post",
  parameters: [IDEMPOTENCY],
  answers: { 200: MADE },
  errors: MAKING,
  calls: CALLS,
} as const;

function creates(catalog: Catalog, rendered: Rendered): readonly Operation[] {
  return [...pathsOf(catalog)].map(([path, pages]) => ({
    ...creating,
    id: name(`create.${path}`),
    path: `/v3/async/${path}`,
    summary: `Create a video: ${pages.map(({ model }) => model.name).join("; or: ")}`,
    body: { required: true, content: json(own(`create.${path}`), examplesOf(pages)) },
    rendered,
  }));
}

function createNamed(catalog: Catalog, rendered: Rendered): Operation {
  const examples = [...pathsOf(catalog)].map(([path, pages]) => examplesOf(pages, { model: path }));
  return {
    ...creating,
    id: name("createNamed"),
    path: "/v3/video/create",
    summary: "Create a video by the model that the body names",
    body: { required: true, content: json(anyNamed(catalog), Object.assign({}, ...examples)) },
    rendered,
  };
}

const result = (rendered: Rendered): Operation => ({
  id: name("readResult"),
  method: "get",
  path: "/v3/async/task-result",
  summary: "Read a task and its result",
  parameters: [
    {
      name: "task_id",
      in: "query",
      required: true,
      about: "As a create has answered it.",
      schema: { type: "string", minLength: 1 },
    },
  ],
  answers: {
    200: { about: "The task as it is now, with fresh links to its videos.", content: json(own("Result")) },
  },
  errors: [...ALWAYS, "task_not_found", "invalid_parameters"],
  rendered,
});
