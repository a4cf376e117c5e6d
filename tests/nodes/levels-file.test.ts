// Files with levels that Write EXR makes: the order of chunks, every method, copies, the ledger, and what is refused.
import { copyFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { box } from '../../engine/base/box.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { decodeAttribute, encodeAttribute } from '../../engine/exr/attribute.ts';
import { COMPRESSIONS } from '../../engine/exr/compression.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import { chunkPlace, layoutOf } from '../../engine/exr/layout.ts';
import { LINE_ORDERS } from '../../engine/exr/shape.ts';
import { convertPlane } from '../../engine/pixels/convert.ts';
import { checkGraph, type GraphRun } from '../../engine/run/run.ts';
import { nodes as builtIn } from '../../nodes/index.ts';
import { corpusFile, describeCorpus } from '../exr/corpus.ts';
import { digest, filesBelow, run, temporary, text, writeExr } from '../run/files.ts';
import { graph, type NodeSketch } from '../run/graph.ts';

const folder = temporary();
const out = join(folder, 'out.exr');
type Params = Readonly<Record<string, Json>>;

/** Reads a file, hands it through nodes in a row, writes it. */
function chain(path: string, write: Params, between: Readonly<Record<string, NodeSketch>> = {}) {
  const names = ['r', ...Object.keys(between), 'w'];
  return graph(
    {
      r: { type: 'io.read', params: { path } },
      ...between,
      w: { type: 'io.write', params: { path: 'out.exr', overwrite: 'replace', ...write } },
    },
    names.slice(1).map((to, i) => `${names[i]}.image > ${to}.image`),
  );
}

async function passed(path: string, write: Params, between: Readonly<Record<string, NodeSketch>> = {}) {
  const done = await run(chain(path, write, between), folder, { range: '1' });
  expect(done.exitCode, JSON.stringify([done.problems, done.result?.outcomes])).toBe(0);
  return done;
}

const CROP = { c: { type: 'transform.crop', params: { area: 'box', box: [0, 0, 60, 40] } } };

const storage = (done: GraphRun): string[] =>
  done
    .result!.ledger.filter(({ name, item }) => name.includes('level') || item === 'level')
    .map((e) => `${e.kind} ${e.name}: ${e.reason}`);

test('chunks lie level by level, rows in the line order; a random order is band by band', async () => {
  await writeExr(join(folder, 'tall.exr'), [{ channels: ['A', 'R', 'Z:float'], window: box(3, -4, 45, 16_000) }]);
  for (const levels of ['mipmap', 'ripmap']) {
    for (const lineOrder of LINE_ORDERS) {
      await passed('tall.exr', { layout: 'tiles', tileSize: [20, 50], levels, lineOrder, compression: 'none' });
      const file = ExrFile.open(out);
      const part = file.part(0);
      const layout = layoutOf(part);
      const indices = Array.from({ length: layout.chunkCount }, (_, i) => i);
      const inFile = indices.toSorted((a, b) => file.table.statedOffset(0, a) - file.table.statedOffset(0, b));
      const wanted = indices.toSorted((a, b) => {
        const [p, q] = [chunkPlace(layout, a), chunkPlace(layout, b)];
        const level = layout.levels.indexOf(p.level) - layout.levels.indexOf(q.level);
        return level || (lineOrder === 'decreasing' ? q.row - p.row : p.row - q.row) || p.column - q.column;
      });
      expect(part.lineOrder).toBe(lineOrder);
      if (lineOrder === 'random') expect(inFile).not.toEqual(wanted);
      else expect(inFile).toEqual(wanted);
      file.close();
    }
  }
});

test('every method packs levels, and what it loses is counted in the full resolution', async () => {
  await writeExr(join(folder, 'slow.exr'), [
    { channels: ['A', 'B', 'G', 'R', 'Z:float', 'id:uint'], window: box(0, 0, 200, 150) },
  ]);
  const exact = new Map<string, string>();
  let methods = 0;
  // Those of OpenEXR 2 and 3 but for HTJ2K.
  for (const compression of COMPRESSIONS.slice(0, 10)) {
    const done = await passed('slow.exr', { layout: 'tiles', levels: 'mipmap', levelRounding: 'up', compression });
    const file = ExrFile.open(out);
    for (const { x, y } of layoutOf(file.part(0)).levels) {
      for (const [name, { samples, type }] of file.readPart(0, { level: { x, y } })) {
        const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).toString('base64');
        const known = exact.get(`${name} ${x}`) ?? bytes;
        exact.set(`${name} ${x}`, known);
        const lossy =
          (compression === 'pxr24' && type === 'float') || (/^(b44|dwa)/.test(compression) && type !== 'uint');
        if (!lossy) expect(bytes === known, `${compression} ${name} ${x}`).toBe(true);
      }
    }
    file.close();
    for (const { kind, samples } of done.result!.ledger) if (kind === 'converted') expect(samples).toBe(201 * 151);
    methods += 1;
  }
  expect([methods, exact.size]).toEqual([10, 6 * 9]);
});

