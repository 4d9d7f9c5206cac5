/** From a prompt to a scene: which place's file draws it. */
import { drawAbstract } from "./abstract.ts";
import { drawCity } from "./city.ts";
import { drawDesert } from "./desert.ts";
import { drawForest } from "./forest.ts";
import { drawMountain } from "./mountain.ts";
import type { DrawPlace, Scene, Stage } from "./scene.ts";
import { drawSea } from "./sea.ts";
import type { Place } from "./setting.ts";
import { drawFog } from "./sky.ts";
import { drawSpace } from "./space.ts";

const PLACES: Readonly<Record<Place, DrawPlace>> = {
  city: drawCity,
  sea: drawSea,
  mountain: drawMountain,
  forest: drawForest,
  desert: drawDesert,
  space: drawSpace,
  abstract: drawAbstract,
};

export function drawScene(stage: Stage): Scene {
  const scene = PLACES[stage.setting.place](stage);
  if (stage.setting.weather !== "fog" || stage.setting.place === "space") return scene;
  return { ...scene, layers: [...scene.layers, drawFog(stage, 0), drawFog(stage, 1)] };
}
