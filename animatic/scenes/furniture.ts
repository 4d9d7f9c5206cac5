/** What stands and hangs in a room. */
import { mix } from "./palette.ts";
import type { Stage } from "./scene.ts";
import { type Box, circle, n, type Point, path, rect } from "./shapes.ts";

/** A colour of the room in the light of the hour. */
export type Shade = (colour: string) => string;

export interface Hung {
  readonly id: string;
  readonly shaded: Shade;
}

/** Two pictures on the wall to the right of a window. */
export function pictures(pane: Box, { id, shaded }: Hung): string[] {
  const x = pane.x + pane.width + 170;
  return [
    { x, y: pane.y + 40, width: 150, height: 200, sky: "#f0b48a", land: "#6b7fae" },
    { x: x + 200, y: pane.y + 130, width: 200, height: 150, sky: "#a8d0dc", land: "#4f8a6b" },
  ].map(({ sky, land, ...box }, i) => {
    const inner = { x: box.x + 14, y: box.y + 14, width: box.width - 28, height: box.height - 28 };
    const half = { ...inner, y: inner.y + inner.height * 0.58, height: inner.height * 0.42 };
    const sun = { x: inner.x + inner.width * 0.66, y: inner.y + inner.height * 0.36 };
    return `<g id="hung${id}${i}">${rect({ ...box, x: box.x + 7, y: box.y + 9 }, "#000000", 0.14)}${rect(box, shaded("#4a352a"))}${rect(inner, shaded(sky))}${circle(sun, inner.width * 0.13, shaded("#fff0cf"))}${rect(half, shaded(land))}</g>`;
  });
}

/** Two seats, two cushions; `at.y` is the floor. */
export function sofa({ x, y, width }: Box, shaded: Shade): string {
  const cloth = shaded("#4f7a86");
  const dark = mix(cloth, "#000000", 0.22);
  const soft = (box: Box, colour: string, r: number) =>
    `<rect x="${n(box.x)}" y="${n(box.y)}" width="${n(box.width)}" height="${n(box.height)}" rx="${r}" fill="${colour}"/>`;
  const half = width / 2;
  return [
    `<ellipse cx="${n(x + half)}" cy="${n(y + 18)}" rx="${n(half + 50)}" ry="20" fill="#000000" opacity="0.25"/>`,
    ...[30, width - 50].map((at) => rect({ x: x + at, y: y - 10, width: 20, height: 30 }, shaded("#3a2a22"))),
    soft({ x, y: y - 245, width, height: 190 }, dark, 40),
    soft({ x: x + 12, y: y - 232, width: half - 16, height: 150 }, cloth, 30),
    soft({ x: x + half + 4, y: y - 232, width: half - 16, height: 150 }, cloth, 30),
    soft({ x: x + 20, y: y - 118, width: width - 40, height: 74 }, mix(cloth, "#ffffff", 0.12), 26),
    soft({ x, y: y - 62, width, height: 62 }, dark, 18),
    soft({ x: x - 48, y: y - 165, width: 92, height: 165 }, mix(cloth, "#000000", 0.1), 36),
    soft({ x: x + width - 44, y: y - 165, width: 92, height: 165 }, mix(cloth, "#000000", 0.1), 36),
    `<g transform="rotate(-12 ${n(x + 130)} ${n(y - 150)})">${soft({ x: x + 75, y: y - 205, width: 110, height: 100 }, shaded("#e0a24f"), 22)}</g>`,
    `<g transform="rotate(9 ${n(x + width - 130)} ${n(y - 150)})">${soft({ x: x + width - 190, y: y - 202, width: 112, height: 100 }, shaded("#e8dccb"), 22)}</g>`,
  ].join("");
}

export function plant(stage: Stage, foot: Point, shaded: Shade): string {
  const random = stage.random.fork("plant");
  const { x, y } = foot;
  const leaf = shaded("#3f7d4a");
  const parts: string[] = [];
  for (let i = 0; i < 11; i++) {
    const side = (i - 5) * random.between(20, 30);
    const tall = 330 - Math.abs(i - 5) * 36 + random.between(-20, 20);
    const tip = { x: x + side * 1.5, y: y - 100 - tall };
    parts.push(
      path(
        `M${n(x)} ${n(y - 96)}Q${n(x + side * 0.3 - 26)} ${n(y - 100 - tall * 0.7)} ${n(tip.x)} ${n(tip.y)}Q${n(x + side * 0.6 + 34)} ${n(y - 90 - tall * 0.55)} ${n(x + 6)} ${n(y - 92)}z`,
        mix(leaf, i % 2 ? "#000000" : "#ffffff", random.between(0, 0.2)),
      ),
    );
  }
  const pot = shaded("#c4714c");
  parts.push(
    path(`M${n(x - 62)} ${n(y - 110)}h124l-18 110h-88z`, pot),
    rect({ x: x - 70, y: y - 122, width: 140, height: 28 }, mix(pot, "#ffffff", 0.12)),
  );
  return parts.join("");
}
