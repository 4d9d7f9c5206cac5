/** A server to be killed: starts a job that hangs on a tool, and prints the pids of child and tool. */
import { stdout } from "node:process";
import { openPool } from "../pool.ts";

const pool = openPool({
  entry: new URL("./child.ts", import.meta.url),
  size: 1,
  deadlineMs: 600_000,
  maxRssBytes: 1e9,
  log: () => {},
});
const child = await pool.run("pid", null);
void pool.run("startTool", null, { onProgress: (tool) => stdout.write(`${child} ${tool}\n`) });
