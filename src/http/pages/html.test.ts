import { expect, test } from "vitest";
import { renderMarkdown } from "./html.ts";

const html = (markdown: string, base = ""): string => renderMarkdown(markdown, base).html.trim();

test.each([
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "data:text/html,x",
  "vbscript:x",
  "//evil.example/x",
  "file:///etc/passwd",
])("a link leads to %s", (href) => {
  expect(html(`[a](<${href}>)`)).toBe("<p>a</p>");
});

test("a link between pages leads to a file, or away from its folder", () => {
  expect(html("[a](tasks.md#list)", "../")).toBe('<p><a href="../tasks#list">a</a></p>');
  expect(html("[a](#here)", "../")).toBe('<p><a href="#here">a</a></p>');
  expect(html("[a](https://a.example/x.md)")).toBe('<p><a href="https://a.example/x.md">a</a></p>');
});

test("HTML in a page is HTML", () => {
  expect(html("<b onclick=x>a</b>")).not.toContain("<b");
  expect(html("<script>\nalert(1)\n</script>")).not.toContain("<script");
  expect(html("![x](https://a.example/a.png)")).not.toContain("<img");
  expect(html('```"><script>\n</code><script>\n```')).not.toContain("<script");
});

test("two headings of one name have one anchor, or a Chinese one has none", () => {
  const { headings } = renderMarkdown("# 错误 `a_b`\n## Same\n## Same\n## Same\n## What's, this?", "");
  expect(headings.map(({ id }) => id)).toEqual(["错误-a_b", "same", "same-1", "same-2", "whats-this"]);
});

test("a titled block is not folded", () => {
  expect(html("```schema Body\n{}\n```")).toBe(
    '<details><summary>Body</summary>\n<pre tabindex="0"><code class="language-schema">{}\n</code></pre>\n</details>',
  );
});
