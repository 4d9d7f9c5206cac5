/** From a prompt to a scene: which place's file draws it. */
import { drawAbstract } from "./abstract.ts";
import { drawCity } from "./city.ts";
import { drawDesert } from "./desert.ts";
import { drawField } from "./field.ts";
import { drawForest } from "./forest.ts";
import { drawMountain } from "./mountain.ts";
import { drawRoad } from "./road.ts";
import { drawRoom } from "./room.ts";
import type { DrawPlace, Scene, Stage } from "./scene.ts";
import { drawSea } from "./sea.ts";
import type { Place } from "./setting.ts";
import { drawFog } from "./sky.ts";
import { drawSpace } from "./space.ts";
import { drawTrain } from "./train.ts";

const PLACES: Readonly<Record<Place, DrawPlace>> = {
  city: drawCity,
  sea: drawSea,
  mountain: drawMountain,
  forest: drawForest,
  desert: drawDesert,
  space: drawSpace,
  room: drawRoom,
  road: drawRoad,
  train: drawTrain,
  field: drawField,
  abstract: drawAbstract,
};

export function drawScene(stage: Stage): Scene {
  const scene = PLACES[stage.setting.place](stage);
  if (stage.setting.weather !== "fog" || stage.setting.place === "space") return scene;
  const outside = scene.outside ?? scene.layers.length;
  const layers = [
    ...scene.layers.slice(0, outside),
    drawFog(stage, 0),
    drawFog(stage, 1),
    ...scene.layers.slice(outside),
  ];
  return { ...scene, layers, outside: outside + 2 };
}
