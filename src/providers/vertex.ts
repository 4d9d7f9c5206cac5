/**
 * Veo on Google Vertex AI (contract 2.1): a submit starts an operation, which is asked about by POST and, done, has the
 * video inside it or in a storage folder of the operator's. It tells nobody, lists nothing, and cannot be stopped.
 */
import { createHash } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { ReelayError } from "../core/errors.ts";
import type { JsonObject } from "../core/json.ts";
import { CONTENT_TYPES } from "../core/media.ts";
import type { Progress, Provider, Submission, Submitted } from "../core/provider.ts";
import type { ProviderKind, ProviderOptions } from "../core/provider-kind.ts";
import { failed, toSubmitted, unanswered } from "./upstream-answer.ts";
import { nest, placeAt, textAt } from "./upstream-body.ts";
import { type OpenAnswer, openUpstream, type Upstream } from "./upstream-call.ts";
import { asBase64 } from "./upstream-file.ts";
import { readShort, takeAnswer } from "./vertex-answer.ts";
import { keepsSecrets, openTokens, readServiceAccount, type Tokens } from "./vertex-token.ts";
import { toProgressOf, toSubmittedOf } from "./vertex-words.ts";

const HOME = "us-central1";

export const vertex: ProviderKind = {
  kind: "vertex",
  title: "Google Vertex AI",
  url: `https://${HOME}-aiplatform.googleapis.com`,
  key: "none",
  concurrency: 10,
  checksPerSecond: 2,
  settings: {
    credentials: { about: "Path of a service account's key file (JSON)", required: true },
    project: { about: "Google Cloud project, where it is not the one that the key file names" },
    location: { about: "Region that has the models, or global", fallback: HOME },
    storage_uri: { about: "gs:// folder for the videos; without it they come inside an answer" },
    token_url: { about: "Where access tokens are asked for; empty: where the key file says", fallback: "" },
    storage_url: { about: "Where a gs:// folder is read", fallback: "https://storage.googleapis.com" },
  },
  open: openVertex,
};

interface Ticket {
  /** projects/P/locations/L/publishers/google/models/M/operations/ID */
  readonly operation: string;
}

async function openVertex(options: ProviderOptions): Promise<Provider> {
  const { settings, connectMs, totalMs } = options;
  const { account, project, location, storageUri, storageUrl } = await readSettings(options);
  const url = settings.token_url || account.tokenUri;
  const tokens = openTokens({ account, url, connectMs, totalMs, now: options.now });
  const timing = { headers: {}, connectMs, totalMs };
  const upstream = openUpstream({ ...timing, baseUrl: baseFor(location, options.baseUrl) });
  const storage = openUpstream({ ...timing, baseUrl: storageUrl });
  const models = `projects/${project}/locations/${location}/publishers/google/models`;

  return {
    id: options.id,
    kind: vertex.kind,
    free: false,
    concurrency: options.concurrency,
    pollEveryMs: options.pollEveryMs ?? 10_000,
    checksPerSecond: options.checksPerSecond,
    // Nothing can tell of a lost operation: no list, no call, no name of ours in it.
    reconcileMs: options.reconcileMs ?? 0,
    prior: () => 90,
    async submit(work, signal) {
      const path = `v1/${models}/${encodeURIComponent(work.endpoint)}:predictLongRunning`;
      return submit({ upstream, tokens, path, body: await toBody(work, storageUri), signal });
    },
    async check(ticket, signal) {
      const { operation } = ticket as unknown as Ticket;
      const { answer, token } = await ask(upstream, tokens, { ...fetchOf(operation), signal });
      if (answer.status !== 200) return notDone(answer);
      const path = placeOf(options.scratch, operation);
      const { body, saved } = await takeAnswer(answer.bytes, path);
      return toProgressOf(body, {
        token,
        path: saved ? path : undefined,
        open: (uri) => ({ open: (stop) => openObject(storage, tokens, { uri, signal: stop }) }),
      });
    },
    async forget(ticket) {
      await rm(placeOf(options.scratch, (ticket as unknown as Ticket).operation), { force: true });
    },
    async ping(signal) {
      // There is no such operation: the question proves the token, the project and the location, and costs nothing.
      const nobody = `${models}/veo-3.1-generate-001/operations/00000000-0000-0000-0000-000000000000`;
      const { answer } = await ask(upstream, tokens, { ...fetchOf(nobody), signal });
      await readShort(answer.bytes);
      if (answer.status === 403)
        throw new ReelayError("provider_account", "This service account may not use Vertex AI.");
      if (answer.status >= 500) throw unanswered(answer.status);
      return `answers ${answer.status} to project ${project} in ${location}`;
    },
    async close() {
      await Promise.all([upstream.close(), storage.close(), tokens.close()]);
    },
  };
}

/** The default URL is that of one location; an operator who names another location means that one's. */
export function baseFor(location: string, baseUrl: string): string {
  if (baseUrl !== vertex.url) return baseUrl;
  return `https://${location === "global" ? "" : `${location}-`}aiplatform.googleapis.com`;
}

