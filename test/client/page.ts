/** A browser's page that runs a program with the client in it, on the server's own origin as a real page would be. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { temporaryFolder } from "../support/run.ts";

interface Site {
  readonly url: string;
  /** Where everything goes that is not the page's: to be set once the server listens. */
  target: string;
  /** What the page posts when its program has ended, or failed. */
  readonly said: Promise<unknown>;
  close(): void;
}

/** The import map is what a page needs to write `@reelay/client` without a bundler. */
const page = (settings: object): string => `<!doctype html><meta charset="utf-8">
<script type="importmap">{ "imports": { "@reelay/client": "/page/client/index.js" } }</script>
<script type="module">
const say = (what) => fetch("/page/said", { method: "POST", body: JSON.stringify(what) });
try {
  const { everywhere } = await import("/page/everywhere.mjs");
  await say(await everywhere(${JSON.stringify(settings)}));
} catch (error) {
  await say({ failed: String(error?.stack ?? error) });
}
</script>`;

/** `folders`: of the client's built files, and of the program's. `settings` come to the program, once there are some. */
export async function startSite(
  folders: { readonly client: string; readonly program: string },
  settings: () => object,
): Promise<Site> {
  const { promise: said, resolve } = Promise.withResolvers<unknown>();
  const answer = async (asked: IncomingMessage, to: ServerResponse): Promise<void> => {
    const { url = "/" } = asked;
    if (!url.startsWith("/page/")) return pass(site.target, asked, to);
    if (url === "/page/said") {
      resolve(JSON.parse(Buffer.concat(await asked.toArray()).toString("utf8")));
      to.end();
      return;
    }
    if (url === "/page/") return void to.setHeader("content-type", "text/html").end(page(settings()));
    const script = url.startsWith("/page/client/")
      ? join(folders.client, url.slice("/page/client/".length))
      : join(folders.program, url.slice("/page/".length));
    to.setHeader("content-type", "text/javascript").end(await readFile(script));
  };
  const server = createServer((asked, to) => {
    answer(asked, to).catch((error: unknown) => to.writeHead(500).end(String(error)));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const site: Site = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target: "",
    said,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return site;
}

function pass(target: string, asked: IncomingMessage, to: ServerResponse): void {
  const { method, url, headers } = asked;
  const onward = request(target + url, { method, headers });
  onward.on("error", () => to.destroy());
  to.on("close", () => onward.destroy());
  onward.on("response", (from) => from.pipe(to.writeHead(from.statusCode ?? 502, from.headers)));
  asked.pipe(onward);
}

/** What the page at `url` says, in a browser that is started for it and ends with it. */
export async function visit(browser: string, url: string, said: Promise<unknown>): Promise<unknown> {
  const profile = await temporaryFolder();
  const child = spawn(browser, [
    ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
    // It would else look for its maker's servers at every start; a test's traffic stays on this machine.
    ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ...["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", `--user-data-dir=${profile}`, url],
  ]);
  try {
    return await Promise.race([said, ended(child)]);
  } finally {
    if (child.exitCode === null && child.kill("SIGKILL")) await once(child, "exit");
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Rejects when the browser ends by itself, with what it wrote. */
async function ended(child: ChildProcess): Promise<never> {
  let wrote = "";
  child.stderr?.on("data", (more: Buffer) => {
    wrote += more.toString("utf8");
  });
  await once(child, "close");
  throw new Error(`the browser ended before its page had: ${wrote.slice(-2_000)}`);
}
