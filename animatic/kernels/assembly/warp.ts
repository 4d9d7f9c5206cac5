/**
 * Samples an axis-aligned window of an 8 bit plane at 1/256 pixel, row by row as rows.ts has it, and lays one such window
 * over another.
 */
import { firstTap, mixRows, sampleBoth, sampleColumns } from "./rows";

/** Writes the rows from `start` up to `end` of a frame of `width` bytes a row at `dst`, which must have 16 bytes to spare. */
export function copy(src: usize, stride: i32, rows: i32, columns: usize, count: i32, lines: usize, lineCount: i32,
  width: i32, scratch: usize, dst: usize, cubic: bool, start: i32, end: i32): void {
  const from = firstTap(columns, 0);
  const channels = cubic ? 1 : 2;
  const span = (firstTap(columns, count - 1) + (cubic ? 4 : 2) - from) * channels;
  const weights = lines + (<usize>lineCount << 2);
  const apart = <usize>(((span + 7) & ~7) << 1) + 16;
  let y = start;
  for (; y + 1 < end; y += 2) {
    mixRows(src, stride, rows, firstTap(lines, y), weights + (<usize>y << 3), from * channels, span, scratch, cubic);
    mixRows(src, stride, rows, firstTap(lines, y + 1), weights + (<usize>(y + 1) << 3), from * channels, span, scratch + apart, cubic);
    sampleBoth(scratch, apart, columns, count, from, dst + <usize>y * <usize>width, width, cubic);
  }
  if (y == end) return;
  mixRows(src, stride, rows, firstTap(lines, y), weights + (<usize>y << 3), from * channels, span, scratch, cubic);
  sampleColumns(scratch, columns, count, from, dst + <usize>y * <usize>width, cubic, 0, count);
}

/** The first multiple of 8 whose taps reach `sample` or lie beyond it. */
function columnAt(columns: usize, count: i32, taps: i32, sample: i32): i32 {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = ((low + high) >> 1) & ~7;
    if (firstTap(columns, middle + 7) + taps <= sample) low = middle + 8;
    else high = middle;
  }
  return low;
}

/**
 * Like `copy`, laid over what `dst` holds. `colour` is premultiplied by `alpha`; rows outside the plane are left
 * alone. `spans` has two i32 for each row of the plane: the first sample that is not transparent and the one after
 * the last, so that a boat costs no more than its hull.
 */
export function over(colour: usize, alpha: usize, spans: usize, stride: i32, rows: i32, columns: usize, count: i32, lines: usize,
  lineCount: i32, width: i32, scratch: usize, dst: usize, cubic: bool, start: i32, end: i32): void {
  const channels = cubic ? 1 : 2;
  const taps = cubic ? 4 : 2;
  const weights = lines + (<usize>lineCount << 2);
  const colourRow = scratch + (<usize>stride << 1) + 256;
  const alphaRow = colourRow + <usize>count * channels + 64;
  for (let y = start; y < end; y++) {
    const first = firstTap(lines, y);
    let left = i32.MAX_VALUE;
    let right = 0;
    for (let row = max(0, first); row < min(rows, first + taps); row++) {
      left = min(left, load<i32>(spans + (<usize>row << 3)));
      right = max(right, load<i32>(spans + (<usize>row << 3) + 4));
    }
    if (left >= right) continue;
    const begin = columnAt(columns, count, taps, left);
    // The block after the last whose end is still inside: it may begin inside as well.
    const stop = min(count, columnAt(columns, count, 0, right) + 8);
    if (begin >= stop) continue;
    const from = firstTap(columns, begin);
    const span = (firstTap(columns, stop - 1) + taps - from) * channels;
    const w = weights + (<usize>y << 3);
    mixRows(alpha, stride, rows, first, w, from * channels, span, scratch, cubic);
    sampleColumns(scratch, columns, count, from, alphaRow, cubic, begin, stop);
    mixRows(colour, stride, rows, first, w, from * channels, span, scratch, cubic);
    sampleColumns(scratch, columns, count, from, colourRow, cubic, begin, stop);
    // The last step of 16 reaches past the row: no alpha and no colour there, so what follows stays as it is.
    const last = min(width, stop * channels);
    memory.fill(alphaRow + last, 0, 16);
    memory.fill(colourRow + last, 0, 16);
    const at = begin * channels;
    blend(dst + <usize>y * <usize>width + at, colourRow + at, alphaRow + at, last - at);
  }
}

/** out = out * (255 - alpha) / 255 + colour, where colour is already multiplied by alpha. */
function blend(out: usize, colour: usize, alpha: usize, count: i32): void {
  const full = i8x16.splat(-1);
  const round = i16x8.splat(128);
  for (let i = 0; i < count; i += 16) {
    const under = v128.load(out + i);
    const rest = v128.sub<i8>(full, v128.load(alpha + i));
    let l = i16x8.add(i16x8.extmul_low_i8x16_u(under, rest), round);
    let h = i16x8.add(i16x8.extmul_high_i8x16_u(under, rest), round);
    l = i16x8.shr_u(i16x8.add(l, i16x8.shr_u(l, 8)), 8);
    h = i16x8.shr_u(i16x8.add(h, i16x8.shr_u(h, 8)), 8);
    v128.store(out + i, i8x16.add_sat_u(i8x16.narrow_i16x8_u(l, h), v128.load(colour + i)));
  }
}

/** a = a + (b - a) * weight / 256 over `count` bytes; weight 0 to 256. */
export function dissolve(a: usize, b: usize, count: i32, weight: i32): void {
  const wb = i16x8.splat(<i16>weight);
  const wa = i16x8.splat(<i16>(256 - weight));
  const round = i16x8.splat(128);
  for (let i = 0; i < count; i += 16) {
    const va = v128.load(a + i);
    const vb = v128.load(b + i);
    const l = i16x8.add(
      i16x8.mul(i16x8.extend_low_i8x16_u(va), wa),
      i16x8.mul(i16x8.extend_low_i8x16_u(vb), wb),
    );
    const h = i16x8.add(
      i16x8.mul(i16x8.extend_high_i8x16_u(va), wa),
      i16x8.mul(i16x8.extend_high_i8x16_u(vb), wb),
    );
    v128.store(
      a + i,
      i8x16.narrow_i16x8_u(i16x8.shr_u(i16x8.add(l, round), 8), i16x8.shr_u(i16x8.add(h, round), 8)),
    );
  }
}

/** The first byte that the compiled code does not use itself. */
export function base(): usize {
  return __heap_base;
}
