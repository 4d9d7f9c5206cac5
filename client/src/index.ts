/** What `@reelay/client` publishes. */
export { type Client, createClient } from "./client.ts";
export { ReelayApiError, TaskFailed } from "./errors.ts";
export type { Files, UploadOptions } from "./files.ts";
export type { ModelParameters } from "./models.ts";
export {
  type CreateRequest,
  type KnownRequest,
  type ModelId,
  type OwnModelId,
  type OwnRequest,
  ownModel,
} from "./requests.ts";
export type { CreateOptions, ListOptions, ReadOptions, Tasks } from "./tasks.ts";
export type { ConnectionOptions, RequestOptions } from "./transport.ts";
export type {
  Balance,
  CompletedTask,
  Credits,
  EndedTask,
  FailedTask,
  Model,
  Note,
  OpenTask,
  Parameter,
  Problem,
  Quote,
  Result,
  Task,
  TaskError,
  TaskInfo,
  Upload,
  Usage,
} from "./types.ts";
export { hasEnded, type Progress, type TaskEvent } from "./watch.ts";
export { type Delivery, type VerifyOptions, verifyWebhook, WebhookRefused } from "./webhook.ts";
