/** `{{fidelity}}`: what becomes of every parameter of every model at every provider, from the routes themselves. */
import type { CatalogModel, Field, Route, RouteLimits, Source } from "../../core/model.ts";
import type { KindFacts } from "./facts.ts";
import { code, list, paragraphs, plain, table } from "./markdown.ts";
import type { Say } from "./model-fields.ts";
import type { Words } from "./words.ts";

interface In {
  readonly words: Words;
  readonly say: Say;
}

export function fidelity(
  models: Iterable<CatalogModel>,
  kinds: readonly KindFacts[],
  { words, say }: In,
): string {
  const ours = kinds
    .filter(({ speaksOurs }) => speaksOurs)
    .map(({ kind, title }) => words.speaksOurs(code(kind), plain(say(title))));
  // Who speaks our names has nothing to tell in a column.
  const others = kinds.filter(({ speaksOurs }) => !speaksOurs).map(({ kind }) => kind);
  return paragraphs([...[...models].map((model) => ofModel(model, others, { words, say })), ...ours]);
}

function ofModel(model: CatalogModel, kinds: readonly string[], { words, say }: In): string {
  const routes = model.routes.filter(({ provider }) => kinds.includes(provider));
  if (routes.length === 0) return "";
  const rows = Object.keys(model.input)
    .filter((name) => model.input[name]?.kind !== "unsupported")
    .map((name) => [
      code(name),
      ...routes.map((route) => cell(model, { route, field: name }, { words, say })),
    ]);
  const endpoints = [words.endpoint, ...routes.map((one) => code(one.endpoint))];
  const constants = routes.flatMap(constantsOf);
  const limits = routes.flatMap((route) => limitsOf(model, route, { words, say }));
  return paragraphs([
    `### ${plain(model.id)}`,
    table([words.parameter, ...routes.map(({ provider }) => plain(provider))], [endpoints, ...rows]),
    ...(constants.length === 0 ? [] : [words.alwaysSent, list(constants)]),
    ...(limits.length === 0 ? [] : [words.limits, list(limits)]),
  ]);
}

interface Cell {
  readonly route: Route;
  readonly field: string;
}

function cell(model: CatalogModel, { route, field }: Cell, { words, say }: In): string {
  const lacks = route.unsupported?.[field];
  if (lacks !== undefined) return words.lacks(plain(say(lacks)));
  const reason = route.unsent[field];
  if (reason !== undefined) return words.notSent(plain(say(reason)));
  return Object.entries(route.send)
    .flatMap(([name, source]) => spelling(model, { name, source, field }, words))
    .join(", ");
}

interface Sent {
  readonly name: string;
  readonly source: Source;
  readonly field: string;
}

function spelling({ output }: CatalogModel, { name, source, field }: Sent, words: Words): readonly string[] {
  if (typeof source === "string") return source === field ? [code(name)] : [];
  if ("value" in source) return [];
  if ("frame" in source) {
    const tells = field === output.resolution || field === output.aspect;
    return tells ? [words.inside(code(name), code(source.frame))] : [];
  }
  if (source.field !== field) return [];
  const values = Object.entries(source.values ?? {}).map(
    ([ours, theirs]) => `${code(ours)} → ${code(JSON.stringify(theirs))}`,
  );
  const parts = [
    code(name),
    source.item === undefined ? "" : words.item(source.item),
    source.text === undefined ? "" : words.asText(code(JSON.stringify(source.text))),
    values.length === 0 ? "" : words.asValues(values.join(", ")),
    source.otherwise === undefined ? "" : words.whereOpen(code(JSON.stringify(source.otherwise))),
  ];
  return [parts.filter((part) => part !== "").join(" ")];
}

function constantsOf({ provider, send }: Route): readonly string[] {
  const constants = Object.entries(send).flatMap(([name, source]) =>
    typeof source === "object" && "value" in source
      ? [`${code(name)} = ${code(JSON.stringify(source.value))}`]
      : [],
  );
  return constants.length === 0 ? [] : [`${plain(provider)}: ${constants.join(", ")}`];
}

function limitsOf(
  { input }: CatalogModel,
  { provider, rules = [], limits = {} }: Route,
  { words, say }: In,
): readonly string[] {
  return [
    ...rules.map((rule) => `${plain(provider)}: ${plain(say(rule.say))}`),
    ...Object.entries(limits).map(([field, limit]) => {
      const parts = [
        ...(limit.types ? [plain(limit.types.join(", "))] : []),
        ...(limit.maxBytes === undefined ? [] : [words.atMostBytes(limit.maxBytes)]),
        ...(limit.side ? [words.sides(...limit.side)] : []),
        ...(limit.ratio ? [words.ratio(...limit.ratio)] : []),
        ...(limit.seconds ? [words.seconds(...limit.seconds)] : []),
        ...charactersOf(input[field], limit, words),
      ];
      return `${plain(provider)}: ${code(field)} ${parts.join(", ")}`;
    }),
  ];
}

/** What a route does not say of a text is as the model has it. */
function charactersOf(field: Field | undefined, limit: RouteLimits, words: Words): readonly string[] {
  if (field?.kind !== "text") return [];
  return [words.characters(limit.min ?? field.min, limit.max ?? field.max)];
}
