/** The process that renders: started by the pool, one job after another. */
import { serveOps } from "../src/media/child.ts";
import { findCodec } from "../src/media/codecs.ts";
import { allowLoaders } from "../src/media/loaders.ts";
import { PICTURE_LOADERS } from "./decode-picture.ts";
import { readOrder } from "./order.ts";
import { render } from "./render.ts";

allowLoaders(PICTURE_LOADERS);
const codec = findCodec({});
// Told to whoever asks first; without a handler here, no codec at all would end the process before that.
codec.catch(() => undefined);

serveOps({
  render: async (args: { readonly order: unknown; readonly out: string }, context) =>
    render(readOrder(args.order), await codec, { ...context, out: args.out }),
});
