/** Dunes with a lit and a shaded side, table mountains far off, cacti in front. */
import { lit, mix } from "./palette.ts";
import type { Drawing, Scene, Stage } from "./scene.ts";
import { downToEdge, everything, fade, heightAt, n, type Point, path, polygon, smooth } from "./shapes.ts";
import { drawClouds, drawSky, drawVeil, twinkles } from "./sky.ts";

export function drawDesert(stage: Stage): Scene {
  const { width, height, setting } = stage;
  const horizon = height * 0.6;
  const low = setting.time === "sunset" || setting.time === "dawn";
  const light = { x: width * 0.32, y: low ? horizon - 120 : height * 0.18, radius: low ? 96 : 58 };
  return {
    layers: [
      drawSky(stage, { horizon, light }),
      drawClouds(stage, { y: [height * 0.1, height * 0.22], count: 3, size: 330, depth: 0.06 }),
      drawMesas(stage, horizon),
      ...[0, 1, 2, 3].map((i) => drawDune(stage, horizon, i)),
      drawCacti(stage),
    ],
    glints: twinkles(stage, horizon * 0.9),
  };
}

function drawMesas(stage: Stage, horizon: number): Drawing {
  const random = stage.random.fork("mesas");
  const { palette } = stage;
  const all = everything(stage);
  const parts: string[] = [];
  for (let x = all.x + random.between(0, 200); x < all.x + all.width; x += random.between(240, 460)) {
    const wide = random.between(110, 270);
    const tall = random.between(70, 165);
    const top = horizon - tall;
    const colour = mix(lit("#a8563c", palette), palette.haze, 0.55);
    const face = [
      { x: x - wide * 0.2, y: horizon + 20 },
      { x, y: top + tall * 0.5 },
      { x: x + 6, y: top },
      { x: x + wide, y: top + random.between(-6, 6) },
      { x: x + wide + 8, y: top + tall * 0.5 },
      { x: x + wide * 1.25, y: horizon + 20 },
    ];
    parts.push(polygon(face, colour));
    for (const t of [0.18, 0.36])
      parts.push(
        polygon(
          [
            { x: x + 4, y: top + tall * t },
            { x: x + wide + 4, y: top + tall * t },
            { x: x + wide + 5, y: top + tall * (t + 0.05) },
            { x: x + 2, y: top + tall * (t + 0.05) },
          ],
          mix(colour, "#000000", 0.2),
          0.5,
        ),
      );
    parts.push(
      polygon(
        [
          { x: x + wide * 0.7, y: top },
          { x: x + wide, y: top },
          { x: x + wide + 8, y: top + tall * 0.5 },
          { x: x + wide * 1.25, y: horizon + 20 },
          { x: x + wide * 0.8, y: horizon + 20 },
        ],
        mix(colour, lit("#4a2340", palette), 0.4),
        0.8,
      ),
    );
  }
  parts.push(drawVeil(stage, [horizon - 90, horizon + 30], 0.6));
  return { markup: parts.join(""), depth: 0.12 };
}

