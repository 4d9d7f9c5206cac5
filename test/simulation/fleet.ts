/** Who does the work of one seed, in which order they are asked, and what may follow a failure. */
import { FAILOVER_REASONS } from "../../src/core/failover.ts";
import type { Provider } from "../../src/core/provider.ts";
import type { FailoverPolicy } from "../../src/tasks/failover.ts";
import type { Share } from "../../src/tasks/route.ts";
import { KINDS } from "./model.ts";
import type { Random } from "./random.ts";
import { drawTemper } from "./temper.ts";
import { openUpstream, type Upstream } from "./upstream.ts";
import type { VirtualTime } from "./virtual-time.ts";
import type { Witness } from "./witness.ts";

/** What a life of the server is given of them. */
export interface Supply {
  readonly providers: readonly Provider[];
  readonly shares: ReadonlyMap<string, Share>;
  readonly failover: FailoverPolicy;
  /** Those left out take as many as come. */
  readonly submitsPerMinute: ReadonlyMap<string, number>;
}

export interface Fleet extends Supply {
  readonly upstreams: readonly Upstream[];
}

export interface FleetOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly deadlineMs: number;
  readonly witness: Witness;
}

const NAMES = ["one", "two", "three"] as const;

/** Two may be of one kind, as two keys are. */
export function drawFleet(options: FleetOptions): Fleet {
  const { random } = options;
  const names = NAMES.slice(0, random.between(1, NAMES.length));
  const upstreams = names.map((id) =>
    openUpstream({ ...options, id, kind: random.pick(KINDS), temper: drawTemper(random) }),
  );
  const shares = names.map((id) => {
    return [id, { weight: random.pick([0, 1, 1, 3]), rank: random.pick([null, 0, 0, 1]) }] as const;
  });
  const limits = names.flatMap((id) => {
    const perMinute = random.pick([0, 0, 0, 2, 6, 60]);
    return perMinute === 0 ? [] : [[id, perMinute] as const];
  });
  return {
    upstreams,
    providers: upstreams.map(({ provider }) => provider),
    shares: new Map(shares),
    submitsPerMinute: new Map(limits),
    failover: {
      reasons: FAILOVER_REASONS.filter(() => random.chance(0.75)),
      attempts: random.pick([1, 2, 3, 3, 5]),
      costPercent: random.pick([100, 150, 200, 300, 1_000]),
    },
  };
}
