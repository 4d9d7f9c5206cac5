/**
 * Every setting, read once, from the environment and from one file; the only reader of `process.env`. Everything else
 * gets what it needs as an argument. A typo must not be silent: an unknown `REELAY_` variable is an error, and so is an
 * unknown name in the file.
 */
import { delimiter, resolve } from "node:path";
import { nearest } from "../core/nearest.ts";
import { KINDS, OFFERED } from "../providers/kinds.ts";
import { type FileSettings, readSettingsFile } from "./file.ts";
import { type ProviderEntry, readEntries, variablesOf } from "./provider-entries.ts";
import { SETTINGS, type Setting } from "./settings.ts";

type Values = { readonly [K in keyof typeof SETTINGS]: ReturnType<(typeof SETTINGS)[K]["parse"]> };

export interface Config extends Values {
  /** What is set of providers, not yet checked: a key may be stored elsewhere. */
  readonly providers: readonly ProviderEntry[];
}

/** What programs that use a server read; the same shell may also hold the operator's commands. */
const OF_CLIENTS = ["REELAY_URL", "REELAY_KEY"];

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings that are wrong, all of them, one sentence each. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "ConfigError";
  }
}

/** Throws a ConfigError that names every unknown name and every bad value. */
export function readConfig(environment: Environment = process.env): Config {
  const problems: string[] = [];
  const file = readFile(environment, problems);
  problems.push(...unknownVariables(environment), ...unknownNames(file));
  const config: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(SETTINGS)) {
    // A variable that a compose file leaves empty is not set: "" is no port, and no folder.
    const raw = environment[one.name] || file.settings[nameInFile(one.name)] || one.fallback;
    try {
      config[key] = one.parse(raw);
    } catch (error) {
      problems.push(`${one.name} ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const { entries, mistakes } = readEntries(KINDS, environment, file.providers);
  problems.push(...mistakes);
  if (problems.length > 0) throw new ConfigError(problems);
  return { ...(config as unknown as Values), providers: entries };
}

const TABLES = Object.values(SETTINGS)
  .filter(({ table }) => table)
  .map(({ name }) => nameInFile(name));

/** "REELAY_DATA_DIR" -> "data_dir" */
function nameInFile(variable: string): string {
  return variable.replace(/^REELAY_/, "").toLowerCase();
}

function readFile(environment: Environment, problems: string[]): FileSettings {
  const path = environment[SETTINGS.configFile.name];
  if (!path) return { path: "", settings: {}, providers: {} };
  try {
    return readSettingsFile(resolve(path), TABLES);
  } catch (error) {
    problems.push(`${SETTINGS.configFile.name}: ${error instanceof Error ? error.message : String(error)}`);
    return { path, settings: {}, providers: {} };
  }
}

function unknownVariables(environment: Environment): readonly string[] {
  const names = Object.values(SETTINGS).map((one) => one.name);
  const all = [...names, ...[...KINDS.values()].flatMap(variablesOf)];
  const offered = [...names, ...OFFERED.flatMap(variablesOf)];
  return Object.keys(environment)
    .filter((name) => name.startsWith("REELAY_") && !all.includes(name) && !OF_CLIENTS.includes(name))
    .map((name) => {
      const close = nearest(name, offered);
      return `${name} is not a setting${close ? `; did you mean ${close}?` : `. The settings are ${names.join(", ")}, and those of the providers.`}`;
    });
}

function unknownNames({ path, settings }: FileSettings): readonly string[] {
  // A file cannot name another one.
  const { configFile: _, ...inFile } = SETTINGS;
  const names = Object.values(inFile).map((one) => nameInFile(one.name));
  return Object.keys(settings)
    .filter((name) => !names.includes(name))
    .map((name) => {
      const close = nearest(name, [...names, "providers"]);
      return `${path}: "${name}" is not a setting${close ? `; did you mean "${close}"?` : `. The settings are ${names.join(", ")} and providers.`}`;
    });
}

/** What a media child may know of our environment: enough to find its tools, and no secret. */
export function childEnvironment(
  { ffmpegDir }: Pick<Config, "ffmpegDir">,
  environment: Environment = process.env,
): Readonly<Record<string, string>> {
  const path = [ffmpegDir === "" ? undefined : resolve(ffmpegDir), environment.PATH];
  const known = {
    PATH: path.filter(Boolean).join(delimiter),
    LANG: environment.LANG,
    TMPDIR: environment.TMPDIR,
  };
  return Object.fromEntries(
    Object.entries(known).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

export interface SettingLine {
  readonly name: string;
  readonly value: string;
  readonly set: boolean;
  readonly about: string;
}

/** For `reelay doctor` and the docs. A secret's value is never in it. */
export function describeSettings(environment: Environment = process.env): readonly SettingLine[] {
  const file = readFile(environment, []);
  return Object.values(SETTINGS).map((one) => {
    const given = environment[one.name] || file.settings[nameInFile(one.name)];
    const value = given || one.fallback;
    return {
      name: one.name,
      value: one.secret && value ? HIDDEN : value,
      set: Boolean(given),
      about: one.about,
    };
  });
}

/** For the pages, which everybody may read: what each is without being set, whatever is set here. */
export function describeDefaults(): readonly Pick<Setting<unknown>, "name" | "about" | "fallback">[] {
  return Object.values(SETTINGS).map(({ name, about, fallback }) => ({ name, about, fallback }));
}

const HIDDEN = "(set, not shown)";
