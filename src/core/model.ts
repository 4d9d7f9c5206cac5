/**
 * A model is data: what it takes, what must hold between its parameters, and how it reaches each provider.
 * Validation, `GET /v1/models`, the docs' tables and the clients' types are derived from it, so it must
 * survive a JSON round trip: literals and the builders below, never a function.
 */
import type { Json } from "./json.ts";
import type { ClipType, PictureType, SoundType } from "./media.ts";

/** What a file behind a URL must be. Pixels, seconds, bytes. */
export interface MediaLimits {
  readonly types: readonly (PictureType | ClipType | SoundType)[];
  readonly maxBytes: number;
  /** Shortest and longest side allowed. */
  readonly side?: readonly [min: number, max: number];
  /** Width over height. */
  readonly ratio?: readonly [min: number, max: number];
  readonly seconds?: readonly [min: number, max: number];
}

interface FieldBase {
  /** One line for the docs. */
  readonly about: string;
  readonly required?: true;
  /** null may be sent and means "left out". */
  readonly nullable?: true;
  /** Filled in where the client sent nothing. Without one, a missing field is null. */
  readonly default?: Json;
}

/** Length in Unicode code points. */
export type TextField = FieldBase & { readonly kind: "text"; readonly min?: number; readonly max: number };
export type ChoiceField = FieldBase & {
  readonly kind: "choice";
  readonly values: readonly (string | number | boolean)[];
};
export type IntegerField = FieldBase & {
  readonly kind: "integer";
  readonly min: number;
  readonly max: number;
};
/** Whole or not. */
export type NumberField = FieldBase & { readonly kind: "number"; readonly min: number; readonly max: number };
export type FlagField = FieldBase & { readonly kind: "flag" };
/** A URL of one picture, clip or sound. */
export type MediaField = FieldBase & {
  readonly kind: "picture" | "clip" | "sound";
  readonly limits: MediaLimits;
  /** On a page: the file itself may be sent instead, in base64 or as a data URL. */
  readonly inline?: true;
};
/** One to `max` URLs of pictures. An empty list counts as left out. */
export type PicturesField = FieldBase & {
  readonly kind: "pictures";
  readonly max: number;
  readonly limits: MediaLimits;
  readonly inline?: true;
};
/** A parameter of the model's family that this variant does not have: null is fine, a value is refused. */
export type UnsupportedField = FieldBase & { readonly kind: "unsupported"; readonly nullable: true };

export type Field =
  | TextField
  | ChoiceField
  | IntegerField
  | NumberField
  | FlagField
  | MediaField
  | PicturesField
  | UnsupportedField;

/** One thing that can be said of a field's value. */
export type Test =
  | { readonly is: readonly Json[] }
  | { readonly given: boolean }
  | { readonly count: number };

export type Condition = Readonly<Record<string, Test>>;

/** Where all of `when` holds, all of `must` has to hold. */
export interface Rule {
  readonly when: Condition;
  readonly must: Condition;
  /** A sentence: what is wrong and what would be right. */
  readonly say: string;
}

/** A field of ours in the provider's spelling. */
export interface FieldSource {
  readonly field: string;
  /** Of a list field, the one at this index. */
  readonly item?: number;
  /** As text, `{}` standing for the value: "{}s" makes "8s" of 8. */
  readonly text?: string;
  /** The provider's value for each of ours, by its text. */
  readonly values?: Readonly<Record<string, Json>>;
  /** What is sent where the client left it open, because the provider's own default is another than the model's. */
  readonly otherwise?: Json;
}

/** Where a provider's parameter comes from: a field as it is or respelled, a constant, or the size of the picture. */
export type Source =
  | string
  | FieldSource
  | { readonly value: Json }
  /** `{width}` and `{height}` stand for the pixels that the resolution and the shape amount to. */
  | { readonly frame: string };

export interface Route {
  /** The kind of provider. */
  readonly provider: string;
  readonly endpoint: string;
  /**
   * Provider's parameter name -> source; a dot leads into an object, a number into a list. Media fields arrive as files,
   * the others as values, and what the client left open is left out.
   */
  readonly send: Readonly<Record<string, Source>>;
  /** Fields that it does without, each with the reason: the client is told where it asked for one, and the work goes on. */
  readonly unsent: Readonly<Record<string, string>>;
  /** Fields that the provider lacks, each with the reason: work that gives one another value than its default goes elsewhere. */
  readonly unsupported?: Readonly<Record<string, string>>;
  /** What this route takes beyond the model's own rules. Work that breaks one goes elsewhere. */
  readonly rules?: readonly Rule[];
  /** By field: where it takes less than the model; of a text also where it takes more, because a page may. */
  readonly limits?: Readonly<Record<string, RouteLimits>>;
}

