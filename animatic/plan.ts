/**
 * What will be done for an order, decided before any pixel is touched: plain JSON. A plan is a list of shots cut
 * one after another; a style belongs to a shot as its setting does, and is applied to the stills once.
 */
import { describeMotion, type Motion, motionOf } from "./camera.ts";
import type { RenderOrder } from "./order.ts";
import { seededRandom } from "./random.ts";
import { type Setting, settingOf } from "./scenes/setting.ts";

export interface Shot {
  readonly frames: number;
  readonly motion: Motion;
  /** What the first frame is: a picture, or the last frame of a clip. Null: the scene. */
  readonly opening: { readonly kind: "picture" | "clip"; readonly path: string } | null;
  /** The picture that the last frame is. */
  readonly closing: string | null;
  /** What to draw where there is neither. */
  readonly scene: Setting | null;
}

export type SoundPlan =
  | { readonly kind: "none" }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "ambience"; readonly setting: Setting };

export interface Plan {
  readonly seed: number;
  readonly shots: readonly Shot[];
  readonly sound: SoundPlan;
  /** For people. */
  readonly motion: string;
  /** Fields that do not show, with the reason. */
  readonly ignored: Readonly<Record<string, string>>;
}

export function planOf(order: RenderOrder): Plan {
  const setting = settingOf(order.prompt, seededRandom(order.seed).fork("setting"));
  const motion = motionOf(order.prompt, order.frames / order.fps);
  const opening = openingOf(order);
  const given = opening !== null || order.lastFrame !== null;
  const shot: Shot = {
    frames: order.frames,
    motion,
    opening,
    closing: order.lastFrame,
    scene: given ? null : setting,
  };
  return {
    seed: order.seed,
    shots: [shot],
    sound: soundOf(order, setting),
    motion:
      order.lastFrame && opening
        ? `${describeMotion(motion)}, dissolving into the last frame`
        : describeMotion(motion),
    ignored: ignoredOf(order),
  };
}

function openingOf(order: RenderOrder): Shot["opening"] {
  if (order.clip !== null) return { kind: "clip", path: order.clip };
  if (order.firstFrame !== null) return { kind: "picture", path: order.firstFrame };
  return null;
}

function soundOf(order: RenderOrder, setting: Setting): SoundPlan {
  if (order.soundFile !== null) return { kind: "file", path: order.soundFile };
  return order.sound ? { kind: "ambience", setting } : { kind: "none" };
}

function ignoredOf(order: RenderOrder): Record<string, string> {
  const ignored: Record<string, string> = {};
  if (order.style !== null)
    ignored.style = `The animatic renderer does not restyle pictures; "${order.style}" does not show.`;
  if (order.shots) ignored.shots = "The animatic renderer makes one continuous shot.";
  if (order.negativePrompt !== null && order.negativePrompt.trim() !== "")
    ignored.negativePrompt =
      "The animatic renderer draws from the prompt alone; what to avoid is not looked at.";
  return ignored;
}
