/**
 * One row of the frame from rows of an 8 bit plane: rows are mixed first (contiguous, so plain SIMD), then columns by the
 * tables of axis.ts. Integers only, so the same input gives the same bytes on every machine, and what falls on whole
 * pixels is copied exactly. `count` is a multiple of 8 and every plane has 64 readable bytes behind it.
 */

// @ts-ignore: decorator
@inline
function low(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}

// @ts-ignore: decorator
@inline
function high(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

// @ts-ignore: decorator
@inline
function row(src: usize, stride: i32, rows: i32, index: i32): usize {
  return src + <usize>max(0, min(rows - 1, index)) * <usize>stride;
}

/** Mixes source rows into `out`: i16, 64 times the sample, `span` of them. */
export function mixRows(src: usize, stride: i32, rows: i32, first: i32, w: usize, from: i32, span: i32, out: usize, cubic: bool): void {
  const half = i32x4.splat(128);
  const w01 = i32x4.splat(load<i32>(w));
  const p0 = row(src, stride, rows, first) + from;
  const p1 = row(src, stride, rows, first + 1) + from;
  if (!cubic) {
    for (let x = 0; x < span; x += 8) {
      const a = v128.load_ext<u8>(p0 + x);
      const b = v128.load_ext<u8>(p1 + x);
      const l = i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(low(a, b), w01), half), 8);
      const h = i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(high(a, b), w01), half), 8);
      v128.store(out + (<usize>x << 1), i16x8.narrow_i32x4_s(l, h));
    }
    return;
  }
  const w23 = i32x4.splat(load<i32>(w + 4));
  const p2 = row(src, stride, rows, first + 2) + from;
  const p3 = row(src, stride, rows, first + 3) + from;
  for (let x = 0; x < span; x += 8) {
    const a = v128.load_ext<u8>(p0 + x);
    const b = v128.load_ext<u8>(p1 + x);
    const c = v128.load_ext<u8>(p2 + x);
    const d = v128.load_ext<u8>(p3 + x);
    const l = i32x4.add(i32x4.dot_i16x8_s(low(a, b), w01), i32x4.dot_i16x8_s(low(c, d), w23));
    const h = i32x4.add(i32x4.dot_i16x8_s(high(a, b), w01), i32x4.dot_i16x8_s(high(c, d), w23));
    v128.store(
      out + (<usize>x << 1),
      i16x8.narrow_i32x4_s(i32x4.shr_s(i32x4.add(l, half), 8), i32x4.shr_s(i32x4.add(h, half), 8)),
    );
  }
}

// @ts-ignore: decorator
@inline
function taps(mixed: usize, table: usize, from: i32, shift: i32, i: i32): usize {
  return mixed + (<usize>(load<i32>(table + (<usize>i << 2)) - from) << shift);
}

/** The taps of two outputs, wherever they lie. */
// @ts-ignore: decorator
@inline
function apart(mixed: usize, table: usize, from: i32, shift: i32, i: i32): v128 {
  const a = v128.load_zero<i64>(taps(mixed, table, from, shift, i));
  return v128.load_lane<i64>(taps(mixed, table, from, shift, i + 1), a, 1);
}

/** Four outputs: of `first` their first two taps each, of `rest` the others. */
// @ts-ignore: decorator
@inline
function cubicFour(w: usize, first: v128, rest: v128): v128 {
  const sum = i32x4.add(i32x4.dot_i16x8_s(first, v128.load(w)), i32x4.dot_i16x8_s(rest, v128.load(w + 16)));
  return i32x4.shr_s(i32x4.add(sum, i32x4.splat(1 << 19)), 20);
}

// @ts-ignore: decorator
@inline
function linearTwo(w: usize, uuvv: v128): v128 {
  return i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(uuvv, v128.load(w)), i32x4.splat(1 << 19)), 20);
}

/** The bytes of `all` at `places`, each below 16: there the relaxed instruction is like the other on every machine. */
// @ts-ignore: decorator
@inline
function pick(all: v128, places: v128): v128 {
  return i8x16.relaxed_swizzle(all, places);
}

/** Four outputs of the cubic kind: one load of all their taps where these lie together, which is half the work. */
// @ts-ignore: decorator
@inline
function cubicAt(mixed: usize, table: usize, weights: usize, places: usize, from: i32, i: i32, together: bool): v128 {
  const w = weights + (<usize>i << 3);
  if (!together) {
    const ab = apart(mixed, table, from, 1, i);
    const cd = apart(mixed, table, from, 1, i + 2);
    return cubicFour(w, v128.shuffle<i32>(ab, cd, 0, 2, 4, 6), v128.shuffle<i32>(ab, cd, 1, 3, 5, 7));
  }
  const all = v128.load(taps(mixed, table, from, 1, i));
  const p = places + (<usize>i << 3);
  return cubicFour(w, pick(all, v128.load(p)), pick(all, v128.load(p + 16)));
}

/** Two outputs of the linear kind, each of two channels. */
// @ts-ignore: decorator
@inline
function linearAt(mixed: usize, table: usize, weights: usize, places: usize, from: i32, i: i32, together: bool): v128 {
  const w = weights + (<usize>i << 3);
  if (together) {
    const all = v128.load(taps(mixed, table, from, 2, i));
    return linearTwo(w, pick(all, v128.load(places + (<usize>i << 3))));
  }
  const p = apart(mixed, table, from, 2, i);
  return linearTwo(w, v128.shuffle<i16>(p, p, 0, 2, 1, 3, 4, 6, 5, 7));
}

