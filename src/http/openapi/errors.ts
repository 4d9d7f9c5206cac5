/** What an operation answers where it fails: each error rendered as the dialect really renders it, by status. */
import { type ErrorCode, ReelayError } from "../../core/errors.ts";
import type { Content, JsonSchema, Operation, Rendered } from "./description.ts";
import { ERROR_TEXT } from "./error-text.ts";

const REQUEST_ID = "req_3f9c1a7be20400001";

interface Failure {
  readonly about: string;
  readonly content: Readonly<Record<string, Content>>;
}

export function failuresOf({
  errors,
  rendered,
}: Pick<Operation, "errors" | "rendered">): ReadonlyMap<number, Failure> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of errors) {
    const { status } = answerOf(code, rendered);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return new Map(
    [...byStatus].sort(([a], [b]) => a - b).map(([status, codes]) => [status, failure(codes, rendered)]),
  );
}

function failure(codes: readonly ErrorCode[], rendered: Rendered): Failure {
  const examples = codes.map((code) => [
    code,
    { summary: ERROR_TEXT[code], value: answerOf(code, rendered).body },
  ]);
  return {
    about: codes.map((code) => ERROR_TEXT[code]).join(" Or: "),
    content: { "application/json": { schema: rendered.schema, examples: Object.fromEntries(examples) } },
  };
}

function answerOf(code: ErrorCode, { render }: Rendered): ReturnType<Rendered["render"]> {
  return render(new ReelayError(code, ERROR_TEXT[code]), REQUEST_ID);
}

/** Every value that one place of a rendered error can have: `pick` finds it. */
export function valuesOf(render: Rendered["render"], pick: (body: object) => unknown): JsonSchema {
  const codes = Object.keys(ERROR_TEXT) as ErrorCode[];
  const values = codes.map((code) => pick(render(new ReelayError(code, ""), "").body));
  return { enum: [...new Set(values)].sort() };
}
