/** What a create takes. */
import type { ModelParameters } from "./models.ts";

/** A model that every server of this version has. */
export type ModelId = keyof ModelParameters;

declare const own: unique symbol;

/** The id of a model that an operator brought along; made by `ownModel`. */
export type OwnModelId = string & { readonly [own]: true };

/**
 * For a model that this client does not know, one of your operator's own: its parameters are checked by the server and not
 * by the compiler. It has to be said, or a misspelt id would quietly turn the compiler's help off.
 */
export function ownModel<const Id extends string>(id: Id extends ModelId ? never : Id): OwnModelId {
  return id as string as OwnModelId;
}

/** A known model with its parameters; an unknown parameter, or one with a wrong value, does not compile. */
export type KnownRequest = { [Id in ModelId]: { model: Id } & ModelParameters[Id] }[ModelId];

export interface OwnRequest {
  model: OwnModelId;
  [parameter: string]: unknown;
}

interface Extras {
  /** Called with the task once it has ended: docs/pages/en/webhooks.md of the server. */
  callback_url?: string | null | undefined;
}

export type CreateRequest = (KnownRequest | OwnRequest) & Extras;
