// Quality tiers: what sources are taken for, that no part gets better on the way, and what the ledger says where it gets worse.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../engine/base/canonical.ts';
import { exrQuality, pictureQuality } from '../../engine/colour/quality.ts';
import { SPACE_NAMES, SPACES } from '../../engine/colour/space.ts';
import type { Tagged } from '../../engine/colour/tags.ts';
import { COMPRESSIONS } from '../../engine/exr/compression.ts';
import { png } from '../raster/forge.ts';
import { run, temporary, text, writeExr, writeSequence } from './files.ts';
import { bench, graph, type NodeSketch } from './graph.ts';

const folder = temporary();
const RGBA = ['R', 'G', 'B', 'A'];
const id = (name: string) => text('colorInteropID', name);
const window = { minX: 0, minY: 0, maxX: 8, maxY: 6 };

beforeAll(async () => {
  await writeSequence(folder, 'cg.%04d.exr', [1, 2, 3], { channels: RGBA, window, attributes: [id('lin_ap1_scene')] });
  await writeExr(join(folder, 'log.exr'), [{ channels: RGBA, window, attributes: [id('arrilogc4_awg4_scene')] }]);
  await writeExr(join(folder, 'shown.exr'), [{ channels: RGBA, window, attributes: [id('g24_rec709_display')] }]);
  await writeExr(join(folder, 'silent.exr'), [{ channels: RGBA, window }]);
  await writeExr(join(folder, 'parts.exr'), [
    { name: 'rgba', channels: RGBA, window, attributes: [id('lin_ap1_scene')] },
    { name: 'plate', channels: RGBA, window, attributes: [id('acescct_ap1_scene')] },
    { name: 'N', channels: ['X', 'Y', 'Z'], window, attributes: [id('data')] },
  ]);
  for (const bits of [8, 16] as const) {
    const samples = Array.from({ length: 9 * 7 * 4 }, (_, i) => (i * 37) % 2 ** bits);
    writeFileSync(join(folder, `bits${bits}.png`), png({ width: 9, height: 7, bits, kind: 6, samples }));
  }
});

const read = (path: string, more: Readonly<Record<string, Json>> = {}): NodeSketch => ({
  type: 'io.read',
  params: { path, ...more },
});

/** The tiers of the parts of a node, with reasons where they are not the best. */
async function tiers(nodes: Readonly<Record<string, NodeSketch>>, links: readonly string[], node: string) {
  const { descriptions } = bench(graph(nodes, links), { folder });
  const { spec, problems } = await descriptions.describe(node, 1);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return spec!.parts.map(({ quality }) =>
    quality ? `${quality.tier}: ${quality.reason} (${quality.by})` : 'reference',
  );
}

