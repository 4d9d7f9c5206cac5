/** The fixed set that the gallery shows: every style, scene, camera move, mode, aspect and weather at least once. */
import type { Move } from "../animatic/camera-words.ts";
import type { RenderOrder } from "../animatic/order.ts";
import { STYLES } from "../animatic/plan.ts";
import type { Place } from "../animatic/scenes/setting.ts";

/** What an order's files are: pictures that the gallery makes itself, or the clip of a case before it. */
export type Input = "photo" | "other photo" | "drawing" | { readonly clipOf: string };

export interface Case {
  readonly group: string;
  /** Of the files, and unique. */
  readonly name: string;
  readonly title: string;
  readonly order: Partial<RenderOrder>;
  readonly inputs?: Partial<Record<"firstFrame" | "lastFrame" | "clip", Input>>;
}

const ASPECTS = ["16:9", "4:3", "1:1", "3:4", "9:16", "2:3", "3:2", "21:9"];
/** By type, so that a new place or move is missed here by the compiler. */
const TIMES: Readonly<Record<Place, readonly [string, string]>> = {
  city: ["by day", "at night"],
  sea: ["by day", "at sunset"],
  mountain: ["at dawn", "at night"],
  forest: ["by day", "at night"],
  desert: ["by day", "at sunset"],
  space: ["at night", "by day"],
  room: ["by day", "at night"],
  road: ["at sunset", "at night"],
  train: ["by day", "at sunset"],
  field: ["by day", "at dawn"],
  abstract: ["by day", "at night"],
};
/** What a prompt says to be understood as the place. */
const SAID: Readonly<Partial<Record<Place, string>>> = {
  space: "a planet in outer space",
  room: "a living room",
  road: "an open road",
  train: "a train ride",
  field: "a wheat field",
  abstract: "a feeling of hope",
};
const MOVE_WORDS: Readonly<Record<Move, string>> = {
  push: "push in",
  pull: "zoom out",
  left: "pan left",
  right: "pan right",
  up: "tilt up",
  down: "tilt down",
  "dolly-in": "dolly in",
  "dolly-out": "dolly out",
  "orbit-left": "orbit left",
  "orbit-right": "orbit right",
  "crane-up": "crane up",
  "crane-down": "crane down",
};

export function casesOf(): readonly Case[] {
  return [...styles(), ...scenes(), ...weathers(), ...camera(), ...modes(), ...aspects()];
}

const said = (place: Place) => SAID[place] ?? `the ${place}`;
const slug = (text: string) => text.replaceAll(/[^a-z0-9]+/g, "-");

function styles(): Case[] {
  const all = [null, ...STYLES];
  const scene = "a city at sunset, push in";
  const on = (what: string, changes: Pick<Case, "order" | "inputs">) =>
    all.map((style): Case => {
      const title = `${style ?? "no style"} on ${what}`;
      const order = { frames: 24, style, ...changes.order };
      return { group: "styles", name: slug(`style ${title}`), title, ...changes, order };
    });
  return [
    ...on("a photograph", { order: { prompt: "push in" }, inputs: { firstFrame: "photo" } }),
    ...on("a drawing", { order: { prompt: "push in" }, inputs: { firstFrame: "drawing" } }),
    ...on("a scene", { order: { prompt: scene } }),
    ...on("rain", { order: { prompt: "a city in the rain, push in" } }),
    ...on("snow", { order: { prompt: "a forest at night in falling snow, push in" } }),
  ];
}

function scenes(): Case[] {
  return Object.entries(TIMES).flatMap(([place, times]) =>
    times.map((time, i): Case => {
      const prompt = `${said(place as Place)} ${time}, pan right`;
      return {
        group: "scenes",
        name: slug(`scene ${place} ${time}`),
        title: prompt,
        order: { prompt, frames: 48, seed: 7 + i },
      };
    }),
  );
}

function weathers(): Case[] {
  const of: readonly (readonly [string, readonly Place[]])[] = [
    ["in the rain", ["city", "sea", "room", "road"]],
    ["in falling snow", ["mountain", "forest", "train", "city"]],
    ["in fog", ["forest", "sea", "field", "city"]],
    ["with neon lights at night", ["city", "room", "road"]],
  ];
  return of.flatMap(([weather, places]) =>
    places.map((place): Case => {
      const prompt = `${said(place)} ${weather}`;
      return {
        group: "weather and light",
        name: slug(`weather ${place} ${weather}`),
        title: prompt,
        order: { prompt, frames: 36 },
      };
    }),
  );
}

function camera(): Case[] {
  const moves = [...Object.values(MOVE_WORDS), "static shot", "handheld"];
  return moves.flatMap((prompt) => [
    {
      ...{ group: "camera", name: slug(`camera ${prompt} photo`), title: `${prompt}, photograph` },
      ...{ order: { prompt, frames: 60 }, inputs: { firstFrame: "photo" as const } },
    },
    {
      ...{ group: "camera", name: slug(`camera ${prompt} scene`), title: `${prompt}, scene` },
      order: { prompt: `a mountain valley by day, ${prompt}`, frames: 60 },
    },
  ]);
}

function modes(): Case[] {
  const sound = { sound: true, frames: 72 };
  const mode = (name: string, title: string, rest: Pick<Case, "order" | "inputs">): Case => ({
    ...{ group: "modes", name: `mode-${name}`, title },
    ...rest,
  });
  return [
    mode("text", "from text, with sound", {
      order: { ...sound, prompt: "waves on a beach at sunset, crane up" },
    }),
    mode("image", "from a picture", {
      order: { ...sound, prompt: "dolly in, leaves sway" },
      inputs: { firstFrame: "photo" },
    }),
    mode("first-last", "from a first to a last picture", {
      order: { ...sound, prompt: "push in" },
      inputs: { firstFrame: "photo", lastFrame: "other photo" },
    }),
    mode("last", "to a last picture", {
      order: { ...sound, prompt: "push in" },
      inputs: { lastFrame: "other photo" },
    }),
    mode("continuation", "going on from the clip of a picture", {
      order: { ...sound, prompt: "" },
      inputs: { clip: { clipOf: "mode-image" } },
    }),
    mode("shots", "several shots", {
      order: { prompt: "a lighthouse by the sea at dawn", shots: true, frames: 144 },
    }),
    mode("shots-image", "several shots of a picture", {
      order: { prompt: "slow", shots: true, frames: 144 },
      inputs: { firstFrame: "photo" },
    }),
  ];
}

function aspects(): Case[] {
  return ASPECTS.flatMap((aspect) =>
    (["city", "space", "room", "field"] as const).map((place): Case => {
      const [w = 1, h = 1] = aspect.split(":").map(Number);
      const scale = 240 / Math.min(w, h);
      const even = (side: number) => 2 * Math.round((side * scale) / 2);
      const prompt = `${said(place)} by day, zoom out`;
      return {
        ...{ group: "aspects", name: slug(`aspect ${aspect} ${place}`), title: `${aspect}, ${place}` },
        order: { prompt, frames: 24, width: even(w), height: even(h) },
      };
    }),
  );
}
