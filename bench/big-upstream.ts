/** An upstream whose every video is done at once and has 50 MB: one real second, and a box of nothing behind it. */
import { readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const BYTES = 50_000_000;
const CHUNK = Buffer.alloc(256 * 1024);
const video = readFileSync(new URL("../test/support/tiny.mp4", import.meta.url));
const free = Buffer.alloc(8);
free.writeUInt32BE(BYTES - video.length);
free.write("free", 4, "latin1");

let jobs = 0;
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", url());
  if (pathname.startsWith("/files/")) return send(response);
  request.resume();
  if (request.method === "POST") return answer(response, 202, { job: `job_${++jobs}` });
  const ids = searchParams.get("ids")?.split(",");
  if (!ids) return answer(response, 200, done(pathname.split("/").at(-1) ?? ""));
  return answer(response, 200, { jobs: ids.map(done) });
});
server.listen(0, "127.0.0.1", () => console.log(`listens on ${url()}`));

function url(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function done(job: string): object {
  return { job, status: "succeeded", output: { url: `${url()}/files/${job}.mp4` } };
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function send(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "video/mp4", "content-length": BYTES });
  response.write(video);
  response.write(free);
  let left = BYTES - video.length - free.length;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      const piece = CHUNK.subarray(0, Math.min(left, CHUNK.length));
      left -= piece.length;
      if (!response.write(piece)) return void response.once("drain", more);
    }
    response.end();
  };
  more();
}
