/** Plain SVG: flat shapes and gradients. Filters (blur, turbulence) cost seconds a layer and are not used. */
import type { Random } from "../random.ts";
import type { Stage } from "./scene.ts";

/** Numbers with one decimal: short, and the same on every machine. */
export function n(value: number): string {
  return (Math.round(value * 10) / 10).toString();
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** [offset 0 to 1, colour, opacity] */
export type Stop = readonly [number, string, number?];

function stopsOf(stops: readonly Stop[]): string {
  return stops
    .map(
      ([offset, colour, opacity = 1]) =>
        `<stop offset="${offset}" stop-color="${colour}" stop-opacity="${opacity}"/>`,
    )
    .join("");
}

/** A vertical gradient from `top` to `bottom` units, to be used as `fill="url(#id)"`. */
export function fade(
  id: string,
  span: readonly [top: number, bottom: number],
  stops: readonly Stop[],
): string {
  return `<linearGradient id="${id}" gradientUnits="userSpaceOnUse" x1="0" x2="0" y1="${n(span[0])}" y2="${n(span[1])}">${stopsOf(stops)}</linearGradient>`;
}

const GLOW = [
  [0, 1],
  [0.1, 0.77],
  [0.2, 0.57],
  [0.35, 0.34],
  [0.5, 0.18],
  [0.7, 0.05],
  [0.85, 0.01],
  [1, 0],
] as const;

/** A round glow that fades to nothing. */
export function glow(id: string, at: Point & { radius: number }, colour: string, strength = 1): string {
  // Close enough to a smooth curve that no ring shows where one stop meets the next.
  const stops = GLOW.map(
    ([offset, amount]): Stop => [offset, colour, Math.round(strength * amount * 1000) / 1000],
  );
  return `<radialGradient id="${id}">${stopsOf(stops)}</radialGradient>${circle(at, at.radius, `url(#${id})`)}`;
}

export function radial(id: string, centre: Point, stops: readonly Stop[]): string {
  return `<radialGradient id="${id}" cx="${centre.x}" cy="${centre.y}" r="1">${stopsOf(stops)}</radialGradient>`;
}

export function circle(at: Point, radius: number, fill: string, opacity = 1): string {
  return `<circle cx="${n(at.x)}" cy="${n(at.y)}" r="${n(radius)}" fill="${fill}"${opacity < 1 ? ` opacity="${opacity}"` : ""}/>`;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function rect(box: Box, fill: string, opacity = 1): string {
  return `<rect x="${n(box.x)}" y="${n(box.y)}" width="${n(box.width)}" height="${n(box.height)}" fill="${fill}"${opacity < 1 ? ` opacity="${opacity}"` : ""}/>`;
}

/** Many boxes as one path: cheap to parse. */
export function boxes(list: readonly Box[], fill: string, opacity = 1): string {
  if (list.length === 0) return "";
  const d = list.map((b) => `M${n(b.x)} ${n(b.y)}h${n(b.width)}v${n(b.height)}h${n(-b.width)}z`).join("");
  return path(d, fill, opacity);
}

export function path(d: string, fill: string, opacity = 1): string {
  return `<path d="${d}" fill="${fill}"${opacity < 1 ? ` opacity="${opacity}"` : ""}/>`;
}

export function polygon(points: readonly Point[], fill: string, opacity = 1): string {
  return path(`M${points.map((p) => `${n(p.x)} ${n(p.y)}`).join("L")}z`, fill, opacity);
}

/** Everything the camera may see. */
export function everything(stage: Stage): Box {
  const { width, height, bleed } = stage;
  return { x: -bleed.x, y: -bleed.y, width: width + 2 * bleed.x, height: height + 2 * bleed.y };
}

/** A smooth curve through points, from left to right. */
export function smooth(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let d = `M${n(first.x)} ${n(first.y)}`;
  let before = first;
  for (const point of rest) {
    const middle = (before.x + point.x) / 2;
    d += `C${n(middle)} ${n(before.y)} ${n(middle)} ${n(point.y)} ${n(point.x)} ${n(point.y)}`;
    before = point;
  }
  return d;
}

/** Closes a left-to-right line down to the lower edge of what may be seen. */
export function downToEdge(line: string, points: readonly Point[], stage: Stage): string {
  const last = points.at(-1);
  const first = points[0];
  if (!first || !last) return "";
  const bottom = n(stage.height + stage.bleed.y);
  return `${line}L${n(last.x)} ${bottom}L${n(first.x)} ${bottom}z`;
}

export interface RidgeShape {
  /** Mean height of the line and how far it goes up and down. */
  readonly y: number;
  readonly swing: number;
  /** Roughness: how much of the swing is left at half the distance. 0.4 is round, 0.6 jagged. */
  readonly rough: number;
  /** Units between the first, largest bends. */
  readonly bend: number;
}

/** A line of hills across everything that may be seen, by midpoint displacement. */
export function ridge(random: Random, shape: RidgeShape, stage: Stage): Point[] {
  const left = -stage.bleed.x - 20;
  const right = stage.width + stage.bleed.x + 20;
  const count = Math.max(2, Math.ceil((right - left) / shape.bend));
  let points: Point[] = Array.from({ length: count + 1 }, (_, i) => ({
    x: left + ((right - left) * i) / count,
    y: shape.y + random.between(-1, 1) * shape.swing,
  }));
  let swing = shape.swing * shape.rough;
  for (let spacing = shape.bend; spacing > 14; spacing /= 2) {
    points = points.flatMap((p, i) => {
      const next = points[i + 1];
      if (!next) return [p];
      return [p, { x: (p.x + next.x) / 2, y: (p.y + next.y) / 2 + random.between(-1, 1) * swing }];
    });
    swing *= shape.rough;
  }
  return points;
}

export function line(points: readonly Point[]): string {
  return `M${points.map((p) => `${n(p.x)} ${n(p.y)}`).join("L")}`;
}

/** Height of a line at `x`. */
export function heightAt(points: readonly Point[], x: number): number {
  for (let i = 1; i < points.length; i++) {
    const a = points[i - 1] as Point;
    const b = points[i] as Point;
    if (x <= b.x) return a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x || 1);
  }
  return points.at(-1)?.y ?? 0;
}
