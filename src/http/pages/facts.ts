/** What the pages are about, besides what is written: how this server can be set up, and who speaks what. */
import type { Catalog } from "../../catalog/catalog.ts";
import type { Dialect } from "../dialect.ts";

/** A setting as it is without being set; never its value here. */
interface SettingFacts {
  readonly name: string;
  readonly about: string;
  readonly fallback: string;
}

interface KindSettingFacts {
  readonly name: string;
  readonly variable: string;
  readonly about: string;
  readonly required: boolean;
  readonly fallback: string | undefined;
}

/** A kind of provider that can be opened. */
export interface KindFacts {
  readonly kind: string;
  readonly title: string;
  readonly url: string | null;
  readonly key: "required" | "optional" | "none";
  /** The variable that opens one. */
  readonly opener: string;
  /** Its own settings. */
  readonly settings: readonly KindSettingFacts[];
  readonly speaksOurs: boolean;
}

export interface HostFacts {
  readonly settings: readonly SettingFacts[];
  /** Settings of every kind. */
  readonly common: readonly { readonly name: string; readonly about: string }[];
  readonly kinds: readonly KindFacts[];
}

export type DialectFacts = Pick<Dialect, "id" | "spell">;

export interface PageFacts {
  /** As it is now; an operator's file may change it. */
  readonly catalog: Pick<Catalog, "models">;
  readonly dialects: readonly DialectFacts[];
  readonly host: HostFacts;
  /** What is served at `/openapi.json`, as it is when asked for: an `OpenapiDocument`. */
  readonly openapi: () => unknown;
  /** Base of every address in the examples, without a slash at its end. */
  readonly publicUrl: () => string;
}
