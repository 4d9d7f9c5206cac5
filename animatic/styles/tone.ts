/** Curves over the 256 levels, as tables. */

export type Curve = Uint8ClampedArray;

export function curve(of: (level: number) => number): Curve {
  return Uint8ClampedArray.from({ length: 256 }, (_, level) => Math.round(of(level)));
}

/** Lifts (above 0) or lowers (below 0) the middle and leaves both ends. `amount` -1 to 1. */
export function lifted(level: number, amount: number): number {
  return level + (amount * level * (255 - level)) / 255;
}

/** More (above 0) or less contrast around the middle; both ends stay. `amount` -1 to 1. */
export function contrasted(level: number, amount: number): number {
  const t = level / 255;
  return level + amount * 255 * (t * t * (3 - 2 * t) - t);
}

/** Into `count` steps; `hard` 0 is no step at all, 1 an edge. */
export function stepped(level: number, count: number, hard: number): number {
  const at = (level / 255) * (count - 1);
  const low = Math.floor(at);
  const t = at - low;
  const wide = (1 - hard) / 2;
  const inside = wide > 0 ? Math.min(1, Math.max(0, (t - 0.5) / (2 * wide) + 0.5)) : t < 0.5 ? 0 : 1;
  return ((low + inside) * 255) / (count - 1);
}

/** The brightness of a colour, 0 to 255. */
export function luma(r: number, g: number, b: number): number {
  return (77 * r + 150 * g + 29 * b) >> 8;
}

/** The green that goes with a brightness and what red and blue have more than it. */
export function greenOf(level: number, red: number, blue: number): number {
  return level - (77 * red + 29 * blue) / 150;
}
