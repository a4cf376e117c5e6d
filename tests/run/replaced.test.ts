// Channels that a node makes others of: changed where those are written, lost where they are not.
import { beforeAll, describe, expect, it } from 'vitest';
import { box } from '../../engine/base/box.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { run, temporary, writeExr } from './files.ts';
import { graph, type NodeSketch } from './graph.ts';

const folder = temporary();

beforeAll(async () => {
  const window = box(0, 0, 40, 30);
  const channels = ['B', 'G', 'R'];
  await writeExr(`${folder}/map.exr`, [{ channels: [...channels, 'id:uint'], window }]);
  await writeExr(`${folder}/two.exr`, [
    { name: 'map', channels, window },
    { name: 'mask', channels: ['mask'], window, seed: 2 },
  ]);
});

const keep = (...names: string[]): NodeSketch => ({
  type: 'channel.shuffle',
  params: { rows: names.map((name) => ({ to: name, from: `a:${name}` })) as Json, others: 'drop' },
});

/** `lost R` and the like of channels and parts, after the nodes in a row. */
async function told(file: string, chain: Readonly<Record<string, NodeSketch>>, failOnLoss = false) {
  const ids = ['read', ...Object.keys(chain), 'write'];
  const port = (id: string): string => (chain[id]?.type === 'channel.shuffle' ? 'sources.a' : 'image');
  const links = ids.slice(1).map((id, i) => `${ids[i]}.image > ${id}.${port(id)}`);
  const document = graph(
    {
      read: { type: 'io.read', params: { path: file } },
      ...chain,
      write: { type: 'io.write', params: { path: 'out/o.exr', overwrite: 'replace' } },
    },
    links,
  );
  const { exitCode, result, problems } = await run(document, folder, { range: '1', failOnLoss });
  if (!result) throw new Error(JSON.stringify(problems));
  const listed = result.ledger.filter((e) => (e.item === 'channel' || e.item === 'part') && e.from === 'read');
  return { exitCode, listed: listed.map((e) => `${e.kind} ${e.name}: ${e.reason}`) };
}

const decode: NodeSketch = { type: 'normal.decode' };
const integrate: NodeSketch = { type: 'integrate.poisson', params: { checks: false } };
const slopes = ['B', 'G', 'R'].map((name) => `changed ${name}: decode: made into slopes`);

describe('channels that are made into others', () => {
  it('are changed, through as many nodes as it takes, and are no loss', async () => {
    const once = await told('map.exr', { decode }, true);
    expect(once).toEqual({ exitCode: 0, listed: slopes });
    const twice = await told(
      'map.exr',
      { decode, integrate, blur: { type: 'filter.blur', params: { size: [2, 2] } } },
      true,
    );
    expect(twice).toEqual({ exitCode: 0, listed: slopes });
  });

  it('are changed where only some of what was made of them is written', async () => {
    const { listed } = await told('map.exr', { decode, only: keep('slope.u') });
    expect(listed).toEqual(['lost id: only: no row takes it', ...slopes]);
  });

  it('are lost where nothing of it is', async () => {
    const { listed } = await told('map.exr', { decode, integrate, only: keep('id') });
    expect(listed).toEqual(slopes.map((text) => text.replace('changed', 'lost')));
    expect((await told('map.exr', { decode, integrate, only: keep('id') }, true)).exitCode).toBe(5);
  });

  it('stop nothing of another part from being lost', async () => {
    const { listed } = await told('two.exr', {
      decode,
      integrate,
      first: { type: 'part.select', params: { parts: ['map'] } },
    });
    expect(listed.map((text) => text.split(':')[0])).toEqual([
      'lost mask',
      'changed map/B',
      'changed map/G',
      'changed map/R',
    ]);
    const other = await told('two.exr', { decode, last: { type: 'part.select', params: { parts: ['mask'] } } });
    expect(other.listed.map((text) => text.split(':')[0])).toEqual(['lost map']);
  });
});
