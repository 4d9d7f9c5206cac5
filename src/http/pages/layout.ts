/** What is around a page's text: navigation, the other language, its Markdown twin. No script, one style sheet. */
import { escapeHtml, type Heading, type Rendered } from "./html.ts";
import type { Language } from "./language.ts";
import { FIRST, type Page, type Section } from "./site.ts";
import { WORDS } from "./words.ts";

interface Around {
  readonly page: Page;
  readonly sections: readonly Section[];
  readonly rendered: Rendered;
  /** Whether the other language has the page too. */
  readonly style: string;
}

/** `/docs/en` is one level above its pages, and `/docs/en/models/x` one below: links are relative, for any prefix. */
export function baseOf({ name, language }: Pick<Page, "name" | "language">): string {
  return name === FIRST ? `${language}/` : "../".repeat(name.split("/").length - 1);
}

/** From a page to `/docs/`. */
function rootOf(page: Pick<Page, "name" | "language">): string {
  return page.name === FIRST ? "" : `${baseOf(page)}../`;
}

export function layout({ page, sections, rendered, style }: Around): string {
  const words = WORDS[page.language];
  const base = baseOf(page);
  const root = rootOf(page);
  const other: Language = page.language === "en" ? "zh" : "en";
  const otherHref = page.name === FIRST ? other : `${root}${other}/${page.name}`;
  const title = textOf(page.title);
  return `<!doctype html>
<html lang="${page.language === "zh" ? "zh-Hans" : "en"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(page.name === FIRST ? title : `${title} · Reelay`)}</title>
<meta name="description" content="${escapeHtml(textOf(page.about))}">
<link rel="stylesheet" href="${root}style.css?${style}">
<link rel="alternate" type="text/markdown" href="${base}${page.name}.md">
<link rel="alternate" hreflang="${other}" href="${otherHref}">
<link rel="describedby" href="${root}../llms.txt">
</head>
<body>
<a class="skip" href="#text">${words.skip}</a>
<header>
<a class="home" href="${page.name === FIRST ? page.language : `${root}${page.language}`}">Reelay</a>
<a class="menu" href="#pages">${words.pages}</a>
<a class="language" href="${otherHref}" lang="${other}" hreflang="${other}">${words.otherLanguage}</a>
</header>
<div class="columns">
<main id="text">
${rendered.html}<footer><a href="${base}${page.name}.md">${words.asMarkdown}</a></footer>
</main>
${contents(rendered.headings, words.onThisPage)}<nav id="pages" aria-label="${words.pages}">
${sections.map((section) => sectionLinks(section, page, base)).join("")}</nav>
</div>
</body>
</html>
`;
}

function sectionLinks({ title, pages }: Section, here: Page, base: string): string {
  const links = pages.map((page) => {
    const current = page.name === here.name ? ' aria-current="page"' : "";
    return `<li><a href="${base}${page.name}"${current}>${escapeHtml(textOf(page.title))}</a></li>\n`;
  });
  return `<h2>${escapeHtml(title)}</h2>\n<ul>\n${links.join("")}</ul>\n`;
}

/** Worth its room from three headings on. */
function contents(headings: readonly Heading[], title: string): string {
  const inner = headings.filter(({ depth }) => depth === 2 || depth === 3);
  if (inner.length < 3) return "";
  const links = inner.map(
    ({ id, depth, text }) => `<li class="depth-${depth}"><a href="#${id}">${text}</a></li>\n`,
  );
  return `<aside aria-label="${title}">\n<h2>${title}</h2>\n<ul>\n${links.join("")}</ul>\n</aside>\n`;
}

/** Markdown of one line as the text that a reader would see. */
function textOf(markdown: string): string {
  return markdown
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/`+/g, "")
    .replaceAll(/\\(?=[\p{P}\p{S}])/gu, "");
}
