/** What the upstreams were asked and took on, each by its own account, held against each other. */
import { type Evidence, markerOf, type UpstreamEntry } from "./evidence.ts";
import { grouped, type Looked, type Property } from "./property.ts";
import { MOST_ACCEPTED, UPSTREAMS } from "./upstreams.ts";

const accepted = (upstream: readonly UpstreamEntry[]): readonly UpstreamEntry[] =>
  upstream.filter(({ event }) => event === "accepted");

const isSubmit = ({ event, method, path }: UpstreamEntry): boolean =>
  event === "request" && method === "POST" && path === "/jobs";

interface Order {
  readonly attempt?: string;
  readonly params?: { readonly prompt?: string };
}
const orderOf = ({ body }: UpstreamEntry): Order => (body ?? {}) as Order;

/** Attempt -> the name of the create that it is for. */
function markersOf(upstream: readonly UpstreamEntry[]): ReadonlyMap<string, string | undefined> {
  return new Map(
    upstream.filter(isSubmit).map((entry) => {
      const { attempt = "", params } = orderOf(entry);
      return [attempt, markerOf(params?.prompt ?? "")];
    }),
  );
}

function submittedOnce({ upstream }: Evidence): Looked {
  const attempts = grouped(upstream.filter(isSubmit), (entry) => orderOf(entry).attempt);
  const faults = [...grouped(accepted(upstream), ({ attempt }) => attempt)]
    .filter(([, times]) => times.length > 1)
    .map(([attempt, times]) => `attempt ${attempt} was accepted ${times.length} times`);
  return { checked: attempts.size, faults };
}

interface JobSeen {
  readonly job?: string;
  readonly status?: string;
  readonly error?: { readonly code?: string };
}

/** What an answer of an upstream says of its jobs, one by one or many at once. */
function jobsIn({ event, body }: UpstreamEntry): readonly JobSeen[] {
  if (event !== "answer" || typeof body !== "object" || body === null) return [];
  return (body as { jobs?: readonly JobSeen[] }).jobs ?? [body as JobSeen];
}

/** Two upstreams give their jobs the same names. */
const nameOf = (by: string, job: string | undefined): string => `${by}/${job}`;

/** A second attempt may be accepted only once the last that was told of the first one's job is that it failed. */
function oneAttemptAtATime({ upstream }: Evidence): Looked {
  const markers = markersOf(upstream);
  const told = new Map<string, string>();
  const last = new Map<string, UpstreamEntry>();
  const faults: string[] = [];
  for (const entry of upstream) {
    for (const { job, status } of jobsIn(entry)) {
      if (status !== undefined) told.set(nameOf(entry.by, job), status);
    }
    const marker = entry.event === "accepted" ? markers.get(entry.attempt ?? "") : undefined;
    if (marker === undefined) continue;
    const before = last.get(marker);
    const status = before && told.get(nameOf(before.by, before.job));
    if (before && status !== "failed" && status !== "cancelled") {
      faults.push(
        `${marker}: ${before.attempt} (${status} at ${before.by}) and ${entry.attempt} were accepted`,
      );
    }
    last.set(marker, entry);
  }
  return { checked: last.size, faults };
}

function noMoreThanAllowed({ upstream }: Evidence): Looked {
  const markers = markersOf(upstream);
  const byMarker = grouped(accepted(upstream), ({ attempt }) => markers.get(attempt ?? ""));
  const faults = [...byMarker]
    .filter(([, accepts]) => accepts.length > MOST_ACCEPTED)
    .map(([marker, accepts]) => `${marker} was accepted ${accepts.length} times`);
  return { checked: byMarker.size, faults };
}

const CONTENT = "content_policy";
/** With any other status of its own, such as 429, a submit's answer says something else, whatever its code. */
const JUDGED = 422;

