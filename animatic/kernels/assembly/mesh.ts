/**
 * Samples an 8 bit plane through a mesh of coordinates, one node every 16 pixels of the frame, at 1/256 pixel:
 * for moves that are not axis-aligned. Integers only, and a mesh that falls on whole pixels copies them exactly.
 *
 * A node is two i32, the source's x and y in 1/4096 pixel; `nodes` of them make a row, and between them the way is
 * straight. The caller keeps every node inside the plane; up to 7 samples to the right of a row are read in vain.
 * `weights` is 256 quadruples of i16 (Catmull-Rom, sum 16384), written by `cubics`.
 */

const CELL: i32 = 16;
const ONE: i32 = 16384;

export function cubics(weights: usize): void {
  for (let f = 0; f < 256; f++) {
    const f2 = f * f;
    const f3 = f2 * f;
    const w0 = (-f3 + 512 * f2 - 65536 * f + 1024) >> 11;
    const w2 = (-3 * f3 + 1024 * f2 + 65536 * f + 1024) >> 11;
    const w3 = (f3 - 256 * f2 + 1024) >> 11;
    const w = weights + (<usize>f << 3);
    store<i16>(w, <i16>w0);
    store<i16>(w + 2, <i16>(ONE - w0 - w2 - w3));
    store<i16>(w + 4, <i16>w2);
    store<i16>(w + 6, <i16>w3);
  }
}

/** Between two nodes above one another, `k` of `2 ** bits` on the way down, in 1/65536 pixel. */
// @ts-ignore: decorator
@inline
function between(node: usize, below: usize, k: i64, bits: i64): i32 {
  const a = <i64>load<i32>(node);
  const b = <i64>load<i32>(below);
  return <i32>((((a << bits) + (b - a) * k) << 4) >> bits);
}

// @ts-ignore: decorator
@inline
function two8(a: usize, b: usize): v128 {
  return v128.load_lane<i64>(b, v128.load64_zero(a), 1);
}

// @ts-ignore: decorator
@inline
function quad(weights: usize, position: i32): usize {
  return weights + <usize>((position >> 5) & 0x7f8);
}

// @ts-ignore: decorator
@inline
function summed(a: v128, b: v128, shift: i32): v128 {
  const sum = i32x4.add(v128.shuffle<i32>(a, b, 0, 2, 4, 6), v128.shuffle<i32>(a, b, 1, 3, 5, 7));
  return i32x4.shr_s(i32x4.add(sum, i32x4.splat(1 << (shift - 1))), shift);
}

/** Eight columns, each filtered down with weights of its own: i16, 64 times the sample. */
// @ts-ignore: decorator
@inline
function eight(at: usize, stride: usize, w01: v128, w23: v128, w45: v128, w67: v128): v128 {
  const a = v128.load64_zero(at);
  const b = v128.load64_zero(at + stride);
  const c = v128.load64_zero(at + (stride << 1));
  const d = v128.load64_zero(at + stride * 3);
  const ab = v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const cd = v128.shuffle<i8>(c, d, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const low = v128.shuffle<i16>(ab, cd, 0, 8, 1, 9, 2, 10, 3, 11);
  const high = v128.shuffle<i16>(ab, cd, 4, 12, 5, 13, 6, 14, 7, 15);
  const l = summed(
    i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(low), w01),
    i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(low), w23),
    8,
  );
  const h = summed(
    i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(high), w45),
    i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(high), w67),
    8,
  );
  return i16x8.narrow_i32x4_s(l, h);
}

/** Which of eight columns lie in source row `row`, starting at `y` and going down by `slope` a column. */
// @ts-ignore: decorator
@inline
function inRow(y: i32, slope: i32, row: i32): v128 {
  const steps = i32x4.mul(i32x4.splat(slope), i32x4(0, 1, 2, 3));
  const first = i32x4.add(i32x4.splat(y), steps);
  const rest = i32x4.add(first, i32x4.splat(slope << 2));
  const wanted = i32x4.splat(row);
  return i16x8.narrow_i32x4_s(
    i32x4.eq(i32x4.shr_s(first, 16), wanted),
    i32x4.eq(i32x4.shr_s(rest, 16), wanted),
  );
}

