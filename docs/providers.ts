/** `node docs/providers.ts` writes providers.md beside this file: who can be opened, and what becomes of every parameter. */
import { writeFile } from "node:fs/promises";
import { type Catalog, loadCatalog } from "../src/catalog/catalog.ts";
import { COMMON, settingsOf, variableOf } from "../src/config/provider-entries.ts";
import type { CatalogModel, Field, Route, RouteLimits, Source } from "../src/core/model.ts";
import type { ProviderKind } from "../src/core/provider-kind.ts";
import { OFFERED } from "../src/providers/kinds.ts";

/** The whole page as Markdown. A test holds the written file to it. */
export function providersPage(catalog: Catalog): string {
  return [
    "# Providers",
    "Written by `node docs/providers.ts` from `src/providers` and `src/catalog/models`: change a file there, then run it again.",
    "## Who can be opened",
    "A provider is open as soon as one of its settings is there. `reelay doctor` shows what is set, whether it answers, " +
      "and what it can serve.",
    kindsTable(OFFERED),
    "Every kind has these settings, as a variable (`REELAY_FAL_KEY`, `REELAY_FAL_WEIGHT`) or in a table of the settings file:",
    list(Object.entries(COMMON).map(([name, { about }]) => `- \`${name}\`: ${about}`)),
    ...OFFERED.flatMap(ownSettings),
    "## What becomes of every parameter",
    "A cell is the provider's own name for it. **no**: the provider has none; a request that gives the parameter another " +
      "value than its default goes to another provider, or is refused before it costs anything, with these words. " +
      "_not sent_: it is not needed there; a client that gave it is told in the result's notes. What the client left open is " +
      "left out, unless a cell says what is sent then; a model's defaults are always sent.",
    ...[...catalog.models.values()].map((model) => fidelity(model, OFFERED)),
    ...speaking(OFFERED),
  ]
    .join("\n\n")
    .concat("\n");
}

function kindsTable(kinds: readonly ProviderKind[]): string {
  const rows = kinds.map((kind) => {
    const own = Object.entries(kind.settings).find(([, { required }]) => required)?.[0];
    const first = kind.key === "required" ? "key" : kind.url === null ? "url" : (own ?? "url");
    const needed = kind.key === "required" ? "yes" : kind.key;
    return `| \`${kind.kind}\` | ${kind.title} | ${kind.url ?? "yours"} | ${needed} | \`${variableOf(kind, first)}\` |`;
  });
  return ["| kind | what it is | where | key | opened by |", "|---|---|---|---|---|", ...rows].join("\n");
}

function ownSettings(kind: ProviderKind): readonly string[] {
  const own = Object.entries(settingsOf(kind)).filter(([name]) => !Object.hasOwn(COMMON, name));
  if (own.length === 0) return [];
  const lines = own.map(([name, { about, required, fallback }]) => {
    const more = required ? " Required." : fallback ? ` \`${fallback}\` where left out.` : "";
    return `- \`${name}\` (\`${variableOf(kind, name)}\`): ${about}.${more}`;
  });
  return [`\`${kind.kind}\` also has:`, list(lines)];
}

function fidelity(model: CatalogModel, kinds: readonly ProviderKind[]): string {
  const routes = model.routes.filter(({ provider }) => kinds.some(({ kind }) => kind === provider));
  const heads = ["parameter", ...routes.map(({ provider }) => provider)];
  const rows = Object.keys(model.input)
    .filter((name) => model.input[name]?.kind !== "unsupported")
    .map((name) => [`\`${name}\``, ...routes.map((route) => cell(model, route, name))]);
  const lines = [
    heads,
    heads.map(() => "---"),
    ["endpoint", ...routes.map((one) => `\`${one.endpoint}\``)],
    ...rows,
  ];
  const limits = routes.flatMap((route) => limitsOf(model, route));
  const parts = [`### ${model.id}`, lines.map((line) => `| ${line.join(" | ")} |`).join("\n")];
  const constants = routes.flatMap(constantsOf);
  if (constants.length > 0) parts.push("Always sent besides:", list(constants));
  if (limits.length > 0) parts.push("And these limits:", list(limits));
  return parts.join("\n\n");
}

