/** RGB (8 bit, sRGB) to NV12 (BT.709, limited range, chroma on the left luma sample), in integers. */

export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
}

/** Where pixels go: bytes and bytes a row. */
export interface Rows {
  readonly bytes: Uint8Array;
  readonly stride: number;
}

/** Writes opaque pixels. `luma` and `chroma` start at the first pixel's place; sizes are even. */
export function writeOpaque(pixels: Pixels, luma: Rows, chroma: Rows): void {
  const { data, width, height, channels } = pixels;
  const line = width * channels;
  for (let y = 0; y < height; y++) {
    let from = y * line;
    const to = y * luma.stride;
    for (let x = 0; x < width; x++, from += channels) {
      const r = data[from] ?? 0;
      const g = data[from + 1] ?? 0;
      const b = data[from + 2] ?? 0;
      luma.bytes[to + x] = 16 + ((11966 * r + 40254 * g + 4064 * b + 32768) >> 16);
    }
  }
  for (let y = 0; y < height; y += 2) {
    const to = (y >> 1) * chroma.stride;
    for (let x = 0; x < width; x += 2) {
      const here = y * line + x * channels;
      const before = x > 0 ? here - channels : here;
      const after = here + channels;
      let sum = 0;
      let sumG = 0;
      let sumB = 0;
      for (let row = 0; row <= line; row += line) {
        const a = before + row;
        const b = here + row;
        const c = after + row;
        sum += (data[a] ?? 0) + 2 * (data[b] ?? 0) + (data[c] ?? 0);
        sumG += (data[a + 1] ?? 0) + 2 * (data[b + 1] ?? 0) + (data[c + 1] ?? 0);
        sumB += (data[a + 2] ?? 0) + 2 * (data[b + 2] ?? 0) + (data[c + 2] ?? 0);
      }
      chroma.bytes[to + x] = 128 + ((-6596 * sum - 22189 * sumG + 28785 * sumB + 262144) >> 19);
      chroma.bytes[to + x + 1] = 128 + ((28784 * sum - 26145 * sumG - 2639 * sumB + 262144) >> 19);
    }
  }
}

/** A plane of colours multiplied by alpha, and the alpha of each of its samples. */
export interface TransparentRows extends Rows {
  readonly alpha: Uint8Array;
}

/** Writes pixels with straight alpha. The planes must be zero: wholly transparent pixels are skipped. */
export function writeTransparent(pixels: Pixels, luma: TransparentRows, chroma: TransparentRows): void {
  const { data, width, height } = pixels;
  const words = new Uint32Array(data.buffer, data.byteOffset, width * height);
  writeLuma(pixels, words, luma);
  for (let y = 0; y < height; y += 2) writeChroma(pixels, words, { ...chroma, y });
}

function writeLuma({ data, width, height }: Pixels, words: Uint32Array, luma: TransparentRows): void {
  let known = 0;
  let value = 0;
  for (let y = 0; y < height; y++) {
    const to = y * luma.stride;
    for (let x = 0, at = y * width; x < width; x++, at++) {
      const word = words[at] ?? 0;
      if (word === 0) continue;
      const a = data[at * 4 + 3] ?? 0;
      // Drawings are mostly flat: the pixel before was often the same.
      if (word !== known) {
        const r = data[at * 4] ?? 0;
        const g = data[at * 4 + 1] ?? 0;
        const b = data[at * 4 + 2] ?? 0;
        known = word;
        value = (16 + ((11966 * r + 40254 * g + 4064 * b + 32768) >> 16)) * a + 127;
      }
      luma.bytes[to + x] = value / 255;
      luma.alpha[to + x] = a;
    }
  }
}

/** The line of chroma that belongs to the luma lines `y` and `y + 1`. */
function writeChroma(
  { data, width }: Pixels,
  words: Uint32Array,
  { bytes, alpha, stride, y }: TransparentRows & { readonly y: number },
): void {
  const line = y * width;
  let to = (y >> 1) * stride;
  for (let x = 0; x < width; x += 2, to += 2) {
    const at = line + x;
    const any =
      (words[at] ?? 0) | (words[at + 1] ?? 0) | (words[at + width] ?? 0) | (words[at + width + 1] ?? 0);
    if (any === 0) continue;
    let u = 0;
    let v = 0;
    let weights = 0;
    for (let row = line; row <= line + width; row += width) {
      for (let column = x - 1; column <= x + 1; column++) {
        const from = (row + Math.max(0, column)) * 4;
        const a = (data[from + 3] ?? 0) << (column === x ? 1 : 0);
        if (a === 0) continue;
        const r = data[from] ?? 0;
        const g = data[from + 1] ?? 0;
        const b = data[from + 2] ?? 0;
        u += a * (128 + ((-6596 * r - 22189 * g + 28785 * b + 32768) >> 16));
        v += a * (128 + ((28784 * r - 26145 * g - 2639 * b + 32768) >> 16));
        weights += a;
      }
    }
    bytes[to] = (u + 1020) / 2040;
    bytes[to + 1] = (v + 1020) / 2040;
    alpha[to] = (weights + 4) >> 3;
    alpha[to + 1] = (weights + 4) >> 3;
  }
}
