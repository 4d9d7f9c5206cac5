import { ReelayError } from "../core/errors.ts";

/** The error for a file that is not what it should be, or broken. Neither path nor library text reaches a client. */
export function unreadable(kind: "video" | "sound", why: string, cause?: unknown): ReelayError {
  const allowed = kind === "video" ? "an MP4 or MOV file with video" : "a WAV, MP3 or MP4 file with sound";
  const message = `The file cannot be decoded: ${why}. Give ${allowed} that plays from start to end.`;
  return new ReelayError("input_unreadable", message, cause === undefined ? {} : { cause });
}
