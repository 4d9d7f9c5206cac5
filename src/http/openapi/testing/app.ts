/** The whole app with nothing behind it: enough for its routes, its documents, and who is let in. */
import type { FastifyInstance } from "fastify";
import { type AppParts, buildApp } from "../../../app.ts";
import type { Catalog } from "../../../catalog/catalog.ts";
import { openAuth } from "../../auth.ts";
import { openAuthFailures } from "../../auth-failures.ts";
import type { DialectSettings } from "../../dialect.ts";
import { openRateLimit } from "../../rate-limit.ts";

const NO_NAMES: DialectSettings = { openaiModels: new Map(), openaiDefault: "", highwayStatuses: new Map() };

/** Nobody has a key here. */
export function appWith(catalog: Catalog, settings: DialectSettings = NO_NAMES): FastifyInstance {
  const clock = { now: () => 0 };
  const parts = {
    log: Object.assign(() => undefined, { writes: () => false }),
    ready: () => true,
    files: {},
    hooks: {},
    dialects: {
      gateway: { catalog },
      auth: openAuth({ findKey: async () => undefined }, clock as never),
      authFailures: openAuthFailures(0, clock.now),
      createLimit: openRateLimit(0, clock.now),
      settings,
      shedding: { check: () => undefined },
    },
    pages: { written: { style: "", samples: new Map() } },
  };
  return buildApp(parts as unknown as AppParts);
}

/** "GET /v1/tasks/{id}" for each route that is mounted; HEAD comes with GET. */
export async function routesOf(app: FastifyInstance): Promise<readonly string[]> {
  await app.ready();
  const routes: string[] = [];
  const above: string[] = [];
  for (const line of app.printRoutes({ commonPrefix: false }).split("\n")) {
    const [, indent = "", path = "", methods] = /^([│ ]*)[├└]── (\S*)(?: \(([A-Z, ]+)\))?/.exec(line) ?? [];
    const depth = indent.length / 4;
    above.splice(depth, Number.POSITIVE_INFINITY, path);
    const whole = above.join("").replace(/:(\w+)/g, "{$1}");
    for (const method of (methods ?? "").split(", ")) {
      if (method !== "" && method !== "HEAD") routes.push(`${method} ${whole}`);
    }
  }
  return routes.sort();
}
