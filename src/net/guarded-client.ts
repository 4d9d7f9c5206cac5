/**
 * The socket behind every fetch. Two fences that do not trust each other: the addresses were classified before
 * and only they are connected to (no second look-up that a rebinding name could answer differently), and the
 * socket itself refuses whatever is on the block list, literals included, with ERR_IP_BLOCKED.
 */
import type { LookupFunction } from "node:net";
import { buildConnector, Client } from "undici";
import type { AddressPolicy } from "./address-policy.ts";

export interface Address {
  readonly address: string;
  readonly family: number;
}

export interface ClientOptions {
  /** What the host resolved to. Not looked at where the origin's host is an address itself. */
  readonly addresses: readonly Address[];
  readonly policy: AddressPolicy;
  /** For connecting, TLS handshake included. Milliseconds. */
  readonly connectMs: number;
  /** Destroys the socket in whatever state it is; `Client.destroy` waits for one that is still connecting. */
  readonly signal: AbortSignal;
}

/**
 * A client for one request on one fresh socket: no keep-alive, no TLS session of an earlier fetch, no HTTP/2. TLS
 * is verified for the origin's host. Destroy it when done. It has no other deadline than that of connecting.
 */
export function openGuardedClient(origin: string, options: ClientOptions): Client {
  const connector = buildConnector({
    timeout: options.connectMs,
    blockList: options.policy.blockList,
    lookup: answerWith(options.addresses),
    signal: options.signal,
    maxCachedSessions: 0,
    allowH2: false,
  });
  const connect: buildConnector.connector = (target, done) => {
    // Node destroys a socket whose signal is already aborted, and then connects it all the same.
    if (options.signal.aborted) done(new Error("aborted before connecting"), null);
    else connector(target, done);
  };
  return new Client(origin, {
    pipelining: 1,
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (target, done) =>
      target.protocol === "https:" ? connectTls(connect, target, done) : connect(target, done),
  });
}

/**
 * TCP first, TLS on top of it: `tls.connect` of Node 24 ignores `blockList` without a word and connects; only a
 * plain socket obeys it.
 */
function connectTls(
  connect: buildConnector.connector,
  target: buildConnector.Options,
  done: buildConnector.Callback,
): void {
  connect({ ...target, protocol: "http:", port: target.port || "443" }, (error, socket) => {
    if (error !== null) done(error, null);
    else connect({ ...target, httpSocket: socket }, done);
  });
}

function answerWith(addresses: readonly Address[]): LookupFunction {
  return (host, lookup, done) => {
    const [first] = addresses;
    if (first === undefined) {
      done(Object.assign(new Error(`${host} has no address`), { code: "ENOTFOUND" }), "");
    } else if (lookup.all) {
      done(null, [...addresses]);
    } else {
      done(null, first.address, first.family);
    }
  };
}
