import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { decodeBase64, typeOfDataUrl } from "./base64.ts";

async function decoded(text: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of decodeBase64(text)) pieces.push(piece);
  return Buffer.concat(pieces);
}

test.each([0, 1, 2, 3, 4, 5, 49_150, 49_151, 49_152, 49_153, 98_304, 98_305, 300_001])(
  "%i bytes come back as others, at the edge of a piece or with padding",
  async (length) => {
    const bytes = randomBytes(length);
    const text = bytes.toString("base64");
    for (const one of [text, text.replace(/=+$/, ""), `data:image/png;base64,${text}`, ` \n${text}\n`]) {
      expect((await decoded(one)).equals(bytes)).toBe(true);
    }
    const lines = text.replace(/.{76}/g, "$&\r\n");
    expect((await decoded(lines)).equals(bytes)).toBe(true);
  },
);

test.each([
  ["a character of another alphabet", `${"A".repeat(8)}-_AA`, '"-" in it'],
  ["a character far behind", `${"A".repeat(200_000)}*`, '"*" in it'],
  ["a letter after the padding", "AA==AAAA", '"=A" in it'],
  ["an end that is missing", "AAAAA", "its end is missing"],
  ["padding that is too long", "AA===", "its end is missing"],
  ["padding that is too short", "AA=", "its end is missing"],
  ["padding alone", "====", "its end is missing"],
  ["a data URL of text", "data:image/png,AAAA", "without ;base64"],
  ["a data URL without an end", "data:image/png;base64", "has no comma"],
  ["a data URL with a very long head", `data:image/png;${"x".repeat(600)};base64,AAAA`, "has no comma"],
  ["a comma", "AAAA,AAAA", '"," in it'],
  ["letters that are no ASCII", "AAAÄ", '"Ä" in it'],
])("%s is decoded to something", async (_name, text, why) => {
  await expect(decoded(text)).rejects.toMatchObject({
    code: "input_unreadable",
    message: expect.stringContaining(why),
  });
});

test.each([
  ["data:image/png;base64,AA", "image/png"],
  ["DATA:Image/JPEG;charset=x;BASE64,AA", "image/jpeg"],
  ["data:;base64,AA", null],
  ["AAAA", null],
  ["https://host.example/data:image/png,", null],
])("%s is said to be another type than %j", (text, type) => {
  expect(typeOfDataUrl(text)).toBe(type);
});
