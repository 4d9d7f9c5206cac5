/** A server with one provider of a cloud, for each kind; its stand-in is the upstream. */
import { ASKED, TOLD } from "./upstreams-kinds.ts";
import { describeKinds } from "./upstreams-suite.ts";

describeKinds([...TOLD, ...ASKED]);
