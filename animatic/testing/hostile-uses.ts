/** Everything that is ever done with a client's or a provider's file, one after another. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReelayError } from "../../src/core/errors.ts";
import type { Codec } from "../../src/media/codec.ts";
import { makeExtras } from "../../src/media/extras.ts";
import { openKernels } from "../kernels.ts";
import { momentumOf } from "../momentum.ts";
import { openPicture } from "../source.ts";

const FRAME = { width: 64, height: 36 };

/** By use: "done", or the code of the refusal. */
export type Became = Readonly<Record<string, string>>;

const USES = ["picture", "clip", "sound", "extras"] as const;
export type Use = (typeof USES)[number];

/** Any other failure rejects. */
export async function tryUses(codec: Codec, path: string, wanted: readonly Use[] = USES): Promise<Became> {
  const uses: Readonly<Record<Use, () => Promise<unknown>>> = {
    picture: async () =>
      (await openPicture(path, FRAME, "first frame")).place(await openKernels(64, 36), { x: 4, y: 4 }),
    clip: async () => [await codec.measure(path), await codec.lastFrame(path), await momentumOf(codec, path)],
    sound: () => codec.decodeSound(path, 30),
    extras: () => extrasOf(codec, path),
  };
  const became: Record<string, string> = {};
  for (const name of wanted) {
    try {
      await uses[name]();
      became[name] = "done";
    } catch (error) {
      if (!(error instanceof ReelayError)) throw error;
      became[name] = error.code;
    }
  }
  return became;
}

async function extrasOf(codec: Codec, path: string): Promise<void> {
  const measured = await codec.measure(path);
  const folder = await mkdtemp(join(tmpdir(), "hostile-"));
  try {
    await makeExtras(codec, {
      path,
      folder,
      measured,
      signal: AbortSignal.timeout(20_000),
      budgetMs: 10_000,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
