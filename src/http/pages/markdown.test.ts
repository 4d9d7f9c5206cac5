import fc from "fast-check";
import { expect, test } from "vitest";
import { renderMarkdown } from "./html.ts";
import { code, plain, prose, table } from "./markdown.ts";

/** What a reader sees of HTML that has no element but these. */
function seen(html: string): string {
  return html
    .replaceAll(/<\/?(p|code)>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")
    .trim();
}

const shown = (markdown: string): string => seen(renderMarkdown(markdown, "").html);

const MARKUP = fc.string({
  unit: fc.constantFrom(
    ..."ab 1.)-+*_~`|<>[]()!#&;:/\\{}\"'=@\n",
    "http://a.example",
    "www.a.example",
    "a@b.example",
    "&lt;",
    "中",
  ),
  maxLength: 30,
});

test("a text is markup, or is not what it was", () => {
  fc.assert(
    fc.property(MARKUP, (text) => {
      const one = text.replaceAll(/\s+/g, " ").trim();
      expect(shown(plain(one))).toBe(one);
    }),
    { numRuns: 2_000 },
  );
});

test("a cell of a table is two, or markup", () => {
  fc.assert(
    fc.property(MARKUP, (text) => {
      const one = text.replaceAll(/\s+/g, " ").trim();
      const { html } = renderMarkdown(table(["a", "b"], [[plain(one), code(one || "x")]]), "");
      expect(html.match(/<td/g)).toHaveLength(2);
      expect(html).not.toMatch(/<(img|script|em|strong|del)/);
    }),
    { numRuns: 1_000 },
  );
});

test("a name of ours is not readable in Markdown any more", () => {
  expect(plain("send image_urls or video_url (at most 2), e.g. 16:9")).toBe(
    "send image_urls or video_url (at most 2), e.g. 16:9",
  );
});

test("a code span of a sentence is lost, or an odd backtick breaks the rest", () => {
  expect(shown(prose("told by `model_id`, a `"))).toBe("told by model_id, a `");
  expect(prose("`a*b` and *c*")).toBe("`a*b` and \\*c\\*");
});
