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

const MEDIA = ["picture", "pictures", "clip", "sound"];

/** Whether a request that starts so, or from words alone, is one for this model: it asks for no other file. */
export function suits(model: CatalogModel, start: Start | null): boolean {
  const own = start === null ? undefined : startField(model, start)?.name;
  const media = Object.entries(model.input).filter(
    ([name, { kind }]) => name !== own && MEDIA.includes(kind),
  );
  if (start !== null) return own !== undefined && media.every(([, field]) => !("required" in field));
  return media.every(([, field]) => field.kind === "sound" && !("required" in field));
}

/** The model most like this one that a request which starts so is for: of the same vendor, with the most of its name in common. */
export function siblingFor(
  model: CatalogModel,
  start: Start | null,
  others: Iterable<CatalogModel>,
): CatalogModel | undefined {
  const alike = (other: CatalogModel): number =>
    (other.vendor === model.vendor ? 1 : 0) + inCommon(other.id, model.id);
  return [...others]
    .filter((other) => other.id !== model.id && suits(other, start))
    .reduce<CatalogModel | undefined>(
      (best, other) => (best === undefined || alike(other) > alike(best) ? other : best),
      undefined,
    );
}

/** Words that two names share, of all they have: below 1 for different ones. */
function inCommon(a: string, b: string): number {
  const [first, second] = [a.split("-"), b.split("-")];
  const shared = first.filter((word) => second.includes(word)).length;
  return shared / (first.length + second.length - shared);
}
