import type { Model, PriceLine } from "../core/model.ts";
import { notAField, testMistakes } from "./check-condition.ts";
import { priceCases, valuesOf } from "./price.ts";

/** Everything wrong with a price: no video shows that it was sold for nothing, or for what another one costs. */
export function priceMistakes(model: Model): string[] {
  const { lines } = model.price;
  if (lines.length === 0) return ["price.lines is empty: the last line says what everything else costs"];
  const mistakes = lines.flatMap((line, index) => lineMistakes(model, line, `price.lines[${index}]`));
  // Which line is reached can only be told where all of them make sense.
  if (mistakes.length > 0) return mistakes;
  return [...lastMistakes(lines), ...unreachable(model)];
}

function lineMistakes(model: Model, { when, usdPerSecond }: PriceLine, place: string): string[] {
  const names = Object.keys(when).flatMap((name) => {
    const field = model.input[name];
    if (field === undefined) return notAField(model, name, `${place}.when`);
    if (valuesOf(field).length > 0) return [];
    return [
      `${place}.when names "${name}", which is of kind ${field.kind}: a price goes by choices and flags`,
    ];
  });
  const negative = usdPerSecond < 0 ? [`${place}.usdPerSecond is negative`] : [];
  return [...names, ...testMistakes(model, when, `${place}.when`), ...negative];
}

function lastMistakes(lines: readonly PriceLine[]): string[] {
  const last = Object.keys(lines.at(-1)?.when ?? {});
  return last.length === 0
    ? []
    : [`price.lines[${lines.length - 1}] is the last one and needs an empty "when", so that all has a price`];
}

function unreachable(model: Model): string[] {
  const reached = new Set(priceCases(model).map(({ line }) => line));
  return model.price.lines.flatMap((line, index) => {
    return reached.has(line)
      ? []
      : [`price.lines[${index}] is never reached: no values lead past the lines above it`];
  });
}