async function readSettings({ settings }: ProviderOptions) {
  const {
    credentials = "",
    location = HOME,
    storage_uri: storageUri,
    storage_url: storageUrl = "",
  } = settings;
  let text: string;
  try {
    text = await readFile(credentials, "utf8");
  } catch (error) {
    throw new Error(`the key file ${credentials} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  const account = accountIn(text, credentials);
  const project = settings.project || account.projectId || "";
  if (!/^[a-z0-9][a-z0-9.:-]*$/.test(project)) {
    throw new Error(`project is ${JSON.stringify(project)} but must be a Google Cloud project's id`);
  }
  if (!/^[a-z0-9-]+$/.test(location)) {
    throw new Error(
      `location is ${JSON.stringify(location)} but must be a region, such as ${HOME}, or global`,
    );
  }
  if (storageUri !== undefined && !/^gs:\/\/[a-z0-9][\w.-]+(\/|$)/.test(storageUri)) {
    throw new Error(`storage_uri is ${JSON.stringify(storageUri)} but must be like gs://bucket/folder`);
  }
  if (!keepsSecrets(storageUrl)) {
    throw new Error(`storage_url is ${JSON.stringify(storageUrl)} but must be an https URL`);
  }
  return { account, project, location, storageUri, storageUrl };
}

function accountIn(text: string, path: string): ReturnType<typeof readServiceAccount> {
  try {
    return readServiceAccount(text);
  } catch (error) {
    throw new Error(`the key file ${path} cannot be used: ${(error as Error).message}`);
  }
}

/** Inputs go as bytes: the API takes no URL but gs://. */
async function toBody({ params, media }: Submission, storageUri: string | undefined): Promise<JsonObject> {
  const body = nest(params) as Record<string, unknown>;
  for (const [path, file] of Object.entries(media)) {
    const mimeType = CONTENT_TYPES[file.facts.type];
    placeAt(body, path, { bytesBase64Encoded: await asBase64(file), mimeType });
  }
  if (storageUri !== undefined) placeAt(body, "parameters.storageUri", storageUri);
  return body as JsonObject;
}

interface Order {
  readonly upstream: Upstream;
  readonly tokens: Tokens;
  readonly path: string;
  readonly body: JsonObject;
  readonly signal: AbortSignal;
}

async function submit({ upstream, tokens, path, body, signal }: Order): Promise<Submitted> {
  const send = (token: string) =>
    upstream.call({ method: "POST", path, body, headers: bearer(token), signal });
  try {
    let token = await tokens.get(signal);
    let called = await send(token);
    if ("answer" in called && called.answer.status === 401) {
      // The only case in which it is sent again: 401 is given before anything is looked at, so there is no operation, and
      // the request that then goes out is the first that can become one.
      token = await tokens.renew(token, signal);
      called = await send(token);
    }
    return toSubmitted(called, signal, (answer) => toSubmittedOf(answer, token));
  } catch (error) {
    if (signal.aborted || !(error instanceof ReelayError)) throw error;
    return withoutToken(error);
  }
}

/** No token, so nothing was sent, or only what was refused with 401. A service account that is refused stays refused. */
function withoutToken(error: ReelayError): Submitted {
  if (error.code === "provider_account") return { refused: error, again: false };
  return { refused: error, again: { afterMs: (error.retryAfter ?? 1) * 1000 } };
}

interface Question {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: JsonObject;
  readonly signal: AbortSignal;
}

/** Asks with a token, and once more with a fresh one where it had ended. Rejects where both are refused. */
async function ask(
  upstream: Upstream,
  tokens: Tokens,
  question: Question,
): Promise<{ readonly answer: OpenAnswer; readonly token: string }> {
  let token = await tokens.get(question.signal);
  let answer = await upstream.open({ ...question, headers: bearer(token) });
  if (answer.status === 401) {
    await readShort(answer.bytes);
    token = await tokens.renew(token, question.signal);
    answer = await upstream.open({ ...question, headers: bearer(token) });
  }
  if (answer.status !== 401) return { answer, token };
  await readShort(answer.bytes);
  throw new ReelayError(
    "provider_account",
    "Google does not accept the tokens that it gives this service account.",
  );
}

function bearer(token: string): { readonly authorization: string } {
  return { authorization: `Bearer ${token}` };
}

/** A POST: a GET on the operation's name finds nothing of publishers' models. */
function fetchOf(operation: string): Pick<Question, "method" | "path" | "body"> {
  const [model = ""] = operation.split("/operations/");
  return { method: "POST", path: `v1/${model}:fetchPredictOperation`, body: { operationName: operation } };
}

/** Only Google's own word that there is no such operation is an end; a proxy may answer 404, too. */
async function notDone(answer: OpenAnswer): Promise<Progress> {
  const body = await readShort(answer.bytes);
  if (answer.status === 404 && textAt(body, "error", "status") === "NOT_FOUND") {
    return failed("provider_lost", "Vertex AI no longer knows this operation.");
  }
  throw unanswered(answer.status, answer.retryAfterMs);
}

function placeOf(scratch: string, operation: string): string {
  return join(scratch, `vertex-${createHash("sha256").update(operation).digest("hex").slice(0, 32)}.mp4`);
}

async function openObject(
  storage: Upstream,
  tokens: Tokens,
  { uri, signal }: { readonly uri: string; readonly signal: AbortSignal },
): Promise<AsyncIterable<Uint8Array>> {
  const [, bucket = "", name = ""] = /^gs:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  if (name === "")
    throw new ReelayError("provider_failed", "Vertex AI names a video that is in no storage folder.");
  const path = `storage/v1/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(name)}?alt=media`;
  const { answer } = await ask(storage, tokens, { method: "GET", path, signal });
  if (answer.status === 200) return answer.bytes;
  await readShort(answer.bytes);
  throw unanswered(answer.status, answer.retryAfterMs);
}