test('rip levels hold the mip levels of a source, mip levels not the rip levels', async () => {
  await writeExr(join(folder, 'plain.exr'), [{ channels: ['R'], tiles: [16, 16], window: box(0, 0, 70, 50) }]);
  const lost: Record<string, string[]> = {};
  for (const levels of ['mipmap', 'ripmap']) {
    await passed('plain.exr', { levels });
    copyFileSync(out, join(folder, `${levels}.exr`));
    for (const anew of ['mipmap', 'ripmap'])
      lost[`${levels} ${anew}`] = storage(await passed(`${levels}.exr`, { levels: anew }, CROP)).filter((line) =>
        line.startsWith('lost'),
      );
  }
  expect(lost).toEqual({
    'mipmap mipmap': [],
    'mipmap ripmap': [],
    'ripmap mipmap': ['lost rip levels: only the full resolution is rendered'],
    'ripmap ripmap': [],
  });
});

describe('several parts', () => {
  test('each have their own levels, and only flat ones in tiles can', async () => {
    await writeExr(join(folder, 'parts.exr'), [
      { name: 'a', channels: ['R'], tiles: [16, 16], window: box(0, 0, 99, 69) },
      { name: 'b', channels: ['Z:float'], tiles: [32, 8], window: box(-9, 3, 30, 77), display: box(0, 0, 99, 69) },
    ]);
    await passed('parts.exr', { levels: 'ripmap' });
    const file = ExrFile.open(out);
    const found = file.header.parts.map(({ tiles }, i) => [
      tiles!.width,
      tiles!.levels,
      layoutOf(file.part(i)).levels.length,
    ]);
    expect(found).toEqual([
      [16, 'rip', 49],
      [32, 'rip', 42],
    ]);
    for (const [i, part] of file.header.parts.entries())
      for (const { x, y } of layoutOf(part).levels) file.readPart(i, { level: { x, y } });
    file.close();
  });
});

describe('levels that are there', () => {
  test('are copied where nobody changed the part, whether they are kept or asked for', async () => {
    await writeExr(join(folder, 'one.exr'), [
      { channels: ['R', 'id:uint'], tiles: [16, 16], window: box(0, 0, 99, 69) },
    ]);
    await passed('one.exr', { path: 'mip.exr', levels: 'mipmap', levelRounding: 'up' });
    for (const write of [{}, { levels: 'mipmap' }, { levels: 'mipmap', levelRounding: 'up' }]) {
      const done = await passed('mip.exr', write);
      expect(digest(out)).toBe(digest(join(folder, 'mip.exr')));
      expect([storage(done), done.problems]).toEqual([[], []]);
    }
  });

  test('are told to be lost where the pixels change, with a choice that makes them anew', async () => {
    const done = await passed('mip.exr', {}, CROP);
    expect(storage(done)).toEqual(['lost mip levels: only the full resolution is rendered']);
    const [problem] = done.problems;
    expect(problem).toMatchObject({ severity: 'warning', code: 'levels-lost', where: { param: 'levels' } });
    expect(problem!.fixes!.flatMap(({ edits }) => edits)).toEqual([
      { op: 'setParam', node: 'w', name: 'levels', value: 'mipmap' },
    ]);
    const anew = await passed('mip.exr', { levels: 'mipmap' }, CROP);
    expect(anew.problems).toEqual([]);
    expect(storage(anew)).toEqual([
      'changed levels: id: of each two samples across and down the first, since they do not average',
      'changed levels: mip levels are made, each of the one above it: means by area',
    ]);
    const file = ExrFile.open(out);
    expect(file.part(0).tiles).toEqual({ width: 16, height: 16, levels: 'mip', rounding: 'down' });
    file.close();
  });

  test('are no news where one level was read as the image, and go where one is asked for', async () => {
    const document = graph(
      {
        r: { type: 'io.read', params: { path: 'mip.exr', level: [1, 1] } },
        w: { type: 'io.write', params: { path: 'out.exr', overwrite: 'replace' } },
      },
      ['r.image > w.image'],
    );
    expect((await run(document, folder)).problems).toEqual([]);
    const one = await passed('mip.exr', { levels: 'one' });
    expect(one.problems).toEqual([]);
    expect(storage(one)).toEqual(['lost mip levels: only the full resolution is rendered']);
  });
});