/** Of a file, or of a text's length in code points. */
export type RouteLimits = Partial<MediaLimits> & { readonly min?: number; readonly max?: number };

/**
 * Where a parameter of the model comes from on a page: a parameter of the page as it is or respelled, or, of a list of
 * files, one parameter for each item.
 */
export type PageSource =
  | string
  | { readonly field: string; readonly values: Readonly<Record<string, Json>> }
  | { readonly list: readonly string[] };

/** How one dialect presents the model: under names, limits and defaults of its own, held to like the model's. */
export interface Page {
  /** What a request calls it. */
  readonly path: string;
  /** Which requests it is for, where another model of this dialect has the same path; one without takes the others. */
  readonly when?: Condition;
  /** What an answer calls work of this kind. */
  readonly type: string;
  /** Where these facts come from. */
  readonly source: string;
  /** Named as the dialect names them; a text may be longer or shorter here than the model's own limits have it. */
  readonly input: Readonly<Record<string, Field>>;
  readonly rules: readonly Rule[];
  /** Parameter of the model -> where its value comes from. What is missing is left open. */
  readonly send: Readonly<Record<string, PageSource>>;
  /** Parameters without an effect, each with the reason: told where the client gave one another value than its default. */
  readonly unsent: Readonly<Record<string, string>>;
  /** As a model's. */
  readonly example: Readonly<Record<string, Json>>;
}

/** Dollars for each second of video that is delivered. The first line whose `when` holds is the price. */
export interface PriceLine {
  readonly when: Condition;
  readonly usdPerSecond: number;
}

export interface Model {
  /** For people: "PixVerse V6, image to video". */
  readonly name: string;
  readonly vendor: string;
  /** Where these facts come from. */
  readonly source: string;
  readonly input: Readonly<Record<string, Field>>;
  readonly rules: readonly Rule[];
  readonly output: {
    /**
     * The field that says how long, or the one length that the model makes. Seconds of what is made: where a video goes
     * on from a clip, those of the new part, whether or not a provider puts the clip in front of it.
     */
    readonly duration: string | { readonly value: number };
    /** The field that says how big, or the one size. */
    readonly resolution: string | { readonly value: string };
    /** The field that says which shape; or it is that of the first of these files that is given. */
    readonly aspect: string | { readonly of: readonly string[] };
  };
  /** What the video costs where a provider is paid for it. The last line has an empty `when`. */
  readonly price: { readonly source: string; readonly lines: readonly PriceLine[] };
  /** In order of preference. */
  readonly routes: readonly Route[];
  /** A request that is valid as it stands; `{media}` in a URL stands for the base of some samples. */
  readonly example: Readonly<Record<string, Json>>;
  /** By dialect, of those that present models in their own way; to such a dialect a model without a page is not there. */
  readonly pages?: Readonly<Record<string, Page>>;
}

/** A model with its id, which is its file's name. */
export type CatalogModel = Model & { readonly id: string };

type Options<F extends Field> = Omit<F, "kind">;

export const text = (options: Options<TextField>): TextField => ({ kind: "text", ...options });
export const oneOf = (
  values: ChoiceField["values"],
  options: Omit<Options<ChoiceField>, "values">,
): ChoiceField => ({ kind: "choice", values, ...options });
export const integer = (
  min: number,
  max: number,
  options: Omit<Options<IntegerField>, "min" | "max">,
): IntegerField => ({ kind: "integer", min, max, ...options });
export const number = (
  min: number,
  max: number,
  options: Omit<Options<NumberField>, "min" | "max">,
): NumberField => ({ kind: "number", min, max, ...options });
export const flag = (options: Options<FlagField>): FlagField => ({ kind: "flag", ...options });
export const picture = (options: Options<MediaField>): MediaField => ({ kind: "picture", ...options });
export const clip = (options: Options<MediaField>): MediaField => ({ kind: "clip", ...options });
export const sound = (options: Options<MediaField>): MediaField => ({ kind: "sound", ...options });
export const pictures = (options: Options<PicturesField>): PicturesField => ({
  kind: "pictures",
  ...options,
});
export const unsupported = (about: string): UnsupportedField => ({
  kind: "unsupported",
  nullable: true,
  about,
});

export function defineModel(model: Model): Model {
  return model;
}
