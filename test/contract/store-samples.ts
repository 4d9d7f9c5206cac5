import type { KeyRecord, NewTask, Outcome } from "../../src/core/store.ts";
import type { FileRecord } from "../../src/core/task.ts";

export const NOW = 1_780_000_000_000;

export const newTask = (id: string, change: Partial<NewTask> = {}): NewTask => ({
  id,
  dialect: "reelay",
  keyId: "key_1",
  account: "default",
  model: "some-model",
  provider: "some-provider",
  input: { prompt: "a fox", seed: null },
  asked: ["prompt"],
  createdAt: NOW,
  estimate: 42.5,
  callbackUrl: null,
  hold: 0,
  ...change,
});

export const newFile = (id: string, change: Partial<FileRecord> = {}): FileRecord => ({
  id,
  role: "upload",
  keyId: "key_1",
  taskId: null,
  name: "fox.png",
  contentType: "image/png",
  bytes: 1234,
  sha256: "ab".repeat(32),
  facts: null,
  meta: {},
  createdAt: NOW,
  expiresAt: null,
  ...change,
});

export const newResult = (id: string, taskId: string): FileRecord =>
  newFile(id, {
    role: "result",
    taskId,
    name: "fox.mp4",
    contentType: "video/mp4",
    facts: {
      kind: "clip",
      type: "mp4",
      width: 1280,
      height: 720,
      seconds: 5.04,
      fps: 24,
      sound: true,
      bytes: 1234,
    },
    meta: { seed: 42 },
  });

export const newKey = (id: string, createdAt = NOW): KeyRecord => ({
  id,
  digest: `digest of ${id}`,
  name: "laptop",
  hint: "reelay_live_Ab3f…x9Qz",
  account: "default",
  createdAt,
  revokedAt: null,
  priority: 0,
  concurrency: null,
  test: false,
});

type Completed = Extract<Outcome, { readonly state: "completed" }>;
type Stopped = Exclude<Outcome, Completed>;

export const completed = (
  results: readonly FileRecord[] = [],
  change: Partial<Completed> = {},
): Completed => ({
  state: "completed",
  at: NOW + 9000,
  results,
  notes: [{ field: "seed", message: "not supported" }],
  charge: 0,
  deliveryId: "delivery_1",
  ...change,
});

export const completedIn = (seconds: number, results: readonly FileRecord[] = []): Completed =>
  completed(results, { timing: { shape: "some-shape", seconds } });

export const failed: Stopped = {
  state: "failed",
  progress: 42,
  at: NOW + 9000,
  error: { code: "provider_failed", message: "no", field: "prompt" },
  billing: "released",
  deliveryId: "delivery_1",
};

export const cancelled: Stopped = {
  state: "cancelled",
  progress: 7,
  at: NOW,
  error: { code: "cancelled", message: "cancelled by the caller" },
  billing: "released",
  deliveryId: "delivery_1",
};

export const idsOf = (rows: readonly { readonly id: string }[]): readonly string[] =>
  rows.map(({ id }) => id);
