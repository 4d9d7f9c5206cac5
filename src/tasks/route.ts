/**
 * Which provider is asked: of the model's routes those whose provider is open and that can do what is asked, by rank,
 * within a rank by weight and health. Whoever rests, is full or has no turn to give is passed over while another is not.
 */
import { misfits } from "../catalog/misfits.ts";
import { type Problem, ReelayError } from "../core/errors.ts";
import type { JsonObject } from "../core/json.ts";
import type { CatalogModel, MediaLimits, Route } from "../core/model.ts";
import type { Provider } from "../core/provider.ts";
import { checkLimits } from "../media/check-limits.ts";
import type { Health } from "./health.ts";
import { type GivenFiles, mapMedia } from "./mapping.ts";

export interface Choice {
  readonly route: Route;
  readonly provider: Provider;
}

export interface Picked extends Choice {
  /** Milliseconds that it rests; nothing is to be decided before. 0: a turn may be taken there now. */
  readonly waitMs: number;
}

/** Whose turn it is among providers that could all do the work; left out: weight 1, ranked by the model's list. */
export interface Share {
  readonly weight: number;
  readonly rank: number | null;
}

export interface RouterParts {
  readonly providers: ReadonlyMap<string, Provider>;
  readonly shares: ReadonlyMap<string, Share>;
  readonly health: Health;
  /** Whether as much as it takes is under way at a provider. */
  readonly isFull: (provider: string) => boolean;
  /** Milliseconds until it takes another submit; 0: at once. */
  readonly turnMs: (provider: string) => number;
  /** 0 to 1. */
  readonly random: () => number;
}

export interface Question {
  readonly model: CatalogModel;
  readonly input: JsonObject;
  /** By field, in order; undefined before the files are there. */
  readonly files?: GivenFiles;
  /** Only providers that cost nothing. */
  readonly free: boolean;
  /** Not these any more: they have refused it, or failed at it. */
  readonly without?: (choice: Choice) => boolean;
  /** Who has it already, and keeps it where it can. */
  readonly holder?: string;
  /** Milliseconds until a provider may be asked this again, having refused it for now. */
  readonly pauseMs?: (provider: string) => number;
}

export interface Router {
  /** Throws `unsupported_parameters`, `input_out_of_limits` or `no_route` where nobody could ever do it. */
  pick(question: Question): Picked;
  /** Whether anybody who is open has a route of the model. */
  isServed(model: CatalogModel, free: boolean): boolean;
}

/** Of minutes of work nobody notices it, and the next provider may be the dearer one. */
const SOON_MS = 5_000;

export function openRouter(parts: RouterParts): Router {
  return {
    pick(question) {
      const { choices, reasons } = candidates(parts.providers, question);
      if (choices.length === 0) throw refusal(question.model, reasons);
      const ranked = byRank(parts, question.model, choices).map((choice) =>
        standing(parts, question, choice),
      );
      const ready = ranked.filter(({ waitMs }) => waitMs === 0);
      const well = ready.filter(({ isAvoided }) => !isAvoided);
      const open = well.filter(({ isHolder, isFull }) => isHolder || !isFull);
      const holder = open.find(({ isHolder, turnMs }) => isHolder && turnMs === 0);
      const best = [open, well, ready].find((some) => some.length > 0) ?? ranked;
      return holder ?? best.reduce((soonest, one) => (delay(one) < delay(soonest) ? one : soonest));
    },
    isServed: (model, free) => openChoices(parts.providers, model, free).length > 0,
  };
}

interface Standing extends Picked {
  /** Until its next turn; 0: soon enough. */
  readonly turnMs: number;
  readonly isHolder: boolean;
  readonly isAvoided: boolean;
  readonly isFull: boolean;
}

function standing({ health, isFull, turnMs }: RouterParts, question: Question, choice: Choice): Standing {
  const { provider, route } = choice;
  const turn = turnMs(provider.id);
  return {
    ...choice,
    waitMs: Math.max(health.waitMs(provider.id), question.pauseMs?.(provider.id) ?? 0),
    turnMs: turn <= SOON_MS ? 0 : turn,
    isHolder: provider.id === question.holder,
    isAvoided: health.isAvoided(provider.id, route.endpoint),
    isFull: isFull(provider.id),
  };
}

const delay = ({ waitMs, turnMs }: Standing): number => Math.max(waitMs, turnMs);

