import { describe, expect, it } from "vitest";
import { ReelayError } from "../core/errors.ts";
import { type Links, openLinks } from "./links.ts";

const NOW = 1_757_165_031_500;
const HOUR = 3_600_000;
const FILE = { id: "res_00abcdefghijklmnop", name: "a lighthouse, ночь (1).mp4" };
const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const SECRET = Buffer.alloc(32, 7);

function open(publicUrl = "http://127.0.0.1:8710", secret: Uint8Array = SECRET): Links {
  return openLinks({ publicUrl: () => publicUrl, secret, now: () => NOW });
}

/** The file's id, or the code of the refusal. */
function opens(link: string, { links = open(), at }: { links?: Links; at?: number } = {}): string {
  try {
    return links.verify(new URL(link, "http://127.0.0.1:8710"), at);
  } catch (error) {
    if (error instanceof ReelayError) return error.code;
    throw error;
  }
}

/** Every text that differs from `text` in one bit from `start` on, and is still a URL. */
function flips(text: string, start: number, end = text.length): readonly string[] {
  const flipped: string[] = [];
  for (let place = start; place < end; place++) {
    for (let bit = 0; bit < 8; bit++) {
      const other = String.fromCharCode(text.charCodeAt(place) ^ (1 << bit));
      flipped.push(text.slice(0, place) + other + text.slice(place + 1));
    }
  }
  return flipped.filter((one) => URL.canParse(one));
}

describe("a link", () => {
  const link = open().sign(FILE, NOW + HOUR);
  const pathStart = link.indexOf("/files/");

  it("opens its file, under every name that a proxy may serve us by", () => {
    expect(opens(link)).toBe(FILE.id);
    expect(opens(link.replace("127.0.0.1:8710", "video.example.com"))).toBe(FILE.id);
    expect(new URL(link).href).toBe(link);
  });

  it("is refused with any bit of its path, expiry or signature flipped, but for its last character", () => {
    const changed = flips(link, pathStart, link.length - 1);
    expect(changed.length).toBeGreaterThan(1000);
    expect(changed.filter((one) => opens(one) !== "link_refused")).toEqual([]);
  });

  it("is refused with any other last character", () => {
    const others = [...BASE64URL].filter((one) => one !== link.at(-1)).map((one) => link.slice(0, -1) + one);
    expect(others.filter((one) => opens(one) !== "link_refused")).toEqual([]);
  });

  it("is refused with characters added to its signature", () => {
    expect(opens(`${link}!`)).toBe("link_refused");
  });

  it("is refused with any character left out", () => {
    for (let place = pathStart; place < link.length; place++) {
      const shorter = link.slice(0, place) + link.slice(place + 1);
      if (URL.canParse(shorter)) expect(opens(shorter), shorter).toBe("link_refused");
    }
  });

  it.each(["", "?expires=9999999999", "?expires=9999999999&signature=", "?signature=AAAA"])(
    "is refused where it is bare: %j",
    (query) => {
      expect(opens(`http://127.0.0.1:8710/files/${FILE.id}/a.mp4${query}`)).toBe("link_refused");
    },
  );

  it("is refused under another secret", () => {
    expect(opens(link, { links: open(undefined, Buffer.alloc(32, 8)) })).toBe("link_refused");
  });

  it("never opens another file, nor the same file for longer", () => {
    const other = open().sign({ id: "res_00abcdefghijklmnoq", name: FILE.name }, NOW + HOUR);
    const renamed = open().sign({ id: FILE.id, name: "b.mp4" }, NOW + HOUR);
    for (const foreign of [other, renamed]) {
      expect(opens(new URL(foreign).pathname + new URL(link).search)).toBe("link_refused");
    }
    const longer = String(Math.floor((NOW + 2 * HOUR) / 1000));
    expect(opens(link.replace(/expires=\d+/, `expires=${longer}`))).toBe("link_refused");
    expect(opens(link.replace(/expires=/, "expires=0"))).toBe("link_refused");
    expect(opens(link.replace(/expires=(\d+)/, `expires=${longer}&expires=$1`))).toBe("link_refused");
    expect(opens(link.replace("?", "/../another.mp4?"))).toBe("link_refused");
    expect(opens(link.replace(FILE.id, `${FILE.id}%2F..%2Fother`))).toBe("link_refused");
  });

  it("names the file even where its name looks like a path", () => {
    expect(opens(open().sign({ id: FILE.id, name: "../../x?y#z%2f.mp4" }, NOW + HOUR))).toBe(FILE.id);
  });
});

