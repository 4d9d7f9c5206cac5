/** How often a provider does what; of some kinds of providers, and of those in between. */
import type { ErrorCode } from "../../src/core/errors.ts";
import type { Random } from "./random.ts";

export type Odds = Readonly<Partial<Record<ErrorCode, number>>>;

export interface Temper {
  /** Of submits that never leave. */
  readonly unreachable: number;
  /** Only `provider_busy` may be asked again. */
  readonly refuses: Odds;
  readonly losesRequests: number;
  readonly losesAnswers: number;
  /** Of accepted work, after which it says that it has failed. */
  readonly fails: Odds;
  /** Done only after our deadline, or never. */
  readonly late: number;
  readonly never: number;
  /** undefined: nothing has to be prepared. */
  readonly unprepared?: Odds;
}

const STORMY: Temper = {
  ...{ unreachable: 0.03, refuses: { provider_busy: 0.15, content_refused: 0.05 } },
  ...{ losesRequests: 0.12, losesAnswers: 0.25, fails: { provider_failed: 0.12 }, late: 0.1, never: 0.05 },
};

const WELL: Temper = {
  ...{ unreachable: 0, refuses: { provider_busy: 0.02 }, losesRequests: 0.01, losesAnswers: 0.02 },
  ...{ fails: { provider_failed: 0.02, content_refused: 0.02 }, late: 0, never: 0 },
};

const REFUSING: Temper = {
  ...{ unreachable: 0.1, losesRequests: 0.03, losesAnswers: 0.05, late: 0.05, never: 0 },
  refuses: {
    ...{ provider_busy: 0.25, provider_refused: 0.12, provider_account: 0.12, provider_balance: 0.12 },
    ...{ content_refused: 0.04, invalid_parameters: 0.02 },
  },
  fails: { provider_failed: 0.1 },
};

const FAILING: Temper = {
  ...{ unreachable: 0.02, refuses: { provider_busy: 0.05 }, losesRequests: 0.03, losesAnswers: 0.08 },
  fails: {
    ...{ provider_busy: 0.25, provider_failed: 0.25, provider_lost: 0.12, content_refused: 0.08 },
    ...{ deadline_exceeded: 0.05, provider_balance: 0.05, no_content: 0.05 },
  },
  ...{ late: 0.05, never: 0.02 },
};

const UNPREPARED: Odds = {
  ...{ provider_failed: 0.15, provider_busy: 0.1, provider_refused: 0.05, content_refused: 0.04 },
};

export function drawTemper(random: Random): Temper {
  const temper = random.pick([STORMY, STORMY, WELL, REFUSING, FAILING, FAILING, FAILING]);
  return random.chance(0.3) ? { ...temper, unprepared: UNPREPARED } : temper;
}

/** At most one of them; undefined: none. */
export function drawn(random: Random, odds: Odds): ErrorCode | undefined {
  let point = random.next();
  for (const [code, chance] of Object.entries(odds)) {
    point -= chance;
    if (point < 0) return code as ErrorCode;
  }
  return undefined;
}
