/**
 * Google Vertex AI with Veo, as section 2.1 of the contract has it: tokens for a signed claim, operations that are asked
 * about by POST, videos inside the answer or in a bucket. Words of its own in a script:
 *
 *   code=     at a refused submit: content, picture, billing
 *   fail=     content_policy, picture, argument (code 3), capacity (8), any other code by its number, rai (held back by
 *             the content check), empty (nothing at all), hollow (a video without bytes), silent (done, and no more)
 */
import { createPublicKey, generateKeyPairSync, randomUUID, verify } from "node:crypto";
import { TINY_MP4 } from "../support/fake-file.ts";
import type { Script } from "../support/fake-script.ts";
import {
  type Ask,
  type Job,
  type Reply,
  type StandIn,
  startStandIn,
  type Wire,
  type World,
} from "./standin.ts";
import { flag, integer, list, matching, object, oneOf, text } from "./strict.ts";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

/** What an operator downloads for a service account. */
export const KEY_FILE = {
  type: "service_account",
  project_id: "a-project",
  private_key_id: "0a1b2c3d",
  private_key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  client_email: "reelay@a-project.iam.gserviceaccount.com",
  token_uri: "https://oauth2.googleapis.com/token",
};

/** Every token begins so. */
export const TOKEN = "ya29.5eCr3t";

export interface Vertex extends StandIn {
  /** Ends every token that was given so far. */
  expireTokens(): void;
  /** What the token service says instead of a token; undefined: a token again. */
  breakTokens(reply: Reply | undefined): void;
}

const MODELS = ["veo-3.1-generate-001", "veo-3.1-fast-generate-001", "veo-3.1-lite-generate-001"];
const SCOPE = "https://www.googleapis.com/auth/cloud-platform";
const CALL =
  /^\/v1\/(projects\/([^/]+)\/locations\/[^/]+\/publishers\/google\/models\/([^/:]+)):(predictLongRunning|fetchPredictOperation)$/;
const OBJECT = /^\/storage\/v1\/b\/([^/]+)\/o\/([^/]+)$/;

