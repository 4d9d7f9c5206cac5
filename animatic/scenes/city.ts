/** Rows of towers behind one another over a wet street or a river. */
import type { Random } from "../random.ts";
import { lit, mix } from "./palette.ts";
import type { Drawing, Glint, Scene, Stage } from "./scene.ts";
import { type Box, boxes, circle, everything, fade, glow, polygon, rect } from "./shapes.ts";
import { drawClouds, drawSky, drawVeil, twinkles } from "./sky.ts";
import { drawFront, drawGround, NEON, WARM } from "./street.ts";

interface Row {
  readonly name: string;
  readonly depth: number;
  /** Units: widths and heights of towers, and the ground they stand on. */
  readonly wide: readonly [number, number];
  readonly tall: readonly [number, number];
  readonly ground: number;
  /** How far it fades into the haze. */
  readonly far: number;
  /** Part of the windows with light in them. */
  readonly awake: number;
}

export function drawCity(stage: Stage): Scene {
  const { width, height } = stage;
  const ground = height * 0.8;
  const light = { x: width * 0.68, y: height * (stage.setting.time === "day" ? 0.16 : 0.42), radius: 46 };
  const evening = { day: 0.03, dawn: 0.16, sunset: 0.4, night: 0.55 }[stage.setting.time];
  const tall = Math.min(height * 0.55, 760);
  const rows: Row[] = [
    {
      name: "far",
      depth: 0.14,
      wide: [34, 86],
      tall: [tall * 0.4, tall * 0.85],
      ground,
      far: 0.72,
      awake: evening * 0.5,
    },
    {
      name: "middle",
      depth: 0.3,
      wide: [64, 130],
      tall: [tall * 0.35, tall * 0.8],
      ground,
      far: 0.42,
      awake: evening * 0.8,
    },
    {
      name: "near",
      depth: 0.55,
      wide: [110, 190],
      tall: [tall * 0.22, tall * 0.62],
      ground,
      far: 0.12,
      awake: evening,
    },
  ];
  const [far, middle, near] = rows.map((row) => drawRow(stage, row));
  return {
    layers: [
      drawSky(stage, {
        horizon: ground * 0.92,
        light: stage.setting.time === "night" ? { ...light, y: height * 0.18 } : light,
      }),
      ...(stage.setting.weather !== "fog"
        ? [drawClouds(stage, { y: [height * 0.08, height * 0.34], count: 4, size: 300, depth: 0.08 })]
        : []),
      ...(far && middle && near ? [far, middle, near] : []),
      drawGround(stage, ground),
      drawFront(stage, ground),
    ],
    glints: [...twinkles(stage, ground * 0.5), ...blinking(stage, rows)],
  };
}

function drawRow(stage: Stage, row: Row): Drawing {
  const random = stage.random.fork(row.name);
  const { x: left, width: whole } = everything(stage);
  const parts: string[] = [];
  const windows: Box[][] = [[], [], []];
  const glass: Box[] = [];
  for (let x = left - random.between(0, 60), i = 0; x < left + whole; i++) {
    const width = random.between(...row.wide);
    const top = row.ground - random.between(...row.tall) * (random.chance(0.15) ? 1.25 : 1);
    const tower = { x, y: top, width, height: row.ground - top + 40 };
    parts.push(drawTower(stage, { row, tower, random, id: `${row.name}${i}` }));
    if (stage.setting.time === "day") glass.push(...litWindows(random, tower, 0.85));
    windows.forEach((lights, kind) => {
      if (random.chance(0.75)) lights.push(...litWindows(random, tower, row.awake / (kind + 1.2)));
    });
    x += width + (random.chance(0.25) ? random.between(4, 30) : random.between(-8, 2));
  }
  const colours = stage.setting.neon ? [NEON[1], WARM[0], NEON[0]] : [WARM[0], WARM[2], WARM[1]];
  parts.push(boxes(glass, mix(lit("#2c4a6b", stage.palette), stage.palette.haze, row.far), 0.5));
  windows.forEach((lights, kind) => {
    parts.push(boxes(lights, mix(colours[kind] ?? WARM[0], stage.palette.haze, row.far * 0.55), 0.92));
  });
  if (stage.setting.neon || (stage.setting.time === "night" && row.depth > 0.2))
    parts.push(drawSigns(stage, row, random));
  parts.push(drawVeil(stage, [row.ground - row.tall[1] * 0.7, row.ground], 0.3 + row.far * 0.3));
  return { markup: parts.join(""), depth: row.depth };
}

