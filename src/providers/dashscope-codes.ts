/**
 * DashScope's error codes as ours. The same codes come with a refused submit and inside a task that failed (help page
 * "error codes" of Model Studio, stored copies read 2026-11-21). They are many and grow, so they are told by their
 * beginning, first match first.
 */
import type { ErrorCode } from "../core/errors.ts";

interface Judged {
  readonly code: ErrorCode;
  /** Ours, where nothing of the upstream's words is for clients. */
  readonly sentence?: string;
}

const NO_KEY =
  "The provider did not accept this server's key; its operator has to set a right one, of the same region as the URL.";
const NO_ACCESS =
  "This server's account with the provider may not use this model; its operator has to open it, or use another region.";
const NO_BALANCE =
  "This server's account with the provider is in arrears or out of quota; its operator has to add credit.";

const CODES: readonly (readonly [RegExp, Judged])[] = [
  [/^(DataInspectionFailed|IPInfringementSuspect)/, { code: "content_refused" }],
  [/^InvalidApiKey/, { code: "provider_account", sentence: NO_KEY }],
  // Said with 400, 403 and even 429; a pause mends none of them.
  [
    /^(Arrearage|AllocationQuota|CommodityNotPurchased|PrepaidBillOverdue|PostpaidBillOverdue)/,
    { code: "provider_balance", sentence: NO_BALANCE },
  ],
  [
    /^((Model|Workspace|Endpoint)\.)?(AccessDenied|ModelNotFound|WorkSpaceNotFound)/i,
    { code: "provider_account", sentence: NO_ACCESS },
  ],
  [/^Throttling/, { code: "provider_busy" }],
  [
    /^(InvalidImageResolution|Invalid(Image|File)\.(ImageSize|Size|Resolution|AspectRatio|Duration|FPS))/,
    { code: "input_out_of_limits" },
  ],
  // DataInspection here is no verdict on the content: the file could not be fetched to be inspected.
  [
    /^(InvalidURL|InvalidImage|InvalidFile|InvalidParameter\.DataInspection|BadRequest\.(InputDownloadFailed|UnsupportedFileFormat|ResourceNotExist))/,
    { code: "input_unreadable" },
  ],
  [/^(InvalidParameter|BadRequest)/, { code: "provider_refused" }],
  [/^InternalError\.Timeout/, { code: "deadline_exceeded" }],
];

/** undefined: a code that is not known, or a failure of the upstream's own. */
export function judge(code: string): Judged | undefined {
  return CODES.find(([pattern]) => pattern.test(code))?.[1];
}

/** Statuses that say "not accepted", and what they mean where the code says nothing. */
const STATUSES: Readonly<Record<number, Judged>> = {
  400: { code: "provider_refused" },
  401: { code: "provider_account", sentence: NO_KEY },
  402: { code: "provider_balance", sentence: NO_BALANCE },
  403: { code: "provider_account", sentence: NO_ACCESS },
  404: { code: "provider_account", sentence: NO_ACCESS },
  413: { code: "provider_refused", sentence: "The provider refused the request as too large." },
  422: { code: "provider_refused" },
  429: { code: "provider_busy" },
};

/** What a refused submit means; undefined where the answer does not say that it was refused. */
export function judgeStatus(status: number, code: string): Judged | undefined {
  const known = judge(code);
  // Its own word for "too many", which no proxy makes up.
  if (status === 503 && known?.code === "provider_busy") return known;
  const byStatus = STATUSES[status];
  return byStatus && (known ?? byStatus);
}
