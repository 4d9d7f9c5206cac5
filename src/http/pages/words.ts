/** The fixed words of what code adds to the pages, in each language. */
import type { Language } from "./language.ts";
import { EN } from "./words-en.ts";
import { ZH } from "./words-zh.ts";

export interface Words {
  readonly language: string;
  readonly otherLanguage: string;
  readonly pages: string;
  readonly onThisPage: string;
  readonly asMarkdown: string;
  readonly skip: string;
  readonly notFound: string;
  readonly notFoundAbout: string;
  readonly colon: string;
  readonly yes: string;
  readonly no: string;
  readonly none: string;
  readonly or: (what: string) => string;
  /** Heads of tables. */
  readonly field: string;
  readonly type: string;
  readonly required: string;
  readonly standard: string;
  readonly allowed: string;
  readonly about: string;
  readonly setting: string;
  readonly creditsPerSecond: string;
  readonly optional: string;
  /** Types and limits of fields. */
  readonly types: Readonly<Record<"string" | "integer" | "number" | "boolean" | "url" | "urls", string>>;
  readonly characters: (min: number | undefined, max: number) => string;
  readonly range: (min: number, max: number) => string;
  readonly bytes: (mib: string) => string;
  readonly sides: (min: number, max: number) => string;
  readonly ratio: (min: number, max: number) => string;
  readonly seconds: (min: number, max: number) => string;
  readonly upTo: (max: number, each: string) => string;
  /** Behind the limits of a file. */
  readonly inline: string;
  readonly notHere: (why: string) => string;
  /** Pages of models. */
  readonly modelAbout: (id: string) => string;
  readonly fields: string;
  /** What no field says, because it is always the same. */
  readonly always: (seconds: number | undefined, size: string | undefined) => string;
  readonly rules: string;
  readonly price: string;
  readonly priceFrom: (source: string) => string;
  readonly factsFrom: (source: string) => string;
  readonly example: string;
  readonly exampleAbout: string;
  readonly notShown: string;
  readonly noModel: string;
  /** As another dialect presents the model. */
  readonly inDialect: (dialect: string, path: string) => string;
  readonly withoutEffect: string;
  readonly nameThere: string;
  readonly model: string;
  /** Errors. */
  readonly cause: string;
  readonly fault: string;
  readonly remedy: string;
  readonly retry: string;
  readonly retryYes: string;
  readonly retryNo: string;
  readonly billed: string;
  readonly billedNo: string;
  readonly billedUnknown: string;
  readonly atOnce: string;
  readonly asTaskEnd: string;
  readonly dialect: string;
  readonly faults: Readonly<Record<"caller" | "operator" | "provider" | "us", string>>;
  readonly inThePrompt: string;
  readonly whatHappens: string;
  /** Providers. */
  readonly kind: string;
  readonly what: string;
  readonly where: string;
  readonly yours: string;
  readonly key: string;
  readonly openedBy: string;
  readonly needs: Readonly<Record<"required" | "optional" | "none", string>>;
  readonly also: (kind: string) => string;
  readonly isRequired: string;
  readonly whereLeftOut: (value: string) => string;
  readonly parameter: string;
  readonly endpoint: string;
  readonly lacks: (why: string) => string;
  readonly notSent: (why: string) => string;
  readonly item: (place: number) => string;
  readonly inside: (name: string, frame: string) => string;
  readonly asText: (text: string) => string;
  readonly asValues: (values: string) => string;
  readonly whereOpen: (value: string) => string;
  readonly alwaysSent: string;
  readonly limits: string;
  readonly atMostBytes: (bytes: number) => string;
  readonly speaksOurs: (kind: string, title: string) => string;
  /** The reference. */
  readonly referenceOf: (tag: string) => string;
  readonly openapi: string;
  readonly place: string;
  readonly status: string;
  readonly body: string;
  readonly answer: (status: string) => string;
  readonly failures: string;
  readonly schema: (name: string) => string;
  readonly schemas: string;
  readonly examples: (of: string) => string;
}

export const WORDS: Readonly<Record<Language, Words>> = { en: EN, zh: ZH };