describe("expiry", () => {
  it("is in whole seconds, rounded down, and the second it names is already too late", () => {
    const link = open().sign(FILE, NOW + HOUR);
    const end = Number(new URL(link).searchParams.get("expires")) * 1000;
    expect(end).toBe(NOW + HOUR - 500);
    expect(opens(link, { at: end - 1 })).toBe(FILE.id);
    expect(opens(link, { at: end })).toBe("link_expired");
  });

  it("is counted by our clock where no moment is given, and by the given moment where one is", () => {
    const dead = open().sign(FILE, NOW - HOUR);
    expect(opens(dead)).toBe("link_expired");
    expect(opens(dead, { at: NOW - 2 * HOUR })).toBe(FILE.id);
    expect(opens(open().sign(FILE, NOW + HOUR), { at: NOW + 2 * HOUR })).toBe("link_expired");
  });

  it("says when it was, and a wrong signature is refused first: a stranger learns nothing", () => {
    const dead = open().sign(FILE, NOW - HOUR);
    expect(() => open().verify(new URL(dead))).toThrow("expired at 2025-09-06T12:23:51.000Z");
    expect(opens(dead.replace("signature=", "signature=A"))).toBe("link_refused");
  });
});

describe("isOurs", () => {
  const cases: readonly [publicUrl: string, url: string, ours: boolean][] = [
    ["http://127.0.0.1:8710", "http://127.0.0.1:8710/files/a/b.png?expires=1", true],
    ["http://127.0.0.1:8710", "http://127.0.0.1:8711/files/a/b.png", false],
    ["http://127.0.0.1:8710", "https://127.0.0.1:8710/files/a/b.png", false],
    ["http://127.0.0.1:8710", "http://127.0.0.1:8710/v1/tasks/a", false],
    ["http://127.0.0.1:8710", "http://127.0.0.1:8710/filesystem/a", false],
    ["http://127.0.0.1:8710", "http://user@127.0.0.1:8710/files/../v1", false],
    ["https://v.example.com", "https://V.EXAMPLE.com:443/files/a/b.png", true],
    ["https://v.example.com", "https://v.example.com.evil.net/files/a/b.png", false],
    ["https://v.example.com", "https://evil.net/https://v.example.com/files/a", false],
    ["https://v.example.com", "https://v.example.com@evil.net/files/a/b.png", false],
    ["https://example.com/video", "https://example.com/video/files/a/b.png", true],
    ["https://example.com/video", "https://example.com/files/a/b.png", false],
    ["https://example.com/video", "https://example.com/video/../files/a/b.png", false],
  ];
  it.each(cases)("behind %s, is %s ours? %s", (publicUrl, url, ours) => {
    expect(open(publicUrl).isOurs(new URL(url))).toBe(ours);
  });

  it("and verify agree on our own links, also behind a proxy that strips the path's prefix", () => {
    const links = open("https://example.com/video");
    const link = links.sign(FILE, NOW + HOUR);
    expect(link).toMatch(/^https:\/\/example\.com\/video\/files\//);
    expect(links.isOurs(new URL(link))).toBe(true);
    expect(opens(link, { links })).toBe(FILE.id);
    expect(opens(link.replace("/video/", "/"), { links })).toBe(FILE.id);
    expect(opens(link.replace("/video/", "/audio/"), { links })).toBe("link_refused");
  });

  it("asks for the public URL on each use: the port is known only once we listen", () => {
    let port = 1;
    const links = openLinks({
      publicUrl: () => `http://127.0.0.1:${port}`,
      secret: SECRET,
      now: () => NOW,
    });
    port = 2;
    expect(links.sign(FILE, NOW)).toContain(":2/files/");
    expect(links.isOurs(new URL("http://127.0.0.1:2/files/a/b"))).toBe(true);
  });
});
