/**
 * `npm run bench`: one table. Every figure that matters is a ratio of two things measured in turn in this one
 * run, because the same machine is twice as fast an hour later. Seconds are there to make the ratios readable.
 */
import { benchFlight } from "./flight.ts";
import { benchHttp } from "./http.ts";
import { benchOld } from "./old.ts";
import { benchRender } from "./render.ts";
import { benchStore } from "./store.ts";
import { printTable, type Row } from "./table.ts";
import { benchUpstream } from "./upstream.ts";

const parts = [benchHttp, benchStore, benchOld, benchRender, benchFlight, benchUpstream];
const rows: Row[] = [];
for (const part of parts) rows.push(...(await part()));
printTable(rows);
// The bars are told, not enforced: a noisy machine is no reason to fail, a drift is one to look.
process.exit(0);
