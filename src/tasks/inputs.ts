/**
 * The pictures, clips and sounds that a request names. `screen` runs before a task exists and reaches no
 * network: it checks a foreign URL's form and address, and everything about a file that we already hold.
 * `keep` runs in the workflow: it fetches foreign files once, so that what was checked is what is used.
 */
import { mediaPlace, pageOf } from "../catalog/page.ts";
import type { Clock } from "../core/clock.ts";
import { type ErrorCode, type Problem, ReelayError } from "../core/errors.ts";
import type { FileStore } from "../core/file-store.ts";
import { newId } from "../core/ids.ts";
import type { JsonObject } from "../core/json.ts";
import { CONTENT_TYPES, type MediaFacts } from "../core/media.ts";
import type { CatalogModel, MediaLimits, Page } from "../core/model.ts";
import type { Store } from "../core/store.ts";
import type { FileRecord, Task } from "../core/task.ts";
import type { Links } from "../files/links.ts";
import { checkLimits } from "../media/check-limits.ts";

export interface InputKeeperParts {
  readonly store: Store;
  readonly files: FileStore;
  readonly links: Links;
  readonly clock: Clock;
  /** How long a fetched input is needed at most: a run's deadline. */
  readonly keepMs: number;
  readonly inspect: (path: string) => Promise<MediaFacts>;
  /** Throws `input_url_rejected` for a URL that we would never fetch; opens no socket. */
  readonly screenUrl: (url: string) => URL;
  readonly fetch: (
    url: string,
    options: { readonly maxBytes: number; readonly signal: AbortSignal },
  ) => Promise<{ readonly body: AsyncIterable<Uint8Array> }>;
}

export interface InputKeeper {
  /** Throws one error with every problem of every media field, by the page's names and limits where there is one. */
  screen(model: CatalogModel, input: JsonObject, by: Asker): Promise<void>;
  /** Field -> ids of the files that hold its media, in order. */
  keep(model: CatalogModel, task: Task, signal: AbortSignal): Promise<Record<string, readonly string[]>>;
}

interface Asker {
  readonly keyId: string;
  readonly page?: Page | undefined;
}

interface MediaUrl {
  readonly field: string;
  /** What the client calls it. */
  readonly name: string;
  readonly url: string;
  readonly limits: MediaLimits;
}

export function openInputs(parts: InputKeeperParts): InputKeeper {
  /** A file of ours by its link. The link must have been valid `at` that moment: a task may wait longer than its links live. */
  const held = async (url: URL, { keyId, at }: { keyId: string; at: number }): Promise<FileRecord> => {
    const file = await parts.store.readFile(parts.links.verify(url, at));
    if (!file)
      throw new ReelayError(
        "input_url_rejected",
        "The file behind this link has been removed. Upload it again.",
      );
    // A result may be handed on by its link. An upload is its key's own affair, and counts against its room.
    if (file.role === "upload" && file.keyId !== keyId)
      throw new ReelayError(
        "input_url_rejected",
        "The file behind this link was uploaded with another key. Upload it with this one.",
      );
    return file;
  };

  const check = (facts: MediaFacts, { limits, name }: MediaUrl): void => {
    const problems = checkLimits(facts, limits, name);
    if (problems.length === 0) return;
    const code = limits.types.includes(facts.type) ? "input_out_of_limits" : "input_type_rejected";
    throw new ReelayError(code, sentence(problems), { problems });
  };

  const checkHeld = (where: MediaUrl, file: FileRecord): void => {
    const { facts } = file;
    if (!facts) {
      throw new ReelayError(
        "input_type_rejected",
        `${where.name}: ${file.name} is not a picture, clip or sound.`,
      );
    }
    check(facts, where);
  };

  const screenOne = async (where: MediaUrl, keyId: string): Promise<void> => {
    const ours = URL.canParse(where.url) ? new URL(where.url) : undefined;
    if (ours && parts.links.isOurs(ours))
      checkHeld(where, await held(ours, { keyId, at: parts.clock.now() }));
    else parts.screenUrl(where.url);
  };

  const fetchOne = async (where: MediaUrl, task: Task, signal: AbortSignal): Promise<string> => {
    const { limits } = where;
    const id = newId("in", parts.clock.now());
    const { body } = await parts.fetch(where.url, { maxBytes: limits.maxBytes, signal });
    const stored = await parts.files.put(id, body, limits.maxBytes);
    try {
      const facts = await parts.inspect(await parts.files.localPath(id));
      check(facts, where);
      await parts.store.addFile({
        id,
        role: "input",
        keyId: task.keyId,
        taskId: task.id,
        name: `${where.name}.${facts.type}`,
        contentType: CONTENT_TYPES[facts.type],
        ...stored,
        facts,
        meta: {},
        createdAt: parts.clock.now(),
        expiresAt: parts.clock.now() + parts.keepMs,
      });
      return id;
    } catch (error) {
      await parts.files.remove(id);
      throw error;
    }
  };

  const keepOne = async (where: MediaUrl, task: Task, signal: AbortSignal): Promise<string> => {
    try {
      const url = new URL(where.url);
      if (parts.links.isOurs(url)) return (await held(url, { keyId: task.keyId, at: task.createdAt })).id;
      return await fetchOne(where, task, signal);
    } catch (error) {
      if (!(error instanceof ReelayError)) throw error;
      const message = error.message.startsWith(where.name)
        ? error.message
        : `${where.name}: ${error.message}`;
      // Which of them it was, a task's record can say as well as a refused request.
      const problems = error.problems.length > 0 ? error.problems : [{ field: where.name, message }];
      throw new ReelayError(error.code, message, { problems, cause: error });
    }
  };

  return {
    async screen(model, input, { keyId, page }) {
      const problems: Problem[] = [];
      let code: ErrorCode | undefined;
      for (const where of mediaUrls(model, page, input)) {
        try {
          await screenOne(where, keyId);
        } catch (error) {
          if (!(error instanceof ReelayError)) throw error;
          code ??= error.code;
          if (error.problems.length > 0) problems.push(...error.problems);
          else
            problems.push({
              field: where.name,
              message: `${where.name}: ${error.message}`,
              received: where.url.slice(0, 120),
            });
        }
      }
      if (code)
        throw new ReelayError(
          code === "link_refused" || code === "link_expired" ? "input_url_rejected" : code,
          sentence(problems),
          { problems },
        );
    },
    async keep(model, task, signal) {
      const kept: Record<string, string[]> = {};
      for (const where of mediaUrls(model, pageOf(model, task.dialect), task.input)) {
        const list = kept[where.field] ?? [];
        list.push(await keepOne(where, task, signal));
        kept[where.field] = list;
      }
      return kept;
    },
  };
}

function sentence(problems: readonly Problem[]): string {
  return problems.map((one) => one.message).join(" ");
}

function mediaUrls(model: CatalogModel, page: Page | undefined, input: JsonObject): readonly MediaUrl[] {
  return Object.entries(model.input).flatMap(([field, shape]) => {
    const value = input[field];
    if (!("limits" in shape) || value === null || value === undefined) return [];
    const urls = Array.isArray(value) ? value : [value];
    return urls.map((url, item) => ({
      field,
      url: String(url),
      ...(mediaPlace(model, page, { field, item }) ?? { name: field, limits: shape.limits }),
    }));
  });
}
