/** The small lights of a scene, drawn anew in each frame because they come, go and travel. */
import type { Frame } from "../src/media/codec.ts";
import type { View } from "./kernels.ts";
import type { Look } from "./looks.ts";
import type { Ink } from "./particles.ts";
import type { Glint } from "./scenes/scene.ts";
import { ease, sine } from "./wave.ts";

export interface Shining {
  readonly view: View;
  readonly now: number;
  /** Pixels a unit, and the unit that the frame's first pixel shows. */
  readonly scale: number;
  readonly origin: { readonly x: number; readonly y: number };
  readonly look: Look;
}

export function shine(frame: Frame, light: Glint & { readonly ink: Ink }, at: Shining): void {
  const turn = at.now / light.seconds + light.phase;
  const where = light.to ? travelled(light, turn - Math.floor(turn)) : { ...light, strength: sine(turn) };
  if (where.strength <= 0) return;
  const { view, scale, origin, look } = at;
  const place = (value: number, size: number, offset: number) => {
    const centre = (size - 1) / 2;
    return centre + (value * scale - centre - offset) / view.step;
  };
  look.light(
    frame,
    {
      x: place(where.x - origin.x, frame.width, view.x),
      y: place(where.y - origin.y, frame.height, view.y),
      radius: where.radius * scale * 1.6,
      stretch: light.stretch ?? 1,
      strength: where.strength * 0.95,
    },
    light.ink,
  );
}

/** Slow where it is far and small, and never seen to appear or to vanish. */
function travelled({ x, y, radius, to }: Glint, part: number) {
  const end = to ?? { x, y, radius };
  const t = part * part * part;
  return {
    x: x + (end.x - x) * t,
    y: y + (end.y - y) * t,
    radius: radius + (end.radius - radius) * t,
    strength: ease(part * 6) * ease((1 - part) * 10),
  };
}
