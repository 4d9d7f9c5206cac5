import sharp from "sharp";

/**
 * What libvips may read in this process from now on: nothing but these of its loaders, by their names in libvips. It
 * knows dozens of formats, some of which run other programs or name other files. For media children; a whole process is
 * meant.
 */
export function allowLoaders(names: readonly string[]): void {
  // Each file is looked at once; kept ones would be held open, and shown again after they have been replaced.
  sharp.cache(false);
  sharp.block({ operation: ["VipsForeignLoad"] });
  if (names.length > 0) sharp.unblock({ operation: [...names] });
}
