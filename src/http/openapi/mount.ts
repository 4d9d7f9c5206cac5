/**
 * `GET /openapi/{part}.json` and `GET /openapi.json`: what this server takes and answers, made of the catalogue as it is
 * now, so that an operator's own models are in it, too. Open to everybody: nothing in it is a secret.
 */
import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Catalog } from "../../catalog/catalog.ts";
import type { Dialect, DialectSettings } from "../dialect.ts";
import type { Description } from "./description.ts";
import { openapiDocument } from "./document.ts";
import { describeServer } from "./server-parts.ts";

/** Of what is described; it says nothing about the program. */
const VERSION = "1";
const WHOLE = "/openapi.json";
const TITLE = "Reelay";
const ABOUT =
  "A self-hosted server for AI video generation. It speaks the dialects below; a task belongs to the dialect that made it. HEAD is answered wherever GET is. Text is well-formed Unicode.";

export interface OpenapiParts {
  readonly dialects: readonly Dialect[];
  readonly catalog: Catalog;
  readonly settings: DialectSettings;
}

interface Written {
  readonly text: string;
  readonly etag: string;
}

type Documents = ReadonlyMap<string, Written>;

/** Returns the whole document as data, as it is when asked for: what the reference for people is made of. */
export function mountOpenapi(app: FastifyInstance, parts: OpenapiParts): () => unknown {
  // By the catalogue's map, which is another one after an operator's file has changed.
  let made: { readonly of: Catalog["models"]; readonly documents: Documents } | undefined;
  const documents = (): Documents => {
    const { models } = parts.catalog;
    if (made?.of !== models) made = { of: models, documents: writeAll(parts) };
    return made.documents;
  };
  const known = (request: FastifyRequest, etag: string): boolean =>
    (request.headers["if-none-match"] ?? "")
      .split(",")
      .some((one) => ["*", etag, `W/${etag}`].includes(one.trim()));

  for (const path of pathsOf(parts.dialects)) {
    app.get(path, async (request, reply) => {
      const { text, etag } = documents().get(path) as Written;
      reply.headers({ etag, "cache-control": "no-cache" });
      if (known(request, etag)) return reply.code(304).send();
      return reply.type("application/json; charset=utf-8").send(text);
    });
  }
  return () => JSON.parse(documents().get(WHOLE)?.text ?? "");
}

function pathsOf(dialects: readonly Dialect[]): readonly string[] {
  return [WHOLE, ...dialects.map(({ id }) => pathOf(id))];
}

function pathOf(dialect: string): string {
  return `/openapi/${dialect}.json`;
}

function writeAll({ dialects, catalog, settings }: OpenapiParts): Documents {
  const described = dialects.map((dialect) => dialect.describe(catalog, settings));
  const all = [...described, describeServer(pathsOf(dialects))];
  return new Map([
    [WHOLE, write(all, { title: TITLE, about: ABOUT, version: VERSION })],
    ...described.map((part) => [pathOf(part.name), writeOne(part)] as const),
  ]);
}

function writeOne(part: Description): Written {
  return write([part], {
    title: `${TITLE}: ${part.title}`,
    about: `${ABOUT}\n\n${part.about}`,
    version: VERSION,
  });
}

function write(...[parts, options]: Parameters<typeof openapiDocument>): Written {
  const text = JSON.stringify(openapiDocument(parts, options));
  return { text, etag: `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"` };
}
