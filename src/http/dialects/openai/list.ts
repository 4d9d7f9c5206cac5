/** The query of `GET /v1/videos`: a name or value that is not understood is refused, or the answer would be to another question. */
import { timeOf } from "../../../core/ids.ts";
import type { TaskFilter } from "../../../core/store.ts";
import { invalidField } from "./errors.ts";

const NAMES = ["after", "limit", "order"];
const MOST = 100;
const FEW = "20";
const ORDERS: ReadonlyMap<string, NonNullable<TaskFilter["order"]>> = new Map([
  ["asc", "oldest"],
  ["desc", "newest"],
]);

export function readList(
  query: Readonly<Record<string, unknown>>,
): Pick<TaskFilter, "after" | "limit" | "order"> {
  for (const [name, value] of Object.entries(query)) {
    if (!NAMES.includes(name))
      throw invalidField(
        name,
        `"${name}" is no query parameter of this list; there are ${NAMES.join(", ")}.`,
      );
    if (typeof value !== "string" || value === "")
      throw invalidField(name, `"${name}" must be sent once and with a value.`, value);
  }
  const { after, limit = FEW, order = "desc" } = query as Readonly<Record<string, string>>;
  const direction = ORDERS.get(order);
  if (!direction) throw invalidField("order", `"order" must be asc or desc.`, order, [...ORDERS.keys()]);
  if (!/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > MOST)
    throw invalidField("limit", `"limit" must be a whole number from 1 to ${MOST}.`, limit);
  // One that has been removed meanwhile is fine; one that never was is a mistake.
  if (after !== undefined && (!after.startsWith("video_") || timeOf(after) === undefined))
    throw invalidField("after", `"after" must be the id of a video, the last one of the page before.`, after);
  return { limit: Number(limit), order: direction, ...(after === undefined ? {} : { after }) };
}
