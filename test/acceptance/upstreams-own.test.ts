/** A server with a video server of the operator's own, for each kind. */
import { SELF_HOSTED } from "./upstreams-kinds.ts";
import { describeKinds } from "./upstreams-suite.ts";

describeKinds(SELF_HOSTED);
