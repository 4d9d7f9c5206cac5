/** docs/highway.md: its commands are run as a reader would, and what it shows as answers is held to what comes. */
import { execFile } from "node:child_process";
import { readFile, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call } from "../support/api.ts";
import { ask } from "../support/highway.ts";
import { openReceiver, type Receiver } from "../support/receiver.ts";
import { ROOT, temporaryFolder } from "../support/run.ts";
import { type Server, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

let server: Server;
let receiver: Receiver;
let folder: string;
let page: string;
beforeAll(async () => {
  server = await startServer();
  receiver = await openReceiver();
  folder = await temporaryFolder();
  await symlink(join(ROOT, "samples"), join(folder, "samples"));
  page = await readFile(join(ROOT, "docs/highway.md"), "utf8");
});
afterAll(async () => {
  await server.discard();
  await receiver.close();
  await rm(folder, { recursive: true });
});

/** Names and types all the way down; of a list its first item. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shapeOf(one)]));
}

test("a command does not run, or answers something else than the page shows", async () => {
  const blocks = [...page.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, kind, text]) => ({
    kind,
    text: text ?? "",
  }));
  expect(new Set(blocks.map(({ kind }) => kind))).toEqual(new Set(["sh", "json"]));
  const placed = [
    ["http://127.0.0.1:8710", server.url],
    ["reelay_live_...", server.key],
    ["https://example.com/hook", `${receiver.origin}/status/200`],
  ] as const;
  const MARK = "--- next ---";
  const commands = blocks
    .filter(({ kind }) => kind === "sh")
    .map(({ text }) => placed.reduce((whole, [from, to]) => whole.replaceAll(from, to), text));
  // One shell for all of them: a later one uses what an earlier one has found.
  const script = ["set -eo pipefail", ...commands.flatMap((one) => [one, `echo "${MARK}"`])].join("\n");
  const { stdout } = await promisify(execFile)("bash", ["-c", script], { cwd: folder });
  const said = stdout.split(`${MARK}\n`);
  let shown = 0;
  blocks.forEach(({ kind, text }, index) => {
    if (kind !== "json") return;
    const command = blocks.slice(0, index).filter((one) => one.kind === "sh").length - 1;
    expect(shapeOf(JSON.parse(said[command] ?? ""))).toEqual(shapeOf(JSON.parse(text)));
    shown++;
  });
  expect([commands.length, shown]).toEqual([5, 3]);
  const { task_id } = JSON.parse(said.at(-2) ?? "") as { task_id: string };
  const [told] = await until(() => receiver.received.length > 0 && receiver.received, {
    ms: 15_000,
    what: "the call",
  });
  expect(JSON.parse(told!.body.toString())).toMatchObject({
    event_type: "ASYNC_TASK_RESULT",
    payload: { task: { task_id, status: "TASK_STATUS_FAILED" } },
  });
});

test("a model of the dialect is missing on the page, or another one stands there", async () => {
  const rows = [...page.matchAll(/^\| `([\w.-]+)`[^|]*\| `([\w.-]+)` *\|$/gm)].map(
    ([, path, id]) => [path ?? "", id ?? ""] as const,
  );
  const refused = await ask(server, "none", {});
  const paths = refused.body.metadata.allowed?.split(", ") ?? [];
  expect([...new Set(rows.map(([path]) => path))].sort()).toEqual([...new Set(paths)].sort());
  const { body } = await call<{ data: readonly { id: string }[] }>(server, "/v1/models");
  const known = body.data.map(({ id }) => id);
  for (const [, id] of rows) expect(known).toContain(id);
});
