/**
 * Curves that reach pixels, in additions and multiplications only: Math.sin may differ in the last bit from one
 * V8 to the next, and a video must not.
 */

/** Sine of `turns` full circles; within 0.0002 of the true value. */
export function sine(turns: number): number {
  const t = turns - Math.floor(turns);
  const quarter = t < 0.25 ? t : t < 0.75 ? 0.5 - t : t - 1;
  const x = quarter * 6.283185307179586;
  const x2 = x * x;
  return x * (1 - (x2 / 6) * (1 - (x2 / 20) * (1 - x2 / 42)));
}

/** 0 to 1 with no speed at either end. */
export function ease(t: number): number {
  const x = t < 0 ? 0 : Math.min(t, 1);
  return x * x * (3 - 2 * x);
}
