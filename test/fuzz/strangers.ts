/** Requests of those who have no key, of methods and paths that are not there, and of links that were changed. */
import fc from "fast-check";
import type { Operation } from "./contract.ts";
import { type Sent, toPath } from "./request.ts";
import { anyText, headerText, type Makers } from "./requests.ts";

const BARE = { headers: {} };

/** Whatever is asked of an operation that needs a key: nobody gets in without one. */
export function locked(operation: Operation, makers: Makers): fc.Arbitrary<Sent> {
  const path = toPath(
    operation.path,
    Object.fromEntries(operation.parameters.map(({ name }) => [name, makers.pools.pick(operation, name, 0)])),
  );
  const sent = {
    ...BARE,
    kind: "no key",
    operation,
    method: operation.method,
    path,
    expected: "locked" as const,
  };
  const withBody = operation.body ? { headers: { "content-type": "application/json" }, body: "{}" } : {};
  const wrong = fc.oneof(
    fc.constantFrom(
      "Bearer",
      "Bearer ",
      "Basic eDp5",
      "bearer null",
      "Bearer undefined",
      "Token x",
      `Bearer ${"x".repeat(4_000)}`,
    ),
    headerText.map((text) => `Bearer ${text}`),
    headerText,
  );
  return fc.oneof(
    fc.constant({ ...sent, ...withBody, who: "none" as const }),
    fc.constant({ ...sent, ...withBody, who: "revoked" as const }),
    wrong.map((authorization) => ({ ...sent, ...withBody, who: "none" as const, authorization })),
  );
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "QUERY"];

/** A method that the path has not, and paths that nobody has. */
export function unknown({ contract }: Makers): fc.Arbitrary<Sent> {
  const known = (method: string, path: string): boolean =>
    contract.operations.some((one) => one.path === path && one.method === method);
  const paths = [...new Set(contract.operations.map((one) => one.path))];
  const wrongMethod = fc
    .tuple(fc.constantFrom(...paths), fc.constantFrom(...METHODS))
    .filter(([path, method]) => !known(method, path))
    .map(([path, method]) => ({ method, path: toPath(path, {}) }));
  const wrongPath = fc
    .tuple(fc.array(anyText, { maxLength: 3 }), fc.constantFrom(...METHODS))
    .map(([parts, method]) => ({
      method,
      path: `/nowhere/${parts.map((one) => encodeURIComponent(one.toWellFormed())).join("/")}`,
    }));
  return fc.oneof(wrongMethod, wrongPath).map(({ method, path }) => ({
    ...BARE,
    kind: "no such route",
    operation: undefined,
    method,
    path,
    who: "refused" as const,
    expected: "unknown" as const,
  }));
}

/** A link that was given, as it is or with one character changed. `links`: such links, as they are now. */
export function linked(operation: Operation, links: () => readonly string[]): fc.Arbitrary<Sent> {
  const range = fc.option(
    fc.oneof(
      fc.constantFrom("bytes=0-0", "bytes=-5", "bytes=9999999-", "bytes=3-1", "bytes=0-,5-"),
      headerText,
    ),
    { nil: undefined },
  );
  return fc
    .tuple(fc.nat(50), fc.nat(200), fc.constantFrom("GET", "HEAD"), range)
    .map(([at, where, method, header]) => {
      const all = links();
      const url = new URL(all[at % all.length] ?? "http://127.0.0.1/files/x/y?expires=1&signature=x");
      const whole = url.pathname + url.search;
      const right = where % 3 === 0;
      return {
        kind: right ? "link" : "changed link",
        operation,
        method,
        path: right ? whole : changed(whole, where),
        who: "none" as const,
        headers: header === undefined ? {} : { range: header },
        expected: right ? ("any" as const) : ("refused" as const),
      };
    });
}

/** One character of the id, the name, the expiry or the signature. */
function changed(link: string, where: number): string {
  const from = "/files/".length;
  const at = from + (where % (link.length - from));
  const one = link[at] as string;
  // What divides the parts would make it another route, and a byte that is no character no route at all.
  if (/[/?=&%]/.test(one) || link.slice(at - 2, at).includes("%")) return `${link}0`;
  return link.slice(0, at) + (one === "7" ? "8" : "7") + link.slice(at + 1);
}
