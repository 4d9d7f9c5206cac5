/** FoxAPI, a stand-in of a Reelay, and a real Reelay behind a bad line, which has a fake upstream of its own. */
import { startFakeUpstream } from "../support/fake-upstream.ts";
import { NO_RENDER, startServer } from "../support/server.ts";
import { ALL, FOXAPI, JUDGED, type Kind, LISTED, STOPPED, VEO_EXTENDS } from "./upstreams-kinds.ts";
import { type Opened, PACE, settings } from "./upstreams-opened.ts";
import { openRelay } from "./upstreams-relay.ts";
import { describeKinds } from "./upstreams-suite.ts";

const FAR_KEY = "fake-5eCr3t";

async function openReal(): Promise<Opened> {
  const [fake, relay] = await Promise.all([startFakeUpstream({ apiKey: FAR_KEY }), openRelay()]);
  const far = await startServer({
    ...NO_RENDER,
    ...settings("fake", { url: fake.url, key: FAR_KEY }),
    // Its links lead through the line, too.
    REELAY_PUBLIC_URL: relay.url,
  });
  relay.target = far.url;
  const idsOf = (token: string) =>
    [...relay.tasks].flatMap(([id, prompt]) => (prompt.includes(token) ? [id] : []));
  const asksOf = (token: string, method: string, path: string) =>
    relay.asks.filter(
      (one) =>
        one.method === method &&
        idsOf(token).some((id) => one.path.startsWith(path) && one.path.includes(id)),
    );
  const isTaken = (attempt: string) =>
    fake.entries.some((one) => one.event === "accepted" && one.attempt === attempt);
  const jobsOf = (token: string) =>
    fake.entries
      .flatMap((one) =>
        one.event === "request" && one.path === "/jobs" && JSON.stringify(one.body).includes(token)
          ? [one.body as { readonly attempt: string }]
          : [],
      )
      .filter(({ attempt }) => isTaken(attempt));
  return {
    accepts: (token) => Math.max(idsOf(token).length, jobsOf(token).length),
    // A far one that is too busy for a moment has taken nothing.
    submits: (token) =>
      new Set(
        relay.asks.flatMap(({ bytes, headers, status }) =>
          bytes.includes(token) && status !== 503 ? [headers["idempotency-key"]] : [],
        ),
      ).size,
    // Not before the far one's work is under way, too.
    checks: (token) => Math.min(asksOf(token, "GET", "/v1/tasks/").length, jobsOf(token).length),
    reads: (token) => asksOf(token, "GET", "/files/").length,
    isStopped: (token) =>
      jobsOf(token).some(({ attempt }) =>
        fake.entries.some((one) => one.event === "cancelled" && one.attempt === attempt),
      ),
    webhook: () => undefined,
    asks: () => relay.asks.length,
    complaints: [],
    env: settings("foxapi", { url: relay.url, key: far.key, reelay: "yes", ...PACE }),
    secrets: [far.key, FAR_KEY],
    async close() {
      await far.discard();
      await Promise.all([fake.close(), relay.close()]);
    },
  };
}

const REAL: Kind = {
  name: "foxapi that is a real Reelay",
  open: openReal,
  models: ALL,
  besides: VEO_EXTENDS,
  lost: [LISTED],
  cancel: STOPPED,
  fails: JUDGED,
  // It takes the work, and waits for its own provider.
  busy: { words: "status=429", submits: 1 },
  downloads: true,
  looks: true,
};

describeKinds([...FOXAPI, REAL]);
