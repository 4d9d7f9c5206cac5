/** Ids that a server has given out, by the operation and parameter that its links say they are for. */
import type { Contract, Operation } from "./contract.ts";

export interface Pools {
  /** Whether any operation's answer leads to this parameter. */
  has(operation: Operation, parameter: string): boolean;
  /** One of ours; some text where there is none yet. */
  pick(operation: Operation, parameter: string, at: number): string;
  /** Everything that was given out: for those whose it is not. */
  all(): readonly string[];
  /** What other dialects have given out, which this operation must not know. */
  otherDialects(operation: Operation): readonly string[];
  /** It is gone. */
  forget(id: string): void;
  /** Takes over what an answer leads to; gives the ids. */
  harvest(operation: Operation, status: number, body: unknown): readonly Led[];
}

export interface Led {
  readonly operationId: string;
  readonly parameter: string;
  readonly id: string;
}

const MOST = 200;

export function openPools({ operations }: Pick<Contract, "operations">): Pools {
  const pools = new Map<string, string[]>();
  const place = (id: string, parameter: string): string => `${id} ${parameter}`;
  for (const { answers } of operations) {
    for (const { links = {} } of Object.values(answers)) {
      for (const { operationId, parameters } of Object.values(links)) {
        for (const name of Object.keys(parameters)) pools.set(place(operationId, name), []);
      }
    }
  }
  return {
    has: ({ id }, parameter) => pools.has(place(id, parameter)),
    pick(operation, parameter, at) {
      const pool = pools.get(place(operation.id, parameter)) ?? [];
      return pool[at % pool.length] ?? "none-yet";
    },
    all: () => [...new Set([...pools.values()].flat())],
    otherDialects: ({ tag }) =>
      [...pools].filter(([name]) => !name.startsWith(`${tag}.`)).flatMap(([, ids]) => ids),
    forget(id) {
      for (const ids of pools.values()) if (ids.includes(id)) ids.splice(ids.indexOf(id), 1);
    },
    harvest(operation, status, body) {
      const links = Object.values(operation.answers[status]?.links ?? {});
      const led = links.flatMap(({ operationId, parameters }) =>
        Object.entries(parameters).flatMap(([parameter, expression]) => {
          const id = valueAt(body, expression);
          return id === undefined ? [] : [{ operationId, parameter, id }];
        }),
      );
      for (const { operationId, parameter, id } of led) {
        const pool = pools.get(place(operationId, parameter)) ?? [];
        if (pool.includes(id)) continue;
        pool.push(id);
        if (pool.length > MOST) pool.shift();
      }
      return led;
    },
  };
}

/** "$response.body#/data/0/id" */
function valueAt(body: unknown, expression: string): string | undefined {
  const [, pointer] = /^\$response\.body#\/(.*)$/.exec(expression) ?? [];
  if (pointer === undefined) return undefined;
  const found = pointer
    .split("/")
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | null | undefined)?.[name], body);
  return typeof found === "string" ? found : undefined;
}
