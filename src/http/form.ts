/** A form that is read as it comes: fields in front of a file, its bytes, and what follows. */
import type { Multipart, MultipartFile } from "@fastify/multipart";
import { ReelayError } from "../core/errors.ts";

export interface FormReader {
  /** Every field that has come so far, in order: a name may come several times. */
  readonly fields: readonly (readonly [name: string, text: string])[];
  /** Reads on to the next file; undefined at the end of the form. The bytes of the last one must have been read. */
  nextFile(): Promise<FormFile | undefined>;
  /** Lets the rest of the body pass: a client that is still sending would never see our answer. */
  drain(): void;
}

export interface FormFile {
  readonly field: string;
  readonly filename: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** `open` starts the parser. All errors are `malformed_request`, or `file_too_large` for more text than `mostText` characters. */
export function readForm(open: () => AsyncIterableIterator<Multipart>, mostText: number): FormReader {
  const fields: (readonly [string, string])[] = [];
  let parts: AsyncIterableIterator<Multipart> | undefined;
  let file: MultipartFile | undefined;
  let text = 0;

  const next = async (): Promise<Multipart | undefined> => {
    try {
      parts ??= open();
      const { value, done } = await parts.next();
      return done ? undefined : value;
    } catch (error) {
      throw broken(error);
    }
  };

  return {
    fields,
    async nextFile() {
      for (let part = await next(); part; part = await next()) {
        if (part.type === "file") {
          file = part;
          return { field: part.fieldname, filename: part.filename, bytes: withOwnErrors(part.file) };
        }
        const value = String(part.value);
        text += value.length;
        if (part.valueTruncated || text > mostText) {
          const message = `The form has more than ${mostText} characters of text; send large media as a file.`;
          throw new ReelayError("file_too_large", message);
        }
        fields.push([part.fieldname, value]);
      }
      return undefined;
    },
    drain: () => void file?.file.resume(),
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
