/** The form of an upload: one file, and a few fields that may come before it or after it. */
import type { Multipart, MultipartFile } from "@fastify/multipart";
import { ReelayError } from "../../../core/errors.ts";

interface Form {
  /** Reads up to the file and gives its bytes. */
  file(): Promise<AsyncIterable<Uint8Array>>;
  /** Reads what follows the file, once its bytes have been read, and tells what all the fields say. */
  rest(): Promise<{ readonly name: string; readonly autoCleanup: boolean }>;
  /** Lets the rest of the body pass: a client that is still sending would never see our answer. */
  drain(): void;
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);

/** `open` starts the parser; it throws where the request names no boundary. */
export function openForm(open: () => AsyncIterableIterator<Multipart>): Form {
  const fields = new Map<string, string>();
  let parts: AsyncIterableIterator<Multipart> | undefined;
  let part: MultipartFile | undefined;

  const next = async (): Promise<MultipartFile | undefined> => {
    try {
      parts ??= open();
      for (;;) {
        const { value, done } = await parts.next();
        if (done) return undefined;
        if (value.type === "file") return value;
        fields.set(value.fieldname, String(value.value));
      }
    } catch (error) {
      throw broken(error);
    }
  };

  return {
    async file() {
      part = await next();
      if (part?.fieldname !== "file") {
        throw new ReelayError("malformed_request", "The form has no file field named `file`.");
      }
      return withOwnErrors(part.file);
    },
    async rest() {
      await next();
      const given = fields.get("auto_cleanup")?.toLowerCase();
      const autoCleanup = given === undefined ? true : FLAGS.get(given);
      if (autoCleanup === undefined) {
        throw new ReelayError("malformed_request", `auto_cleanup is "${given}" but must be true or false.`);
      }
      return { name: fields.get("file_name") || part?.filename || "upload", autoCleanup };
    },
    drain: () => void part?.file.resume(),
  };
}

async function* withOwnErrors(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* source;
  } catch (error) {
    throw broken(error);
  }
}

function broken(error: unknown): ReelayError {
  const { code, message } = error as { code?: string; message?: string };
  const why = code === "FST_FILES_LIMIT" ? "it has more than one file; send one a request" : message;
  return new ReelayError("malformed_request", `The form could not be read: ${why}.`, { cause: error });
}
