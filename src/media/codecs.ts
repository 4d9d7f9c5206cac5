/**
 * Which codec there is. Call these in a media child: looking at node-av loads its native library, and the
 * server must not.
 */
import { dirname, join } from "node:path";
import type { Codec } from "./codec.ts";

export interface CodecChoice {
  /** The `ffmpeg` to use; `ffprobe` is taken from the same folder. Without it both are looked up in PATH. */
  readonly ffmpegPath?: string;
  /** Taken where it is there; the other one otherwise. */
  readonly prefer?: Codec["id"];
}

export interface CodecReport {
  readonly id: Codec["id"];
  /** Null where it cannot be used. */
  readonly version: string | null;
  /** Why it cannot be used. */
  readonly problem: string | null;
}

/** The preferred codec that works. Rejects with an Error that names both ways to get one. */
export async function findCodec(choice: CodecChoice = {}): Promise<Codec> {
  const problems: string[] = [];
  for (const id of order(choice)) {
    try {
      return await open(id, choice);
    } catch (error) {
      problems.push(`${id}: ${reason(error)}`);
    }
  }
  const remedies =
    "install ffmpeg 4.4 or newer with libx264 (for example `apt install ffmpeg` or `brew install ffmpeg`), " +
    "or reinstall with optional dependencies (`npm install --include=optional`) to get node-av";
  throw new Error(`No video codec was found: ${remedies}. Tried ${problems.join("; ")}.`);
}

/** Both, the preferred one first, usable or not. */
export async function describeCodecs(choice: CodecChoice = {}): Promise<readonly CodecReport[]> {
  return await Promise.all(
    order(choice).map(async (id) => {
      try {
        return { id, version: (await open(id, choice)).version, problem: null };
      } catch (error) {
        return { id, version: null, problem: reason(error) };
      }
    }),
  );
}

function order({ prefer = "ffmpeg" }: CodecChoice): readonly Codec["id"][] {
  return prefer === "ffmpeg" ? ["ffmpeg", "node-av"] : ["node-av", "ffmpeg"];
}

async function open(id: Codec["id"], { ffmpegPath }: CodecChoice): Promise<Codec> {
  if (id === "node-av") {
    const { openAvCodec } = await import("./codec-av.ts");
    return await openAvCodec();
  }
  const { openFfmpegCodec } = await import("./codec-ffmpeg.ts");
  const ffprobe = process.platform === "win32" ? "ffprobe.exe" : "ffprobe";
  return await openFfmpegCodec(
    ffmpegPath
      ? { ffmpeg: ffmpegPath, ffprobe: join(dirname(ffmpegPath), ffprobe) }
      : { ffmpeg: "ffmpeg", ffprobe: "ffprobe" },
  );
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "ERR_MODULE_NOT_FOUND" ? "not installed" : message.split("\n", 1).join("");
}
