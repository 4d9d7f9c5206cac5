/** One task of a made-up model, and what it takes to place its work with given providers. */
import type { Clock } from "../../core/clock.ts";
import type { CatalogModel, Route } from "../../core/model.ts";
import type { Provider } from "../../core/provider.ts";
import type { Task } from "../../core/task.ts";
import { openHealth } from "../health.ts";
import type { Errand, PlaceParts } from "../place.ts";
import { openRouter, type RouterParts } from "../route.ts";

export interface PlaceLab {
  readonly parts: PlaceParts;
  /** The task as it stands, at the provider that has it now. */
  errand(deadlineAt: number): Errand;
}

const FIELD = { about: "-", max: 1000 } as const;

export const modelFor = (routes: readonly Route[]): CatalogModel => ({
  ...{ id: "m", name: "M", vendor: "v", source: "-", rules: [], example: {} },
  input: {
    prompt: { kind: "text", ...FIELD, required: true },
    style: { kind: "choice", about: "-", values: ["clay", "comic"], nullable: true },
    image_url: {
      kind: "picture",
      about: "-",
      nullable: true,
      limits: { types: ["png"], maxBytes: 1_000_000 },
    },
    duration: { kind: "choice", about: "-", values: [5], default: 5 },
    resolution: { kind: "choice", about: "-", values: ["720p"], default: "720p" },
    aspect: { kind: "choice", about: "-", values: ["16:9"], default: "16:9" },
  },
  output: { duration: "duration", resolution: "resolution", aspect: "aspect" },
  price: { source: "-", lines: [{ when: {}, usdPerSecond: 0.1 }] },
  routes,
});

export const routeTo = (provider: string, change: Partial<Route> = {}): Route => ({
  provider,
  endpoint: `${provider}/e`,
  send: { prompt: "prompt", style: "style", image: "image_url" },
  unsent: {},
  ...change,
});

export function openPlaceLab(
  clock: Clock,
  given: readonly Provider[],
  more: Partial<Pick<RouterParts, "shares" | "isFull" | "turnMs" | "random">> &
    Partial<Pick<PlaceParts, "submitTurn">> = {},
): PlaceLab {
  // Of a provider only what placing asks of it.
  const whole = given.map((one): Provider => ({ ...{ free: false, kind: one.id }, ...one }));
  const providers = new Map(whole.map((one) => [one.id, one]));
  const health = openHealth({ clock, alert: () => undefined });
  const state = { provider: given[0]?.id ?? "" };
  const shares = new Map();
  const model = modelFor([...new Set(whole.map(({ kind }) => kind))].map((kind) => routeTo(kind)));
  return {
    parts: {
      providers,
      health,
      clock,
      store: {
        moveTask: async (_id, provider) => {
          state.provider = provider;
        },
      },
      router: openRouter({
        ...{ providers, health, shares, isFull: () => false, turnMs: () => 0, random: () => 0 },
        ...more,
      }),
      submitTurn: more.submitTurn ?? (() => 0),
      hooks: { url: ({ attemptId }) => `https://us/${attemptId}` },
      log: () => undefined,
    },
    errand: (deadlineAt) => ({
      task: {
        ...{ id: "t1", model: "m", provider: state.provider, test: null, input: { prompt: "fox" } },
      } as unknown as Task,
      model,
      files: {},
      deadlineAt,
      describe: ({ route }) => ({ endpoint: route.endpoint, params: { a: 1 }, media: {}, test: null }),
    }),
  };
}
