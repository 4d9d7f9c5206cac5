/**
 * The tables by which a window is sampled along one axis. A table has
 * - `count` first-tap indices (i32), then `count` weight quadruples (4 x i16, sum 16384);
 * - cubic (Catmull-Rom, luma and its alpha): 4 taps of one channel;
 * - linear (chroma and its alpha): 2 taps of two interleaved channels, weights stored as a b a b;
 * - then `count` times 8 bytes: where, in the 16 bytes that begin at the first tap of its group, each one's taps lie;
 *   a group is 4 outputs of the cubic and 2 of the linear kind;
 * - then an i32: 1 where the taps of every group fit into 16 bytes, as they do up to a `step` of 4/3.
 *
 * Of a cubic table of columns the four weights, and the four places, of one output do not lie together: of each group
 * come the first two of all four outputs, then the last two, so that the products add up without being moved.
 */

const ONE: i32 = 16384;

/** Where the first two values of output `i` lie, as seen from `base`: 8 bytes an output. The other two are `REST` later. */
// @ts-ignore: decorator
@inline
function grouped(base: usize, i: i32): usize {
  return base + (<usize>(i & ~3) << 3) + (<usize>(i & 3) << 2);
}

const REST: usize = 16;

/** Fills a table for `count` outputs at `origin + i * step` source samples. Of `columns`, taps stay inside `size`. */
export function axis(table: usize, count: i32, origin: f64, step: f64, size: i32, cubic: bool, columns: bool): void {
  const weights = table + (<usize>count << 2);
  const places = weights + (<usize>count << 3);
  const taps = cubic ? 4 : 2;
  let group = 0;
  let together = 1;
  for (let i = 0; i < count; i++) {
    const position = <i32>Math.floor((origin + <f64>i * step) * 256.0 + 0.5);
    const f = position & 255;
    let first = (position >> 8) - (cubic ? 1 : 0);
    if (columns) first = max(0, min(size - taps, first));
    store<i32>(table + (<usize>i << 2), first);
    if ((i & (cubic ? 3 : 1)) == 0) group = first;
    // A group's taps are twice as many as one's.
    if (first - group > taps) together = 0;
    const f2 = f * f;
    const f3 = f2 * f;
    const w0 = (-f3 + 512 * f2 - 65536 * f + 1024) >> 11;
    const w2 = (-3 * f3 + 1024 * f2 + 65536 * f + 1024) >> 11;
    const w3 = (f3 - 256 * f2 + 1024) >> 11;
    if (cubic) {
      const w = columns ? grouped(weights, i) : weights + (<usize>i << 3);
      const rest = columns ? w + REST : w + 4;
      store<i16>(w, <i16>w0);
      store<i16>(w + 2, <i16>(ONE - w0 - w2 - w3));
      store<i16>(rest, <i16>w2);
      store<i16>(rest + 2, <i16>w3);
      // Two bytes a tap.
      const at = <u32>(first - group) * 0x02020202;
      store<u32>(grouped(places, i), 0x03020100 + at);
      store<u32>(grouped(places, i) + REST, 0x07060504 + at);
    } else {
      const pair = ((f << 6) << 16) | (ONE - (f << 6));
      store<i32>(weights + (<usize>i << 3), pair);
      store<i32>(weights + (<usize>i << 3) + 4, pair);
      // u v u v is read as u u v v.
      store<u64>(places + (<usize>i << 3), 0x0706030205040100 + (<u64>(first - group) << 2) * 0x0101010101010101);
    }
  }
  store<i32>(places + (<usize>count << 3), together);
}
