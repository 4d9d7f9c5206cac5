/** Making, reading, watching, listing and cancelling tasks, described as tasks.ts mounts them. */
import type { Catalog } from "../../../catalog/catalog.ts";
import type { ErrorCode } from "../../../core/errors.ts";
import { type Answer, json, type Operation, type Parameter } from "../../openapi/description.ts";
import { type Samples, sampleViews } from "../../openapi/sample-view.ts";
import { createBody } from "./openapi-creates.ts";
import { ALWAYS, name, own, rendered } from "./openapi-schemas.ts";
import { LIST_QUERY, MOST_TASKS, STATES } from "./request.ts";
import { DIALECT, toWireTask } from "./wire.ts";

/** Not a new one each time: the document is to stay the same. */
const SAMPLE_ID = "task-unified-1795000000-00k2x9qa";
const CREATE_ERRORS: readonly ErrorCode[] = [
  "malformed_request",
  "insufficient_credits",
  "file_too_large",
  "invalid_parameters",
  "unsupported_parameters",
  "unknown_model",
  "no_route",
  "idempotency_mismatch",
  "input_url_rejected",
  "input_type_rejected",
  "input_out_of_limits",
  "overloaded",
];

export function taskOperations(catalog: Catalog): readonly Operation[] {
  const [model] = catalog.models.values();
  const samples = model && sampleViews(model, { dialect: DIALECT, id: SAMPLE_ID });
  return [create(catalog, samples), read(samples), list, watch, cancel];
}

const header = (of: string, about: string, example: string): Parameter => ({
  name: of,
  in: "header",
  about,
  schema: { type: "string" },
  example,
});
const TASK_ID: Parameter = {
  name: "id",
  in: "path",
  about: "The id of a task that this key has made.",
  schema: { type: "string", minLength: 1 },
};
const PREFER = header(
  "Prefer",
  "`wait=N`: hold the answer back until the task has ended, for up to 60 seconds.",
  "wait=30",
);

function tasks(about: string, samples: Samples | undefined, more: Partial<Answer> = {}): Answer {
  const views = Object.entries(samples ?? {});
  const examples = Object.fromEntries(views.map(([state, view]) => [state, { value: toWireTask(view) }]));
  return { about, content: json(own("Task"), examples), ...more };
}

/** What a task's id leads on to. */
const links = (id: string): NonNullable<Answer["links"]> =>
  Object.fromEntries(["readTask", "watchTask", "cancelTask"].map((of) => [name(of), { id }]));

function create(catalog: Catalog, samples: Samples | undefined): Operation {
  const made = tasks(
    "The task, or with dry_run what it would be and cost.",
    samples && ({ pending: samples.pending } as Samples),
  );
  return {
    id: name("createTask"),
    method: "post",
    path: "/v1/videos/generations",
    summary: "Create a video",
    about: "Everything is checked before anything is made: what is refused has cost nothing.",
    parameters: [
      header(
        "Idempotency-Key",
        "The client's own name for this request: sent again, it answers with the same task.",
        "4f9c2b1e-7d",
      ),
      PREFER,
      {
        name: "dry_run",
        in: "query",
        about: "As in the body.",
        schema: { type: "string", enum: ["true", "false", "1", "0"] },
      },
    ],
    body: createBody(catalog),
    answers: {
      200: {
        ...made,
        content: json({ oneOf: [own("Task"), own("Quote")] }, made.content?.["application/json"]?.examples),
        headers: ["RateLimit", "RateLimitPolicy", "IdempotentReplayed", "PreferenceApplied"],
        links: links("$response.body#/id"),
      },
    },
    errors: [...ALWAYS, ...CREATE_ERRORS],
    rendered,
    calls: { ended: callback },
  };
}

