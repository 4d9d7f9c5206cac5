/**
 * Holds a request to what a provider's contract has: a wrong name, a wrong type, a value that is not in its list. Each
 * shape tells what is wrong with a value, in sentences; none where it is right.
 */
export type Shape = (value: unknown, place: string) => readonly string[];

const is =
  (name: string, fits: (value: unknown) => boolean): Shape =>
  (value, place) =>
    fits(value) ? [] : [`${place} is ${JSON.stringify(value)?.slice(0, 100)} but must be ${name}`];

export const text = (max = Number.POSITIVE_INFINITY): Shape =>
  is(
    `text of 1 to ${max} characters`,
    (value) => typeof value === "string" && value !== "" && value.length <= max,
  );
export const integer = (min: number, max: number): Shape =>
  is(`a whole number from ${min} to ${max}`, (value) => {
    return Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
  });
export const flag: Shape = is("true or false", (value) => typeof value === "boolean");
export const oneOf = (...values: readonly unknown[]): Shape =>
  is(`one of ${JSON.stringify(values)}`, (value) => values.includes(value));
export const matching = (pattern: RegExp): Shape =>
  is(`text like ${pattern}`, (value) => typeof value === "string" && pattern.test(value));
/** A link that anybody could fetch, or the file itself. */
export const fileUrl: Shape = matching(/^(https?:\/\/|data:(image|video|audio)\/[a-z0-9.+-]+;base64,)/);

export function list(item: Shape, least = 0): Shape {
  return (value, place) => {
    if (!Array.isArray(value)) return [`${place} is no list`];
    if (value.length < least) return [`${place} has fewer than ${least} items`];
    return value.flatMap((one, index) => item(one, `${place}[${index}]`));
  };
}

/** Unknown names are wrong, too: that is how a misspelt parameter shows. */
export function object(
  required: Readonly<Record<string, Shape>>,
  optional: Readonly<Record<string, Shape>> = {},
): Shape {
  return (value, place) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${place} is no object`];
    const given = value as Record<string, unknown>;
    const known = { ...required, ...optional };
    return [
      ...Object.keys(required)
        .filter((name) => !Object.hasOwn(given, name))
        .map((name) => `${place} lacks ${name}`),
      ...Object.entries(given).flatMap(
        ([name, item]) => known[name]?.(item, `${place}.${name}`) ?? [`${place} has no ${name}`],
      ),
    ];
  };
}