function cell(model: CatalogModel, route: Route, field: string): string {
  const lacks = route.unsupported?.[field];
  if (lacks !== undefined) return `**no**: ${lacks}`;
  const reason = route.unsent[field];
  if (reason !== undefined) return `_not sent_: ${reason}`;
  const said = Object.entries(route.send).flatMap(([name, source]) =>
    spelling(model, { name, source, field }),
  );
  return said.join("<br>");
}

interface Sent {
  readonly name: string;
  readonly source: Source;
  readonly field: string;
}

function spelling({ output }: CatalogModel, { name, source, field }: Sent): readonly string[] {
  if (typeof source === "string") return source === field ? [`\`${name}\``] : [];
  if ("value" in source) return [];
  if ("frame" in source) {
    const tells = field === output.resolution || field === output.aspect;
    return tells ? [`in \`${name}\`, as \`${source.frame}\``] : [];
  }
  if (source.field !== field) return [];
  const item = source.item === undefined ? "" : ` (${source.item === 0 ? "first" : "second"})`;
  const text = source.text === undefined ? "" : ` as text \`"${source.text}"\``;
  const values = source.values
    ? ` as ${Object.entries(source.values)
        .map(([ours, theirs]) => `${ours} → \`${JSON.stringify(theirs)}\``)
        .join(", ")}`
    : "";
  const otherwise =
    source.otherwise === undefined ? "" : ` (\`${JSON.stringify(source.otherwise)}\` where left open)`;
  return [`\`${name}\`${item}${text}${values}${otherwise}`];
}

function constantsOf({ provider, send }: Route): readonly string[] {
  const constants = Object.entries(send).flatMap(([name, source]) =>
    typeof source === "object" && "value" in source
      ? [`\`${name}\` = \`${JSON.stringify(source.value)}\``]
      : [],
  );
  return constants.length === 0 ? [] : [`- ${provider}: ${constants.join(", ")}`];
}

function limitsOf({ input }: CatalogModel, { provider, rules = [], limits = {} }: Route): readonly string[] {
  return [
    ...rules.map(({ say }) => `- ${provider}: ${say}`),
    ...Object.entries(limits).map(([field, limit]) => {
      const parts = [
        ...(limit.types ? [limit.types.join(" or ")] : []),
        ...(limit.maxBytes === undefined ? [] : [`at most ${limit.maxBytes} bytes`]),
        ...(limit.side ? [`sides of ${limit.side.join(" to ")} pixels`] : []),
        ...(limit.ratio ? [`width to height ${limit.ratio.join(" to ")}`] : []),
        ...(limit.seconds ? [`${limit.seconds.join(" to ")} seconds`] : []),
        ...charactersOf(input[field], limit),
      ];
      return `- ${provider}: \`${field}\` ${parts.join(", ")}`;
    }),
  ];
}

/** What a route does not say of a text is as the model has it. */
function charactersOf(field: Field | undefined, limit: RouteLimits): readonly string[] {
  if (field?.kind !== "text") return [];
  return [`${limit.min ?? field.min ?? 0} to ${limit.max ?? field.max} characters`];
}

function speaking(kinds: readonly ProviderKind[]): readonly string[] {
  return kinds
    .filter(({ speaksOurs }) => speaksOurs)
    .map(
      ({ kind, title }) =>
        `\`${kind}\` (${title}) speaks our own names: every model has a route to it, and every parameter is sent as it is.`,
    );
}

function list(lines: readonly string[]): string {
  return lines.join("\n");
}

if (import.meta.main) {
  await writeFile(new URL("./providers.md", import.meta.url), providersPage(await loadCatalog()));
}
