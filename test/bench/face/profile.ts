/** What V8's sampling heap profiler found, by whose code it was. */

/** A node of the profile, as the protocol has it. */
export interface HeapNode {
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly selfSize: number;
  readonly children: readonly HeapNode[];
}

/** How far apart samples are, bytes. */
export const INTERVAL = 128;

/** What a profiler is told: count also what was collected meanwhile. */
export const SAMPLING = {
  samplingInterval: INTERVAL,
  includeObjectsCollectedByMajorGC: true,
  includeObjectsCollectedByMinorGC: true,
} as const;

/** Bytes that functions of `src` allocated themselves, and the most generous of them. */
export function ours(head: HeapNode): { bytes: number; where: string } {
  const by = new Map<string, number>();
  const visit = (node: HeapNode): void => {
    const { url, functionName, lineNumber } = node.callFrame;
    const file = /\/src\/([^?]+)/.exec(url)?.[1];
    if (file && !url.includes('node_modules') && node.selfSize > 0) {
      const place = `${file}:${lineNumber + 1} ${functionName}`;
      by.set(place, (by.get(place) ?? 0) + node.selfSize);
    }
    node.children.forEach(visit);
  };
  visit(head);
  const places = [...by].sort((a, b) => b[1] - a[1]);
  return {
    bytes: places.reduce((sum, [, size]) => sum + size, 0),
    where: places
      .slice(0, 3)
      .map(([place, size]) => `${place} ${size}`)
      .join(', '),
  };
}
