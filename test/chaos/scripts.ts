/** How the upstream treats a create, in the words of the fake upstream's script; more than once is more often. */
export const QUICK = [
  ...["", "", "", "", "", "duration=20", "duration=600 steps=4", "queued=100"],
  ...["accept-then-drop", "accept-then-drop find=later", "accept-then-reset", "garbage", "late-answer=300"],
  ...["drop-before-accept times=1", "reset-before-accept times=1", "late-answer=80"],
  ...["status=429 retry-after=1 times=1", "status=503 times=1", "status=500 times=1", "status=422"],
  ...["accepted-status=500", "accepted-status=502 find=later", "accepted-status=504"],
  ...["status=422 code=content_policy", "fail=internal", "fail=content_policy", "fail=capacity"],
  ...["word=baking", "check-drop check-times=2", "check-status=500 check-times=2", "poll-after=1"],
  ...["file=cut file-times=1", "file=lost", "cancel=ignored duration=800", "cancel=too-late duration=800"],
];

/** They end only after a minute, or at the deadline: for runs that have the time. */
export const SLOW = ["accept-then-drop find=nothing", "stuck", "stuck cancel=ignored", "duration=14000"];

/** Each of them gives the hold back in the end. */
export const IN_VAIN = [
  "fail=internal",
  "fail=capacity duration=400",
  "status=422",
  "status=422 code=content_policy",
];
