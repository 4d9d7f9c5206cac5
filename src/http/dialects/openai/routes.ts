/** The endpoints of this dialect. It translates between HTTP and the gateway, and decides nothing. */
import multipart from "@fastify/multipart";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ReelayError } from "../../../core/errors.ts";
import { type Dialect, type DialectParts, openCallers } from "../../dialect.ts";
import { FORM_LIMITS, MOST_TEXT } from "./body.ts";
import { sendContent } from "./content.ts";
import { askCreate } from "./create.ts";
import { renderError, spell } from "./errors.ts";
import { askExtension } from "./extend.ts";
import { readList } from "./list.ts";
import { type Asked, type Making, makeVideo } from "./make.ts";
import { checkNames } from "./models.ts";
import { describe } from "./openapi.ts";
import { notFound, readVideo } from "./read.ts";
import { askRemix } from "./remix.ts";
import { DIALECT, toEvent, toVideo, toVideoPage } from "./wire.ts";

export const openai: Dialect = { id: DIALECT, mount, tell: toEvent, tellMs: 10_000, spell, describe };

const VIDEOS = "/v1/videos";

async function mount(app: FastifyInstance, parts: DialectParts): Promise<void> {
  const { gateway, files, settings } = parts;
  checkNames({ catalog: gateway.catalog, settings });
  const { keyOf, admit } = openCallers(app, parts, renderError);
  await app.register(multipart, { limits: FORM_LIMITS });

  const making = (request: FastifyRequest, reply: FastifyReply): Making => ({
    ...{ request, reply, gateway, key: keyOf(request), uploads: [] },
  });
  const create = (path: string, ask: (making: Making) => Promise<Asked>): void => {
    app.post(path, { onRequest: admit, bodyLimit: MOST_TEXT }, (request, reply) =>
      makeVideo(making(request, reply), ask),
    );
  };
  create(VIDEOS, (one) => askCreate(one, settings));
  create(`${VIDEOS}/:id/remix`, (one) => askRemix(one, settings, idOf(one.request)));
  create(`${VIDEOS}/extensions`, (one) => askExtension(one, settings));

  app.get(VIDEOS, async (request) => {
    const filter = readList(request.query as Readonly<Record<string, unknown>>);
    return toVideoPage(await gateway.list({ ...filter, keyId: keyOf(request).id, dialect: DIALECT }));
  });

  app.get(`${VIDEOS}/:id`, async (request) =>
    toVideo(await readVideo(gateway, keyOf(request), idOf(request))),
  );

  // HEAD by itself would be answered with a length of 0.
  app.route({
    method: ["GET", "HEAD"],
    url: `${VIDEOS}/:id/content`,
    handler: async (request, reply) => {
      const view = await readVideo(gateway, keyOf(request), idOf(request));
      return sendContent({ request, reply, files, view });
    },
  });

  app.delete(`${VIDEOS}/:id`, async (request) => {
    const id = idOf(request);
    await gateway.remove(keyOf(request), DIALECT, id).catch(notFound(id));
    return { id, deleted: true, object: "video.deleted" };
  });

  for (const [method, path, message] of UNSUPPORTED)
    app.route({
      method,
      url: `${VIDEOS}/${path}`,
      handler: () => {
        throw new ReelayError("unsupported_parameters", message);
      },
    });
}

/** What the hosted original had and no model here can do. */
const UNSUPPORTED = [
  [
    "POST",
    "edits",
    `No model here edits a video. To make it again with other words: POST ${VIDEOS}/{id}/remix with {"prompt"}. To go on from its end: POST ${VIDEOS}/extensions.`,
  ],
  [
    "POST",
    "characters",
    `No model here keeps characters. To have the same one in several videos, start each from a picture of it: POST ${VIDEOS} with "input_reference".`,
  ],
  [
    "GET",
    "characters/:id",
    `There are no characters here. Start a video from a picture instead: POST ${VIDEOS} with "input_reference".`,
  ],
] as const;

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id;
}
