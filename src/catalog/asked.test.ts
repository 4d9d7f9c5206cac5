import { expect, test } from "vitest";
import { resolutionAsked, secondsAsked } from "./asked.ts";

const BY_FIELD = { output: { duration: "length", resolution: "size", aspect: "shape" } };
const ALWAYS = {
  output: { duration: { value: 7 }, resolution: { value: "720p" }, aspect: { of: ["clip"] } },
};

test("a parameter's value is passed over for another one's, or a constant for a parameter", () => {
  const input = { length: 5, size: "4k", duration: 9, value: 1 };
  expect([secondsAsked(BY_FIELD, input), resolutionAsked(BY_FIELD, input)]).toEqual([5, "4k"]);
  expect([secondsAsked(ALWAYS, input), resolutionAsked(ALWAYS, input)]).toEqual([7, "720p"]);
});
