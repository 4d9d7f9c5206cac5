/** What lies in front of a city's towers: wet ground full of reflections, a quay with lamps. */
import { lit, mix } from "./palette.ts";
import type { Drawing, Stage } from "./scene.ts";
import { everything, fade, glow, n, path, rect } from "./shapes.ts";

export const WARM = ["#ffd98a", "#ffc766", "#fff0c4"] as const;
export const NEON = ["#ff3fb4", "#33e1ff", "#8f5bff", "#ffb02e", "#3dffa2"] as const;

/** Wet asphalt or a river: the sky upside down with long reflections. */
export function drawGround(stage: Stage, ground: number): Drawing {
  const random = stage.random.fork("ground");
  const { palette, setting } = stage;
  const all = everything(stage);
  const bottom = all.y + all.height;
  const dark = lit("#3d4655", palette);
  const markup = [
    fade(
      "ground",
      [ground, bottom],
      [
        [0, mix(dark, palette.skyLow, 0.45)],
        [0.25, mix(dark, palette.skyMiddle, 0.3)],
        [1, mix(dark, "#000000", 0.35)],
      ],
    ),
    rect({ ...all, y: ground, height: bottom - ground }, "url(#ground)"),
  ];
  const colours = setting.neon
    ? NEON
    : setting.time === "day"
      ? (["#ffffff", palette.skyLow, palette.haze] as const)
      : WARM;
  const strength = setting.time === "day" ? 0.2 : setting.weather === "rain" || setting.neon ? 0.6 : 0.42;
  const count = Math.round(all.width / 24);
  for (let i = 0; i < count; i++) {
    const long = random.between(0.25, 0.9) * (bottom - ground);
    const id = `r${i}`;
    markup.push(
      fade(
        id,
        [ground, ground + long],
        [
          [0, random.pick(colours), strength],
          [1, palette.haze, 0],
        ],
      ),
    );
    markup.push(
      rect(
        { x: all.x + random.next() * all.width, y: ground, width: random.between(4, 20), height: long },
        `url(#${id})`,
      ),
    );
  }
  const ripples = Math.round(all.width / 46);
  for (let i = 0; i < ripples; i++) {
    const t = i / ripples;
    const y = ground + t ** 1.5 * (bottom - ground);
    markup.push(
      rect(
        { x: all.x + random.next() * all.width, y, width: random.between(60, 300), height: 1 + t * 3 },
        palette.skyLow,
        0.13,
      ),
    );
  }
  return { markup: markup.join(""), depth: 0.7 };
}

/** Street lamps, a quay wall and its railing. */
export function drawFront(stage: Stage, ground: number): Drawing {
  const all = everything(stage);
  const bottom = all.y + all.height;
  const quay = ground + (stage.height - ground) * 0.62;
  const dark = lit(mix("#1d2430", stage.palette.haze, 0.06), stage.palette);
  const night = stage.setting.time !== "day";
  const parts = [
    rect({ ...all, y: quay + 46, height: bottom - quay }, dark),
    rect({ ...all, y: quay, height: 7 }, dark),
    rect({ ...all, y: quay + 20, height: 4 }, dark),
  ];
  for (let x = all.x; x < all.x + all.width; x += 62)
    parts.push(rect({ x, y: quay, width: 6, height: 60 }, dark));
  for (let x = all.x + 130, i = 0; x < all.x + all.width; x += 430, i++) {
    const top = quay - 250;
    if (night)
      parts.push(
        glow(
          `lamp${i}`,
          { x: x + 44, y: top + 12, radius: 130 },
          stage.setting.neon ? "#ff8ad8" : "#ffd27a",
          0.85,
        ),
      );
    parts.push(rect({ x: x - 5, y: top + 20, width: 10, height: 330 }, dark));
    parts.push(path(`M${n(x - 5)} ${n(top + 30)}q0 -34 50 -30v8q-40 -2 -40 24z`, dark));
    parts.push(
      rect({ x: x + 30, y: top, width: 28, height: 9 }, dark),
      rect({ x: x + 33, y: top + 9, width: 22, height: 6 }, night ? "#fff3cf" : "#d8dde2"),
    );
  }
  return { markup: parts.join(""), depth: 1 };
}
