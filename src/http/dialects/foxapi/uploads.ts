/** Contract 1.10: files that clients give us. */
import multipart from "@fastify/multipart";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ReelayError } from "../../../core/errors.ts";
import type { KeyRecord } from "../../../core/store.ts";
import type { Gateway } from "../../../tasks/gateway.ts";
import { openForm } from "./form.ts";
import { newUploadId, toWireFile } from "./wire.ts";

export async function mountUploads(
  app: FastifyInstance,
  gateway: Pick<Gateway, "upload">,
  keyOf: (request: FastifyRequest) => KeyRecord,
): Promise<void> {
  await app.register(multipart, {
    limits: { files: 1, fields: 8, fieldSize: 4096, fileSize: Number.POSITIVE_INFINITY },
  });

  app.post("/v1/files/upload/stream", async (request) => {
    if (!request.isMultipart()) {
      throw new ReelayError(
        "malformed_request",
        "The Content-Type is not multipart/form-data. Send the file as the form field `file`.",
      );
    }
    const form = openForm(() => request.parts());
    try {
      const upload = { key: keyOf(request), source: await form.file(), form: form.rest, newId: newUploadId };
      return toWireFile(await gateway.upload(upload));
    } catch (error) {
      form.drain();
      // Of a form without a boundary nothing was read, and the next request on this connection would wait for ever.
      request.raw.resume();
      throw asUploadError(error);
    }
  });
}

/** The upload endpoints document 400, not 422, for a file that is not wanted (contract 1.10). */
function asUploadError(error: unknown): unknown {
  if (!(error instanceof ReelayError)) return error;
  if (!["input_type_rejected", "input_unreadable"].includes(error.code)) return error;
  return new ReelayError("malformed_request", error.message, { problems: error.problems, cause: error });
}
