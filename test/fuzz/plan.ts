/** Which requests there are at all, and how often each kind comes. */
import fc from "fast-check";
import type { Operation } from "./contract.ts";
import { brokenForm, type FormMakers, formSchema, goodForm } from "./forms.ts";
import type { Sent } from "./request.ts";
import { absent, brokenBody, brokenBytes, garbage, good, jsonSchema, takesDryRun } from "./requests.ts";
import { linked, locked, unknown } from "./strangers.ts";

export interface Planning extends FormMakers {
  /** Links to files, as answers have given them. */
  readonly links: () => readonly string[];
}

interface Weighted {
  readonly weight: number;
  readonly arbitrary: fc.Arbitrary<Sent>;
}

export function anyRequest(makers: Planning): fc.Arbitrary<Sent> {
  const each = makers.contract.operations.flatMap((operation) => kindsOf(operation, makers));
  return fc.oneof(...each, { weight: 12, arbitrary: unknown(makers) });
}

function kindsOf(operation: Operation, makers: Planning): readonly Weighted[] {
  const { pools } = makers;
  const json = jsonSchema(operation);
  const form = formSchema(operation);
  const isPooled = operation.parameters.some(
    ({ name, in: place }) => place !== "header" && pools.has(operation, name),
  );
  const isFile = operation.parameters.some(({ name }) => name === "signature") && operation.method === "GET";
  const kinds: Weighted[] = [{ weight: 3, arbitrary: garbage(operation, makers) }];
  const add = (weight: number, arbitrary: fc.Arbitrary<Sent>): void => void kinds.push({ weight, arbitrary });
  if (!operation.open) add(3, locked(operation, makers));
  if (isPooled) add(5, absent(operation, makers));
  if (isFile) add(30, linked(operation, makers.links));
  if (json) {
    // A dialect with a path for each model has no more weight than one with a path for all.
    const alike = makers.contract.operations.filter(
      (one) => one.tag === operation.tag && jsonSchema(one),
    ).length;
    const share = (weight: number): number => Math.ceil(weight / alike) + 1;
    // What cannot be asked about is made: work for a provider, files to be measured.
    add(share(takesDryRun(operation) ? 60 : 12), good(operation, makers, isPooled ? "any" : "good"));
    add(share(80), brokenBody(operation, json, makers));
    add(share(25), brokenBytes(operation, json, makers));
  }
  if (form) {
    // A good one is decoded in a child process.
    add(1, goodForm(operation, form, makers));
    add(8, brokenForm(operation, form, makers));
  }
  if (!json && !form) {
    // Where nothing is given out for it, what it is asked for is not there.
    const mayBeGone =
      isPooled &&
      makers.contract.operations.some(({ tag, method }) => tag === operation.tag && method === "DELETE");
    const reads = operation.method === "GET" && !isFile && !mayBeGone && operation.answers[200] !== undefined;
    add(6, good(operation, makers, reads ? "good" : "any"));
    if (operation.body) add(2, brokenBytes(operation, undefined, makers));
  }
  return kinds;
}
