/** `reelay deliveries`: what webhooks were sent, how they went, and sending one again. */
import type { DeliveryState, DeliveryTry } from "../core/delivery.ts";
import { DELIVERIES_SHOWN, type DeliveryDesk, type DeliveryEntry } from "../tasks/delivery-desk.ts";
import { asOperator } from "./door.ts";
import { UsageError } from "./usage-error.ts";

const STATES: readonly DeliveryState[] = ["waiting", "delivered", "dead"];
const USAGE = `Usage: reelay deliveries list [--state ${STATES.join("|")}] | resend ID`;
const DETAIL_SHOWN = 60;

export async function run([verb, ...args]: readonly string[]): Promise<number> {
  if (verb === "list") {
    const state = stateOf(args);
    return asOperator(({ deliveries }) => list(deliveries, state));
  }
  const [id, ...more] = args;
  if (verb !== "resend" || more.length > 0) throw new UsageError(USAGE);
  if (id === undefined)
    throw new UsageError(
      "Which delivery? reelay deliveries resend ID; reelay deliveries list shows the ids.",
    );
  return asOperator(({ deliveries }) => resend(deliveries, id));
}

function stateOf([option, value, ...more]: readonly string[]): DeliveryState | undefined {
  if (option === undefined) return undefined;
  const state = STATES.find((one) => one === value);
  if (option !== "--state" || more.length > 0) throw new UsageError(USAGE);
  if (state === undefined)
    throw new UsageError(`--state is ${value ?? "missing"}; allowed are ${STATES.join(", ")}.`);
  return state;
}

async function list(desk: DeliveryDesk, state: DeliveryState | undefined): Promise<number> {
  const entries = await desk.list(state);
  for (const entry of entries) process.stdout.write(`${lineOf(entry)}\n`);
  if (entries.length === DELIVERIES_SHOWN)
    process.stderr.write(`These are the newest ${DELIVERIES_SHOWN}; there may be more.\n`);
  return 0;
}

function lineOf({ delivery, lastTry }: DeliveryEntry): string {
  const { id, state, tries, dueAt, taskId } = delivery;
  const due = dueAt === null ? "" : `due ${new Date(dueAt).toISOString()}  `;
  return `${id}  ${state.padEnd(9)}  ${tries} tries  ${due}${told(lastTry)}  ${taskId}  ${placeOf(delivery.url)}`;
}

function told(last: DeliveryTry | null): string {
  if (last === null) return "not tried";
  const detail = last.detail.replace(/\s+/g, " ").slice(0, DETAIL_SHOWN);
  return `last ${new Date(last.at).toISOString()} ${last.status ?? "no answer"} "${detail}"`;
}

/** Its query may hold somebody's secret. */
function placeOf(url: string): string {
  if (!URL.canParse(url)) return "no URL";
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

async function resend(desk: DeliveryDesk, id: string): Promise<number> {
  if (await desk.resend(id)) {
    process.stdout.write(`Delivery ${id} is due again; a running server sends it at once.\n`);
    return 0;
  }
  process.stderr.write(`There is no delivery ${id}; reelay deliveries list shows the newest.\n`);
  return 1;
}
