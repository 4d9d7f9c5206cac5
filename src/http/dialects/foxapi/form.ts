/** The form of an upload: one file, and a few fields that may come before it or after it. */
import type { Multipart, MultipartFile } from "@fastify/multipart";
import { ReelayError } from "../../../core/errors.ts";

interface Form {
  /** Reads up to the file. */
  file(): Promise<MultipartFile>;
  /** Reads what follows the file, once its bytes have been read, and tells what all the fields say. */
  rest(): Promise<{ readonly name: string; readonly autoCleanup: boolean }>;
}

const FLAGS: Readonly<Record<string, boolean>> = { true: true, "1": true, false: false, "0": false };

export function openForm(parts: AsyncIterableIterator<Multipart>): Form {
  const fields = new Map<string, string>();
  let filename = "";

  const next = async (): Promise<MultipartFile | undefined> => {
    for (;;) {
      const { value, done } = await parts.next();
      if (done) return undefined;
      if (value.type === "file") return value;
      fields.set(value.fieldname, String(value.value));
    }
  };

  return {
    async file() {
      const part = await next();
      if (part?.fieldname !== "file") {
        part?.file.resume();
        throw new ReelayError("malformed_request", "The form has no file field named `file`.");
      }
      filename = part.filename;
      return part;
    },
    async rest() {
      await next();
      const given = fields.get("auto_cleanup")?.toLowerCase();
      const autoCleanup = given === undefined ? true : FLAGS[given];
      if (autoCleanup === undefined) {
        throw new ReelayError("malformed_request", `auto_cleanup is "${given}" but must be true or false.`);
      }
      return { name: fields.get("file_name") || filename || "upload", autoCleanup };
    },
  };
}