interface Tower {
  readonly row: Row;
  readonly tower: Box;
  readonly random: Random;
  readonly id: string;
}

function drawTower(stage: Stage, { row, tower, random, id }: Tower): string {
  const own = lit(random.pick(["#5b6b82", "#6f6a78", "#4d6076", "#7a6d6a", "#59606f"]), stage.palette);
  const body = mix(own, stage.palette.haze, row.far);
  const foot = mix(body, stage.palette.haze, 0.18);
  const parts = [
    fade(
      id,
      [tower.y, tower.y + tower.height],
      [
        [0, body],
        [1, foot],
      ],
    ),
    rect(tower, `url(#${id})`),
  ];
  parts.push(rect({ ...tower, x: tower.x + tower.width * 0.72, width: tower.width * 0.28 }, "#000000", 0.16));
  const middle = tower.x + tower.width / 2;
  const roof = random.integer(0, 4);
  const { width, y } = tower;
  if (stage.setting.weather === "snow" && roof !== 1 && roof !== 2) {
    const white = mix(lit("#f2f6fa", stage.palette), stage.palette.haze, row.far * 0.6);
    parts.push(rect({ x: tower.x - 1, y: y - 5, width: width + 2, height: 11 }, white));
  }
  if (roof === 0)
    parts.push(rect({ x: middle - width * 0.28, y: y - 26, width: width * 0.56, height: 28 }, body));
  if (roof === 1)
    parts.push(
      polygon(
        [
          { x: tower.x, y: y + 1 },
          { x: middle, y: y - width * 0.4 },
          { x: tower.x + width, y: y + 1 },
        ],
        body,
      ),
    );
  if (roof === 2)
    parts.push(
      polygon(
        [
          { x: tower.x, y: y + 1 },
          { x: tower.x + width, y: y - width * 0.25 },
          { x: tower.x + width, y: y + 1 },
        ],
        body,
      ),
    );
  if (roof === 3)
    parts.push(
      rect({ x: middle - 2, y: y - 70, width: 4, height: 72 }, body),
      circle({ x: middle, y: y - 70 }, 4, "#ff5a4d", 0.9),
    );
  return parts.join("");
}

function litWindows(random: Random, tower: Box, share: number): Box[] {
  const size = Math.max(5, Math.min(9, tower.width / 12));
  const pitch = size * 2.1;
  const columns = Math.floor((tower.width - size) / pitch);
  const margin = (tower.width - columns * pitch + (pitch - size)) / 2;
  const lights: Box[] = [];
  for (let y = tower.y + pitch; y < tower.y + tower.height - 60; y += pitch * 1.25)
    for (let column = 0; column < columns; column++)
      if (random.chance(share))
        lights.push({ x: tower.x + margin + column * pitch, y, width: size, height: size * 1.35 });
  return lights;
}

function drawSigns(stage: Stage, row: Row, random: Random): string {
  const { x, width } = everything(stage);
  const count = Math.round((width / 1000) * (stage.setting.neon ? 7 : 3) * (row.depth + 0.5));
  let markup = "";
  for (let i = 0; i < count; i++) {
    const colour = random.pick(NEON);
    const high = random.between(50, 130) * (0.6 + row.depth);
    const box = {
      x: x + random.next() * width,
      y: row.ground - random.between(120, row.tall[1] * 0.75),
      width: high * 0.2,
      height: high,
    };
    const centre = { x: box.x + box.width / 2, y: box.y + high / 2, radius: high * 1.25 };
    markup += glow(`s${row.name}${i}`, centre, colour, 0.5);
    markup += rect(box, mix(colour, "#ffffff", 0.15));
    for (let bar = 0; bar < 4; bar++)
      markup += rect(
        {
          x: box.x + box.width * 0.25,
          y: box.y + high * (0.08 + bar * 0.23),
          width: box.width * 0.5,
          height: high * 0.13,
        },
        "#ffffff",
        0.75,
      );
  }
  return markup;
}

function blinking(stage: Stage, rows: readonly Row[]): Glint[] {
  if (stage.setting.time === "day") return [];
  const random = stage.random.fork("blinking");
  return Array.from({ length: 26 }, () => {
    const row = random.pick(rows);
    return {
      x: random.between(0, stage.width),
      y: row.ground - random.between(60, row.tall[0]),
      radius: random.between(3, 5),
      colour: stage.setting.neon ? random.pick(NEON) : random.pick(WARM),
      depth: row.depth,
      seconds: random.between(2.5, 7),
      phase: random.next(),
    };
  });
}
