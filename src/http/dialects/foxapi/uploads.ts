/** Contract 1.10: files that clients give us. */
import multipart from "@fastify/multipart";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type ErrorCode, ReelayError } from "../../../core/errors.ts";
import type { KeyRecord } from "../../../core/store.ts";
import type { Gateway } from "../../../tasks/gateway.ts";
import { readForm } from "../../form.ts";
import { readFile } from "./upload-form.ts";
import { type JsonUpload, readBase64, readUrl } from "./upload-json.ts";
import { toWireFile } from "./wire.ts";

/** A file of 50 MiB in base64 with line breaks, and its name. It is in memory as a whole, so this is less than a form may bring. */
const BASE64_LIMIT = 72 * 1024 * 1024;

const MOST_FIELDS = 8;
/** Of a form, beside its file. */
const MOST_TEXT = 32 * 1024;

export async function mountUploads(
  app: FastifyInstance,
  gateway: Pick<Gateway, "upload">,
  keyOf: (request: FastifyRequest) => KeyRecord,
): Promise<void> {
  await app.register(multipart, {
    limits: { files: 1, fields: MOST_FIELDS, fieldSize: MOST_TEXT, fileSize: Number.POSITIVE_INFINITY },
  });

  app.post("/v1/files/upload/stream", async (request) => {
    if (!request.isMultipart()) {
      throw new ReelayError(
        "malformed_request",
        "The Content-Type is not multipart/form-data. Send the file as the form field `file`.",
      );
    }
    const form = readForm(request, MOST_TEXT);
    try {
      return toWireFile(await gateway.upload({ key: keyOf(request), ...(await readFile(form)) }));
    } catch (error) {
      form.drain();
      // Of a form without a boundary nothing was read, and the next request on this connection would wait for ever.
      request.raw.resume();
      throw asUploadError(error);
    }
  });

  const take = async (request: FastifyRequest, read: (body: unknown) => JsonUpload): Promise<object> => {
    const { source, name, autoCleanup } = read(request.body);
    const form = async () => ({ name, autoCleanup });
    try {
      return toWireFile(await gateway.upload({ key: keyOf(request), source, form }));
    } catch (error) {
      throw asUploadError(error);
    }
  };
  app.post("/v1/files/upload/base64", { bodyLimit: BASE64_LIMIT }, (request) => take(request, readBase64));
  app.post("/v1/files/upload/url", (request) => take(request, readUrl));
}

const NOT_WANTED: readonly ErrorCode[] = ["input_type_rejected", "input_unreadable", "input_url_rejected"];

/** The upload endpoints document 400, not 422, for a file that is not wanted (contract 1.10). */
function asUploadError(error: unknown): unknown {
  if (!(error instanceof ReelayError)) return error;
  if (!NOT_WANTED.includes(error.code)) return error;
  return new ReelayError("malformed_request", error.message, { problems: error.problems, cause: error });
}
