/**
 * How each provider has been doing. Failures in a row open its circuit: it is avoided for a while, then one probe is let
 * through, and the next failure makes the while longer. An empty account, a refused key or a model that is gone have it
 * avoided, too. Whoever is avoided is still asked where nobody else can do the work: a refusal costs nothing, and a task
 * that waits for nobody helps nobody. Only a provider's own "not now" makes everybody wait.
 */
import type { Clock } from "../core/clock.ts";
import type { ErrorCode } from "../core/errors.ts";
import type { Json } from "../core/json.ts";

export interface Health {
  /** Milliseconds until the provider may be asked: it has said that it takes no more for now. 0: at once. */
  waitMs(provider: string): number;
  /** Whether another is to be preferred for this endpoint. */
  isAvoided(provider: string, endpoint: string): boolean;
  /** 0 to 1: how often it does what it accepts, and how fast beside the fastest of those given. */
  score(provider: string, among: readonly string[]): number;
  /** Somebody is about to submit: with an open circuit this is the probe, and others see how it ends. */
  asks(provider: string): void;
  accepted(provider: string, endpoint: string): void;
  refused(provider: string, refusal: Refusal): void;
  ended(provider: string, ending: Ended): void;
  /** By the provider's id; of those that have done anything. */
  view(): ReadonlyMap<string, HealthView>;
}

interface Refusal {
  readonly endpoint: string;
  readonly code: ErrorCode;
  /** What it asked for itself; 0 where it said nothing. */
  readonly afterMs: number;
}

/** Accepted work that is over. `seconds`: how long it took, where it ended well. */
type Ended = { readonly endpoint: string } & ({ readonly seconds: number } | { readonly code: ErrorCode });

/** Times in milliseconds since 1970. */
export interface HealthView {
  readonly successes: number;
  readonly failures: number;
  readonly lastSuccessAt: number | null;
  readonly lastFailure: { readonly at: number; readonly code: ErrorCode } | null;
  /** Until when others are preferred, or everybody waits; null: it is open to work. */
  readonly avoidedUntil: number | null;
}

interface State {
  successes: number;
  failures: number;
  lastSuccessAt: number | null;
  lastFailure: HealthView["lastFailure"];
  /** Share of accepted work that ended well, recent work counting most. */
  rate: number;
  seconds: number | null;
  inARow: number;
  /** How often the circuit opened since the last success. */
  openings: number;
  /** How often it was refused for now since the last accept. */
  busy: number;
  /** Everybody waits. */
  busyUntil: number;
  openUntil: number;
  probeUntil: number;
  /** Endpoints that the account may not use, or that are gone; "*": all of them, for there is no money. */
  readonly closed: Map<string, { until: number; times: number }>;
}

export interface HealthParts {
  readonly clock: Clock;
  /** From the last start. */
  readonly known?: ReadonlyMap<string, Json>;
  /** Something an operator has to know: a key that is refused, an empty account, a model that is gone, a circuit. */
  readonly alert: (event: string, fields: Record<string, unknown>) => void;
}

const FAILURES_THAT_OPEN = 5;
const FIRST_REST_MS = 30_000;
const LONGEST_REST_MS = 600_000;
const BUSY_MS = 1_000;
const LONGEST_BUSY_MS = 60_000;
const ACCOUNT_MS = 300_000;
const LONGEST_ACCOUNT_MS = 3_600_000;
/** A probe that nobody has heard of for so long is forgotten. */
const PROBE_MS = 60_000;
/** Weight of the newest outcome in the running means. */
const NEWEST = 0.1;

/** Of these the provider's service is the cause; the others say something about the request. */
const FAULTS: readonly ErrorCode[] = [
  "provider_failed",
  "provider_lost",
  "provider_busy",
  "deadline_exceeded",
];

/** Something about our account there, which only an operator can put right. */
const DOORS: readonly ErrorCode[] = ["provider_account", "provider_balance"];

