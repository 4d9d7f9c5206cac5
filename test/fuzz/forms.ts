/** Multipart bodies from their schema: what it takes, and forms that are broken in one place. */
import fc from "fast-check";
import { valuesOf } from "./arbitrary.ts";
import type { Operation, Schema } from "./contract.ts";
import type { Expected, Sent } from "./request.ts";
import type { Makers } from "./requests.ts";

const FORM = "multipart/form-data";
const BOUNDARY = "fuzz-boundary-7f3a";

export interface FormMakers extends Makers {
  /** A file that is taken wherever one is. */
  readonly file: Buffer;
}

interface Part {
  readonly name: string;
  readonly value: string | Buffer;
}

export function formSchema({ body }: Operation): Schema | undefined {
  return body?.content[FORM]?.schema;
}

export function goodForm(operation: Operation, schema: Schema, makers: FormMakers): fc.Arbitrary<Sent> {
  return partsOf(schema, makers).map((parts) => {
    // Who lets nothing be removed for it may find no room.
    const keepsOthers = parts.some(
      ({ name, value }) => name === "auto_cleanup" && /^(false|0)$/.test(String(value)),
    );
    return {
      ...sent(operation, write(parts), "good form", keepsOthers ? "any" : "good"),
      who: "ours" as const,
    };
  });
}

export function brokenForm(operation: Operation, schema: Schema, makers: FormMakers): fc.Arbitrary<Sent> {
  const whole = partsOf(schema, makers).map(write);
  const cut = fc
    .tuple(whole, fc.nat(300))
    .map(([bytes, at]) => bytes.subarray(0, Math.min(at, bytes.length - 30)));
  // More than a connection takes by itself: what is not read of it holds up whatever comes next.
  const large = fc.constant(Buffer.alloc(300_000, "x"));
  const noFile = fc.constantFrom(write([{ name: "other", value: "x" }]), write([]), Buffer.alloc(0));
  const twice = partsOf(schema, makers).map((parts) => write([...parts, ...parts]));
  const damaged = fc
    .uint8Array({ maxLength: 200 })
    .map((bytes) => write([{ name: fileName(schema), value: Buffer.from(bytes) }]));
  const junk = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
  const types = fc.constantFrom(
    `${FORM}; boundary=${BOUNDARY}`,
    FORM,
    `${FORM}; boundary=`,
    `${FORM}; boundary=${"b".repeat(300)}`,
    `${FORM};boundary="other"`,
  );
  return fc.tuple(fc.oneof(cut, noFile, twice, damaged, junk, large), types).map(([bytes, type]) => ({
    ...sent(operation, bytes, "broken form", "refused"),
    headers: { "content-type": type },
  }));
}

function sent(operation: Operation, body: Buffer, kind: string, expected: Expected): Sent {
  return {
    kind,
    operation,
    method: operation.method,
    path: operation.path,
    who: expected === "good" ? "ours" : "refused",
    headers: { "content-type": `${FORM}; boundary=${BOUNDARY}` },
    body,
    expected,
  };
}

function fileName(schema: Schema): string {
  const files = Object.entries((schema.properties ?? {}) as Record<string, Schema>).filter(
    ([, one]) => one.format === "binary",
  );
  return files[0]?.[0] ?? "file";
}

function partsOf(schema: Schema, makers: FormMakers): fc.Arbitrary<readonly Part[]> {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
  const required = ((schema.required ?? []) as string[]).filter((name) =>
    properties.some(([known]) => known === name),
  );
  const values = properties.map(([name, one]) => {
    const value = one.format === "binary" ? fc.constant(makers.file) : valuesOf(one, makers).map(String);
    return [name, value] as const;
  });
  const record = fc.record(Object.fromEntries<fc.Arbitrary<string | Buffer>>(values), {
    requiredKeys: required,
    noNullPrototype: true,
  });
  return record.map((all) =>
    Object.entries(all).map(([name, value]) => ({ name, value: value as string | Buffer })),
  );
}

function write(parts: readonly Part[]): Buffer {
  const chunks = parts.flatMap(({ name, value }) => [
    `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"`,
    typeof value === "string" ? "\r\n\r\n" : '; filename="a.png"\r\ncontent-type: image/png\r\n\r\n',
    value,
    "\r\n",
  ]);
  return Buffer.concat(
    [...chunks, `--${BOUNDARY}--\r\n`].map((one) => (typeof one === "string" ? Buffer.from(one) : one)),
  );
}
