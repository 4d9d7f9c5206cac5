/** Whether an answer that a page shows is one that the server gives: the same keys and types all the way down. */

/** What a program would look for by its very text. */
const BY_VALUE = [
  "code",
  "object",
  "type",
  "model",
  "billed",
  "retryable",
  "valid",
  "available",
  "kind",
  "content_type",
];

/** A sentence for each difference; `place` begins as "". */
export function differences(shown: unknown, real: unknown, place = ""): readonly string[] {
  const here = place === "" ? "the answer" : place;
  const [mine, theirs] = [typeOf(shown), typeOf(real)];
  if (mine !== theirs) return [`${here} is shown as ${mine} and is ${theirs} (${JSON.stringify(real)})`];
  const name = place.slice(place.lastIndexOf(".") + 1);
  if (BY_VALUE.includes(name) && mine !== "object" && mine !== "list" && shown !== real)
    return [`${here} is shown as ${JSON.stringify(shown)} and is ${JSON.stringify(real)}`];
  if (Array.isArray(shown) && Array.isArray(real)) {
    if (shown.length !== real.length) return [`${here} is shown with ${shown.length} and has ${real.length}`];
    return shown.flatMap((one, at) => differences(one, real[at], `${place}[${at}]`));
  }
  if (mine !== "object") return [];
  const [left, right] = [shown as Record<string, unknown>, real as Record<string, unknown>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) => {
    if (!(key in right)) return [`${place}.${key} is shown and is not there`];
    if (!(key in left)) return [`${place}.${key} is there and is not shown`];
    return differences(left[key], right[key], `${place}.${key}`);
  });
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "list" : typeof value;
}
