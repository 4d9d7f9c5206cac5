/** The settings file: names as the variables' without REELAY_, in lower case, and a table for each provider. */
import { readFileSync } from "node:fs";
import { parse as parseToml } from "smol-toml";

export interface FileSettings {
  readonly path: string;
  /** Values as the environment would have them: text. */
  readonly settings: Readonly<Record<string, string>>;
  /** By the provider's id. */
  readonly providers: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Throws an Error with a sentence. No sentence holds a value: it may be a secret. `tables`: settings that may be one. */
export function readSettingsFile(path: string, tables: readonly string[] = []): FileSettings {
  const { providers = {}, ...given } = parse(path);
  const settings = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, tables.includes(name) ? pairsOf(value) : value]),
  );
  if (!isTable(providers)) throw new Error(`${path}: "providers" must hold one table for each provider`);
  return {
    path,
    settings: toTexts(path, settings),
    providers: Object.fromEntries(
      Object.entries(providers).map(([id, table]) => {
        if (!isTable(table)) throw new Error(`${path}: providers.${id} must be a table`);
        return [id, toTexts(`${path}: providers.${id}`, table)];
      }),
    ),
  };
}

function parse(path: string): Record<string, unknown> {
  const text = read(path);
  try {
    const whole: unknown = path.endsWith(".json") ? JSON.parse(text) : parseToml(text);
    if (isTable(whole)) return whole;
  } catch (error) {
    // Their messages quote the file.
    const line = (error as { line?: number }).line;
    throw new Error(
      `${path} is not valid ${path.endsWith(".json") ? "JSON" : "TOML"}${line === undefined ? "" : `, line ${line}`}`,
    );
  }
  throw new Error(`${path} must hold a table of settings`);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? "no reason given"})`);
  }
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** A table as the list of its pairs; anything else as it is. */
function pairsOf(value: unknown): unknown {
  if (!isTable(value) || !Object.values(value).every(isPlainOrList)) return value;
  return Object.entries(value).map(([name, one]) => `${name}=${Array.isArray(one) ? one.join("|") : one}`);
}

function isPlainOrList(value: unknown): boolean {
  return isPlain(value) || (Array.isArray(value) && value.every(isPlain));
}

function toTexts(place: string, table: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(table).map(([name, value]) => {
      if (Array.isArray(value) && value.every(isPlain)) return [name, value.join(",")];
      if (isPlain(value)) return [name, String(value)];
      throw new Error(`${place}: "${name}" must be a text, a number, true, false or a list of them`);
    }),
  );
}

function isPlain(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
