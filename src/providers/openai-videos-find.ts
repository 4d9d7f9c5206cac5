/**
 * Which of the videos that a server lists is the work of an attempt whose answer was lost. Neither an id of ours nor a
 * key for repeats can be sent along (vLLM-Omni's source, read 2026-11-20), so it goes by what was ordered and when. A
 * wrong guess would hand one client's video to another: whatever is not the only possibility is unknown.
 */
import { timeOf } from "../core/ids.ts";
import type { Json } from "../core/json.ts";
import type { Found } from "../core/provider.ts";
import { textAt, valueAt } from "./upstream-body.ts";
import type { Answer } from "./upstream-call.ts";

/** What a listed video repeats of its order, by the dialect's names. */
export type Order = Readonly<Record<string, string>>;

export interface Finder {
  /** An attempt's order is about to leave. */
  sending(attemptId: string, order: Order): void;
  /** Its answer came; `video` where it was accepted. */
  answered(attemptId: string, video?: string): void;
  /** An attempt that is not lost has this video. */
  belongs(video: string): void;
  /** `order` is empty where nobody remembers it any more; `ask` lists the newest videos. */
  find(attemptId: string, order: Order, ask: () => Promise<Answer>): Promise<Found>;
}

interface Lost {
  readonly order: Order;
  /** When it left, by our clock. */
  readonly at: number;
  /** What was found; the same again where it is asked again. */
  video?: string;
}

/** A server whose event loop is busy may take an order up later than we gave up waiting. */
const LATEST_MS = 60_000;
/** Both its clock and its list are told in whole seconds. */
const ROUNDING_MS = 2_000;
/** After a start, until the tickets of an earlier process have been asked about: their videos are taken. */
const SETTLE_MS = 5_000;
const MOST_VIDEOS = 10_000;
const MOST_LOST = 1_000;

export function openFinder(now: () => number): Finder {
  const openedAt = now();
  const taken = new Set<string>();
  const lost = new Map<string, Lost>();

  const belongs = (video: string): void => {
    taken.add(video);
    dropOldest(taken, MOST_VIDEOS);
  };
  const remember = (attemptId: string, one: Lost): void => {
    lost.set(attemptId, one);
    dropOldest(lost, MOST_LOST);
  };
  /** Two lost orders that are alike cannot be told apart by any list. */
  const hasTwin = (attemptId: string, { order, at }: Lost): boolean =>
    [...lost].some(
      ([id, other]) =>
        id !== attemptId &&
        other.video === undefined &&
        Math.abs(other.at - at) <= LATEST_MS &&
        alike(other.order, order),
    );
  /** One that this process did not send has the time of its id. */
  const recall = (attemptId: string, order: Order): Lost | undefined => {
    const at = timeOf(attemptId);
    const one = lost.get(attemptId) ?? (at === undefined ? undefined : { order, at });
    if (one?.order.prompt === undefined) return undefined;
    remember(attemptId, one);
    return one;
  };

  return {
    sending: (attemptId, order) => remember(attemptId, { order, at: now() }),
    answered(attemptId, video) {
      lost.delete(attemptId);
      if (video !== undefined) belongs(video);
    },
    belongs,
    async find(attemptId, order, ask) {
      const one = recall(attemptId, order);
      if (one?.video !== undefined) return { accepted: { video: one.video } };
      const answer = await ask();
      if (!one || hasTwin(attemptId, one)) return "unknown";
      if (one.at < openedAt && now() < openedAt + SETTLE_MS) return "unknown";
      const videos = candidates(answer, one, now()).filter((video) => !taken.has(video));
      const [video, ...others] = videos;
      if (video === undefined || others.length > 0) return "unknown";
      one.video = video;
      belongs(video);
      return { accepted: { video } };
    },
  };
}

/** Ids of the listed videos that may be the order's; none where the list does not reach back to when it was sent. */
function candidates({ body, headers }: Answer, { order, at }: Lost, now: number): readonly string[] {
  const data = valueAt(body, "data");
  const videos = Array.isArray(data) ? (data as Json[]) : [];
  // Its clock may be another than ours: what counts is how long ago each says that it was.
  const theirNow = Date.parse(String(headers.date));
  const skew = Number.isNaN(theirNow) ? 0 : theirNow - now;
  const earliest = at + skew - ROUNDING_MS;
  const madeAt = (video: Json): number => Number(valueAt(video, "created_at")) * 1000;
  if (valueAt(body, "has_more") === true && !videos.some((video) => madeAt(video) < earliest)) return [];
  return videos.flatMap((video) => {
    const id = textAt(video, "id") ?? "";
    const inTime = madeAt(video) >= earliest && madeAt(video) <= at + skew + LATEST_MS;
    const asOrdered = Object.entries(order).every(([name, value]) => textAt(video, name) === value);
    return id !== "" && inTime && asOrdered ? [id] : [];
  });
}

function alike(a: Order, b: Order): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => a[name] === b[name]);
}

function dropOldest(all: Set<string> | Map<string, unknown>, most: number): void {
  for (const oldest of all.keys()) {
    if (all.size <= most) return;
    all.delete(oldest);
  }
}
