/** What a video can start from, as the catalogue's models have it. */
import type { CatalogModel } from "../../../core/model.ts";

export type Start = "picture" | "clip";

interface StartField {
  readonly name: string;
  /** It takes a list. */
  readonly many: boolean;
}

/** The parameter that takes a first frame, or a clip to go on from: the first of its kind, for that is how models are written. */
export function startField({ input }: CatalogModel, start: Start): StartField | undefined {
  const kinds: readonly string[] = start === "picture" ? ["picture", "pictures"] : ["clip"];
  const found = Object.entries(input).find(([, { kind }]) => kinds.includes(kind));
  return found && { name: found[0], many: found[1].kind === "pictures" };
}

/** Whether a request that starts so, or from words alone, is one for this model at all. */
export function suits(model: CatalogModel, start: Start | null): boolean {
  if (start !== null) return startField(model, start) !== undefined;
  return startField(model, "picture") === undefined && startField(model, "clip") === undefined;
}

/** The model most like this one that a request which starts so is for: of the same vendor, with the most of its name in common. */
export function siblingFor(
  model: CatalogModel,
  start: Start | null,
  others: Iterable<CatalogModel>,
): CatalogModel | undefined {
  const alike = (other: CatalogModel): number =>
    (other.vendor === model.vendor ? 1000 : 0) + inCommon(other.id, model.id);
  return [...others]
    .filter((other) => other.id !== model.id && suits(other, start))
    .reduce<CatalogModel | undefined>(
      (best, other) => (best === undefined || alike(other) > alike(best) ? other : best),
      undefined,
    );
}

function inCommon(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
