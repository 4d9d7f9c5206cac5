import type { Database } from "better-sqlite3";
import type { DeliveryRecord, DeliveryState, DeliveryTry } from "../../core/delivery.ts";
import type { DeliveryFilter } from "../../core/store.ts";

type NewDelivery = Pick<DeliveryRecord, "id" | "taskId" | "keyId" | "url"> & { readonly at: number };

export interface Deliveries {
  /** Waiting, and due at once. */
  add(delivery: NewDelivery): void;
  read(id: string): DeliveryRecord | undefined;
  listDue(now: number, limit: number): readonly DeliveryRecord[];
  list(filter: DeliveryFilter): readonly DeliveryRecord[];
  listTries(id: string): readonly DeliveryTry[];
  /** Several statements. Nothing is written where there is no such delivery: its task was removed meanwhile. */
  addTry(id: string, tried: DeliveryTry, next: Next): void;
  resend(id: string, now: number): boolean;
}

interface Next {
  readonly state: DeliveryState;
  readonly dueAt: number | null;
}

interface ListParams {
  readonly state: DeliveryState | null;
  readonly taskId: string | null;
  readonly limit: number;
}

const ADD = `
INSERT INTO deliveries (id, task_id, key_id, url, state, created_at, due_at)
VALUES (@id, @taskId, @keyId, @url, 'waiting', @at, @at)`;

const SELECT = `
SELECT id, task_id AS taskId, key_id AS keyId, url, state, tries, created_at AS createdAt, due_at AS dueAt
FROM deliveries`;

const READ = `${SELECT} WHERE id = ?`;
const LIST_DUE = `${SELECT} WHERE due_at <= ? ORDER BY due_at, rowid LIMIT ?`;
const NEWEST_FIRST = "ORDER BY rowid DESC LIMIT @limit";
const LIST = `${SELECT} ${NEWEST_FIRST}`;
const LIST_OF_STATE = `${SELECT} WHERE state = @state ${NEWEST_FIRST}`;
const LIST_OF_TASK = `${SELECT} WHERE task_id = @taskId AND (@state IS NULL OR state = @state) ${NEWEST_FIRST}`;

const LIST_TRIES = "SELECT at, ms, status, detail FROM tries WHERE delivery_id = ? ORDER BY rowid";
const COUNT_TRY = "UPDATE deliveries SET tries = tries + 1, state = ?, due_at = ? WHERE id = ?";
const ADD_TRY = "INSERT INTO tries (delivery_id, at, ms, status, detail) VALUES (?, ?, ?, ?, ?)";
const RESEND = "UPDATE deliveries SET state = 'waiting', due_at = ? WHERE id = ?";

export function openDeliveries(db: Database): Deliveries {
  const add = db.prepare<NewDelivery>(ADD);
  const read = db.prepare<[string], DeliveryRecord>(READ);
  const listDue = db.prepare<[number, number], DeliveryRecord>(LIST_DUE);
  const list = db.prepare<{ limit: number }, DeliveryRecord>(LIST);
  const listOfState = db.prepare<ListParams, DeliveryRecord>(LIST_OF_STATE);
  const listOfTask = db.prepare<ListParams, DeliveryRecord>(LIST_OF_TASK);
  const listTries = db.prepare<[string], DeliveryTry>(LIST_TRIES);
  const countTry = db.prepare<[DeliveryState, number | null, string]>(COUNT_TRY);
  const addTry = db.prepare<[string, number, number, number | null, string]>(ADD_TRY);
  const resend = db.prepare<[number, string]>(RESEND);
  return {
    add(delivery) {
      add.run(delivery);
    },
    read: (id) => read.get(id),
    listDue: (now, limit) => listDue.all(now, limit),
    list({ state = null, taskId = null, limit }) {
      if (taskId !== null) return listOfTask.all({ state, taskId, limit });
      return state === null ? list.all({ limit }) : listOfState.all({ state, taskId, limit });
    },
    listTries: (id) => listTries.all(id),
    addTry(id, { at, ms, status, detail }, { state, dueAt }) {
      if (countTry.run(state, dueAt, id).changes === 1) addTry.run(id, at, ms, status, detail);
    },
    resend: (id, now) => resend.run(now, id).changes === 1,
  };
}