let outputs = 0;
/** The lowered lines of a run. The last node is the sink. */
async function lowered(nodes: Readonly<Record<string, NodeSketch>>, links: readonly string[], range = '1') {
  const [sink, { type, params }] = Object.entries(nodes).at(-1)!;
  const path = `out${outputs++}/o.%04d.${type === 'io.export' ? 'tif' : 'exr'}`;
  const all = { ...nodes, [sink]: { type, params: { path, ...params } } };
  const done = await run(graph(all, links), folder, { range });
  expect(done.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(done.exitCode).toBe(0);
  const lines = done.result!.ledger.filter(({ kind }) => kind === 'lowered');
  return lines.map(({ item, name, from, frames, reason }) => `${item} ${name} ${from} ${frames} ${reason}`);
}

describe('a source', () => {
  const rows: readonly [path: string, more: Readonly<Record<string, Json>>, expected: readonly string[]][] = [
    ['cg.%04d.exr', {}, ['reference']],
    ['silent.exr', {}, ['reference']],
    ['log.exr', {}, ['capture: encoded as ARRI LogC4 (r)']],
    ['log.exr', { workingSpace: 'lin_ap1_scene' }, ['capture: encoded as ARRI LogC4 (r)']],
    ['silent.exr', { inputSpace: 'slog3_sgamut3_scene' }, ['capture: encoded as S-Log3 S-Gamut3 (r)']],
    ['shown.exr', {}, ['deliverable: made for a display (Rec.709 display (BT.1886)) (r)']],
    ['parts.exr', {}, ['reference', 'capture: encoded as ACEScct (r)', 'reference']],
    ['bits8.png', {}, ['deliverable: 8 bits (r)']],
    ['bits16.png', {}, ['capture: 16 bits (r)']],
    ['bits16.png', { inputSpace: 'pq_rec2020_display' }, ['deliverable: made for a display (Rec.2100 PQ) (r)']],
  ];

  it.each(rows)('%s %j', async (path, more, expected) => {
    expect(await tiers({ r: read(path, more) }, [], 'r')).toEqual(expected);
  });
  it('were so many', () => expect(rows).toHaveLength(10));

  it('is of a tier in every space, compression and depth', () => {
    const silent: Tagged = { says: 'nothing', reason: 'It has no tag.' };
    const half = [{ name: 'R', type: 'half' as const }];
    const count = { reference: 0, capture: 0, deliverable: 0 };
    for (const name of SPACE_NAMES) {
      const tagged: Tagged = { says: 'space', space: SPACES[name], by: 'test' };
      const found = exrQuality(tagged, half, 'zip')?.tier ?? 'reference';
      const expected = name.endsWith('_display') ? 'deliverable' : name.startsWith('lin_') ? 'reference' : 'capture';
      expect([name, found]).toEqual([name, expected]);
      expect(pictureQuality('float', tagged)?.tier ?? 'reference').toBe(expected);
      count[found]++;
    }
    expect(count).toEqual({ reference: 14, capture: 20, deliverable: 8 });
    const lossy = (type: 'half' | 'float' | 'uint') =>
      COMPRESSIONS.filter((method) => exrQuality(silent, [{ name: 'R', type }], method) !== undefined);
    expect(lossy('half')).toEqual(['b44', 'b44a', 'dwaa', 'dwab']);
    expect(lossy('float')).toEqual(['pxr24', 'dwaa', 'dwab']);
    expect(lossy('uint')).toEqual([]);
    const depths = (['uint8', 'uint16', 'float'] as const).map((depth) => pictureQuality(depth, silent)?.tier);
    expect(depths).toEqual(['deliverable', 'capture', 'capture']);
    expect(pictureQuality('float', { says: 'data' })).toBeUndefined();
  });
});

describe('on the way', () => {
  const exposure: NodeSketch = { type: 'color.exposure', params: { stops: 1 } };

  it('what is made of two has the lower one, and says which', async () => {
    const nodes = { a: read('bits8.png'), b: read('cg.%04d.exr'), m: { type: 'merge.merge', params: {} } };
    const links = ['a.image > m.A', 'b.image > m.B'];
    expect(await tiers(nodes, links, 'm')).toEqual(['deliverable: 8 bits (a)']);
    expect(await tiers({ ...nodes, e: exposure }, [...links, 'm.image > e.image'], 'e')).toEqual([
      'deliverable: 8 bits (a)',
    ]);
  });

  it('parts go their own ways, and a part without what is low stays what it was', async () => {
    const rows = (from: string) => [{ to: '*', from }];
    const shuffle: NodeSketch = { type: 'channel.shuffle', params: { rows: rows('p:rgba/*'), others: 'drop' } };
    const nodes = { p: read('parts.exr'), e: exposure, s: shuffle };
    expect(await tiers(nodes, ['p.image > e.image'], 'e')).toEqual([
      'reference',
      'capture: encoded as ACEScct (p)',
      'reference',
    ]);
    expect(await tiers(nodes, ['p.image > s.sources.p'], 's')).toEqual(['reference']);
  });

  it('a conversion does not make it better, and encoding for a display makes it a deliverable', async () => {
    const to = (space: string): NodeSketch => ({ type: 'color.convert', params: { to: space } });
    const nodes = {
      r: read('log.exr'),
      c: to('lin_ap1_scene'),
      d: to('g24_rec709_display'),
      back: to('lin_ap1_scene'),
    };
    const links = ['r.image > c.image', 'c.image > d.image', 'd.image > back.image'];
    expect(await tiers(nodes, links, 'c')).toEqual(['capture: encoded as ARRI LogC4 (r)']);
    const shown = 'deliverable: made for a display (Rec.709 display (BT.1886)) (d)';
    expect(await tiers(nodes, links, 'd')).toEqual([shown]);
    expect(await tiers(nodes, links, 'back')).toEqual([shown]);
  });

  it('the key of a frame does not depend on it', async () => {
    const key = async (more: Readonly<Record<string, Json>>) => {
      const { descriptions } = bench(graph({ r: read('silent.exr', more) }, []), { folder });
      return (await descriptions.describe('r', 1)).key;
    };
    expect(await key({})).toBe(await key({ inputSpace: 'auto', workingSpace: 'off' }));
    expect(await key({})).not.toBe(await key({ inputSpace: 'lin_ap1_scene' }));
  });
});

describe('the ledger', () => {
  const write: NodeSketch = { type: 'io.write', params: {} };
  const through = (node: NodeSketch, sink: NodeSketch = write) => ({ r: read('cg.%04d.exr'), n: node, w: sink });
  const chain = ['r.image > n.image', 'n.image > w.image'];

  it('says nothing where references, captures and deliverables are recombined as they are', async () => {
    for (const path of ['cg.%04d.exr', 'log.exr', 'shown.exr', 'silent.exr', 'parts.exr'])
      expect(await lowered({ r: read(path), w: write }, ['r.image > w.image'])).toEqual([]);
    for (const bits of ['8', '16'])
      expect(
        await lowered({ r: read(`bits${bits}.png`), w: { type: 'io.export', params: { bits } } }, [
          'r.image > w.image',
        ]),
      ).toEqual([]);
  });

  it('names the node and the reason once for all frames', async () => {
    const display: NodeSketch = { type: 'color.display', params: { transform: 'srgb' } };
    expect(await lowered(through(display), chain, '1-3')).toEqual([
      'part #0 n 1-3 reference became deliverable: made for a display (sRGB display)',
    ]);
  });

  it('tells each step down, and a sink that goes no lower is silent', async () => {
    const log: NodeSketch = { type: 'color.convert', params: { to: 'acescct_ap1_scene' } };
    expect(await lowered(through(log), chain)).toEqual(['part #0 w 1 reference became capture: encoded as ACEScct']);
    const picture = (bits: string): NodeSketch => ({ type: 'io.export', params: { bits, colour: 'none' } });
    expect(await lowered(through(log, picture('16')), chain)).toEqual([
      'part #0 w 1 reference became capture: 16 bits',
    ]);
    expect(await lowered(through(log, picture('8')), chain)).toEqual([
      'part #0 w 1 reference became deliverable: 8 bits',
    ]);
    const video: NodeSketch = { type: 'color.convert', params: { to: 'g24_rec709_display' } };
    expect(await lowered(through(video, picture('8')), chain)).toEqual([
      'part #0 n 1 reference became deliverable: made for a display (Rec.709 display (BT.1886))',
    ]);
    expect(await lowered({ r: read('bits16.png'), w: picture('8') }, ['r.image > w.image'])).toEqual([
      'part #0 w 1 capture became deliverable: 8 bits',
    ]);
  });

  it('tells where a reference is mixed with what is less, unless that does not reach the file', async () => {
    const merge = { a: read('bits8.png'), b: read('cg.%04d.exr'), m: { type: 'merge.merge', params: {} }, w: write };
    expect(await lowered(merge, ['a.image > m.A', 'b.image > m.B', 'm.image > w.image'])).toEqual([
      'part #0 m 1 reference became deliverable: 8 bits, made with a',
    ]);
    const rows = [{ to: '*', from: 'cg:*' }];
    const keep: NodeSketch = { type: 'channel.shuffle', params: { rows, others: 'drop' } };
    const nodes = { r: read('cg.%04d.exr'), low: read('bits8.png'), k: keep, w: write };
    const links = ['r.image > k.sources.cg', 'low.image > k.sources.low', 'k.image > w.image'];
    expect(await lowered(nodes, links)).toEqual([]);
  });
});