const callback: NonNullable<Operation["calls"]>[string] = {
  to: "{$request.body#/callback_url}",
  summary: "The task has ended",
  about:
    "The task as a read answers it. Signed as Standard Webhooks are; any 2xx within 10 seconds takes it, else it is sent again under the same id.",
  schema: own("Task"),
  headers: [
    { ...header("webhook-id", "The same for every try of one call.", "whd_3f9c1a7be2"), required: true },
    { ...header("webhook-timestamp", "Unix seconds of this try.", "1795000041"), required: true },
    {
      ...header("webhook-signature", "`v1,` and an HMAC; several are divided by spaces.", "v1,g0hM9SsE"),
      required: true,
    },
  ],
};

const read = (samples: Samples | undefined): Operation => ({
  id: name("readTask"),
  method: "get",
  path: "/v1/tasks/{id}",
  summary: "Read a task",
  parameters: [
    TASK_ID,
    {
      name: "sync_upstream",
      in: "query",
      about: "true: ask the provider first.",
      schema: { type: "string" },
    },
    PREFER,
  ],
  answers: { 200: tasks("The task as it is now.", samples, { headers: ["PreferenceApplied"] }) },
  errors: [...ALWAYS, "task_not_found"],
  rendered,
});

const LIST_ABOUT: Readonly<Record<(typeof LIST_QUERY)[number], Pick<Parameter, "about" | "schema">>> = {
  status: {
    about: "Only those; failed has the cancelled ones, too.",
    schema: { type: "string", enum: [...STATES.keys()] },
  },
  model: { about: "Only this model's.", schema: { type: "string", minLength: 1 } },
  limit: {
    about: "At most so many.",
    schema: { type: "integer", minimum: 1, maximum: MOST_TASKS, default: 20 },
  },
  after: { about: "The `next` of the page before.", schema: { type: "string", minLength: 1 } },
};

const list: Operation = {
  id: name("listTasks"),
  method: "get",
  path: "/v1/tasks",
  summary: "List this key's tasks, newest first",
  parameters: LIST_QUERY.map(
    (of): Parameter => ({
      name: of,
      in: "query",
      about: LIST_ABOUT[of].about,
      schema: LIST_ABOUT[of].schema,
    }),
  ),
  answers: {
    200: { about: "One page.", content: json(own("TaskList")), links: links("$response.body#/data/0/id") },
  },
  errors: [...ALWAYS, "invalid_parameters"],
  rendered,
};

const watch: Operation = {
  id: name("watchTask"),
  method: "get",
  path: "/v1/tasks/{id}/events",
  summary: "Watch a task",
  about:
    "Server-sent events: `state` with the whole task as its data and a version as its id, first at once and last at the end; `progress` in between, with a few numbers.",
  parameters: [
    TASK_ID,
    header(
      "Last-Event-ID",
      "The version seen last; an ended task of that version is answered with 204.",
      "4",
    ),
  ],
  answers: {
    200: {
      about: "Events until the task has ended. HEAD is not answered here.",
      content: {
        "text/event-stream": {
          schema: {
            type: "string",
            description: "Of each event the data is JSON: of `state` a Task, of `progress` a Progress.",
            "x-events": { state: own("Task"), progress: own("Progress") },
          },
        },
      },
    },
    204: { about: "The task has ended and the client has seen its end." },
  },
  errors: [...ALWAYS, "task_not_found"],
  rendered,
};

const cancel: Operation = {
  id: name("cancelTask"),
  method: "post",
  path: "/v1/tasks/{id}/cancel",
  summary: "Cancel a task",
  about: "Once more is no mistake. What a provider does not stop is still told, and not charged.",
  parameters: [TASK_ID],
  body: { required: false, about: "None is needed; JSON is passed over.", content: json({}) },
  answers: {
    200: {
      about: "The task, which is failed with the code request_cancelled or will be.",
      content: json(own("Task")),
    },
  },
  errors: [...ALWAYS, "malformed_request", "file_too_large", "task_not_found", "task_not_cancellable"],
  rendered,
};
