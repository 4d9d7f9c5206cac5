/** Where a server can be made to die: at a commit that writes something, or at a moment of one of its own requests. */
const COMMITS = ["create", "route", "move", "intent", "ticket", "ended", "step", "finish", "try"] as const;
const REQUESTS = ["submit", "find", "check", "file", "cancel", "deliver"] as const;
const MOMENTS = ["before", "sent", "answered", "read"] as const;

/** The `n`-th time that it comes by. */
export type Point =
  | {
      readonly at: "commit";
      readonly what: (typeof COMMITS)[number];
      readonly when: "before" | "after";
      readonly n: number;
    }
  | {
      readonly at: "request";
      readonly what: (typeof REQUESTS)[number];
      readonly when: (typeof MOMENTS)[number];
      readonly n: number;
    };

/** How it reaches the server's process: the only variable that the preload reads. */
export const VARIABLE = "CHAOS_POINT";

export const ALL_POINTS: readonly Omit<Point, "n">[] = [
  ...COMMITS.flatMap((what) =>
    (["before", "after"] as const).map((when) => ({ at: "commit" as const, what, when })),
  ),
  ...REQUESTS.flatMap((what) => MOMENTS.map((when) => ({ at: "request" as const, what, when }))),
];

export function nameOf({ at, what, when }: Omit<Point, "n">): string {
  return `${when} ${at} ${what}`;
}
