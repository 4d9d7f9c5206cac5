/** Drawings without an end: what passes a window for ever and repeats itself. */
import { lit, mix } from "./palette.ts";
import type { Drawing, Stage } from "./scene.ts";
import { circle, everything, fade, heightAt, n, type Point, path, smooth } from "./shapes.ts";

export interface Pass {
  /** What lies between 0 and `period` units; it may stand out on both sides. */
  readonly markup: string;
  readonly depth: number;
  readonly speed: number;
  readonly period: number;
}

/** The markup as often as it takes to fill everything that may be seen and half a period on each side. */
export function passing(stage: Stage, { markup, depth, speed, period }: Pass): Drawing {
  const { x, width } = everything(stage);
  const from = Math.floor((x - period / 2) / period) - 1;
  const to = Math.ceil((x + width + period / 2) / period);
  let all = "";
  for (let i = from; i <= to; i++) all += `<g transform="translate(${n(i * period)} 0)">${markup}</g>`;
  return { markup: all, depth, passing: { speed, period } };
}

export interface Hills {
  readonly name: string;
  readonly y: number;
  readonly swing: number;
  readonly colour: string;
  readonly speed: number;
  readonly depth: number;
  readonly trees?: number;
  readonly tall?: number;
}

export function passingHills(stage: Stage, hills: Hills): Drawing {
  const random = stage.random.fork(hills.name);
  const all = everything(stage);
  const period = 1400;
  const count = 6;
  const heights = Array.from({ length: count }, () => hills.y + random.between(-1, 1) * hills.swing);
  const points: Point[] = Array.from({ length: count + 1 }, (_, i) => ({
    x: (i * period) / count,
    y: heights[i % count] ?? hills.y,
  }));
  const id = hills.name.replace(" ", "");
  const bottom = n(all.y + all.height);
  const parts: string[] = [];
  const leaf = mix(
    lit(stage.setting.weather === "snow" ? "#7d9290" : "#3c6b3a", stage.palette),
    hills.colour,
    0.3,
  );
  const trees = hills.trees ?? 0;
  for (let i = 0; i < trees; i++) {
    const x = ((i + random.between(0.1, 0.9)) / trees) * period;
    const tall = (hills.tall ?? 60) * random.between(0.65, 1.15);
    parts.push(
      roundTree({ x, y: heightAt(points, x) + 6 }, tall, mix(leaf, "#000000", random.between(0, 0.2))),
    );
  }
  // One unit too wide: between two copies no line of the sky may show.
  parts.push(path(`${smooth(points)}h1V${bottom}H-1z`, `url(#${id})`));
  const drawn = passing(stage, { markup: parts.join(""), depth: hills.depth, speed: hills.speed, period });
  const shade = fade(
    id,
    [hills.y - hills.swing, hills.y + 260],
    [
      [0, mix(hills.colour, "#ffffff", 0.1)],
      [1, mix(hills.colour, "#0d1a14", 0.3)],
    ],
  );
  return { ...drawn, markup: shade + drawn.markup };
}

/** A broad tree of a few round parts, its trunk at `foot`. */
export function roundTree(foot: Point, tall: number, colour: string): string {
  const { x, y } = foot;
  const at = (dx: number, dy: number) => ({ x: x + dx * tall, y: y - dy * tall });
  const light = mix(colour, "#ffffff", 0.1);
  const trunk = path(
    `M${n(x - tall * 0.05)} ${n(y)}l${n(tall * 0.02)} ${n(-tall * 0.5)}h${n(tall * 0.06)}l${n(tall * 0.02)} ${n(tall * 0.5)}z`,
    mix(colour, "#2a1a14", 0.65),
  );
  return [
    trunk,
    circle(at(-0.19, 0.52), tall * 0.21, mix(colour, "#000000", 0.12)),
    circle(at(0.2, 0.5), tall * 0.2, mix(colour, "#000000", 0.16)),
    circle(at(0, 0.68), tall * 0.29, colour),
    circle(at(-0.08, 0.76), tall * 0.17, light),
  ].join("");
}