const BASE64 = matching(/^([A-Za-z0-9+/]{4})+([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/);
const IMAGE = object({ bytesBase64Encoded: BASE64, mimeType: oneOf("image/jpeg", "image/png") });
const VIDEO = object({ bytesBase64Encoded: BASE64, mimeType: oneOf("video/mp4") });

const PREDICT = object({
  instances: list(instance, 1),
  parameters: object(
    { generateAudio: flag },
    {
      aspectRatio: oneOf("16:9", "9:16"),
      durationSeconds: oneOf(4, 6, 8),
      enhancePrompt: flag,
      negativePrompt: text(),
      personGeneration: oneOf("dont_allow", "allow_adult", "allow_all"),
      resolution: oneOf("720p", "1080p", "4k"),
      sampleCount: integer(1, 4),
      seed: integer(0, 4_294_967_295),
      storageUri: matching(/^gs:\/\/.+/),
    },
  ),
});
const FETCH = object({ operationName: text() });

/** Text alone, from a picture, between two, or on from a clip. */
function instance(value: unknown, place: string): readonly string[] {
  const { image, lastFrame, video } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return [
    ...object({ prompt: text() }, { image: IMAGE, lastFrame: IMAGE, video: VIDEO })(value, place),
    ...(lastFrame && !image ? [`${place} has a lastFrame and no image`] : []),
    ...(video && image ? [`${place} has both a video and an image`] : []),
  ];
}

export async function startVertex(): Promise<Vertex> {
  const live = new Set<string>();
  let given = 0;
  let broken: Reply | undefined;

  const wire: Wire = {
    answer(ask, world) {
      const { pathname } = ask.url;
      if (pathname === "/token") return broken ?? giveToken(ask, world);
      if (!live.has(tokenOf(ask))) return refusal(401);
      const [, model = "", project, id = "", verb] = CALL.exec(pathname) ?? [];
      if (project !== undefined && project !== KEY_FILE.project_id) return refusal(403);
      if (ask.method === "POST" && verb === "predictLongRunning") {
        if (!MODELS.includes(id)) return refusal(404, `Publisher Model \`${model}\` was not found.`);
        return predict(ask, world, model);
      }
      if (ask.method === "POST" && verb === "fetchPredictOperation") return fetchOperation(ask, world, model);
      const [, bucket = "", name = ""] = OBJECT.exec(pathname) ?? [];
      if (ask.method === "GET" && name !== "")
        return readObject(ask, world, `gs://${bucket}/${decodeURIComponent(name)}`);
      world.complain(`there is no ${ask.method} ${ask.path}`);
      return refusal(404);
    },
  };

  function giveToken(ask: Ask, world: World): Reply {
    const wrong = wrongClaim(ask);
    if (wrong !== undefined) {
      world.complain(`the claim: ${wrong}`);
      return { status: 400, body: { error: "invalid_grant", error_description: wrong } };
    }
    const token = `${TOKEN}-${++given}`;
    live.add(token);
    return { status: 200, body: { access_token: token, expires_in: 3599, token_type: "Bearer" } };
  }

  return {
    ...(await startStandIn(wire)),
    expireTokens: () => live.clear(),
    breakTokens(reply) {
      broken = reply;
    },
  };
}

function tokenOf(ask: Ask): string {
  return (ask.headers.authorization ?? "").replace(/^Bearer /, "");
}

/** What is wrong with a request for a token. */
function wrongClaim({ method, headers, bytes }: Ask): string | undefined {
  if (method !== "POST" || headers["content-type"] !== "application/x-www-form-urlencoded") return "no form";
  const form = new URLSearchParams(bytes.toString());
  if (form.get("grant_type") !== "urn:ietf:params:oauth:grant-type:jwt-bearer") return "grant_type";
  const [header = "", claim = "", signature = ""] = (form.get("assertion") ?? "").split(".");
  const signed = Buffer.from(`${header}.${claim}`);
  const key = createPublicKey(KEY_FILE.private_key);
  if (!verify("RSA-SHA256", signed, key, Buffer.from(signature, "base64url"))) return "signature";
  const read = (part: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
  const { alg, kid } = read(header);
  if (alg !== "RS256" || kid !== KEY_FILE.private_key_id) return "header";
  const { iss, scope, aud, iat, exp } = read(claim);
  if (iss !== KEY_FILE.client_email || scope !== SCOPE || aud !== KEY_FILE.token_uri)
    return "iss, scope or aud";
  const isNow = Math.abs(Number(iat) - Date.now() / 1000) < 300;
  return isNow && Number(exp) - Number(iat) <= 3600 ? undefined : "iat or exp";
}

interface Predict {
  readonly instances: readonly [{ readonly prompt: string }];
  readonly parameters: { readonly storageUri?: string };
}

async function predict(ask: Ask, world: World, model: string): Promise<Reply> {
  const problems = PREDICT(ask.json, "body");
  for (const problem of problems) world.complain(problem);
  if (problems.length > 0) return refusal(400, problems.join(" "));
  const order = ask.json as Predict;
  return world.submit({
    prompt: order.instances[0].prompt,
    id: `${model}/operations/${randomUUID()}`,
    order,
    accepted: ({ id }) => ({ status: 200, body: { name: id } }),
    refused: (status, script) => refuse(status, script, ask),
  });
}

const STATUSES: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
};

function refusal(code: number, message = `It is ${STATUSES[code]}.`, details: readonly object[] = []): Reply {
  return { status: code, body: { error: { code, message, status: STATUSES[code] ?? "UNKNOWN", details } } };
}

const GUIDELINES =
  "Veo could not generate videos because the input image violates Vertex AI's usage guidelines. Support codes: 15236754";

function refuse(status: number, { code, ...script }: Script, ask: Ask): Reply {
  const echo = script["echo-key"] ? ` You sent ${ask.headers.authorization}.` : "";
  if (code === "content") return refusal(status, `${GUIDELINES}${echo}`);
  if (code === "picture") return refusal(status, `Unable to process input image.${echo}`);
  if (code !== "billing") return refusal(status, `It is ${STATUSES[status]}.${echo}`);
  const reason = { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "BILLING_DISABLED" };
  return refusal(status, `This API method requires billing to be enabled.${echo}`, [reason]);
}

function fetchOperation(ask: Ask, world: World, model: string): Reply {
  const problems = FETCH(ask.json, "body");
  for (const problem of problems) world.complain(problem);
  const name = (ask.json as { operationName?: string } | undefined)?.operationName ?? "";
  if (problems.length > 0 || !name.startsWith(`${model}/operations/`)) return refusal(400, "operationName");
  const job = world.jobs.get(name);
  if (!job) return refusal(404, "Operation not found.");
  return world.faultOf(job, (status) => refusal(status)) ?? { status: 200, body: viewOf(job, world) };
}

const TYPE = "type.googleapis.com/cloud.ai.large_models.vision.GenerateVideoResponse";

function viewOf(job: Job, world: World): object {
  if (!world.hasEnded(job)) return { name: job.id };
  return {
    name: job.id,
    done: true,
    ...(job.script.fail === undefined ? made(job) : ended(job.script.fail)),
  };
}

function made(job: Job): object {
  const uri = uriOf(job);
  const where =
    uri === undefined ? { bytesBase64Encoded: Buffer.from(TINY_MP4).toString("base64") } : { gcsUri: uri };
  return {
    response: { "@type": TYPE, raiMediaFilteredCount: 0, videos: [{ ...where, mimeType: "video/mp4" }] },
  };
}

function ended(fail: string): object {
  const error = (code: number, message: string) => ({ error: { code, message } });
  switch (fail) {
    case "content_policy":
      return error(3, GUIDELINES);
    case "picture":
      return error(3, "Unable to process input image.");
    case "argument":
      return error(3, "Unsupported aspect ratio.");
    case "capacity":
      return error(8, "Resource has been exhausted.");
    case "rai":
      return {
        response: {
          "@type": TYPE,
          raiMediaFilteredCount: 1,
          raiMediaFilteredReasons: ["Sound was held back.", "Support codes: 63429089"],
        },
      };
    case "empty":
      return { response: { "@type": TYPE, raiMediaFilteredCount: 0 } };
    case "hollow":
      return { response: { "@type": TYPE, videos: [{ mimeType: "video/mp4" }] } };
    case "silent":
      return {};
    default:
      return error(Number.isNaN(Number(fail)) ? 13 : Number(fail), "Something broke on our side.");
  }
}

/** Where its video is, if the order named a folder. */
function uriOf({ id, order }: Job): string | undefined {
  const folder = (order as Predict).parameters.storageUri?.replace(/\/$/, "");
  return folder === undefined ? undefined : `${folder}/${id.split("/").at(-1)}/sample_0.mp4`;
}

function readObject(ask: Ask, world: World, uri: string): ReturnType<World["sendVideo"]> | Reply {
  if (ask.url.search !== "?alt=media") world.complain(`an object was asked for with ${ask.url.search}`);
  const job = [...world.jobs.values()].find((one) => uriOf(one) === uri);
  return job
    ? world.sendVideo(job)
    : { status: 404, body: { error: { code: 404, message: `No such object: ${uri}` } } };
}
