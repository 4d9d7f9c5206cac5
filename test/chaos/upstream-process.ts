/**
 * A fake upstream as a process of its own that also writes down which key each request came with: its own account tells
 * what was asked of it, not by whom. Takes FAKE_LOG, FAKE_API_KEY and FAKE_SCRIPT, and prints its address.
 */
import { subscribe } from "node:diagnostics_channel";
import { openSync, writeSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { startFakeUpstream } from "../support/fake-upstream.ts";

const { FAKE_LOG = "", FAKE_API_KEY, FAKE_SCRIPT = "" } = process.env;
const log = openSync(FAKE_LOG, "a");
subscribe("http.server.request.start", (message) => {
  const { method, url: path, headers } = (message as { request: IncomingMessage }).request;
  const key = headers.authorization?.replace(/^Bearer /, "") ?? null;
  writeSync(log, `${JSON.stringify({ at: Date.now(), event: "key", method, path, key })}\n`);
});
const { url } = await startFakeUpstream({ log: FAKE_LOG, apiKey: FAKE_API_KEY, script: FAKE_SCRIPT });
console.log(`The fake upstream listens on ${url}`);
