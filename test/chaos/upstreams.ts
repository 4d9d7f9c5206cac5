/** The providers of a chaos run: a first choice that has bad days, and one that takes what the first could not do. */
export interface UpstreamPlan {
  readonly id: string;
  readonly key: string;
  readonly rank: number;
  /** Words for whatever it is sent, in the fake upstream's script; the prompt's own go before them. */
  readonly script: (seed: number) => string;
}

export const UPSTREAMS: readonly UpstreamPlan[] = [
  { id: "one", key: "key-of-one", rank: 0, script: (seed) => `mixed=${seed}` },
  { id: "two", key: "key-of-two", rank: 1, script: () => "" },
];

/** Attempts of a task that may be accepted, as the server has it where nothing is set. */
export const MOST_ACCEPTED = 2;

export function toSettingsFile(urls: ReadonlyMap<string, string>): string {
  return UPSTREAMS.map(
    ({ id, key, rank }) =>
      `[providers.${id}]\nkind = "fake"\nurl = "${urls.get(id)}"\nkey = "${key}"\nrank = ${rank}\n`,
  ).join("\n");
}
