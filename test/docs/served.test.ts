import { afterAll, describe, expect, test } from "vitest";
import { type Answer, call } from "../support/api.ts";
import { startServer } from "../support/server.ts";

const server = await startServer({ REELAY_RENDER_WORKERS: "0" });
afterAll(() => server.discard());

/** As a browser without a key; redirects are looked at and not followed. */
async function get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(server.url + path, { redirect: "manual", headers });
}

async function html(path: string): Promise<string> {
  const response = await get(path);
  expect([path, response.status, response.headers.get("content-type")]).toEqual([
    path,
    200,
    "text/html; charset=utf-8",
  ]);
  return response.text();
}

const links = (page: string): readonly string[] =>
  [...page.matchAll(/ href="([^"]*)"/g)].map(([, href = ""]) => href.replaceAll("&amp;", "&"));

/** Every page of ours that can be reached from the first ones, by links alone. */
async function crawl(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const open = ["/docs/en", "/docs/zh"];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (found.has(path)) continue;
    const response = await get(path);
    expect([path, response.status]).toEqual([path, 200]);
    const text = await response.text();
    found.set(path, text);
    if (!response.headers.get("content-type")?.startsWith("text/html")) continue;
    const inside = links(text)
      .map((href) => new URL(href, server.url + path))
      .filter(({ origin, pathname }) => origin === server.url && pathname.startsWith("/docs"));
    open.push(...inside.map(({ pathname }) => pathname));
  }
  return found;
}

test("a page cannot be reached, or a link leads nowhere", async () => {
  const pages = await crawl();
  const listed = [...(await (await get("/llms.txt")).text()).matchAll(/\]\((\S+?)\)/g)].map(
    ([, url = ""]) => new URL(url).pathname,
  );
  expect(listed.filter((path) => path.endsWith(".md") && !pages.has(path.replace(/\.md$/, "")))).toEqual([]);
  expect(
    [...pages].filter(([, text]) => /<a [^>]*>(?:(?!<\/a>)[\s\S])*<a /.test(text)).map(([path]) => path),
  ).toEqual([]);
  const broken = [...pages].flatMap(([path, text]) =>
    links(text)
      .filter((href) => href.includes("#"))
      .map((href) => new URL(href, server.url + path))
      .filter(
        ({ pathname, hash }) => !pages.get(pathname)?.includes(` id="${decodeURIComponent(hash.slice(1))}"`),
      )
      .map(({ pathname, hash }) => `${path} -> ${pathname}${hash}`),
  );
  expect(broken).toEqual([]);
});

describe("the language", () => {
  test.each([
    ["zh-CN,zh;q=0.9,en;q=0.8", "docs/zh"],
    ["en-US,en;q=0.9,zh;q=0.8", "docs/en"],
    ["de;q=1, zh-Hant;q=0.7, en;q=0.3", "docs/zh"],
    ["de", "docs/en"],
    ["zh;q=nonsense", "docs/en"],
  ])("of %s is not %s", async (accepted, where) => {
    const response = await get("/docs", { "accept-language": accepted });
    expect([response.status, response.headers.get("location")]).toEqual([302, where]);
    expect(response.headers.get("vary")).toContain("accept-language");
  });

  test("cannot be switched on a page without leaving it", async () => {
    expect(links(await html("/docs/en/tasks"))).toContain("../zh/tasks");
    expect(links(await html("/docs/zh/tasks"))).toContain("../en/tasks");
  });
});

test("a page could run a script, or asks for something from elsewhere", async () => {
  const response = await get("/docs/en/quick-start");
  const policy = response.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/script|unsafe|\*/);
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  const text = await response.text();
  expect(text).not.toMatch(/<script|<iframe|<img|\son\w+=|style="/i);
  const foreign = [...text.matchAll(/<link[^>]* href="(https?:[^"]*)"/g)];
  expect(foreign).toEqual([]);
});

test("a page has no Markdown twin, or does not say where it is", async () => {
  const response = await get("/docs/en/models/veo-3.1-image-to-video");
  const [, alternate = ""] =
    /<([^>]*)>; rel="alternate"; type="text\/markdown"/.exec(response.headers.get("link") ?? "") ?? [];
  const [, described = ""] = /<([^>]*)>; rel="describedby"/.exec(response.headers.get("link") ?? "") ?? [];
  const twin = await fetch(new URL(alternate, response.url));
  expect(twin.headers.get("content-type")).toBe("text/markdown; charset=utf-8");
  expect(await twin.text()).toContain("| `image_url` | URL | yes |");
  expect((await fetch(new URL(described, response.url))).url).toBe(`${server.url}/llms.txt`);
  const inPage = links(await response.text()).filter(
    (href) => href.endsWith(".md") || href.endsWith("llms.txt"),
  );
  expect(new Set(inPage.map((href) => new URL(href, response.url).href))).toEqual(
    new Set([twin.url, `${server.url}/llms.txt`]),
  );
});

test("an unchanged page is sent again", async () => {
  const first = await get("/docs/en/tasks");
  const again = await get("/docs/en/tasks", { "if-none-match": first.headers.get("etag") ?? "" });
  expect([again.status, await again.text()]).toEqual([304, ""]);
});

test("a page that is not there is answered with 200, or with nothing that helps", async () => {
  for (const path of ["/docs/en/no-such-page", "/docs/en/models/none", "/docs/en/models/none.md"]) {
    const response = await get(path);
    expect([path, response.status]).toEqual([path, 404]);
    const hrefs = links(await response.text()).map((href) => new URL(href, server.url + path).pathname);
    expect(hrefs).toContain("/docs/en/tasks");
  }
});

test("a path of many parts makes an answer of many megabytes", async () => {
  const response = await get(`/docs/en${"/a".repeat(5_000)}`);
  expect(response.status).toBe(404);
  expect((await response.text()).length).toBeLessThan(20_000);
});

describe("the server's own address", () => {
  test("is not where a person lands on the pages", async () => {
    const response = await get("/", { accept: "text/html,application/xhtml+xml" });
    expect([response.status, response.headers.get("location")]).toEqual([302, "docs"]);
  });

  test("tells a program nothing", async () => {
    const answer: Answer<{ error: { code: string } }> = await call(server, "/", { key: null });
    expect([answer.status, answer.body.error.code]).toEqual([404, "not_found"]);
  });

  test("is not in the examples", async () => {
    expect(await html("/docs/en/quick-start")).toContain(`curl -sS ${server.url}/v1/videos/generations`);
  });
});