export function openHealth({ clock, known = new Map(), alert }: HealthParts): Health {
  const states = new Map<string, State>();
  for (const [provider, value] of known) states.set(provider, { ...fresh(), ...(value as Partial<State>) });
  const of = (provider: string): State => {
    const state = states.get(provider) ?? fresh();
    states.set(provider, state);
    return state;
  };

  const failed = (provider: string, code: ErrorCode): void => {
    const state = of(provider);
    state.failures++;
    state.inARow++;
    state.rate += NEWEST * (0 - state.rate);
    state.lastFailure = { at: clock.now(), code };
    state.probeUntil = 0;
    // Once it has been open one failure is enough: it was the probe.
    if (state.inARow < FAILURES_THAT_OPEN && state.openings === 0) return;
    // A hundred attempts that fail together fail for one reason.
    if (state.openUntil > clock.now()) return;
    const ms = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** state.openings);
    state.openings++;
    state.openUntil = clock.now() + ms;
    alert("provider-circuit-opened", { provider, code, seconds: ms / 1000, failuresInARow: state.inARow });
  };

  /** An empty account is empty for every endpoint; a key may be refused, or a model gone, for one alone. */
  const close = (provider: string, endpoint: string, code: ErrorCode): void => {
    const state = of(provider);
    const now = clock.now();
    const place = code === "provider_account" ? endpoint : "*";
    const { until = 0, times = 0 } = state.closed.get(place) ?? {};
    state.lastFailure = { at: now, code };
    // Known already, and asked all the same because nobody else could do it.
    if (until > now) return;
    const ms = Math.min(LONGEST_ACCOUNT_MS, ACCOUNT_MS * 2 ** Math.min(times, 10));
    state.closed.set(place, { until: now + ms, times: times + 1 });
    alert("provider-refuses-us", { provider, endpoint, code, seconds: ms / 1000 });
  };

  return {
    waitMs: (provider) => Math.max(0, (states.get(provider)?.busyUntil ?? 0) - clock.now()),
    isAvoided(provider, endpoint) {
      const state = states.get(provider);
      if (!state) return false;
      const closed = [endpoint, "*"].map((place) => state.closed.get(place)?.until ?? 0);
      return Math.max(state.openUntil, state.probeUntil, ...closed) > clock.now();
    },
    score(provider, among) {
      const state = states.get(provider);
      if (!state) return 1;
      const times = among.flatMap((id) => states.get(id)?.seconds ?? []);
      const speed = !state.seconds ? 1 : Math.min(1, Math.min(...times) / state.seconds);
      // Never quite nothing: who gets no work cannot show that it is well again.
      return Math.max(0.01, state.rate * Math.sqrt(speed));
    },
    asks(provider) {
      const state = states.get(provider);
      if (state && state.openings > 0) state.probeUntil = clock.now() + PROBE_MS;
    },
    accepted(provider, endpoint) {
      const state = of(provider);
      state.busy = 0;
      for (const place of [endpoint, "*"]) state.closed.delete(place);
    },
    refused(provider, { endpoint, code, afterMs }) {
      const state = of(provider);
      const now = clock.now();
      // Whatever it said: a probe has been answered.
      state.probeUntil = 0;
      if (code === "provider_busy") {
        // A hundred submits at once are refused for one reason.
        if (state.busyUntil <= now) state.busy++;
        const own = Math.min(LONGEST_BUSY_MS, BUSY_MS * 2 ** Math.min(state.busy - 1, 10));
        state.busyUntil = Math.max(state.busyUntil, now + Math.max(afterMs, own));
      } else if (DOORS.includes(code)) close(provider, endpoint, code);
      else if (FAULTS.includes(code)) failed(provider, code);
    },
    ended(provider, ending) {
      const state = of(provider);
      if ("code" in ending && FAULTS.includes(ending.code)) return failed(provider, ending.code);
      // It judged the request, or our account: its service works.
      Object.assign(state, { inARow: 0, openings: 0, openUntil: 0, probeUntil: 0 });
      if ("code" in ending) {
        if (DOORS.includes(ending.code)) close(provider, ending.endpoint, ending.code);
        return;
      }
      const { seconds } = ending;
      state.successes++;
      state.lastSuccessAt = clock.now();
      state.rate += NEWEST * (1 - state.rate);
      state.seconds = state.seconds === null ? seconds : state.seconds + NEWEST * (seconds - state.seconds);
    },
    view: () => new Map([...states].map(([provider, state]) => [provider, viewOf(state, clock.now())])),
  };
}

function fresh(): State {
  return {
    ...{ successes: 0, failures: 0, lastSuccessAt: null, lastFailure: null, rate: 1, seconds: null },
    ...{ inARow: 0, openings: 0, busy: 0, busyUntil: 0, openUntil: 0, probeUntil: 0 },
    closed: new Map(),
  };
}

/** What is worth knowing after a restart. Whom to avoid is not: the first to ask will find out. */
export function toRemember({ successes, failures, lastSuccessAt, lastFailure }: HealthView): Json {
  return { successes, failures, lastSuccessAt, lastFailure };
}

function viewOf(state: State, now: number): HealthView {
  const { successes, failures, lastSuccessAt, lastFailure } = state;
  const closed = [...state.closed.values()].map((one) => one.until);
  const until = Math.max(state.busyUntil, state.openUntil, ...closed);
  return { successes, failures, lastSuccessAt, lastFailure, avoidedUntil: until > now ? until : null };
}
