/**
 * A guess at how near each part of a photograph is, without a network: what is low, sharp or of a colour of its
 * own is near. Measured on a small grid and blurred, so that it is only ever wrong gently: a picture bent along it
 * at a few percent of its width shows no tears. Additions, multiplications and roots only, the same on every machine.
 */
import type { Canvas, Kernels } from "./kernels.ts";

/** One value for each of `columns` by `rows` cells, 0 to 1. */
export type Chart = Float64Array;

export interface Relief {
  readonly columns: number;
  readonly rows: number;
  /** The canvas pixel at the first cell's centre, and pixels from one cell to the next. */
  readonly left: number;
  readonly top: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  /** 0 far, 1 near. */
  readonly near: Chart;
  /** How much there is to see in it: leaves and stones 1, sky 0. */
  readonly detail: Chart;
  /** How green it is. */
  readonly green: Chart;
  /** How blue or bright it is. */
  readonly airy: Chart;
}

/** The part of a canvas that holds the picture itself, in luma pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const CELLS = 96;
/** How each sign counts; found by eye on macros, landscapes and portraits. */
const WEIGHTS = { low: 0.45, sharp: 0.35, salient: 0.2 };
const BLURS = 3;

interface Means {
  readonly luma: Chart;
  readonly sharp: Chart;
  readonly u: Chart;
  readonly v: Chart;
}

export function reliefOf(kernels: Kernels, canvas: Canvas, box: Box): Relief {
  const width = box.right - box.left;
  const height = box.bottom - box.top;
  const longest = Math.max(width, height);
  const columns = Math.max(2, Math.round((CELLS * width) / longest));
  const rows = Math.max(2, Math.round((CELLS * height) / longest));
  const grid = { columns, rows, cellWidth: width / columns, cellHeight: height / rows };
  const shape = {
    ...grid,
    left: box.left + (grid.cellWidth - 1) / 2,
    top: box.top + (grid.cellHeight - 1) / 2,
  };
  const means = measure(kernels, canvas, { ...grid, box });
  const blurred = (values: Chart) => blur(values, columns, rows);
  const detail = spread(means.sharp);
  const salient = spread(saliencyOf(means));
  const near = detail.map((sharp, i) => {
    const low = Math.floor(i / columns) / (rows - 1);
    return WEIGHTS.low * low + WEIGHTS.sharp * sharp + WEIGHTS.salient * (salient[i] ?? 0);
  });
  return {
    ...shape,
    near: stretch(blurred(near)),
    detail: blurred(detail),
    green: blurred(means.u.map((u, i) => clamp((254 - u - (means.v[i] ?? 0)) / 24))),
    airy: blurred(
      means.u.map((u, i) => clamp((u - (means.v[i] ?? 0)) / 24 + ((means.luma[i] ?? 0) - 150) / 60)),
    ),
  };
}

interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly box: Box;
}

/** Means over each cell of at most some eight by eight samples. */
function measure(
  kernels: Kernels,
  canvas: Canvas,
  { columns, rows, cellWidth, cellHeight, box }: Grid,
): Means {
  const luma = kernels.bytes(canvas.y);
  const chroma = kernels.bytes(canvas.uv);
  const [line, chromaLine] = [canvas.y.stride, canvas.uv.stride];
  const stride = Math.max(1, Math.floor(Math.min(cellWidth, cellHeight) / 8));
  const chart = (): Chart => new Float64Array(columns * rows);
  const means = { luma: chart(), sharp: chart(), u: chart(), v: chart() };
  for (let row = 0; row < rows; row++) {
    const top = box.top + Math.floor(row * cellHeight);
    const bottom = Math.max(
      top + 1,
      Math.min(box.bottom - stride, box.top + Math.floor((row + 1) * cellHeight)),
    );
    for (let column = 0; column < columns; column++) {
      const left = box.left + Math.floor(column * cellWidth);
      const right = Math.max(
        left + 1,
        Math.min(box.right - stride, box.left + Math.floor((column + 1) * cellWidth)),
      );
      let [count, sum, sharp, u, v] = [0, 0, 0, 0, 0];
      for (let y = top; y < bottom; y += stride) {
        for (let x = left; x < right; x += stride) {
          const at = y * line + x;
          const here = luma[at] ?? 0;
          const below = luma[at + stride * line] ?? here;
          sum += here;
          sharp += Math.abs((luma[at + stride] ?? 0) - here) + Math.abs(below - here);
          const colour =
            canvas.scale === undefined ? (y >> 1) * chromaLine + (x & ~1) : y * chromaLine + 2 * x;
          u += chroma[colour] ?? 0;
          v += chroma[colour + 1] ?? 0;
          count++;
        }
      }
      const i = row * columns + column;
      means.luma[i] = sum / count;
      means.sharp[i] = sharp / count;
      means.u[i] = u / count;
      means.v[i] = v / count;
    }
  }
  return means;
}

/** How far each cell's colour is from the picture's own. */
function saliencyOf({ luma, u, v }: Means): Chart {
  const mean = (values: Chart) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanLuma, meanU, meanV] = [mean(luma), mean(u), mean(v)];
  return luma.map((value, i) => {
    const [dl, du, dv] = [(value - meanLuma) / 2, (u[i] ?? 0) - meanU, (v[i] ?? 0) - meanV];
    return Math.sqrt(dl * dl + du * du + dv * dv);
  });
}

/** 0 to 1, and what is beyond the 95th of a hundred is 1: one bright lamp is not the measure of a night. */
function spread(values: Chart): Chart {
  const sorted = values.slice().sort();
  const low = sorted[Math.floor(0.05 * sorted.length)] ?? 0;
  const high = sorted[Math.floor(0.95 * sorted.length)] ?? 0;
  // Noise is no detail: a flat picture stays flat.
  return values.map((value) => clamp((value - low) / Math.max(4, high - low)));
}

function stretch(values: Chart): Chart {
  const low = values.reduce((a, b) => Math.min(a, b), 1);
  const high = values.reduce((a, b) => Math.max(a, b), 0);
  return values.map((value) => (value - low) / Math.max(0.1, high - low));
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

/** Box blurs of a twelfth of the grid, one after another: nearly a bell. */
function blur(values: Chart, columns: number, rows: number): Chart {
  let now = values;
  for (let i = 0; i < BLURS; i++) {
    now = blurLines(now, { count: rows, length: columns, next: 1, line: columns });
    now = blurLines(now, { count: columns, length: rows, next: columns, line: 1 });
  }
  return now;
}

interface Lines {
  readonly count: number;
  readonly length: number;
  readonly next: number;
  readonly line: number;
}

function blurLines(values: Chart, { count, length, next, line }: Lines): Chart {
  const out = new Float64Array(values.length);
  const radius = Math.floor(CELLS / 24);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < length; j++) {
      let sum = 0;
      for (let k = j - radius; k <= j + radius; k++)
        sum += values[i * line + Math.min(length - 1, Math.max(0, k)) * next] ?? 0;
      out[i * line + j * next] = sum / (2 * radius + 1);
    }
  }
  return out;
}
