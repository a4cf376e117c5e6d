// The graphs that the screenshots show: examples, the main one with open conflicts, a long run, and a larger one.
import { readFileSync } from 'node:fs';
import { type Document, type Json, loadDocument } from '../../engine/index.ts';

function load(path: string): Document {
  const { document } = loadDocument(readFileSync(new URL(path, import.meta.url)));
  if (!document) throw new Error(`${path} is no graph.`);
  return document;
}

/** The main example, which replaces what it wrote before. */
export const recombine = (): Document =>
  withParams(load('../../graphs/recombine.sluice.json'), 'write', { overwrite: 'replace' });

function withParams(document: Document, id: string, params: Record<string, Json>): Document {
  const node = document.nodes[id]!;
  return { ...document, nodes: { ...document.nodes, [id]: { ...node, params: { ...node.params, ...params } } } };
}

/** Nobody has chosen which source wins. */
export const conflicting = (): Document =>
  withParams(recombine(), 'shuffle', { attributes: { from: ['beauty', 'utility'], resolve: {} } });

/** Frames beyond those on disk are held, some channels become half: a ledger with several kinds of lines. */
export function longRun(): Document {
  const rows = [
    { to: '*', from: 'beauty:*' },
    { to: 'depth.Z', from: 'utility:Z' },
    { to: 'normal.*', from: 'utility:N.*', type: 'half' },
    { to: 'spec.*', from: 'utility:specular.*' },
  ];
  const reading = { after: 'loop' };
  const base = withParams(withParams(recombine(), 'readBeauty', reading), 'readUtility', reading);
  return {
    ...withParams(base, 'shuffle', { rows }),
    frames: { ...base.frames, range: '1001-1240', mismatch: 'hold-last' },
  };
}

/** An example as it is. */
export const example = (name: string): Document => load(`../../graphs/${name}.sluice.json`);

/** A shot's deliveries, ordered by backdrops, with notes. */
export const deliveries = (): Document => load('deliveries.sluice.json');