/** Why a route cannot do what is asked. */
interface Reasons {
  /** Parameters that it lacks. */
  readonly lacking: Problem[];
  /** Files that it does not take. */
  readonly tooMuch: Problem[];
}

/** Routes whose provider is open, in the model's order, and why the others cannot do it. */
function candidates(
  providers: ReadonlyMap<string, Provider>,
  question: Question,
): { readonly choices: readonly Choice[]; readonly reasons: Reasons } {
  const { model, input, free, without } = question;
  const choices: Choice[] = [];
  const reasons: Reasons = { lacking: [], tooMuch: [] };
  for (const choice of openChoices(providers, model, free)) {
    if (without?.(choice)) continue;
    const lacking = misfits(model, choice.route, input);
    const large = tooMuch(model, choice.route, question.files);
    if (lacking.length + large.length === 0) choices.push(choice);
    reasons.lacking.push(...lacking);
    reasons.tooMuch.push(...large);
  }
  return { choices, reasons };
}

function openChoices(
  providers: ReadonlyMap<string, Provider>,
  { routes }: CatalogModel,
  free: boolean,
): readonly Choice[] {
  const all = [...providers.values()];
  // A live key's video is never an animatic by accident: once somebody is paid, our own renderer is for test keys.
  const paid = all.some((provider) => !provider.free);
  return routes.flatMap((route) =>
    all
      .filter((provider) => provider.kind === route.provider && provider.free === (free || !paid))
      .filter((provider) => provider.serves?.(route.endpoint) !== false)
      .map((provider) => ({ route, provider })),
  );
}

/** Files that the model takes and this route does not. */
function tooMuch(model: CatalogModel, route: Route, files: Question["files"]): readonly Problem[] {
  if (!files || !route.limits) return [];
  const sent = new Set(mapMedia(model, route).map(({ field }) => field));
  return Object.entries(route.limits).flatMap(([field, limits]) => {
    const shape = model.input[field];
    if (!sent.has(field) || !shape || !("limits" in shape)) return [];
    const both: MediaLimits = { ...shape.limits, ...limits };
    return (files[field] ?? []).flatMap(({ facts }) => checkLimits(facts, both, field));
  });
}

function refusal(model: CatalogModel, { lacking, tooMuch: large }: Reasons): ReelayError {
  const problems = [...new Map([...lacking, ...large].map((one) => [one.message, one])).values()];
  if (problems.length === 0)
    return new ReelayError("no_route", `No provider on this server can serve ${model.id} at present.`);
  const sentences = problems.map((one) => one.message).join(" ");
  const message = `No provider that is open on this server can do all of this. ${sentences}`;
  const code = lacking.length > 0 ? "unsupported_parameters" : "input_out_of_limits";
  return new ReelayError(code, message, { problems });
}

/** Lower ranks first; within one in an order drawn by weight and health, so that each gets its share. */
function byRank(
  { shares, health, random }: RouterParts,
  model: CatalogModel,
  choices: readonly Choice[],
): readonly Choice[] {
  const rankOf = ({ route, provider }: Choice): number =>
    shares.get(provider.id)?.rank ?? model.routes.indexOf(route);
  const ranks = [...new Set(choices.map(rankOf))].sort((a, b) => a - b);
  return ranks.flatMap((rank) => {
    const peers = choices.filter((choice) => rankOf(choice) === rank);
    const ids = peers.map(({ provider }) => provider.id);
    return drawOrder(
      peers,
      ({ provider }) => (shares.get(provider.id)?.weight ?? 1) * health.score(provider.id, ids),
      random,
    );
  });
}

/** Each place goes to one of those left, in proportion to their weights; those of weight 0 come last, as they are. */
function drawOrder<T>(
  items: readonly T[],
  weightOf: (item: T) => number,
  random: () => number,
): readonly T[] {
  const left = items.map((item) => ({ item, weight: weightOf(item) }));
  const order: T[] = [];
  while (left.length > 0) {
    let point = random() * left.reduce((sum, { weight }) => sum + weight, 0);
    const found = left.findIndex(({ weight }) => {
      point -= weight;
      return weight > 0 && point < 0;
    });
    // Rounding may leave the point just past the end.
    const taken =
      found >= 0
        ? found
        : Math.max(
            0,
            left.findIndex(({ weight }) => weight > 0),
          );
    order.push(...left.splice(taken, 1).map(({ item }) => item));
  }
  return order;
}
