/** Contract 1.10: an upload that comes as a form: one file, and a few fields that may come before it or after it. */
import { ReelayError } from "../../../core/errors.ts";
import type { UploadRequest } from "../../../tasks/uploads.ts";
import type { FormReader } from "../../form.ts";

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);

/** Reads up to the file. What all the fields say is asked for once its bytes have been read. */
export async function readFile(form: FormReader): Promise<Pick<UploadRequest, "source" | "form">> {
  const file = await form.nextFile();
  if (file?.field !== "file") {
    throw new ReelayError("malformed_request", "The form has no file field named `file`.");
  }
  return {
    source: file.bytes,
    async form() {
      await form.nextFile();
      const fields = new Map(form.fields);
      const autoCleanup = readFlag(fields.get("auto_cleanup"));
      return { name: fields.get("file_name") || file.filename || "upload", autoCleanup };
    },
  };
}

function readFlag(given = "true"): boolean {
  const flag = FLAGS.get(given.toLowerCase());
  if (flag !== undefined) return flag;
  throw new ReelayError("malformed_request", `auto_cleanup is "${given}" but must be true or false.`);
}
