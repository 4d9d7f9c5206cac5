import { describe, expect, test } from "vitest";
import { ReelayError } from "../core/errors.ts";
import { openAddressPolicy } from "./address-policy.ts";
import hosts from "./hosts.json" with { type: "json" };
import { refuseDestination, screenRedirect, screenUrl } from "./url-policy.ts";

const strict = { policy: openAddressPolicy({ allow: [] }), ports: [8443] };
const lab = { policy: openAddressPolicy({ allow: ["127.0.0.0/8", "10.0.0.0/8"] }), ports: [] };

function refusal(raw: string, rules = strict): string {
  try {
    screenUrl(raw, rules);
  } catch (error) {
    if (error instanceof ReelayError && error.code === "input_url_rejected") return error.message;
    throw error;
  }
  return "";
}

describe("hosts", () => {
  test("the corpus is as long as it should be", () => {
    expect(new Set([...hosts.blocked, ...hosts.loopback, ...hosts.public]).size).toBeGreaterThanOrEqual(120);
  });

  test.each([...hosts.blocked, ...hosts.loopback])("%s is refused without a resolver", (host) => {
    for (const scheme of ["http", "https"]) expect(refusal(`${scheme}://${host}/a.png`)).not.toBe("");
  });

  test.each(hosts.public)("%s passes", (host) => {
    expect(refusal(`https://${host}/a.png`)).toBe("");
  });

  test("the dot at the end of a name is gone before anything compares it", () => {
    expect(screenUrl("https://example.com./a", strict).href).toBe("https://example.com/a");
    expect(refusal("http://localhost./")).toContain("private network");
  });

  test("a private name goes on to the resolver only where some range is allowed, and then only into it", () => {
    for (const host of ["localhost", "minio", "cdn.local", "api.internal", "nas.home.arpa"]) {
      expect(refusal(`http://${host}/`)).toContain(host);
      const url = screenUrl(`http://${host}/`, lab);
      expect(refuseDestination(url, ["allowed"], lab)).toBeUndefined();
      expect(refuseDestination(url, ["public"], lab)).toContain("outside the allowed ranges");
      expect(refuseDestination(url, ["allowed", "public"], lab)).toContain("outside the allowed ranges");
    }
  });
});

describe("shape", () => {
  test("a data: URL gets its own advice, however long it is", () => {
    expect(refusal(`data:image/png;base64,${"A".repeat(5_000)}`)).toContain("upload the file");
    expect(refusal(" DATA:text/plain,x")).toContain("upload the file");
  });

  test("other schemes, credentials, lengths and non-URLs are refused with what is allowed", () => {
    for (const scheme of [
      "file:///etc/passwd",
      "ftp://example.com/a",
      "gopher://example.com/",
      "s3://bucket/a",
    ]) {
      expect(refusal(scheme)).toContain("only http: and https:");
    }
    for (const raw of [
      "javascript:alert(1)",
      "blob:https://example.com/1",
      "ws://example.com/",
      "jar:http://a.com!/",
    ]) {
      expect(refusal(raw)).toContain("only http: and https:");
    }
    for (const who of ["user:pass@", "user@", ":pass@"]) {
      expect(refusal(`https://${who}example.com/`)).toContain("user name or password");
    }
    expect(refusal("https://127.0.0.1%2f@example.com/")).toContain("user name or password");
    expect(refusal(`https://example.com/${"a".repeat(2_048)}`)).toContain("2068 characters; at most 2048");
    for (const raw of [
      "",
      "picture.png",
      "//example.com/a",
      "http://",
      "http://a b/",
      "http://[::1/",
      "http://a\0b/",
    ]) {
      expect(refusal(raw)).toContain("not a URL");
    }
  });

  test("no message repeats the path or query, which may hold a signature", () => {
    const urls = ["http://10.0.0.1/p?sig=secret", "http://localhost/secret", "http://example.com:22/secret"];
    for (const raw of [...urls, "ftp://example.com/secret", "https://secret:secret@example.com/"]) {
      expect(refusal(raw)).not.toContain("secret");
      expect(refusal(raw)).not.toBe("");
    }
  });
});

describe("ports", () => {
  test("a public address is reached on 80, 443 and the configured ports only", () => {
    for (const origin of [
      "http://8.8.8.8",
      "https://8.8.8.8:443",
      "https://example.com:80",
      "https://1.1.1.1:8443",
    ]) {
      expect(refusal(origin)).toBe("");
    }
    expect(refusal("http://8.8.8.8:22/")).toContain("allowed are 80, 443, 8443");
    expect(refusal("http://example.com:6379/")).toContain("port 6379 is not allowed");
  });

  test("an allowed range may use any port, but a name has to lead there with every address", () => {
    expect(refusal("http://127.0.0.1:9000/", lab)).toBe("");
    expect(refusal("http://8.8.8.8:9000/", lab)).toContain("port 9000");
    const url = screenUrl("http://files.example.com:9000/", lab);
    expect(refuseDestination(url, ["allowed", "allowed"], lab)).toBeUndefined();
    expect(refuseDestination(url, ["allowed", "public"], lab)).toContain("port 9000");
    expect(refuseDestination(url, ["allowed", "blocked"], lab)).toContain("not on the public internet");
    expect(refuseDestination(url, [], lab)).toContain("no address");
  });
});

describe("redirects", () => {
  const from = new URL("https://example.com/a/b?sig=1");

  test("a relative location stays on its server and loses the query", () => {
    expect(screenRedirect(from, "../c.png", strict).href).toBe("https://example.com/c.png");
    expect(screenRedirect(from, "//cdn.example.com/c", strict).href).toBe("https://cdn.example.com/c");
  });

  test("a target is held to every rule of a first URL, and never goes from https to http", () => {
    for (const location of [
      "http://example.com/a",
      "https://[::1]/",
      "//2130706433/",
      "file:///etc/passwd",
    ]) {
      expect(() => screenRedirect(from, location, strict)).toThrow(ReelayError);
    }
    for (const location of [
      "https://u:p@example.com/",
      "https://example.com:22/",
      "//localhost/",
      "http://[",
    ]) {
      expect(() => screenRedirect(from, location, strict)).toThrow(ReelayError);
    }
    const plain = new URL("http://example.com/");
    expect(screenRedirect(plain, "https://example.com/", strict).protocol).toBe("https:");
  });
});