function drawDune(stage: Stage, horizon: number, index: number): Drawing {
  const random = stage.random.fork(`dune ${index}`);
  const { palette } = stage;
  const all = everything(stage);
  const t = index / 3;
  const top = horizon + (stage.height - horizon) * (0.03 + 0.62 * t ** 1.3);
  const swing = 16 + 46 * t;
  const spacing = 210 + 260 * t;
  const points: Point[] = [];
  for (
    let x = all.x - spacing * random.between(1, 2), up = true;
    x < all.x + all.width + 2 * spacing;
    up = !up
  ) {
    points.push({ x, y: top + (up ? -1 : 0.9) * swing * random.between(0.6, 1) });
    x += spacing * random.between(0.6, 1.2);
  }
  const sand = mix(
    lit(stage.setting.weather === "snow" ? "#eee6e2" : "#e3a35f", palette),
    palette.haze,
    0.42 * (1 - t),
  );
  const bright = mix(sand, palette.glow, 0.3);
  const dark = mix(sand, lit("#6b2f45", palette), 0.62);
  const id = `dune${index}`;
  const parts = [
    fade(
      id,
      [top - swing, top + 120 + 170 * t],
      [
        [0, bright],
        [0.35, sand],
        [1, mix(sand, dark, 0.45)],
      ],
    ),
    path(downToEdge(smooth(points), points, stage), `url(#${id})`),
  ];
  // The side away from the light: from each crest a shade falls to the right and forward.
  parts.push(
    fade(
      `shade${id}`,
      [top - swing, top + 110 + 150 * t],
      [
        [0, dark, 0.85],
        [0.6, dark, 0.4],
        [1, dark, 0],
      ],
    ),
  );
  points.forEach((p, i) => {
    const next = points[i + 1];
    if (!next || p.y > next.y) return;
    const middle = (p.x + next.x) / 2;
    const deep = 90 + 150 * t;
    parts.push(
      path(
        `M${n(p.x)} ${n(p.y)}C${n(middle)} ${n(p.y)} ${n(middle)} ${n(next.y)} ${n(next.x)} ${n(next.y)}C${n(middle + 20)} ${n(next.y + deep * 0.2)} ${n(p.x + 60)} ${n(p.y + deep * 0.9)} ${n(p.x - 30)} ${n(p.y + deep)}C${n(p.x + 50)} ${n(p.y + deep * 0.6)} ${n(p.x + 20)} ${n(p.y + deep * 0.25)} ${n(p.x)} ${n(p.y)}z`,
        `url(#shade${id})`,
      ),
    );
  });
  return { markup: parts.join(""), depth: 0.22 + 0.6 * t };
}

function drawCacti(stage: Stage): Drawing {
  const random = stage.random.fork("cacti");
  const all = everything(stage);
  const { palette, height } = stage;
  const dark = mix(lit("#2f5a3c", palette), "#000000", 0.25);
  const ground: Point[] = [];
  for (let x = all.x - 200; x < all.x + all.width + 400; x += 260)
    ground.push({ x, y: height * 0.94 + random.between(-16, 16) });
  const parts: string[] = [];
  for (let x = all.x + random.between(60, 160); x < all.x + all.width; x += random.between(330, 620)) {
    if (Math.abs(x - stage.width * 0.42) < 170) continue;
    parts.push(drawCactus({ x, y: heightAt(ground, x) + 14 }, random.between(150, 300), dark));
  }
  const sand = lit(stage.setting.weather === "snow" ? "#c9bdbb" : "#8a4f3a", palette);
  parts.push(
    fade(
      "front",
      [height * 0.92, height * 1.05],
      [
        [0, sand],
        [1, mix(sand, "#000000", 0.4)],
      ],
    ),
    path(downToEdge(smooth(ground), ground, stage), "url(#front)"),
  );
  return { markup: parts.join(""), depth: 1 };
}

function drawCactus(foot: Point, tall: number, colour: string): string {
  const w = tall * 0.15;
  const limb = (d: string, width: number) =>
    `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${n(width)}" stroke-linecap="round" stroke-linejoin="round"/>`;
  const { x, y } = foot;
  return [
    limb(`M${n(x)} ${n(y)}V${n(y - tall + w / 2)}`, w),
    limb(
      `M${n(x)} ${n(y - tall * 0.36)}h${n(-tall * 0.2)}q${n(-tall * 0.06)} 0 ${n(-tall * 0.06)} ${n(-tall * 0.06)}v${n(-tall * 0.2)}`,
      w * 0.68,
    ),
    limb(
      `M${n(x)} ${n(y - tall * 0.5)}h${n(tall * 0.17)}q${n(tall * 0.06)} 0 ${n(tall * 0.06)} ${n(-tall * 0.06)}v${n(-tall * 0.16)}`,
      w * 0.62,
    ),
  ].join("");
}
