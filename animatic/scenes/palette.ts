/** The colours of a time and a weather. Places mix their own colours into these. */
import type { Setting, Time } from "./setting.ts";

/** `#rrggbb` each. */
export interface Palette {
  readonly skyTop: string;
  readonly skyMiddle: string;
  readonly skyLow: string;
  /** What distance fades into. */
  readonly haze: string;
  readonly cloud: string;
  readonly cloudShade: string;
  /** The sun or the moon, and the glow around it. */
  readonly light: string;
  readonly glow: string;
  /** Multiplies the ground's own colours, roughly: what lit things turn into. */
  readonly tint: string;
  /** 0 (none) to 1: how much of the tint lands on things. */
  readonly dimming: number;
}

const TIMES: Readonly<Record<Time, Palette>> = {
  day: {
    skyTop: "#2f74c9",
    skyMiddle: "#79b4ea",
    skyLow: "#d9edf8",
    haze: "#c7dcec",
    cloud: "#ffffff",
    cloudShade: "#c9dcee",
    light: "#fffbe8",
    glow: "#fff3c4",
    tint: "#eaf4ff",
    dimming: 0,
  },
  dawn: {
    skyTop: "#4c6cb3",
    skyMiddle: "#d9a0bd",
    skyLow: "#ffe1b5",
    haze: "#f0c8b8",
    cloud: "#fff0e6",
    cloudShade: "#d79fb4",
    light: "#fff6dc",
    glow: "#ffdf9e",
    tint: "#b98aa0",
    dimming: 0.28,
  },
  sunset: {
    skyTop: "#2a2560",
    skyMiddle: "#b8447a",
    skyLow: "#ffb45c",
    haze: "#e8795f",
    cloud: "#ff9a74",
    cloudShade: "#8c3b74",
    light: "#fff3c2",
    glow: "#ffc861",
    tint: "#4a1f4f",
    dimming: 0.5,
  },
  night: {
    skyTop: "#050818",
    skyMiddle: "#101d45",
    skyLow: "#2f4c80",
    haze: "#27406f",
    cloud: "#31477a",
    cloudShade: "#172449",
    light: "#fbf6df",
    glow: "#a9bfe8",
    tint: "#0a1230",
    dimming: 0.74,
  },
};

export function paletteOf(setting: Setting): Palette {
  const clear = TIMES[setting.time];
  const base = setting.neon ? neon(clear) : clear;
  if (setting.weather === "clear") return base;
  const dark = setting.time === "night";
  const veil = {
    rain: dark ? "#18213a" : "#66737f",
    snow: dark ? "#3d4f78" : "#cdd6e0",
    fog: dark ? "#3a4661" : "#d3d9dd",
  };
  const grey = veil[setting.weather];
  const amount =
    { rain: 0.8, snow: 0.72, fog: 0.84 }[setting.weather] * (setting.neon ? 0.4 : dark ? 0.75 : 1);
  // No sun: things lose their colour to the air, in rain the darker, in fog and snow the brighter.
  const air = { rain: 0.34, snow: 0.3, fog: 0.36 }[setting.weather] * (dark ? 0.5 : 1);
  return {
    ...base,
    skyTop: mix(base.skyTop, mix(grey, "#0c1420", setting.weather === "rain" ? 0.3 : 0), amount),
    skyMiddle: mix(base.skyMiddle, grey, amount),
    skyLow: mix(base.skyLow, grey, amount * 0.8),
    haze: mix(base.haze, grey, amount),
    cloud: mix(base.cloud, grey, setting.weather === "rain" ? 0.75 : 0.5),
    cloudShade: mix(mix(base.cloudShade, grey, 0.6), "#1a222e", setting.weather === "rain" ? 0.35 : 0),
    tint: mix(base.tint, grey, base.dimming > 0 ? 0.5 : 1),
    dimming: base.dimming + (1 - base.dimming) * air,
  };
}

function neon(base: Palette): Palette {
  return {
    ...base,
    skyTop: "#0b0524",
    skyMiddle: "#2d0f5c",
    skyLow: "#c0318f",
    haze: "#6a2a9a",
    glow: "#ff4fc3",
    cloud: "#5b2a86",
    cloudShade: "#2a1358",
    tint: "#12082e",
  };
}

/** Between two colours; `amount` 0 is `a`, 1 is `b`. */
export function mix(a: string, b: string, amount: number): string {
  let text = "#";
  for (const at of [1, 3, 5]) {
    const from = Number.parseInt(a.slice(at, at + 2), 16);
    const to = Number.parseInt(b.slice(at, at + 2), 16);
    text += Math.round(from + (to - from) * amount)
      .toString(16)
      .padStart(2, "0");
  }
  return text;
}

/** A thing's own colour in this light. */
export function lit(colour: string, palette: Palette): string {
  return mix(colour, palette.tint, palette.dimming);
}