describe('channels that do not average', () => {
  test('are whole numbers, ids, those of Cryptomattes and those that are named', async () => {
    const crypto = (name: string, value: string) => text(`cryptomatte/3c2569b2/${name}`, value);
    await writeExr(join(folder, 'ids.exr'), [
      {
        channels: [
          'R',
          'crypto00.r:float',
          'crypto00.g:float',
          'crypto00.b:float',
          'crypto00.a:float',
          'objectId:float',
          'n:uint',
          'mine',
        ],
        attributes: [
          crypto('name', 'crypto'),
          crypto('hash', 'MurmurHash3_32'),
          crypto('conversion', 'uint32_to_float32'),
        ],
      },
    ]);
    await passed('ids.exr', { layout: 'tiles', levels: 'mipmap', unfiltered: ['min*'] });
    const file = ExrFile.open(out);
    const full = file.readPart(0);
    const level = file.readPart(0, { level: { x: 1, y: 1 } });
    const skipped = [...level].filter(([name, { samples, columns }]) => {
      const plane = full.get(name)!;
      return samples.every((v, i) =>
        Object.is(v, plane.samples[2 * Math.floor(i / columns) * plane.columns + 2 * (i % columns)]),
      );
    });
    expect(skipped.map(([name]) => name)).toEqual([
      'crypto00.a',
      'crypto00.b',
      'crypto00.g',
      'crypto00.r',
      'mine',
      'n',
      'objectId',
    ]);
    file.close();
  });
});

test('a channel that becomes whole numbers, or was some, is not averaged', async () => {
  await writeExr(join(folder, 'types.exr'), [{ channels: ['a:float', 'b:uint'], window: box(0, 0, 9, 9) }]);
  const types = [
    { channels: 'a', type: 'uint' },
    { channels: 'b', type: 'float' },
  ];
  await passed('types.exr', { layout: 'tiles', levels: 'mipmap', types });
  const file = ExrFile.open(out);
  const [full, level] = [file.readPart(0), file.readPart(0, { level: { x: 1, y: 1 } })];
  file.close();
  for (const name of ['a', 'b']) {
    const { samples } = full.get(name)!;
    const wanted = Array.from({ length: 25 }, (_, i) => samples[20 * Math.floor(i / 5) + 2 * (i % 5)]);
    expect([...level.get(name)!.samples]).toEqual(wanted);
  }
});

test('a source that breaks off leaves nothing behind', async () => {
  const source = await writeExr(join(folder, 'broken.exr'), [
    { channels: ['A', 'Z:float'], window: box(0, 0, 60, 16_000) },
  ]);
  truncateSync(source, statSync(source).size - 1000);
  const document = chain('broken.exr', { path: 'kept/x.exr', layout: 'tiles', levels: 'mipmap' });
  expect((await run(document, folder, { range: '1' })).exitCode).toBe(1);
  expect(filesBelow(join(folder, 'kept')).filter((name) => !name.endsWith('.json'))).toEqual([]);
});

