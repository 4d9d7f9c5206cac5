/** `node docs/models.ts` writes models.md beside this file: what each model of the catalogue takes. */
import { writeFile } from "node:fs/promises";
import type { Catalog } from "../src/catalog/catalog.ts";
import { loadCatalog } from "../src/catalog/catalog.ts";
import { exampleOf } from "../src/catalog/example.ts";
import { priceCases } from "../src/catalog/price.ts";
import type { Json } from "../src/core/json.ts";
import type { CatalogModel, Field, MediaLimits, Page, Route } from "../src/core/model.ts";
import { toCredits, toMicros } from "../src/core/money.ts";

/** The whole page as Markdown. A test holds the written file to it. */
export function modelsPage(catalog: Catalog): string {
  const models = [...catalog.models.values()];
  return [
    "# Models",
    "Written by `node docs/models.ts` from `src/catalog/models`: change a model's file, then run it again.",
    "A value outside of what is allowed is refused with a message that names it; nothing is clamped or converted. " +
      'Where null is allowed it means "left out". A parameter that a model does not know is refused.',
    "A price is for each second of video that is delivered, in credits: one credit is one US cent. What the animatic " +
      "renderer makes costs nothing.",
    models.map((model) => `- [${model.name}](#${anchor(model.id)}): \`${model.id}\``).join("\n"),
    ...models.map(section),
  ]
    .join("\n\n")
    .concat("\n");
}

function section(model: CatalogModel): string {
  const example = JSON.stringify({ model: model.id, ...exampleOf(model, "https://media.example") }, null, 2);
  const parts = [`## ${model.id}`, `${model.name}. Source: ${model.source}.`, table(model), ...always(model)];
  if (model.rules.length > 0) {
    parts.push("What must hold between them:", model.rules.map((rule) => `- ${rule.say}`).join("\n"));
  }
  parts.push(
    `Price. Source: ${model.price.source}.`,
    priceTable(model),
    "Example:",
    `\`\`\`json\n${example}\n\`\`\``,
    ...model.routes.flatMap((route) => unsent(model, route)),
    ...Object.entries(model.pages ?? {}).flatMap(([dialect, page]) => pageSection(dialect, page)),
  );
  return parts.join("\n\n");
}

/** As one dialect presents the model: its own names, limits and defaults. */
function pageSection(dialect: string, page: Page): readonly string[] {
  const rules = page.rules.map((rule) => `- ${rule.say}`);
  const unsent = Object.entries(page.unsent).map(([name, why]) => `- \`${name}\`: ${why}`);
  return [
    `In the dialect \`${dialect}\` it is \`${page.path}\`. Source: ${page.source}.`,
    table(page),
    ...(rules.length > 0 ? ["What must hold between them:", rules.join("\n")] : []),
    ...(unsent.length > 0
      ? ["Taken, and without an effect, which a result then says:", unsent.join("\n")]
      : []),
  ];
}

/** What no parameter says, because it is always the same. */
function always({ output: { duration, resolution } }: CatalogModel): readonly string[] {
  const parts = [
    ...(typeof duration === "string" ? [] : [`${duration.value} seconds`]),
    ...(typeof resolution === "string" ? [] : [`at ${resolution.value}`]),
  ];
  return parts.length === 0 ? [] : [`Always ${parts.join(" ")}.`];
}

function table({ input }: Pick<CatalogModel, "input">): string {
  const rows = Object.entries(input).map(([name, field]) => {
    const cells = [
      `\`${name}\``,
      typeOf(field),
      field.required ? "yes" : "no",
      defaultOf(field),
      allowed(field),
    ];
    return `| ${[...cells, about(field)].join(" | ")} |`;
  });
  return [
    "| field | type | required | default | allowed | about |",
    "|---|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

function priceTable(model: CatalogModel): string {
  const cases = priceCases(model);
  const names = Object.keys(cases[0]?.input ?? {});
  const rows = cases.map(({ input, line }) => {
    const credits = line ? String(toCredits(toMicros(line.usdPerSecond))) : "";
    return `| ${[...names.map((name) => valueText(input[name] ?? null)), credits].join(" | ")} |`;
  });
  const heads = [...names.map((name) => `\`${name}\``), "credits per second"];
  return [`| ${heads.join(" | ")} |`, `|${"---|".repeat(heads.length)}`, ...rows].join("\n");
}

function valueText(value: Json): string {
  return value === null ? "left out" : `\`${JSON.stringify(value)}\``;
}

function typeOf(field: Field): string {
  if (field.kind === "unsupported") return "null";
  return field.nullable ? `${jsonType(field)} or null` : jsonType(field);
}

function jsonType(field: Field): string {
  switch (field.kind) {
    case "text":
      return "string";
    case "choice":
      return [...new Set(field.values.map(choiceType))].join(" or ");
    case "number":
      return "number";
    case "flag":
      return "boolean";
    case "pictures":
      return "list of URLs";
    case "integer":
      return "integer";
    default:
      return "URL";
  }
}

function choiceType(value: string | number | boolean): string {
  return typeof value === "number" ? "integer" : typeof value;
}

function defaultOf(field: Field): string {
  if (field.default !== undefined) return `\`${JSON.stringify(field.default)}\``;
  return field.required ? "" : "null";
}

function allowed(field: Field): string {
  switch (field.kind) {
    case "text":
      return field.min === undefined
        ? `at most ${field.max} characters`
        : `${field.min} to ${field.max} characters`;
    case "choice":
      return field.values.map((value) => `\`${JSON.stringify(value)}\``).join(" ");
    case "integer":
    case "number":
      return `${field.min} to ${field.max}`;
    case "flag":
      return "`true` `false`";
    case "unsupported":
      return "null";
    case "pictures":
      return `1 to ${field.max}; each ${limitsText(field.limits)}`;
    default:
      return limitsText(field.limits) + (field.inline ? "; or the file itself in base64" : "");
  }
}

function limitsText(limits: MediaLimits): string {
  const parts = [limits.types.join(", "), `at most ${limits.maxBytes / (1024 * 1024)} MiB`];
  if (limits.side) parts.push(`sides of ${limits.side.join(" to ")} pixels`);
  if (limits.ratio) parts.push(`width to height ${limits.ratio.join(" to ")}`);
  if (limits.seconds) parts.push(`${limits.seconds.join(" to ")} seconds`);
  return parts.join("; ");
}

function about(field: Field): string {
  return field.kind === "unsupported" ? `Not on this model: ${field.about}.` : field.about;
}

function unsent(model: CatalogModel, route: Route): readonly string[] {
  const reasons = Object.entries(route.unsent)
    .filter(([name]) => model.input[name]?.kind !== "unsupported")
    .map(([name, reason]) => `- \`${name}\`: ${reason}`);
  return reasons.length === 0 ? [] : [`Not sent on the route to ${route.provider}:`, reasons.join("\n")];
}

/** As GitHub makes it from a heading. */
function anchor(heading: string): string {
  return heading.toLowerCase().replaceAll(".", "");
}

if (import.meta.main) {
  await writeFile(new URL("./models.md", import.meta.url), modelsPage(await loadCatalog()));
}
