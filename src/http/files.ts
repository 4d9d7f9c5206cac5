/**
 * The bytes behind our links: GET and HEAD, one range, ETag. The content type comes from our record, and the
 * headers keep a browser from running anything that an upload might contain.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ReelayError } from "../core/errors.ts";
import type { FileStore } from "../core/file-store.ts";
import type { Store } from "../core/store.ts";
import type { FileRecord } from "../core/task.ts";
import type { Links } from "../files/links.ts";
import type { ErrorAnswer } from "./dialect.ts";
import { toReelayError } from "./errors.ts";

export interface FileParts {
  readonly store: Pick<Store, "readFile">;
  readonly files: FileStore;
  readonly links: Links;
  readonly onBug: (requestId: string, error: unknown) => void;
}

const STATUS: Partial<Record<string, number>> = { link_refused: 403, link_expired: 403, not_found: 404 };

export function renderFileError({ code, message }: ReelayError): ErrorAnswer {
  return { status: STATUS[code] ?? 500, body: { error: { code, message } } };
}

export function mountFiles(app: FastifyInstance, parts: FileParts): void {
  app.register(async (scope) => {
    scope.setErrorHandler((error, request, reply) => {
      const known = toReelayError(error);
      if (known.code === "bug") parts.onBug(request.id, error);
      const { status, body } = renderFileError(known);
      return reply.code(status).send(body);
    });
    scope.route({
      method: ["GET", "HEAD"],
      url: "/files/:id/:name",
      handler: async (request, reply) => {
        const id = parts.links.verify(new URL(request.url, "http://any.invalid"));
        const file = await parts.store.readFile(id);
        if (!file) throw new ReelayError("not_found", "This file has been removed.");
        return sendFile({ request, reply, file, files: parts.files });
      },
    });
  });
}

interface Sending {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly file: FileRecord;
  readonly files: FileStore;
}

/** Answers GET or HEAD with a file that we hold, or with one range of it. */
export async function sendFile({ request, reply, file, files }: Sending): Promise<FastifyReply> {
  const etag = `"${file.sha256}"`;
  const known = request.headers["if-none-match"];
  if (known?.trim() === "*" || known?.includes(etag)) return reply.code(304).headers(headersOf(file)).send();

  const range = askedRange(request, file, etag);
  if (range === "unsatisfiable") {
    return reply.code(416).header("content-range", `bytes */${file.bytes}`).send();
  }
  // Opened before any header is set: bytes that are gone must not be announced as a video.
  const body = request.method === "HEAD" ? undefined : await files.read(file.id, range);
  reply.headers(headersOf(file));
  if (range) {
    reply.code(206).header("content-range", `bytes ${range.start}-${range.end}/${file.bytes}`);
  }
  reply.header("content-length", range ? range.end - range.start + 1 : file.bytes);
  return reply.send(body);
}

/** Of a GET alone: RFC 9110, 14.2 has a server pass over it anywhere else. */
function askedRange({ method, headers }: FastifyRequest, { bytes }: FileRecord, etag: string): Range {
  const ifRange = headers["if-range"];
  const wanted = method === "GET" && (ifRange === undefined || ifRange === etag);
  return wanted ? parseRange(headers.range, bytes) : undefined;
}

function headersOf(file: FileRecord): Record<string, string> {
  return {
    "accept-ranges": "bytes",
    "cache-control": "private, max-age=3600",
    "content-disposition": `inline; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    "content-security-policy": "default-src 'none'; sandbox",
    "content-type": file.contentType,
    "cross-origin-resource-policy": "cross-origin",
    etag: `"${file.sha256}"`,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };
}

type Range = { readonly start: number; readonly end: number } | "unsatisfiable" | undefined;

/**
 * One range, or undefined for the whole file: a header that is no byte range, or that asks for several ranges,
 * may be ignored (RFC 9110, 14.2), and several ranges are how servers were made to do much work for little.
 */
export function parseRange(header: string | undefined, bytes: number): Range {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return undefined;
  if (match[1] === "") {
    const last = Number(match[2]);
    if (last === 0 || bytes === 0) return "unsatisfiable";
    return { start: Math.max(0, bytes - last), end: bytes - 1 };
  }
  const start = Number(match[1]);
  const end = match[2] === "" ? bytes - 1 : Math.min(Number(match[2]), bytes - 1);
  if (start >= bytes) return "unsatisfiable";
  return end < start ? undefined : { start, end };
}
