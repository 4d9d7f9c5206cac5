/** The reference: a page that lists every operation, and one for each dialect with parameters, bodies and answers. */
import { code, fence, list, paragraphs, plain, prose, table } from "./markdown.ts";
import { type Content, nameOf, type OpenapiDocument, type Operation, type Schema } from "./openapi-shape.ts";
import { schemaText, typeText } from "./schema-text.ts";
import type { Words } from "./words.ts";

interface Named {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

/** `{{reference}}`: by tag, with links. */
export function operationsList(document: OpenapiDocument): string {
  return paragraphs(
    document.tags.flatMap(({ name, description = "" }) => [
      `## ${plain(name)}`,
      prose(description),
      list(
        operationsOf(document, name).map(
          (one) =>
            `[${code(titleOf(one))}](reference/${name}.md#${anchorOf(one)}): ${prose(one.operation.summary ?? "")}`,
        ),
      ),
    ]),
  );
}

/** The page of one tag; Markdown. */
export function referencePage(document: OpenapiDocument, tag: string, words: Words): string {
  const about = document.tags.find(({ name }) => name === tag)?.description ?? "";
  const operations = operationsOf(document, tag);
  const schemas = Object.entries(document.components.schemas).filter(([name]) => name.startsWith(`${tag}.`));
  return paragraphs([
    `# ${words.referenceOf(plain(tag))}`,
    prose(about),
    ...operations.flatMap((one) => ofOperation(one, words)),
    ...(schemas.length === 0 ? [] : [`## ${words.schemas}`]),
    ...schemas.flatMap(([name, schema]) => [
      `### ${plain(name)}`,
      described(schema),
      folded(words.schema(name), schema),
    ]),
  ]);
}

function operationsOf({ paths }: OpenapiDocument, tag: string): readonly Named[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { tags = [] }]) => tags.includes(tag))
      .map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
}

const titleOf = ({ method, path }: Named): string => `${method} ${path}`;

/** As the heading's own: letters, digits, "-" and "_". */
function anchorOf(one: Named): string {
  return titleOf(one)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");
}

function ofOperation(one: Named, words: Words): readonly string[] {
  const { summary = "", description = "", parameters = [], requestBody, responses } = one.operation;
  const inputs = parameters.map(({ name, in: place, schema = {}, required, description: about = "" }) => [
    code(name),
    place,
    code(typeText(schema)),
    required ? words.yes : words.no,
    prose(about),
  ]);
  const answers = Object.entries(responses).map(([status, { description: about, content = {} }]) => [
    code(status),
    prose(about),
    bodiesOf(content),
  ]);
  return [
    `## ${code(titleOf(one))}`,
    prose(`${summary}. ${description}`.replace(/\.\. /, ". ")),
    ...(inputs.length === 0
      ? []
      : [table([words.parameter, words.place, words.type, words.required, words.about], inputs)]),
    ...(requestBody
      ? [
          `**${words.body}** ${bodiesOf(requestBody.content)}`,
          ...inner(requestBody.content, words.body, words),
        ]
      : []),
    table([words.status, words.about, words.body], answers),
    ...Object.entries(responses)
      .filter(([status]) => !isFailure(status))
      .flatMap(([status, { content = {} }]) => inner(content, words.answer(status), words)),
    ...failures(one.operation, words),
  ];
}

/** "application/json: `foxapi.Task`", with a link where the schema has a name. */
function bodiesOf(content: Content): string {
  return Object.entries(content)
    .map(([type, { schema }]) => {
      const name = schema?.$ref === undefined ? undefined : nameOf(schema.$ref);
      return name === undefined
        ? code(type)
        : `${code(type)}: [${plain(name)}](#${name.toLowerCase().replaceAll(/[^\w-]/g, "")})`;
    })
    .join(", ");
}

/** What has no name of its own, and the examples. */
function inner(content: Content, title: string, words: Words): readonly string[] {
  return Object.entries(content).flatMap(([type, { schema, example, examples = {} }]) => {
    const all = Object.entries(example === undefined ? examples : { "": { value: example } });
    const values = all.map(([name, { value }]) => [name, value] as const);
    const own =
      schema === undefined || schema.$ref !== undefined ? [] : [folded(`${title}, ${type}`, schema)];
    return [...own, ...shown(title, values, words)];
  });
}

const isFailure = (status: string): boolean => /^[45]/.test(status);

/** In one fold: they differ in a code and a sentence. */
function failures({ responses }: Operation, words: Words): readonly string[] {
  const all = Object.entries(responses)
    .filter(([status]) => isFailure(status))
    .flatMap(([status, { content = {} }]) =>
      Object.values(content).flatMap(({ example, examples = {} }) => [
        ...(example === undefined ? [] : [[status, example] as const]),
        ...Object.entries(examples).map(([name, { value }]) => [`${status} ${name}`, value] as const),
      ]),
    );
  return shown(words.failures, all, words);
}

/** One fold for all of them: a create has one for each model. */
function shown(
  title: string,
  examples: readonly (readonly [name: string, value: unknown])[],
  words: Words,
): readonly string[] {
  if (examples.length === 0) return [];
  const texts = examples.map(([name, value]) =>
    [name && `// ${name}`, textOf(value)].filter(Boolean).join("\n"),
  );
  return [fence(`example ${words.examples(title)}`, texts.join("\n\n"))];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

function described({ description }: Schema): string {
  return description === undefined ? "" : prose(description);
}

function folded(title: string, schema: Schema): string {
  return fence(`schema ${title}`, schemaText(schema));
}
