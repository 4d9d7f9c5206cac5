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
  const html = openCache((current, page) => htmlOf(current, page, style.etag));
  const markdown = openCache((_site, page) => markdownOf(page));
  const llms = openCache((current) =>
    sent(llmsText(current, facts.publicUrl()), "text/plain; charset=utf-8"),
  );

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
    const found = written.samples.get(paramOf(request, "name"));
    return found ? answer(request, reply, sent(found.bytes, found.type)) : reply.callNotFound();
  });
  app.get("/llms.txt", (request, reply) => answer(request, reply, llms(site())));

  for (const language of LANGUAGES) {
    app.get(`/docs/${language}/`, (_request, reply) => reply.redirect(`../${language}`));
    app.get(`/docs/${language}`, (request, reply) => answerPage(request, reply, FIRST));
    app.get(`/docs/${language}/*`, (request, reply) => answerPage(request, reply, paramOf(request, "*")));

    const answerPage = (request: FastifyRequest, reply: FastifyReply, path: string): FastifyReply => {
      const current = site();
      const pages = current.pages[language];
      const page = pages.get(path);
      if (page) return answer(request, reply, html(current, page));
      const twin = path.endsWith(".md") ? pages.get(path.slice(0, -3)) : undefined;
      if (twin) return answer(request, reply, markdown(current, twin));
      return answer(request, reply.code(404), missingPage(current, language, { path, style: style.etag }));
    };
  }
}

/** Made once for each page of a site that is the same object. */
function openCache<T extends readonly Page[]>(
  make: (site: Site, ...page: T) => Sent,
): (site: Site, ...page: T) => Sent {
  let of: Site | undefined;
  let made = new Map<Page | undefined, Sent>();
  return (site, ...page) => {
    if (of !== site) {
      of = site;
      made = new Map();
    }
    const known = made.get(page[0]) ?? make(site, ...page);
    made.set(page[0], known);
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
  { path, style }: { readonly path: string; readonly style: string },
): Sent {
  const words = WORDS[language];
  const links = [...site.pages[language].values()]
    .filter(({ name }) => name !== FIRST)
    .map(({ name, title }) => `- [${title}](${name}.md)`);
  const markdown = [`# ${words.notFound}`, words.notFoundAbout, links.join("\n")].join("\n\n");
  // As deep as what was asked for, so that its links lead back.
  const name = path.replaceAll(/[^/]+/g, "x");
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
