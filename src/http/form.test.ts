import multipart from "@fastify/multipart";
import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ReelayError } from "../core/errors.ts";
import { readForm } from "./form.ts";

const MIB = 1024 * 1024;
const MOST = 2 * MIB;

let app: FastifyInstance;
let url: string;

/** Answers with what it read: fields, files with their lengths, and how much of the body it took. */
beforeEach(async () => {
  app = Fastify();
  await app.register(multipart, { limits: { fieldSize: 64 * MIB, fileSize: Number.POSITIVE_INFINITY } });
  app.post("/", async (request) => {
    const form = readForm(request, MOST);
    const files: [string, number][] = [];
    try {
      for (let file = await form.nextFile(); file; file = await form.nextFile()) {
        let length = 0;
        for await (const chunk of file.bytes) length += chunk.length;
        files.push([file.field, length]);
      }
      return { fields: form.fields.map(([name, text]) => [name, text.slice(0, 20)]), files };
    } catch (error) {
      form.drain();
      return { code: error instanceof ReelayError ? error.code : String(error) };
    }
  });
  url = await app.listen({ port: 0, host: "127.0.0.1" });
});
afterEach(async () => {
  // A client may still be sending what nobody wants, and would keep its connection.
  app.server.closeAllConnections();
  await app.close();
});

async function read(parts: readonly (readonly [name: string, part: string | Blob])[]): Promise<unknown> {
  const form = new FormData();
  for (const [name, part] of parts) form.append(name, part);
  return (await fetch(url, { method: "POST", body: form })).json();
}

const file = (bytes: number): Blob => new Blob([new Uint8Array(bytes)]);

describe("a form", () => {
  it("is read in order, with fields in front of a file and behind it, and names that come twice", async () => {
    const parts = [
      ["a", "1"],
      ["f", file(3 * MIB)],
      ["a", "2"],
      ["b", ""],
    ] as const;
    expect(await read(parts)).toEqual({
      fields: [
        ["a", "1"],
        ["a", "2"],
        ["b", ""],
      ],
      files: [["f", 3 * MIB]],
    });
  });

  it("may have any length of files, for they are not held", async () => {
    expect(
      await read([
        ["f", file(20 * MIB)],
        ["a", "x".repeat(MIB)],
      ]),
    ).toMatchObject({ files: [["f", 20 * MIB]] });
  });

  it.each([
    ["in one field", [["a", "x".repeat(4 * MIB)]]],
    ["in many", Array.from({ length: 40 }, (_, n) => [`a${n}`, "x".repeat(MIB / 8)])],
    [
      "behind a file",
      [
        ["f", file(5 * MIB)],
        ["a", "x".repeat(2 * MIB)],
        ["b", "x".repeat(2 * MIB)],
      ],
    ],
  ] as [string, [string, string | Blob][]][])("is refused for too much text, %s", async (_where, parts) => {
    expect(await read(parts)).toEqual({ code: "file_too_large" });
    expect(await read([["a", "1"]]), "and the connection goes on").toMatchObject({ fields: [["a", "1"]] });
  });

  it("that is broken off or has a name of every object's is malformed", async () => {
    const headers = { "content-type": "multipart/form-data; boundary=b" };
    const body = '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\nx';
    expect(await (await fetch(url, { method: "POST", headers, body })).json()).toEqual({
      code: "malformed_request",
    });
    expect(await read([["__proto__", "1"]])).toEqual({ code: "malformed_request" });
  });
});