/** Columns `start` up to `end` (multiples of 8) of one mixed row: one byte (cubic) or two (linear) each. */
// @ts-ignore: decorator
@inline
function sample(mixed: usize, table: usize, count: i32, from: i32, out: usize, cubic: bool, start: i32, end: i32, together: bool): void {
  const weights = table + (<usize>count << 2);
  const places = weights + (<usize>count << 3);
  if (cubic) {
    for (let i = start; i < end; i += 8) {
      const l = cubicAt(mixed, table, weights, places, from, i, together);
      const h = cubicAt(mixed, table, weights, places, from, i + 4, together);
      const wide = i16x8.narrow_i32x4_s(l, h);
      v128.store_lane<i64>(out + i, i8x16.narrow_i16x8_u(wide, wide), 0);
    }
    return;
  }
  for (let i = start; i < end; i += 4) {
    const l = linearAt(mixed, table, weights, places, from, i, together);
    const h = linearAt(mixed, table, weights, places, from, i + 2, together);
    const wide = i16x8.narrow_i32x4_s(l, h);
    v128.store_lane<i64>(out + (<usize>i << 1), i8x16.narrow_i16x8_u(wide, wide), 0);
  }
}

export function sampleColumns(mixed: usize, table: usize, count: i32, from: i32, out: usize, cubic: bool, start: i32, end: i32): void {
  // Twice, so that neither loop asks for each sample which of the two it is.
  if (load<i32>(table + <usize>count * 20)) sample(mixed, table, count, from, out, cubic, start, end, true);
  else sample(mixed, table, count, from, out, cubic, start, end, false);
}

/** Eight outputs of the cubic kind as bytes, of the taps that the places find in two loads. */
// @ts-ignore: decorator
@inline
function cubicEight(out: usize, a: v128, b: v128, p0: v128, p1: v128, p2: v128, p3: v128, w0: v128, w1: v128, w2: v128, w3: v128): void {
  const l = i32x4.add(i32x4.dot_i16x8_s(pick(a, p0), w0), i32x4.dot_i16x8_s(pick(a, p1), w1));
  const h = i32x4.add(i32x4.dot_i16x8_s(pick(b, p2), w2), i32x4.dot_i16x8_s(pick(b, p3), w3));
  const half = i32x4.splat(1 << 19);
  const wide = i16x8.narrow_i32x4_s(i32x4.shr_s(i32x4.add(l, half), 20), i32x4.shr_s(i32x4.add(h, half), 20));
  v128.store_lane<i64>(out, i8x16.narrow_i16x8_u(wide, wide), 0);
}

/** Four outputs of the linear kind, likewise. */
// @ts-ignore: decorator
@inline
function linearFour(out: usize, a: v128, b: v128, places: usize, weights: usize): void {
  const l = linearTwo(weights, pick(a, v128.load(places)));
  const h = linearTwo(weights + 16, pick(b, v128.load(places + 16)));
  const wide = i16x8.narrow_i32x4_s(l, h);
  v128.store_lane<i64>(out, i8x16.narrow_i16x8_u(wide, wide), 0);
}

/** Both of two mixed rows, `apart` bytes from one another, into two rows of the frame: the table is read once for both. */
export function sampleBoth(mixed: usize, apart: usize, table: usize, count: i32, from: i32, out: usize, width: i32, cubic: bool): void {
  // What the end of a row writes beyond it must be overwritten by the next row, not lie in it.
  if ((width & 7) != 0 || !load<i32>(table + <usize>count * 20)) {
    sampleColumns(mixed, table, count, from, out, cubic, 0, count);
    sampleColumns(mixed + apart, table, count, from, out + width, cubic, 0, count);
    return;
  }
  const weights = table + (<usize>count << 2);
  const places = weights + (<usize>count << 3);
  if (cubic) {
    for (let i = 0; i < count; i += 8) {
      const a = taps(mixed, table, from, 1, i);
      const b = taps(mixed, table, from, 1, i + 4);
      const p = places + (<usize>i << 3);
      const w = weights + (<usize>i << 3);
      const p0 = v128.load(p), p1 = v128.load(p, 16), p2 = v128.load(p, 32), p3 = v128.load(p, 48);
      const w0 = v128.load(w), w1 = v128.load(w, 16), w2 = v128.load(w, 32), w3 = v128.load(w, 48);
      cubicEight(out + i, v128.load(a), v128.load(b), p0, p1, p2, p3, w0, w1, w2, w3);
      cubicEight(out + width + i, v128.load(a + apart), v128.load(b + apart), p0, p1, p2, p3, w0, w1, w2, w3);
    }
    return;
  }
  for (let i = 0; i < count; i += 4) {
    const a = taps(mixed, table, from, 2, i);
    const b = taps(mixed, table, from, 2, i + 2);
    const p = places + (<usize>i << 3);
    const w = weights + (<usize>i << 3);
    linearFour(out + (<usize>i << 1), v128.load(a), v128.load(b), p, w);
    linearFour(out + width + (<usize>i << 1), v128.load(a + apart), v128.load(b + apart), p, w);
  }
}

// @ts-ignore: decorator
@inline
export function firstTap(table: usize, i: i32): i32 {
  return load<i32>(table + (<usize>i << 2));
}
