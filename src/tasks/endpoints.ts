/** Waiting deliveries, apart by the origin they go to: one that does not answer holds up its own and nobody else's. */
import type { DeliveryRecord } from "../core/delivery.ts";

export interface Endpoints {
  /** From here to the next call, what ends while rows are being read is not taken again from those rows. */
  beginLook(): void;
  /** Takes a row that is due. False where it is here already or its origin has enough waiting. */
  add(row: DeliveryRecord): boolean;
  /** Forgets what waits; resolves when what is under way has ended. */
  close(): Promise<void>;
}

export interface EndpointsOptions {
  /** Under way at once to one origin. */
  readonly perEndpoint: number;
  /** Does the work. Must not reject. */
  readonly carry: (row: DeliveryRecord) => Promise<void>;
  /** An origin that had enough waiting takes more. */
  readonly onRoom: () => void;
}

interface Endpoint {
  readonly name: string;
  readonly waiting: DeliveryRecord[];
  busy: number;
  /** Whether rows were turned away since it last said that it has room. */
  turnedAway: boolean;
}

/** Held in memory for one origin; the store has the rest. */
const MOST_WAITING = 256;
/** Sockets open at once. */
const MOST_BUSY = 500;

export function openEndpoints({ perEndpoint, carry, onRoom }: EndpointsOptions): Endpoints {
  const endpoints = new Map<string, Endpoint>();
  const here = new Set<string>();
  const ended = new Set<string>();
  const underWay = new Set<Promise<void>>();
  /** Those that could begin one but for `MOST_BUSY`, in the order of their turn. */
  const turns = new Set<Endpoint>();
  let closed = false;

  function run(endpoint: Endpoint): void {
    while (endpoint.waiting.length > 0 && endpoint.busy < perEndpoint) {
      if (underWay.size >= MOST_BUSY) {
        turns.add(endpoint);
        return;
      }
      const row = endpoint.waiting.shift();
      if (row !== undefined) begin(endpoint, row);
    }
    if (endpoint.waiting.length === 0 && endpoint.busy === 0) endpoints.delete(endpoint.name);
    if (endpoint.turnedAway && endpoint.waiting.length <= perEndpoint) {
      endpoint.turnedAway = false;
      onRoom();
    }
  }

  function begin(endpoint: Endpoint, row: DeliveryRecord): void {
    endpoint.busy++;
    const work = carry(row).finally(() => {
      underWay.delete(work);
      here.delete(row.id);
      ended.add(row.id);
      endpoint.busy--;
      if (!closed) passOn(endpoint);
    });
    underWay.add(work);
  }

  /** The place that came free goes to whoever has waited for one longest. */
  function passOn(endpoint: Endpoint): void {
    for (const next of turns) {
      if (underWay.size >= MOST_BUSY) break;
      turns.delete(next);
      run(next);
    }
    run(endpoint);
  }

  return {
    beginLook: () => ended.clear(),
    add(row) {
      if (closed || here.has(row.id) || ended.has(row.id)) return false;
      const name = originOf(row.url);
      const endpoint = endpoints.get(name) ?? { name, waiting: [], busy: 0, turnedAway: false };
      if (endpoint.waiting.length >= MOST_WAITING) {
        endpoint.turnedAway = true;
        return false;
      }
      endpoints.set(name, endpoint);
      here.add(row.id);
      endpoint.waiting.push(row);
      run(endpoint);
      return true;
    },
    async close() {
      closed = true;
      endpoints.clear();
      await Promise.all(underWay);
    },
  };
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}
