/** A child that does with a file all that our children do with files, whatever it is. */
import { serveOps } from "../../src/media/child.ts";
import type { Codec } from "../../src/media/codec.ts";
import { findCodec } from "../../src/media/codecs.ts";
import { allowLoaders } from "../../src/media/loaders.ts";
import { PICTURE_LOADERS } from "../decode-picture.ts";
import { tryUses } from "./hostile-uses.ts";

allowLoaders(PICTURE_LOADERS);
const opened = new Map<Codec["id"], Promise<Codec>>();

serveOps({
  tryFile: async ({ id, path }: { readonly id: Codec["id"]; readonly path: string }) => {
    const codec = opened.get(id) ?? findCodec({ prefer: id });
    opened.set(id, codec);
    return await tryUses(await codec, path);
  },
});
