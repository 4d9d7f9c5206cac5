/** A child that does with a file all that our children do with files, whatever it is. */
import { truncate } from "node:fs/promises";
import { serveOps } from "../../src/media/child.ts";
import type { Codec } from "../../src/media/codec.ts";
import { findCodec } from "../../src/media/codecs.ts";
import { allowLoaders } from "../../src/media/loaders.ts";
import { PICTURE_LOADERS } from "../decode-picture.ts";
import { type Became, tryUses, type Use } from "./hostile-uses.ts";

allowLoaders(PICTURE_LOADERS);
const opened = new Map<Codec["id"], Promise<Codec>>();
function codecOf(id: Codec["id"]): Promise<Codec> {
  const codec = opened.get(id) ?? findCodec({ prefer: id });
  opened.set(id, codec);
  return codec;
}

interface File {
  readonly id: Codec["id"];
  readonly path: string;
}

serveOps({
  tryFile: async ({ id, path }: File) => tryUses(await codecOf(id), path),
  /** The file cut off at each of `lengths`, which go down. Resolves with what became of each; the file is short then. */
  tryCuts: async ({
    id,
    path,
    lengths,
    uses,
  }: File & { readonly lengths: readonly number[]; readonly uses: readonly Use[] }) => {
    const codec = await codecOf(id);
    const became: Became[] = [];
    for (const length of lengths) {
      await truncate(path, length);
      became.push(await tryUses(codec, path, uses));
    }
    return became;
  },
});
