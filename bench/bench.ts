/**
 * `npm run bench`: one table. Every figure that matters is a ratio of two things measured in turn in this one
 * run, because the same machine is twice as fast an hour later. Seconds are there to make the ratios readable.
 */
import { benchHttp } from "./http.ts";
import { benchRender } from "./render.ts";
import { printTable } from "./table.ts";

const rows = [...(await benchHttp()), ...(await benchRender())];
printTable(rows);
// The bars are told, not enforced: a noisy machine is no reason to fail, a drift is one to look.
process.exit(0);