/** Filters `span` columns down along a slanted line: `y` at the first one, `slope` more at each next. */
function slanted(origin: usize, stride: i32, weights: usize, y: i32, slope: i32, span: i32, out: usize): void {
  for (let i = 0; i < span; i += 8) {
    const y1 = y + slope;
    const y2 = y1 + slope;
    const y3 = y2 + slope;
    const y4 = y3 + slope;
    const y5 = y4 + slope;
    const y6 = y5 + slope;
    const y7 = y6 + slope;
    const w01 = two8(quad(weights, y), quad(weights, y1));
    const w23 = two8(quad(weights, y2), quad(weights, y3));
    const w45 = two8(quad(weights, y4), quad(weights, y5));
    const w67 = two8(quad(weights, y6), quad(weights, y7));
    const last = y7 >> 16;
    let row = y >> 16;
    let mixed = eight(origin + <usize>(row * stride + i), stride, w01, w23, w45, w67);
    // Where the line goes into another row, the columns beyond are taken from there.
    while (row != last) {
      row += row < last ? 1 : -1;
      const other = eight(origin + <usize>(row * stride + i), stride, w01, w23, w45, w67);
      mixed = v128.bitselect(other, mixed, inRow(y, slope, row));
    }
    v128.store(out + (<usize>i << 1), mixed);
    y = y7 + slope;
  }
}

/** The same where the line is level, as it mostly is: all columns have the same weights. */
function level(origin: usize, stride: i32, weights: usize, y: i32, span: i32, out: usize): void {
  const w = quad(weights, y);
  const w01 = i32x4.splat(load<i32>(w));
  const w23 = i32x4.splat(load<i32>(w + 4));
  const half = i32x4.splat(128);
  let at = origin + <usize>((y >> 16) * stride);
  for (let i = 0; i < span; i += 8, at += 8) {
    const a = v128.load_ext<u8>(at);
    const b = v128.load_ext<u8>(at + stride);
    const c = v128.load_ext<u8>(at + (stride << 1));
    const d = v128.load_ext<u8>(at + stride * 3);
    const l = i32x4.add(
      i32x4.dot_i16x8_s(v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11), w01),
      i32x4.dot_i16x8_s(v128.shuffle<i16>(c, d, 0, 8, 1, 9, 2, 10, 3, 11), w23),
    );
    const h = i32x4.add(
      i32x4.dot_i16x8_s(v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15), w01),
      i32x4.dot_i16x8_s(v128.shuffle<i16>(c, d, 4, 12, 5, 13, 6, 14, 7, 15), w23),
    );
    const wide = i16x8.narrow_i32x4_s(i32x4.shr_s(i32x4.add(l, half), 8), i32x4.shr_s(i32x4.add(h, half), 8));
    v128.store(out + (<usize>i << 1), wide);
  }
}

/** Four samples of the frame from filtered columns; `x` counts from the first of them. */
// @ts-ignore: decorator
@inline
function four(mixed: usize, weights: usize, x: i32, dx: i32): v128 {
  const x1 = x + dx;
  const x2 = x1 + dx;
  const x3 = x2 + dx;
  const ab = two8(mixed + (<usize>(x >> 16) << 1), mixed + (<usize>(x1 >> 16) << 1));
  const cd = two8(mixed + (<usize>(x2 >> 16) << 1), mixed + (<usize>(x3 >> 16) << 1));
  const l = i32x4.dot_i16x8_s(ab, two8(quad(weights, x), quad(weights, x1)));
  const h = i32x4.dot_i16x8_s(cd, two8(quad(weights, x2), quad(weights, x3)));
  return summed(l, h, 20);
}

/**
 * Cells filtered down before they are filtered across: a load that spans two stores just made waits for both.
 * Of each: where it starts in its columns, the step, and up to 60 columns.
 */
const TOGETHER: i32 = 8;
const SLOT: usize = 128;
const COLUMNS: i32 = 56;

/** Luma. Writes `rows` rows of `width` bytes at `dst`, which must have 16 bytes to spare. */
export function meshLuma(src: usize, stride: i32, mesh: usize, nodes: i32, weights: usize, scratch: usize, dst: usize, width: i32, rows: i32): void {
  // The first of four rows lies one above.
  const origin = src - <usize>stride;
  const row = <usize>nodes << 3;
  for (let y = 0; y < rows; y++) {
    const k = <i64>(y & 15);
    let node = mesh + <usize>(y >> 4) * row;
    const out = dst + <usize>y * <usize>width;
    let left = between(node, node + row, k, 4) + 128;
    let top = between(node + 4, node + row + 4, k, 4) + 128;
    for (let x = 0; x < width; x += CELL * TOGETHER) {
      const end = min(width, x + CELL * TOGETHER);
      let slot = scratch;
      for (let cell = x; cell < end; cell += CELL, slot += SLOT) {
        node += 8;
        const right = between(node, node + row, k, 4) + 128;
        const bottom = between(node + 4, node + row + 4, k, 4) + 128;
        const dx = (right - left) >> 4;
        const dy = (bottom - top) >> 4;
        // One tap to the left of the cell's leftmost place, which is its last where a fold turns it round.
        const first = (min(left, left + 15 * dx) >> 16) - 1;
        const span = min(COLUMNS, (max(left, left + 15 * dx) >> 16) + 3 - first);
        store<i32>(slot, left - ((first + 1) << 16));
        store<i32>(slot + 4, dx);
        if (dy == 0) level(origin + first, stride, weights, top, span, slot + 16);
        else {
          // How much a column is worth; a cell folded onto itself has no slope, and is as high as it begins.
          const slope = dx > 4096 ? <i32>((<f64>dy * 65536.0) / <f64>dx) : 0;
          const start = top + <i32>((<i64>((first << 16) + 128 - left) * <i64>slope) >> 16);
          slanted(origin + first, stride, weights, start, slope, span, slot + 16);
        }
        left = right;
        top = bottom;
      }
      slot = scratch;
      for (let cell = x; cell < end; cell += CELL, slot += SLOT) {
        const dx = load<i32>(slot + 4);
        let at = load<i32>(slot);
        const last = min(cell + CELL, width);
        for (let i = cell; i < last; i += 8) {
          const l = four(slot + 16, weights, at, dx);
          const h = four(slot + 16, weights, at + (dx << 2), dx);
          const wide = i16x8.narrow_i32x4_s(l, h);
          v128.store_lane<i64>(out + i, i8x16.narrow_i16x8_u(wide, wide), 0);
          at += dx << 3;
        }
      }
    }
  }
}