describe('wrap modes', () => {
  const modes = (path: string): unknown => {
    const file = ExrFile.open(path);
    const found = file.part(0).attributes.find(({ name }) => name === 'wrapmodes');
    file.close();
    return found && decodeAttribute(found);
  };

  test('are those of the image, and only a choice is written down', async () => {
    const source = { channels: ['Z:float'], window: box(0, 0, 7, 7) };
    await writeExr(join(folder, 'plain.exr'), [source]);
    await writeExr(join(folder, 'tagged.exr'), [
      { ...source, attributes: [encodeAttribute('wrapmodes', 'string', 'periodic,black')] },
    ]);
    const write = { layout: 'tiles', levels: 'mipmap', levelFilter: 'four-taps' };
    const level = (): string => {
      const file = ExrFile.open(out);
      const plane = file.readPart(0, { level: { x: 1, y: 1 } }).get('Z')!;
      file.close();
      return convertPlane(plane, 'float').plane.samples.join();
    };
    const bytes = new Map<string, string>();
    for (const [name, path, more] of [
      ['clamp', 'plain.exr', {}],
      ['asked', 'plain.exr', { wrapX: 'periodic', wrapY: 'black' }],
      ['tagged', 'tagged.exr', {}],
      ['half', 'tagged.exr', { wrapX: 'mirror' }],
    ] as const) {
      const done = await passed(path, { ...write, ...more });
      bytes.set(name, level());
      const said = done.result!.ledger.filter((e) => e.name === 'wrapmodes').map(({ kind }) => kind);
      expect([name, modes(out), said]).toEqual(
        {
          clamp: [name, undefined, []],
          asked: [name, 'periodic,black', ['added']],
          tagged: [name, 'periodic,black', []],
          half: [name, 'mirror,black', ['changed']],
        }[name],
      );
    }
    expect(bytes.get('asked')).toBe(bytes.get('tagged'));
    expect(new Set(bytes.values()).size).toBe(3);
    // Nothing is made, so nothing is said.
    await passed('plain.exr', { layout: 'tiles', wrapX: 'periodic' });
    expect(modes(out)).toBeUndefined();
  });
});

describe('refused before anything is written', () => {
  const checked = async (path: string, write: Params) => {
    const done = await checkGraph({ document: chain(path, write), folder, nodes: builtIn, range: '1' });
    return { exitCode: done.exitCode, problems: done.problems };
  };

  test('levels of scan lines, with tiles as the choice', async () => {
    const { exitCode, problems } = await checked('plain.exr', { levels: 'mipmap' });
    expect(exitCode).toBe(3);
    expect(problems[0]).toMatchObject({ severity: 'error', code: 'param-invalid', where: { param: 'levels' } });
    expect(problems[0]!.message).toBe('#0 would be written as scan lines, which have no levels. Write tiles.');
    expect(problems[0]!.fixes!.map(({ title, edits }) => [title, edits])).toEqual([
      [
        'Write tiles of 64 x 64',
        [
          { op: 'setParam', node: 'w', name: 'layout', value: 'tiles' },
          { op: 'setParam', node: 'w', name: 'tileSize', value: [64, 64] },
        ],
      ],
      ['Write no levels', [{ op: 'setParam', node: 'w', name: 'levels', value: 'keep' }]],
    ]);
  });

  test('a warning for environment maps', async () => {
    await writeExr(join(folder, 'sky.exr'), [
      { channels: ['R'], attributes: [encodeAttribute('envmap', 'envmap', 'latlong')] },
    ]);
    const { exitCode, problems } = await checked('sky.exr', { levels: 'mipmap', layout: 'tiles' });
    expect([exitCode, problems.map(({ severity, code }) => `${severity} ${code}`)]).toEqual([
      0,
      ['warning param-invalid'],
    ]);
  });
});

describeCorpus('real files', () => {
  test('levels of deep parts cannot be made', async () => {
    const path = corpusFile('openexr-images/v2/LowResLeftView/Balls.exr');
    const done = await checkGraph({
      document: chain(path, { levels: 'mipmap', layout: 'tiles' }),
      folder,
      nodes: builtIn,
      range: '1',
    });
    expect([done.exitCode, done.problems.map(({ code, severity }) => `${severity} ${code}`)]).toEqual([
      3,
      ['error deep-unsupported'],
    ]);
  });
});
