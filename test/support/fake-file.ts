/** Hands out the one video of the fake upstream, whole or broken as the job's script wants it. */
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Exchange } from "./fake-exchange.ts";
import type { Job } from "./fake-jobs.ts";

/** 64x64, 24 frames at 24 fps, H.264, no sound. */
export const TINY_MP4: Uint8Array = readFileSync(new URL("tiny.mp4", import.meta.url));

const SLOW_MS = 2_000;
const SLOW_PIECES = 20;

export async function sendFile(exchange: Exchange, job: Job): Promise<void> {
  const { script } = job;
  job.fileReads++;
  const broken = job.fileReads <= (script["file-times"] ?? Number.POSITIVE_INFINITY);
  const how = broken ? script.file : undefined;
  if (how === "lost") {
    exchange.send({ status: 404, body: { error: { code: "gone", message: "No such file." } } });
    return;
  }
  const length = TINY_MP4.length + (how === "long" ? 1_000 : how === "short" ? -1_000 : 0);
  const response = exchange.raw(200);
  response.writeHead(200, { "content-type": "video/mp4", "content-length": length });
  if (how === "cut" || how === "long") {
    response.write(how === "cut" ? TINY_MP4.subarray(0, TINY_MP4.length / 2) : TINY_MP4, () =>
      response.socket?.end(),
    );
  } else if (how === "slow") {
    const piece = Math.ceil(TINY_MP4.length / SLOW_PIECES);
    for (let from = 0; from < TINY_MP4.length && !response.destroyed; from += piece) {
      response.write(TINY_MP4.subarray(from, from + piece));
      await delay((script["slow-ms"] ?? SLOW_MS) / SLOW_PIECES);
    }
    response.end();
  } else response.end(TINY_MP4);
}
