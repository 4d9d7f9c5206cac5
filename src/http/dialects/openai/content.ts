/** `GET /v1/videos/{id}/content`: the bytes of a video, or of the small pictures that come with it. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { ReelayError } from "../../../core/errors.ts";
import type { FileStore } from "../../../core/file-store.ts";
import type { ExtraName, FileRecord } from "../../../core/task.ts";
import type { ResultView, TaskView } from "../../../tasks/gateway.ts";
import { sendFile } from "../../files.ts";
import { invalidField } from "./errors.ts";
import { requireVideo } from "./read.ts";

/** Which of our files each variant is; null: the video itself. */
const VARIANTS: Readonly<Record<string, ExtraName | null>> = {
  video: null,
  thumbnail: "poster_webp",
  spritesheet: "contact_sheet",
};

interface Sending {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly files: FileStore;
  readonly view: TaskView;
}

export function sendContent({ request, reply, files, view }: Sending): Promise<FastifyReply> {
  const variant = readVariant(request.query as Readonly<Record<string, unknown>>);
  return sendFile({ request, reply, files, file: fileFor(requireVideo(view), variant) });
}

function readVariant({ variant = "video", ...others }: Readonly<Record<string, unknown>>): string {
  const [other] = Object.keys(others);
  if (other !== undefined)
    throw invalidField(other, `"${other}" is no query parameter here; there is variant.`);
  if (typeof variant === "string" && Object.hasOwn(VARIANTS, variant)) return variant;
  const allowed = Object.keys(VARIANTS);
  throw invalidField("variant", `"variant" must be one of ${allowed.join(", ")}.`, variant, allowed);
}

function fileFor({ file, extras }: ResultView, variant: string): FileRecord {
  const name = VARIANTS[variant] ?? null;
  const found = name === null ? file : extras[name]?.file;
  if (found) return found;
  throw new ReelayError(
    "not_found",
    `This video has no ${variant}: it could not be made in time. The video itself is there.`,
  );
}
