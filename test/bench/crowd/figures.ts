/** What was measured of a crowd, and how the profilers' findings are read. */

import type { HeapNode } from '../face/profile.ts';

/** Where, and of how many. */
export interface Setting {
  readonly where: string;
  readonly people: number;
  readonly directed: boolean;
}

/** Our part of the main thread. */
export interface Figures extends Setting {
  /** Of the frame path, milliseconds. */
  readonly medianMs: number;
  readonly p99Ms: number;
  /** Of everything, messages of the audio thread included, milliseconds a frame, by the sampling CPU profiler. */
  readonly allMs: number | undefined;
  /** What Babylon takes to draw, milliseconds a frame, median. */
  readonly drawMs: number | undefined;
  /** Bytes of ours in a frame, of all characters together, and those of the audio thread's messages meanwhile. */
  readonly bytes: number;
  readonly messageBytes: number;
  readonly bytesWhere: string;
  /** Heap and buffers that a character takes beside its meshes and lines, KiB. */
  readonly kibEach: number;
  readonly rings: string;
}

/** Bytes that functions of `src` allocated: in frames, and where messages are taken; and the most generous of the former. */
export function bytesOf(head: HeapNode): { frames: number; messages: number; where: string } {
  const by = new Map<string, number>();
  let messages = 0;
  const visit = (node: HeapNode, within: boolean): void => {
    const { url, functionName, lineNumber } = node.callFrame;
    const file = /\/src\/([^?]+)/.exec(url)?.[1];
    const message = within || /onmessage/.test(functionName);
    if (file && !url.includes('node_modules')) {
      const place = `${file}:${lineNumber + 1} ${functionName}`;
      if (message) messages += node.selfSize;
      else if (node.selfSize > 0) by.set(place, (by.get(place) ?? 0) + node.selfSize);
    }
    for (const child of node.children) visit(child, message);
  };
  visit(head, false);
  const places = [...by].sort((a, b) => b[1] - a[1]);
  return {
    frames: places.reduce((sum, [, size]) => sum + size, 0),
    messages,
    where: places
      .slice(0, 6)
      .map(([place, size]) => `${place} ${size}`)
      .join(', '),
  };
}

/** V8's CPU profile, as the protocol has it. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly url: string };
    readonly children?: readonly number[];
  }[];
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

/** Milliseconds in functions of `src` and in all that they called. */
export function oursMs({ nodes, samples = [], timeDeltas = [] }: CpuProfile): number {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const ours = new Set<number>();
  const visit = (id: number, within: boolean): void => {
    const { callFrame, children = [] } = byId.get(id)!;
    const own = within || (/\/src\/[^?]+\.ts/.test(callFrame.url) && !callFrame.url.includes('node_modules'));
    if (own) ours.add(id);
    for (const child of children) visit(child, own);
  };
  if (nodes[0]) visit(nodes[0].id, false);
  return samples.reduce((sum, id, at) => sum + (ours.has(id) ? timeDeltas[at]! / 1000 : 0), 0);
}

export function median(values: readonly number[]): number {
  return part(values, 0.5);
}

/** The value below which a part of all values lies. */
export function part(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function ringsOf(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([ring, count]) => `${count} ${ring}`)
    .join(', ');
}
