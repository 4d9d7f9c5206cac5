/** The table of contents: what is mounted where. A new dialect is one line here. */
import type { FastifyInstance } from "fastify";
import { ReelayError } from "./core/errors.ts";
import type { Log } from "./core/log.ts";
import type { Task } from "./core/task.ts";
import type { Dialect, DialectParts } from "./http/dialect.ts";
import { renderError } from "./http/dialects/foxapi/errors.ts";
import { foxapi } from "./http/dialects/foxapi/routes.ts";
import { highwayapi } from "./http/dialects/highwayapi/routes.ts";
import { openai } from "./http/dialects/openai/routes.ts";
import { toReelayError } from "./http/errors.ts";
import { type FileParts, mountFiles } from "./http/files.ts";
import { mountHealth } from "./http/health.ts";
import { type HookParts, mountHooks } from "./http/hooks.ts";
import { mountOpenapi } from "./http/openapi/mount.ts";
import type { PageFacts } from "./http/pages/facts.ts";
import { mountPages } from "./http/pages/routes.ts";
import type { Written } from "./http/pages/written.ts";
import { createServer, type Refuse } from "./http/server.ts";

export interface AppParts {
  readonly log: Log;
  readonly ready: () => boolean;
  readonly files: Omit<FileParts, "onBug">;
  readonly hooks: HookParts["hooks"];
  readonly dialects: Omit<DialectParts, "onBug">;
  readonly pages: Pick<PageFacts, "host" | "publicUrl"> & { readonly written: Written };
}

/** Every dialect that is served. */
const DIALECTS: readonly Dialect[] = [foxapi, highwayapi, openai];

/** The dialect that made a task; throws where it is served no more. */
export function dialectOf({ dialect }: Task): Dialect {
  const found = DIALECTS.find(({ id }) => id === dialect);
  if (!found) throw new Error(`there is no dialect "${dialect}"`);
  return found;
}

export function buildApp({ log, ready, files, hooks, dialects, pages }: AppParts): FastifyInstance {
  const onBug = (requestId: string, error: unknown): void =>
    log("error", "request-bug", { request: requestId, error });
  const refuse: Refuse = (error, request, reply) => {
    const known = toReelayError(error);
    if (known.code === "bug") onBug(request.id, error);
    const { status, body } = renderError(known, request.id);
    return reply.code(status).send(body);
  };
  const app = createServer(log, refuse);

  mountHealth(app, ready);
  mountFiles(app, { ...files, onBug });
  mountHooks(app, { hooks, onBug });
  const { catalog } = dialects.gateway;
  const openapi = mountOpenapi(app, { dialects: DIALECTS, catalog, settings: dialects.settings });
  mountPages(app, { ...pages, catalog, dialects: DIALECTS, openapi }, pages.written);
  for (const dialect of DIALECTS) app.register((scope) => dialect.mount(scope, { ...dialects, onBug }));

  app.setErrorHandler(refuse);
  app.setNotFoundHandler((request, reply) => {
    const message = `There is no ${request.method} ${request.url.split("?")[0]} here. The main endpoint is POST /v1/videos/generations; GET /v1/models lists the models.`;
    return refuse(new ReelayError("not_found", message), request, reply);
  });
  return app;
}