/** Told at the submit or at a check: from then on nobody else gets it. */
function contentIsFinal({ upstream }: Evidence): Looked {
  const markers = markersOf(upstream);
  const asked = new Map(
    upstream.filter(isSubmit).map((entry) => [nameOf(entry.by, String(entry.n)), orderOf(entry).attempt]),
  );
  const jobs = new Map(accepted(upstream).map(({ by, job, attempt }) => [nameOf(by, job), attempt]));
  const refusedBy = new Map<string | undefined, string>();
  const faults: string[] = [];
  for (const entry of upstream) {
    const { by, n } = entry;
    if (isSubmit(entry)) {
      const marker = markers.get(orderOf(entry).attempt ?? "");
      const before = refusedBy.get(marker);
      if (before !== undefined && before !== by)
        faults.push(`${marker} was refused for its content by ${before} and sent to ${by}`);
    }
    for (const { job, error } of jobsIn(entry)) {
      const submit = entry.status === JUDGED ? asked.get(nameOf(by, String(n))) : undefined;
      const attempt = job === undefined ? submit : jobs.get(nameOf(by, job));
      if (error?.code === CONTENT && attempt !== undefined) refusedBy.set(markers.get(attempt), by);
    }
  }
  return { checked: asked.size, faults };
}

const KEYS = new Map(UPSTREAMS.map(({ id, key }) => [id, key]));

/** Files are fetched as anybody may fetch them, and never with a key: their address is the upstream's to choose. */
function ownKeysOnly({ upstream }: Evidence): Looked {
  const keyed = upstream.filter(({ event }) => event === "key");
  const faults = keyed.flatMap(({ by, method, path = "", key = null }) => {
    const right = path.startsWith("/files/") ? null : (KEYS.get(by) ?? null);
    return key === right ? [] : [`${by} was asked ${method} ${path} with the key ${key}`];
  });
  return { checked: keyed.length, faults };
}

/** Checks, cancels and look-ups: of work that was handed to this very upstream. */
function ownWorkOnly({ upstream }: Evidence): Looked {
  const jobs = new Set<string>();
  const attempts = new Set<string>();
  const faults: string[] = [];
  let checked = 0;
  for (const entry of upstream) {
    const { event, by, path = "", job, attempt } = entry;
    if (event === "accepted") {
      jobs.add(nameOf(by, job));
      attempts.add(nameOf(by, attempt));
    } else if (isSubmit(entry)) attempts.add(nameOf(by, orderOf(entry).attempt));
    else if (event === "request") {
      const { pathname, searchParams } = new URL(path, "http://upstream");
      const [, one] = /^\/jobs\/([^/]+)/.exec(pathname) ?? [];
      const ids = one === undefined ? (searchParams.get("ids")?.split(",") ?? []) : [one];
      const sought = searchParams.get("attempt");
      checked += ids.length + (sought === null ? 0 : 1);
      const strange = ids.filter((id) => !jobs.has(nameOf(by, id)));
      faults.push(...strange.map((id) => `${by} was asked about ${id}, which it does not have`));
      if (sought !== null && !attempts.has(nameOf(by, sought)) && isElsewhere(upstream, by, sought))
        faults.push(`${by} was asked for ${sought}, which was handed to another`);
    }
  }
  return { checked, faults };
}

function isElsewhere(upstream: readonly UpstreamEntry[], by: string, attempt: string): boolean {
  return upstream.some((entry) => isSubmit(entry) && entry.by !== by && orderOf(entry).attempt === attempt);
}

/** One sentence: who accepted how much, and how many tasks were accepted a second time. */
export function sumUp(upstream: readonly UpstreamEntry[]): string {
  const markers = markersOf(upstream);
  const accepts = accepted(upstream);
  const byUpstream = UPSTREAMS.map(({ id }) => `${id} ${accepts.filter(({ by }) => by === id).length}`);
  const byMarker = grouped(accepts, ({ attempt }) => markers.get(attempt ?? ""));
  const again = [...byMarker.values()].filter(({ length }) => length > 1).length;
  return `accepted: ${byUpstream.join(", ")}; ${again} tasks at both, one after the other`;
}

export const UPSTREAM_PROPERTIES: readonly Property[] = [
  { says: "the upstreams accepted at most one submit of an attempt", look: submittedOnce },
  { says: "no second attempt was accepted before the first had failed", look: oneAttemptAtATime },
  { says: "no more attempts of a task were accepted than are allowed", look: noMoreThanAllowed },
  { says: "what one refused for its content was never sent to another", look: contentIsFinal },
  { says: "every request carried the key of the upstream that it went to", look: ownKeysOnly },
  { says: "an upstream was asked about its own work only", look: ownWorkOnly },
];
