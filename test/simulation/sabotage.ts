/** Mistakes that a server could have, made on purpose between it and what it stands on: each must be found. */
import type { Provider } from "../../src/core/provider.ts";
import type { Store } from "../../src/core/store.ts";
import type { FailoverPolicy } from "../../src/tasks/failover.ts";

export interface Sabotage {
  store(store: Store): Store;
  providers(providers: readonly Provider[]): readonly Provider[];
  failover(policy: FailoverPolicy): FailoverPolicy;
}

export const NOTHING: Sabotage = {
  store: (store) => store,
  providers: (providers) => providers,
  failover: (policy) => policy,
};
