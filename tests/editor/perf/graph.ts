// Made-up graphs of any size for measurements: layers of nodes, some of them fed twice; the same seed gives the same graph.
import { type Document, type DocumentNode, emptyDocument, type Link } from '../../../engine/browser.ts';

export interface GraphSize {
  readonly nodes: number;
  readonly links: number;
  readonly seed: number;
}

const ROWS = 20;
const COLUMN = 240;
const ROW = 120;

/** Columns of 20 nodes from left to right: readers first, writers last, set and shuffle between. */
export function makeGraph({ nodes: count, links: wanted, seed }: GraphSize): Document {
  const random = mulberry(seed);
  const nodes: Record<string, DocumentNode> = {};
  const links: Link[] = [];
  const ids = Array.from({ length: count }, (_, i) => `node${i}`);
  const columns = Math.ceil(count / ROWS);
  const typeOf = (column: number, i: number): string => {
    if (column === 0) return 'io.read';
    if (column === columns - 1) return 'io.write';
    return i % 3 === 0 ? 'channel.shuffle' : 'metadata.set';
  };
  ids.forEach((id, i) => {
    const column = Math.floor(i / ROWS);
    const type = typeOf(column, i);
    const at = [column * COLUMN + Math.round(random() * 24), (i % ROWS) * ROW + Math.round(random() * 24)] as const;
    const params = type.startsWith('io.') ? { path: `shot.${i}.%04d.exr` } : {};
    nodes[id] = { type, version: 1, params, at };
    if (column === 0) return;
    const before = (column - 1) * ROWS;
    const feed = before + (((i % ROWS) + Math.floor(random() * 3) - 1 + ROWS) % ROWS);
    const source = ids[Math.min(feed, before + ROWS - 1)]!;
    links.push({ from: `${source}.image`, to: type === 'channel.shuffle' ? `${id}.sources.main` : `${id}.image` });
  });
  const shuffles = ids.filter((id) => nodes[id]!.type === 'channel.shuffle');
  for (let n = 0; links.length < wanted && shuffles.length > 0; n++) {
    const target = shuffles[n % shuffles.length]!;
    const column = Math.floor(Number(target.slice(4)) / ROWS);
    const row = Math.floor(random() * ROWS);
    const source = ids[(column - 1) * ROWS + row]!;
    links.push({ from: `${source}.image`, to: `${target}.sources.extra${n}` });
  }
  return { ...emptyDocument('measured'), nodes, links };
}

/** A small seeded generator of numbers from 0 to 1. */
export function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
