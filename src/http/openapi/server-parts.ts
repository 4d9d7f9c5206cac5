/** What is no dialect's: the bytes behind links, providers' calls, health, and these documents. None of it needs a key. */
import { renderFileError } from "../files.ts";
import { renderHookError } from "../hooks.ts";
import {
  type Description,
  type JsonSchema,
  json,
  type Operation,
  object,
  type Parameter,
  ref,
} from "./description.ts";
import { valuesOf } from "./errors.ts";

const PART = "server";
const FILE_ERROR = `${PART}.FileError`;
const HOOK_ERROR = `${PART}.HookError`;
const text: JsonSchema = { type: "string" };

/** `documents`: where the documents are. */
export function describeServer(documents: readonly string[]): Description {
  return {
    name: PART,
    title: "Reelay",
    about:
      "What is no dialect's: files behind signed links, calls of providers, health, and these documents.",
    schemas: {
      [FILE_ERROR]: errorSchema(renderFileError),
      [HOOK_ERROR]: errorSchema(renderHookError),
    },
    operations: [FILE, HOOK, FIXED_HOOK, ...HEALTH, ...documents.map(documentOperation)],
  };
}

function errorSchema(render: typeof renderFileError): JsonSchema {
  const code = valuesOf(render, (body) => (body as { error: { code: string } }).error.code);
  return object({ error: object({ code, message: text }) });
}

const inPath = (name: string, about: string): Parameter => ({
  name,
  in: "path",
  about,
  schema: { type: "string", minLength: 1 },
});
const header = (name: string, about: string): Parameter => ({ name, in: "header", about, schema: text });

const BYTES = { "*/*": { schema: { type: "string", format: "binary" } } };

const FILE: Operation = {
  id: `${PART}.readFile`,
  method: "get",
  path: "/files/{id}/{name}",
  open: true,
  summary: "The bytes behind a link",
  about:
    "Links come from answers about tasks and uploads, and are the permission: whoever has one may read that file until it expires. HEAD takes the same links. One range can be asked for.",
  parameters: [
    inPath("id", "As the link has it."),
    inPath("name", "As the link has it."),
    {
      name: "expires",
      in: "query",
      required: true,
      about: "As the link has it: Unix seconds.",
      schema: text,
    },
    { name: "signature", in: "query", required: true, about: "As the link has it.", schema: text },
    header("Range", "One range of bytes. What is no such range is answered with the whole file."),
    header("If-None-Match", "The ETag of an earlier answer: 304 where the bytes are the same."),
    header("If-Range", "An ETag: the range counts only where the bytes are the same."),
  ],
  answers: {
    200: {
      about: "The whole file, with the content type that was measured.",
      headers: ["ETag"],
      content: BYTES,
    },
    206: { about: "The range.", headers: ["ETag"], content: BYTES },
    304: { about: "The client has it already.", headers: ["ETag"] },
    416: { about: "The file ends before the range begins; Content-Range says how long it is." },
  },
  errors: ["link_refused", "link_expired", "not_found", "bug"],
  rendered: { render: renderFileError, schema: ref(FILE_ERROR) },
};

const hookErrors = {
  errors: ["link_refused", "malformed_request", "bug"],
  rendered: { render: renderHookError, schema: ref(HOOK_ERROR) },
} as const;
const ANY_BODY = {
  required: false,
  about: "The provider's own, whatever it is.",
  content: { "*/*": { schema: {} } },
};

const HOOK: Operation = {
  id: `${PART}.hook`,
  method: "post",
  path: "/hooks/{taskId}/{attemptId}/{signature}",
  open: true,
  summary: "A provider tells that something has changed",
  about: "For providers, which are given the whole address, signed. Clients have no use for it.",
  parameters: [
    inPath("taskId", "A task's id."),
    inPath("attemptId", "The id of one of its attempts."),
    inPath("signature", "Of both, by this server."),
  ],
  body: ANY_BODY,
  answers: { 204: { about: "Taken." } },
  ...hookErrors,
};

const FIXED_HOOK: Operation = {
  id: `${PART}.fixedHook`,
  method: "post",
  path: "/hooks/{provider}",
  open: true,
  summary: "A provider that calls one address for all of its work tells that something has changed",
  about: "Held to the provider's own signature.",
  parameters: [inPath("provider", "The provider's id on this server.")],
  body: ANY_BODY,
  answers: {
    200: { about: "Taken.", content: { "text/plain": { schema: { type: "string", const: "ok" } } } },
  },
  ...hookErrors,
};

const rendered = { render: renderFileError, schema: ref(FILE_ERROR) };
const status = (word: string): JsonSchema => object({ status: { type: "string", const: word } });

const HEALTH: readonly Operation[] = [
  {
    id: `${PART}.health`,
    method: "get",
    path: "/healthz",
    open: true,
    summary: "The process answers",
    answers: { 200: { about: "It does.", content: json(status("ok")) } },
    errors: [],
    rendered,
  },
  {
    id: `${PART}.ready`,
    method: "get",
    path: "/readyz",
    open: true,
    summary: "Whether new work is taken",
    answers: {
      200: { about: "It is.", content: json(status("ready")) },
      503: {
        about: "The server drains: what runs goes on, nothing new is taken.",
        content: json(status("draining")),
      },
    },
    errors: [],
    rendered,
  },
];

function documentOperation(path: string): Operation {
  const name = /([^/]+)\.json$/.exec(path)?.[1] ?? path;
  return {
    id: `${PART}.document.${name}`,
    method: "get",
    path,
    open: true,
    summary: `An OpenAPI 3.1 document: ${name}`,
    parameters: [header("If-None-Match", "The ETag of an earlier answer: 304 where nothing has changed.")],
    answers: {
      200: { about: "The document.", headers: ["ETag"], content: json({ type: "object" }) },
      304: { about: "The client has it already.", headers: ["ETag"] },
    },
    errors: [],
    rendered,
  };
}
