/** Fragmented MP4, as browsers record it: the samples are told in `moof` boxes along the file, not in `moov`. */
import { type Box, readContent, readEntries } from "./boxes.ts";
import { type Source, unreadable } from "./source.ts";

const MOST_TABLE_BYTES = 16 * 1024 * 1024;

export interface Fragments {
  /** Takes what this box says; boxes that say nothing are passed over. */
  read(source: Source, box: Box): Promise<void>;
  /** Samples and ticks of one track in all fragments. */
  of(trackId: number): { readonly samples: number; readonly ticks: number };
}

export function newFragments(): Fragments {
  const defaults = new Map<number, number>();
  const totals = new Map<number, { samples: number; ticks: number }>();
  let current = { id: 0, sampleTicks: 0 };
  let tableBytes = 0;

  async function readRun(source: Source, box: Box): Promise<void> {
    const head = await readContent(source, box, 8);
    const flags = head.getUint32(0);
    const samples = head.getUint32(4);
    const entryBytes = 4 * bits(flags, [0x100, 0x200, 0x400, 0x800]);
    const total = totals.get(current.id) ?? { samples: 0, ticks: 0 };
    totals.set(current.id, total);
    total.samples += samples;
    if (!(flags & 0x100)) {
      total.ticks += samples * current.sampleTicks;
      return;
    }
    tableBytes += samples * entryBytes;
    if (tableBytes > MOST_TABLE_BYTES) {
      throw unreadable(`This file's fragments have tables of more than ${MOST_TABLE_BYTES} bytes.`);
    }
    await readEntries(source, box, {
      offset: 8 + 4 * bits(flags, [0x1, 0x4]),
      count: samples,
      entryBytes,
      visit(view, at) {
        total.ticks += view.getUint32(at);
      },
    });
  }

  return {
    async read(source, box) {
      if (box.path === "mvex/trex") {
        const view = await readContent(source, box, 16);
        defaults.set(view.getUint32(4), view.getUint32(12));
      } else if (box.path === "traf/tfhd") {
        current = await readFragmentHeader(source, box, defaults);
      } else if (box.path === "traf/trun") {
        await readRun(source, box);
      }
    },
    of: (trackId) => totals.get(trackId) ?? { samples: 0, ticks: 0 },
  };
}

/** Optional fields stand in the order of their flags, so a field's place is the count of those before it. */
async function readFragmentHeader(
  source: Source,
  box: Box,
  defaults: ReadonlyMap<number, number>,
): Promise<{ id: number; sampleTicks: number }> {
  const view = await readContent(source, box, 8);
  const flags = view.getUint32(0);
  const id = view.getUint32(4);
  if (!(flags & 0x8)) return { id, sampleTicks: defaults.get(id) ?? 0 };
  const at = 8 + 8 * bits(flags, [0x1]) + 4 * bits(flags, [0x2]);
  return { id, sampleTicks: (await readContent(source, box, at + 4)).getUint32(at) };
}

function bits(flags: number, masks: readonly number[]): number {
  return masks.filter((mask) => flags & mask).length;
}
