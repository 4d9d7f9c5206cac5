/** Killed at any write and any call, as often as you like: the work is bought once, and somebody knows where it is. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { ReelayError } from "../core/errors.ts";
import type { Submitted } from "../core/provider.ts";
import { attemptsOf, liveAttempt } from "./history.ts";
import { openWorld, place, type Upstream, type World } from "./testing/place-world.ts";

/** What an upstream does with one submit. */
const FATES = [
  "accepts",
  "accepts, and the answer is lost",
  "never hears of it",
  "is busy",
  "refuses the request",
  "refuses our account",
  "refuses the content",
] as const;
type Fate = (typeof FATES)[number];

/** Who can look an attempt up, and who has to be prepared. */
interface Plan {
  readonly fates: readonly Fate[];
  readonly finds: boolean;
  readonly prepares: boolean;
}

interface Accept {
  readonly to: string;
  readonly attemptId: string;
}

function upstream(id: string, { fates, finds, prepares }: Plan, accepts: Accept[]): Upstream {
  const left = [...fates];
  const jobOf = (attemptId: string) => accepts.find((one) => one.to === id && one.attemptId === attemptId);
  const say = (fate: Fate, attemptId: string): Submitted => {
    if (fate === "accepts" || fate === "accepts, and the answer is lost") {
      accepts.push({ to: id, attemptId });
      return fate === "accepts" ? { accepted: attemptId } : { unknown: "reset" };
    }
    if (fate === "never hears of it") return { unknown: "reset" };
    if (fate === "is busy")
      return { refused: new ReelayError("provider_busy", fate), again: { afterMs: 2_000 } };
    const code = {
      "refuses the request": "provider_refused",
      "refuses our account": "provider_account",
      "refuses the content": "content_refused",
    } as const;
    return { refused: new ReelayError(code[fate], fate), again: false };
  };
  return {
    id,
    // The last one: an upstream that is asked often enough takes the work.
    submit: ({ attemptId }) => say(left.shift() ?? "accepts", attemptId),
    reconcileMs: 10_000,
    ...(finds && { find: (attemptId) => (jobOf(attemptId) ? { accepted: attemptId } : "absent") }),
    ...(prepares && { prepare: () => ({ prepared: id }) }),
  };
}

/** Dies at these places, one life after the other, and then lives. Resolves with how it ended, and in how many lives. */
async function live(plans: Readonly<Record<string, Plan>>, deaths: readonly number[]) {
  const accepts: Accept[] = [];
  const upstreams = Object.entries(plans).map(([id, plan]) => upstream(id, plan, accepts));
  const world = openWorld(upstreams[0]?.id ?? "");
  let lives = 0;
  for (const diesAt of [...deaths, undefined]) {
    lives++;
    const life = diesAt === undefined ? {} : { diesAt };
    const end = await place(world, upstreams, life).catch((error: unknown) => error as ReelayError);
    if (end !== "died") return { world, accepts, end, lives };
  }
  throw new Error("it never ended");
}

function expectBoughtOnce({ world, accepts, end }: Awaited<ReturnType<typeof live>>): void {
  expect(accepts.length, "videos that were bought").toBeLessThanOrEqual(1);
  const attempts = attemptsOf(world.steps);
  const open = attempts.filter(({ state }) => state === "open" || state === "accepted");
  expect(open.length, "attempts under way").toBeLessThanOrEqual(1);
  const [bought] = accepts;
  const alive = liveAttempt(world.steps);
  // Whoever has the work is whom we will ask, or tell to stop.
  if (bought) expect([alive?.attemptId, alive?.placing?.provider]).toEqual([bought.attemptId, bought.to]);
  if (end instanceof ReelayError) {
    // A bill that we do not know of may come only where we say so.
    if (bought) expect(end.code).toBe("outcome_unknown");
  } else {
    expect(end).toMatchObject({ ticket: bought?.attemptId, choice: { provider: { id: bought?.to } } });
    expect(world.provider).toBe(bought?.to);
  }
  expectOrder(world);
}

/** No provider is asked again that an earlier attempt is over with, and nobody at all after a final refusal. */
function expectOrder({ submits, steps }: World): void {
  const attempts = attemptsOf(steps);
  const turns = submits.map(({ work }) => attempts.findIndex((one) => one.attemptId === work.attemptId));
  expect(turns, "submits go forward through the attempts").toEqual([...turns].sort((a, b) => a - b));
  const over = new Map<string, number>();
  for (const { number, placing, refused } of attempts) {
    const id = placing?.provider ?? "";
    expect(over.has(id), `attempt ${number} goes back to ${id}`).toBe(false);
    if (refused?.againAt === null) over.set(id, number);
  }
  for (const { to, work } of submits) expect(work.endpoint).toBe(`${to}/e`);
}

const STORIES: readonly (readonly [string, Readonly<Record<string, Plan>>])[] = [
  [
    "the first refuses, the second takes it",
    {
      a: { fates: ["refuses the request"], finds: true, prepares: false },
      b: { fates: ["accepts"], finds: true, prepares: true },
    },
  ],
  [
    "both are busy, then the answer is lost",
    {
      a: { fates: ["is busy", "is busy"], finds: true, prepares: true },
      b: { fates: ["is busy", "accepts, and the answer is lost"], finds: true, prepares: false },
    },
  ],
  [
    "it never arrives, and is sent again",
    {
      a: { fates: ["never hears of it", "never hears of it", "accepts"], finds: true, prepares: true },
      b: { fates: ["accepts"], finds: true, prepares: false },
    },
  ],
  [
    "the answer is lost where nobody can look it up",
    {
      a: { fates: ["accepts, and the answer is lost"], finds: false, prepares: false },
      b: { fates: ["accepts"], finds: true, prepares: false },
    },
  ],
  [
    "nobody takes it",
    {
      a: { fates: ["refuses our account"], finds: true, prepares: true },
      b: { fates: ["refuses the content"], finds: true, prepares: false },
    },
  ],
];

it.each(STORIES)("%s: killed once at every place, and at every place of the life after", async (_, plans) => {
  for (let first = 1; ; first++) {
    const once = await live(plans, [first]);
    expectBoughtOnce(once);
    if (once.lives === 1) {
      expect(first).toBeGreaterThan(5);
      return;
    }
    for (let second = 1; ; second++) {
      const twice = await live(plans, [first, second]);
      expectBoughtOnce(twice);
      if (twice.lives < 3) break;
    }
  }
});

it("whatever upstreams do and whenever it is killed, it is bought once at most", async () => {
  const plan: fc.Arbitrary<Plan> = fc.record({
    fates: fc.array(fc.constantFrom(...FATES), { maxLength: 4 }),
    finds: fc.boolean(),
    prepares: fc.boolean(),
  });
  const deaths = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(plan, plan, plan, deaths, async (a, b, c, when) => {
      expectBoughtOnce(await live({ a, b, c }, when));
    }),
    { numRuns: 300 },
  );
});
