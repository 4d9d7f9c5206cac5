/** `/docs`, its pages and their Markdown, the style sheet, samples for the examples, and `/llms.txt`. Open to everybody. */
import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { PageFacts } from "./facts.ts";
import { renderMarkdown } from "./html.ts";
import { chooseLanguage, LANGUAGES, type Language } from "./language.ts";
import { baseOf, layout } from "./layout.ts";
import { llmsText } from "./llms.ts";
import { FIRST, openSite, type Page, type Site } from "./site.ts";
import { WORDS } from "./words.ts";
import type { Written } from "./written.ts";

/** Nothing but our own style sheet: no script, no frame, no form, no foreign file. */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

interface Sent {
  readonly body: string | Buffer;
  readonly type: string;
  readonly etag: string;
  readonly link?: string;
}

export function mountPages(app: FastifyInstance, facts: PageFacts, written: Written): void {
  const site = openSite(facts, written);
  const style = sent(written.style, "text/css; charset=utf-8");
  const samples = new Map([...written.samples].map(([name, { bytes, type }]) => [name, sent(bytes, type)]));
  const cached = openCache();

  // A person who opens the server's address reads; a program that asks there is told what there is, as anywhere else.
  app.get("/", (request, reply) =>
    request.headers.accept?.includes("text/html")
      ? reply.header("vary", "accept").redirect("docs")
      : reply.callNotFound(),
  );
  app.get("/docs", (request, reply) =>
    reply
      .header("vary", "accept-language")
      .redirect(`docs/${chooseLanguage(request.headers["accept-language"])}`),
  );
  app.get("/docs/", (_request, reply) => reply.redirect("../docs"));
  app.get("/docs/style.css", (request, reply) => answer(request, reply, style));
  app.get("/docs/samples/:name", (request, reply) => {
    const found = samples.get(paramOf(request, "name"));
    return found ? answer(request, reply, found) : reply.callNotFound();
  });
  app.get("/llms.txt", (request, reply) => {
    const current = site();
    const make = (): Sent => sent(llmsText(current, facts.publicUrl()), "text/plain; charset=utf-8");
    return answer(request, reply, cached(current, "llms.txt", make));
  });

  for (const language of LANGUAGES) {
    const answerPage = (request: FastifyRequest, reply: FastifyReply, path: string): unknown => {
      const found = at(path, { site: site(), language, style: style.etag, cached });
      return found ? answer(request, reply.code(found.status), found.sent) : reply.callNotFound();
    };
    app.get(`/docs/${language}/`, (_request, reply) => reply.redirect(`../${language}`));
    app.get(`/docs/${language}`, (request, reply) => answerPage(request, reply, FIRST));
    app.get(`/docs/${language}/*`, (request, reply) => answerPage(request, reply, paramOf(request, "*")));
  }
}

type Cached = (site: Site, key: string, make: () => Sent) => Sent;

interface Place {
  readonly site: Site;
  readonly language: Language;
  readonly style: string;
  readonly cached: Cached;
}

/** A page, its Markdown, or where there is no such page a list of those that there are. */
function at(
  path: string,
  { site, language, style, cached }: Place,
): { readonly status: number; readonly sent: Sent } | undefined {
  const pages = site.pages[language];
  const page = pages.get(path);
  const twin = path.endsWith(".md") ? pages.get(path.slice(0, -3)) : undefined;
  const key = `${language}/${path}`;
  if (page) return { status: 200, sent: cached(site, key, () => htmlOf(site, page, style)) };
  if (twin) return { status: 200, sent: cached(site, key, () => markdownOf(twin)) };
  const depth = path.split("/").length;
  // No page of ours is deeper, and a list whose every link climbs back from far below would be long.
  if (depth > 2) return undefined;
  const name = Array(depth).fill("x").join("/");
  const make = (): Sent => missingPage(site, language, { name, style });
  return { status: 404, sent: cached(site, `${language}/missing/${depth}`, make) };
}

/** What was made for a site that is still the same object. */
function openCache(): Cached {
  let of: Site | undefined;
  let made = new Map<string, Sent>();
  return (site, key, make) => {
    if (of !== site) {
      of = site;
      made = new Map();
    }
    const known = made.get(key) ?? make();
    made.set(key, known);
    return known;
  };
}

function htmlOf(site: Site, page: Page, style: string): Sent {
  const rendered = renderMarkdown(page.markdown, baseOf(page));
  const body = layout({ page, sections: site.sections[page.language], rendered, style: style.slice(1, 9) });
  const own = page.name === FIRST ? `${page.language}/${FIRST}` : page.name.split("/").pop();
  const up = page.name === FIRST ? "../" : `../${baseOf(page)}../`;
  return {
    ...sent(body, "text/html; charset=utf-8"),
    link: `<${own}.md>; rel="alternate"; type="text/markdown", <${up}llms.txt>; rel="describedby"`,
  };
}

function markdownOf(page: Page): Sent {
  const up = "../".repeat(page.name.split("/").length + 1);
  const own = page.name === FIRST ? `../${page.language}` : page.name.split("/").pop();
  return {
    ...sent(page.markdown, "text/markdown; charset=utf-8"),
    link: `<${own}>; rel="canonical"; type="text/html", <${up}llms.txt>; rel="describedby"`,
  };
}

function missingPage(
  site: Site,
  language: Language,
  { name, style }: { readonly name: string; readonly style: string },
): Sent {
  const words = WORDS[language];
  const links = [...site.pages[language].values()]
    .filter((page) => page.name !== FIRST)
    .map((page) => `- [${page.title}](${page.name}.md)`);
  const markdown = [`# ${words.notFound}`, words.notFoundAbout, links.join("\n")].join("\n\n");
  return htmlOf(site, { name, language, title: words.notFound, about: "", markdown }, style);
}

function sent(body: string | Buffer, type: string): Sent {
  return { body, type, etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"` };
}

function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, type, etag, link }: Sent,
): FastifyReply {
  reply.headers({
    "cache-control": "no-cache",
    "content-security-policy": POLICY,
    "cross-origin-resource-policy": "same-origin",
    etag,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    ...(link === undefined ? {} : { link }),
  });
  const known = request.headers["if-none-match"];
  if (reply.statusCode === 200 && (known?.trim() === "*" || known?.includes(etag)))
    return reply.code(304).send();
  return reply.type(type).send(body);
}

function paramOf(request: FastifyRequest, name: string): string {
  return (request.params as Record<string, string>)[name] ?? "";
}