/**
 * Both channels of one place between four: four i32 of which the first pair and the second are to be added. A sample
 * is 1 << `bits` wide and high.
 */
// @ts-ignore: decorator
@inline
function bilinear(src: usize, stride: i32, x: i32, y: i32, bits: i32): v128 {
  const at = src + <usize>((y >> bits) * stride + ((x >> bits) << 1));
  const box = v128.load_lane<i32>(at + stride, v128.load32_zero(at), 1);
  const wide = i16x8.extend_low_i8x16_u(v128.shuffle<i8>(box, box, 0, 2, 1, 3, 4, 6, 5, 7, 0, 0, 0, 0, 0, 0, 0, 0));
  const fx = (x >> (bits - 8)) & 255;
  const fy = (y >> (bits - 8)) & 255;
  const w11 = (fx * fy) >> 2;
  const w01 = (fx << 6) - w11;
  const w10 = (fy << 6) - w11;
  const w00 = ONE - w01 - w10 - w11;
  const weights = v128.shuffle<i32>(i32x4.splat((w01 << 16) | w00), i32x4.splat((w11 << 16) | w10), 0, 0, 4, 4);
  return i32x4.dot_i16x8_s(wide, weights);
}

// @ts-ignore: decorator
@inline
function two(src: usize, stride: i32, x: i32, y: i32, dx: i32, dy: i32, bits: i32): v128 {
  const a = bilinear(src, stride, x, y, bits);
  const b = bilinear(src, stride, x + dx, y + dy, bits);
  const sum = i32x4.add(v128.shuffle<i32>(a, b, 0, 1, 4, 5), v128.shuffle<i32>(a, b, 2, 3, 6, 7));
  return i32x4.shr_s(i32x4.add(sum, i32x4.splat(8192)), 14);
}

/** Interleaved chroma through the luma's mesh: `width` bytes a row, `rows` rows. `whole`: it has as many samples as luma. */
export function meshChroma(src: usize, stride: i32, whole: bool, mesh: usize, nodes: i32, dst: usize, width: i32, rows: i32): void {
  const row = <usize>nodes << 3;
  const bits = whole ? 16 : 17;
  // Half of the least step, and of fewer samples where the first one lies: between luma's first two lines.
  const right0 = 1 << (bits - 9);
  const down0 = whole ? right0 : right0 - 32768;
  for (let y = 0; y < rows; y++) {
    // A line of chroma lies between two of luma.
    const k = <i64>(((y & 7) << 2) + 1);
    let node = mesh + <usize>(y >> 3) * row;
    const out = dst + <usize>y * <usize>width;
    let left = between(node, node + row, k, 5) + right0;
    let top = between(node + 4, node + row + 4, k, 5) + down0;
    for (let x = 0; x < width; x += CELL) {
      node += 8;
      const right = between(node, node + row, k, 5) + right0;
      const end = between(node + 4, node + row + 4, k, 5) + down0;
      const dx = (right - left) >> 3;
      const dy = (end - top) >> 3;
      const last = min(CELL, width - x);
      for (let i = 0; i < last; i += 8) {
        const sx = left + (i >> 1) * dx;
        const sy = top + (i >> 1) * dy;
        const wide = i16x8.narrow_i32x4_s(two(src, stride, sx, sy, dx, dy, bits), two(src, stride, sx + (dx << 1), sy + (dy << 1), dx, dy, bits));
        v128.store_lane<i64>(out + x + i, i8x16.narrow_i16x8_u(wide, wide), 0);
      }
      left = right;
      top = end;
    }
  }
}
