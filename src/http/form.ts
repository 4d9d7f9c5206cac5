/** A form that is read as it comes: fields in front of a file, its bytes, and what follows. */
import type { Multipart, MultipartFile } from "@fastify/multipart";
import type { FastifyRequest } from "fastify";
import { ReelayError } from "../core/errors.ts";

export interface FormReader {
  /** Every field that has come so far, in order: a name may come several times. */
  readonly fields: readonly (readonly [name: string, text: string])[];
  /** Reads on to the next file; undefined at the end of the form. The bytes of the last one must have been read. */
  nextFile(): Promise<FormFile | undefined>;
  /** Lets the rest of the body pass: a client that is still sending would never see our answer. */
  drain(): void;
}

interface FormFile {
  readonly field: string;
  readonly filename: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** On its way through the parser, and the form's own lines. */
const SLACK = 1024 * 1024;

/** Throws `malformed_request`, and `file_too_large` for more than `mostText` bytes beside the files: they are held in memory. */
export function readForm(request: Pick<FastifyRequest, "parts" | "raw">, mostText: number): FormReader {
  const fields: (readonly [string, string])[] = [];
  const overflow = Promise.withResolvers<never>();
  // Nobody may be waiting for a part when it happens.
  overflow.promise.catch(() => undefined);
  let parts: AsyncIterableIterator<Multipart> | undefined;
  let file: MultipartFile | undefined;
  let inText = 0;

  // The parser reads ahead of us, as fast as the fields come; its own limits are for each field alone.
  const count = (chunk: Uint8Array): void => {
    inText += chunk.length;
    if (inText <= mostText + SLACK) return;
    request.raw.off("data", count).unpipe();
    const message = `The form has more than ${mostText} bytes beside its file; send large media as a file.`;
    overflow.reject(new ReelayError("file_too_large", message));
  };

  const next = async (): Promise<Multipart | undefined> => {
    try {
      parts ??= request.raw.on("data", count) && request.parts();
      const { value, done } = await Promise.race([parts.next(), overflow.promise]);
      return done ? undefined : value;
    } catch (error) {
      throw broken(error);
    }
  };

  async function* bytesOf(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    try {
      for await (const chunk of source) {
        inText -= chunk.length;
        yield chunk;
      }
    } catch (error) {
      throw broken(error);
    }
  }

  return {
    fields,
    async nextFile() {
      for (let part = await next(); part; part = await next()) {
        if (part.type === "file") {
          file = part;
          return { field: part.fieldname, filename: part.filename, bytes: bytesOf(part.file) };
        }
        // A field that says to be JSON comes as what it says.
        const { value } = part;
        fields.push([part.fieldname, typeof value === "string" ? value : JSON.stringify(value)]);
      }
      return undefined;
    },
    drain() {
      file?.file.resume();
      request.raw.resume();
    },
  };
}

function broken(error: unknown): ReelayError {
  if (error instanceof ReelayError) return error;
  const { code, message } = error as { code?: string; message?: string };
  const why = code === "FST_FILES_LIMIT" ? "it has more than one file; send one a request" : message;
  return new ReelayError("malformed_request", `The form could not be read: ${why}.`, { cause: error });
}
