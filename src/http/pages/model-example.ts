/**
 * A model's example as commands that can be pasted: files are uploaded first, and the request is a dry run. The files are
 * those in samples/.
 */
import type { JsonObject } from "../../core/json.ts";
import type { CatalogModel } from "../../core/model.ts";
import { fence } from "./markdown.ts";

const KEY = '-H "Authorization: Bearer $REELAY_KEY"';
const MEDIA = /\{media\}\/([\w.-]+)/g;

export function exampleBlock({ id, example }: CatalogModel): string {
  const body: JsonObject = { model: id, ...example, dry_run: true };
  const text = JSON.stringify(body, null, 2);
  const files = [...new Set([...text.matchAll(MEDIA)].map(([, name = ""]) => name))];
  const variables = new Map(files.map((name, place) => [name, place === 0 ? "FILE" : `FILE_${place + 1}`]));
  const sent = forShell(text).replaceAll(MEDIA, (_all, name: string) => `$${variables.get(name)}`);
  return fence("bash", [...[...variables].flatMap(upload), ...create(sent)].join("\n"));
}

function upload([name, variable]: readonly [string, string]): readonly string[] {
  return [
    `curl -fsSO {{url}}/docs/samples/${name}`,
    `${variable}=$(curl -sS {{url}}/v1/files/upload/stream ${KEY} \\`,
    `  -F file=@${name} | jq -r .url)`,
  ];
}

function create(body: string): readonly string[] {
  return [
    `curl -sS {{url}}/v1/videos/generations ${KEY} \\`,
    '  -H "Content-Type: application/json" -d @- <<EOF',
    body,
    "EOF",
  ];
}

/** A shell looks for these in a document that it reads in; a prompt may hold them. */
function forShell(text: string): string {
  return text.replaceAll(/[\\$`]/g, "\\$&");
}
