/** One program that uses the client, in every runtime that this machine has, and in a page of a real browser. */
import { access, constants, cp, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { env, stderr } from "node:process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROOT } from "../support/run.ts";
import { type Server, startServer } from "../support/server.ts";
import { type Built, buildClient } from "./built.ts";
import { signedDelivery } from "./delivery.ts";
import { startSite, visit } from "./page.ts";

/** The first of these programs on the PATH. Our own tools are left out: that Node is the one that runs this test. */
async function found(...names: readonly string[]): Promise<string | undefined> {
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules/.bin"));
  for (const file of folders.flatMap((folder) => names.map((name) => join(folder, name)))) {
    const there = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (there) return file;
  }
  stderr.write(`\n!!! THE CLIENT WAS NOT TRIED WITH ${names[0]}: it is not on the PATH\n\n`);
}

const RUNTIMES = [
  { name: "the Node of these tests", path: process.execPath, args: [] },
  { name: "the machine's own Node", path: await found("node"), args: [] },
  { name: "Bun", path: await found("bun"), args: ["run"] },
  { name: "Deno", path: await found("deno"), args: ["run", "--allow-net", "--allow-env", "--allow-read"] },
];
const BROWSER = await found("chromium", "chromium-browser", "google-chrome");

let built: Built;
let server: Server;
beforeAll(async () => {
  built = await buildClient();
  await cp(join(ROOT, "test/client/everywhere.mjs"), join(built.project, "everywhere.mjs"));
  await writeFile(join(built.project, "run.mjs"), RUN);
});
afterAll(() => rm(built.project, { recursive: true, force: true }));

const RUN = `
import { everywhere } from "./everywhere.mjs";
console.log(JSON.stringify(await everywhere(JSON.parse(process.env.SETTINGS))));
`;

const settings = () => ({ baseURL: server.url, apiKey: server.key, ...signedDelivery() });

const SEEN = {
  ended: "completed",
  whole: true,
  box: "ftyp",
  uploaded: "image/jpeg",
  refused: ["ReelayApiError", 422, "duration"],
  heard: "task-1",
  forged: "WebhookRefused",
};

describe("the same program sees the same in", () => {
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.discard());

  test.for(RUNTIMES)("$name", async ({ path, args }, { skip }) => {
    if (!path) return skip("it is not on the PATH");
    const ran = await built.run(path, [...args, "run.mjs"], {
      env: { SETTINGS: JSON.stringify(settings()) },
    });
    expect(ran.code, ran.output).toBe(0);
    expect(JSON.parse(ran.output)).toEqual(SEEN);
  });
});

test.skipIf(!BROWSER)("and in a page of a browser, of the server's own origin", async () => {
  const folders = { client: join(built.packed, "dist"), program: built.project };
  const site = await startSite(folders, () => ({ ...settings(), baseURL: site.url }));
  server = await startServer({ REELAY_PUBLIC_URL: site.url });
  site.target = server.url;
  try {
    expect(await visit(BROWSER as string, `${site.url}/page/`, site.said)).toEqual(SEEN);
  } finally {
    site.close();
    await server.discard();
  }
});
