/**
 * A page's Markdown as HTML. Raw HTML in it becomes text, and links lead to pages of ours or to http(s) only: much of
 * a page is made of what operators write, and none of that may run in a reader's browser.
 */
import { Marked, type RendererObject, type Tokens } from "marked";

export interface Heading {
  readonly id: string;
  readonly depth: number;
  /** HTML. */
  readonly text: string;
}

export interface Rendered {
  readonly html: string;
  readonly headings: readonly Heading[];
}

/** `base` leads from the page to the folder of its language: "" or "../" or "en/". */
export function renderMarkdown(markdown: string, base: string): Rendered {
  const headings: Heading[] = [];
  const marked = new Marked({
    gfm: true,
    async: false,
    renderer: rendererFor(base, headings),
    // What merely looks like an address stays text: it would swallow the escapes behind it.
    tokenizer: { url: () => undefined },
  });
  return { html: marked.parse(markdown) as string, headings };
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (one) => ESCAPES[one] ?? "");
}

function rendererFor(base: string, headings: Heading[]): RendererObject {
  return {
    html: ({ text }: Tokens.HTML | Tokens.Tag) => escapeHtml(text),
    image: ({ text }: Tokens.Image) => escapeHtml(text),
    code: ({ text, lang }: Tokens.Code) => codeBlock(text, lang ?? ""),
    heading({ tokens, depth }: Tokens.Heading) {
      const text = this.parser.parseInline(tokens);
      const id = anchorOf(this.parser.parseInline(tokens, this.parser.textRenderer), headings);
      headings.push({ id, depth, text });
      return `<h${depth} id="${id}"><a class="anchor" href="#${id}">${text}</a></h${depth}>\n`;
    },
    link({ href, tokens }: Tokens.Link) {
      const text = this.parser.parseInline(tokens);
      const target = targetOf(href, base);
      return target === undefined ? text : `<a href="${escapeHtml(target)}">${text}</a>`;
    },
    table({ header, rows }: Tokens.Table) {
      const heads = header.map(({ tokens }) => this.parser.parseInline(tokens));
      const names = header.map(({ tokens }) => this.parser.parseInline(tokens, this.parser.textRenderer));
      // On a phone a row of many cells becomes a card, and each cell says what it is.
      const many = header.length > 3;
      const cell = ({ tokens }: Tokens.TableCell, at: number): string =>
        `<td${many ? ` data-head="${escapeHtml(names[at] ?? "")}"` : ""}>${this.parser.parseInline(tokens)}</td>`;
      const body = rows.map((cells) => `<tr>${cells.map(cell).join("")}</tr>\n`).join("");
      // Wide tables scroll by themselves, and by keys: the page does not.
      return `<div class="scroll" tabindex="0"><table${many ? ' class="many"' : ""}><thead><tr>${heads.map((head) => `<th>${head}</th>`).join("")}</tr></thead><tbody>${body}</tbody></table></div>\n`;
    },
  };
}

/** A title behind the language folds the block. */
function codeBlock(text: string, info: string): string {
  const [, language = "", title = ""] = /^(\S*)\s*(.*)$/.exec(info) ?? [];
  const block = `<pre tabindex="0"><code class="language-${escapeHtml(language)}">${escapeHtml(text)}\n</code></pre>\n`;
  return title === "" ? block : `<details><summary>${escapeHtml(title)}</summary>\n${block}</details>\n`;
}

/** Pages name each other by their files (`tasks.md`), which holds in the repository and for Markdown that is served. */
function targetOf(href: string, base: string): string | undefined {
  if (/^https?:\/\//i.test(href) || href.startsWith("#")) return href;
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(href)) return undefined;
  return base + href.replace(/\.md(?=#|$)/, "");
}

/** As GitHub makes it from a heading: letters of any script, digits, "-" and "_". */
function anchorOf(text: string, before: readonly Heading[]): string {
  const id = text
    .toLowerCase()
    .replaceAll(/&[a-z0-9#]+;/g, "")
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");
  const same = before.filter((one) => one.id === id || one.id.startsWith(`${id}-`)).length;
  return same > 0 && before.some((one) => one.id === id) ? `${id}-${same}` : id;
}
