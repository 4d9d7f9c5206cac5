/**
 * What a URL that somebody gave us must look like, before any network is touched. The WHATWG parser runs once and
 * turns octal, hex, decimal, fullwidth and percent-encoded hosts into plain addresses; from then on only its
 * result is looked at, never the text.
 */
import { isIP } from "node:net";
import { ReelayError } from "../core/errors.ts";
import type { AddressClass, AddressPolicy } from "./address-policy.ts";

export interface UrlRules {
  readonly policy: AddressPolicy;
  /** Ports open on public addresses besides 80 and 443. Addresses in an allowed range may use any port. */
  readonly ports: readonly number[];
}

const MAX_LENGTH = 2048;
const PRIVATE_SUFFIX = /\.(local|internal|localhost|home\.arpa)$/;
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/;

/**
 * Everything about a URL that can be refused without a resolver: shape, name, port, and the address where the
 * host is one. Returns the URL to fetch (trailing dot of the host removed); throws `input_url_rejected`.
 * A name on a private network or an unusual port passes only where the operator allowed some range; whether
 * the name leads there is `refuseDestination`'s business, once it is resolved.
 */
export function screenUrl(raw: string, rules: UrlRules): URL {
  const url = parse(raw);
  const host = hostOf(url);
  if (isIP(host) !== 0) {
    const refused = refuseDestination(url, [rules.policy.classify(host)], rules);
    if (refused !== undefined) throw rejected(refused);
    return url;
  }
  if (!HOST_NAME.test(host)) {
    throw rejected(`The URL's host "${host.slice(0, 80)}" is not a host name or an IP address.`);
  }
  if (isPrivateName(host) && !rules.policy.allowsAny) {
    throw rejected(
      `The URL's host "${host}" is a name of a private network; use a public host name or upload the file.`,
    );
  }
  if (!rules.policy.allowsAny && !isOpenPort(url, rules)) throw rejected(portSentence(url, rules));
  return url;
}

/**
 * Why a URL must not be fetched from addresses of these classes, as a sentence; undefined where it may be. One
 * blocked address refuses all of them: a name that answers with a public and a private address is an attack.
 */
export function refuseDestination(
  url: URL,
  classes: readonly AddressClass[],
  rules: UrlRules,
): string | undefined {
  const host = hostOf(url);
  if (classes.length === 0) return `The host "${host}" has no address.`;
  if (classes.includes("blocked")) {
    return `The URL's host "${host}" is not on the public internet, and the operator of this server has not allowed it.`;
  }
  if (classes.every((one) => one === "allowed")) return undefined;
  if (isPrivateName(host))
    return `The private name "${host}" leads to an address outside the allowed ranges.`;
  return isOpenPort(url, rules) ? undefined : portSentence(url, rules);
}

/** The URL a redirect leads to, held to the same rules, and never from https to http. */
export function screenRedirect(from: URL, location: string, rules: UrlRules): URL {
  if (!URL.canParse(location, from.href))
    throw rejected("The server redirected to something that is not a URL.");
  const target = screenUrl(new URL(location, from.href).href, rules);
  if (from.protocol === "https:" && target.protocol === "http:") {
    throw rejected("The server redirected from https to http, which is not followed.");
  }
  return target;
}

/** The host without the brackets of an IPv6 address. */
export function hostOf(url: URL): string {
  return url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
}

export function rejected(message: string, cause?: unknown): ReelayError {
  return new ReelayError("input_url_rejected", message, { cause });
}

/** No sentence holds the URL's path or query: they may carry somebody's signature. */
function parse(raw: string): URL {
  if (/^\s*data:/i.test(raw)) {
    throw rejected("A data: URL is not accepted; send a public http or https URL, or upload the file first.");
  }
  if (raw.length > MAX_LENGTH) {
    throw rejected(`The URL has ${raw.length} characters; at most ${MAX_LENGTH} are allowed.`);
  }
  if (!URL.canParse(raw)) throw rejected("This is not a URL; send one like https://example.com/picture.png.");
  const url = new URL(raw);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw rejected(`The URL begins with "${url.protocol}"; only http: and https: are allowed.`);
  }
  if (url.username !== "" || url.password !== "") {
    throw rejected("The URL holds a user name or password, which is not allowed; use a signed link instead.");
  }
  if (url.hostname.endsWith(".")) url.hostname = url.hostname.slice(0, -1);
  return url;
}

export function isPrivateName(host: string): boolean {
  return isIP(host) === 0 && (!host.includes(".") || PRIVATE_SUFFIX.test(host));
}

function isOpenPort(url: URL, rules: UrlRules): boolean {
  return url.port === "" || url.port === "80" || url.port === "443" || rules.ports.includes(Number(url.port));
}

function portSentence(url: URL, rules: UrlRules): string {
  const open = [...new Set([80, 443, ...rules.ports])].join(", ");
  return `The URL's port ${url.port} is not allowed; allowed are ${open}.`;
}
