// Deep parts in graphs: choosing and renaming channels, packing them anew, the ledger, and what is refused.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../../engine/base/canonical.ts';
import { checksumChannels, checksumDeep } from '../../engine/exr/checksum.ts';
import { checkGraph, type GraphRun, runGraph } from '../../engine/run/run.ts';
import { nodes } from '../../nodes/index.ts';
import { graph, type NodeSketch } from '../run/graph.ts';
import { runChain, withFile } from './deep-chain.ts';
import { describeNode, part, picture } from './spec-builder.ts';
import { STAGES } from './stages.ts';
import { deepPart, deepSamples, writeDeep, writeStageDeep } from './stages-deep.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-deep-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => writeStageDeep(folder));

const out = join(folder, 'out.exr');

describe('a deep part in a graph', () => {
  const source = (): ReturnType<typeof deepSamples> => deepSamples();
  const drop = (rows: Json): NodeSketch => ({ type: 'channel.shuffle', params: { rows, others: 'drop' } });
  const ledger = (run: GraphRun): string[] =>
    run.result!.ledger.map((e) => `${e.kind} ${e.item} ${e.name}: ${e.reason}`);

  test('channels are chosen and renamed, attributes edited, samples and counts kept', async () => {
    const rows = [
      { to: 'mist.*', from: 'fog.*' },
      { to: 'Z', from: 'Z' },
      { to: 'object', from: 'id' },
    ];
    const edit: NodeSketch = {
      type: 'metadata.set',
      params: { edits: [{ op: 'set', name: 'comment', type: 'string', value: 'chosen' }] },
    };
    const run = await runChain(folder, 'deep.exr', [drop(rows), edit]);
    expect(run.exitCode, JSON.stringify(run)).toBe(0);
    const deep = source();
    withFile(out, (file) => {
      const [header] = file.header.parts;
      expect(header!.type).toBe('deeptile');
      expect(header!.maxSamplesPerPixel).toBe(7);
      expect(header!.channels.map(({ name }) => name)).toEqual(['Z', 'mist.A', 'mist.B', 'mist.G', 'mist.R', 'object']);
      const made = file.readDeep(0);
      expect(made.offsets).toEqual(deep.offsets);
      for (const [to, from] of [
        ['Z', 'Z'],
        ['mist.A', 'fog.A'],
        ['mist.R', 'fog.R'],
        ['object', 'id'],
      ] as const) {
        expect(made.channels.get(to)).toEqual(deep.channels.get(from));
      }
    });
    expect(ledger(run).filter((line) => line.startsWith('lost'))).toEqual(
      ['A', 'B', 'G', 'R', 'ZBack', 'shade'].map((name) => `lost channel ${name}: n0: no row takes it`),
    );
  });

  test('all channels renamed are copied as chunks; another method or layout is packed anew', async () => {
    const rows = [{ to: 'all.*', from: '*' }];
    for (const [write, compression, type] of [
      [{}, 'zips', 'deeptile'],
      [{ compression: 'rle' }, 'rle', 'deeptile'],
      [{ compression: 'none', layout: 'scanlines' }, 'none', 'deepscanline'],
      [{ layout: 'tiles', tileSize: [7, 5], lineOrder: 'decreasing' }, 'zips', 'deeptile'],
    ] as const) {
      const run = await runChain(folder, 'deep.exr', [drop(rows)], write as Readonly<Record<string, Json>>);
      expect(run.exitCode, JSON.stringify(run)).toBe(0);
      const sums = withFile(join(folder, 'deep.exr'), (file) => checksumDeep(file, 0));
      withFile(out, (file) => {
        expect(file.header.parts[0]).toMatchObject({ compression, type });
        const made = checksumDeep(file, 0);
        expect(made.counts).toBe(sums.counts);
        expect([...made.channels].sort()).toEqual([...sums.channels].map(([name, sum]) => [`all.${name}`, sum]).sort());
      });
    }
  });

  test('workers give the same bytes', async () => {
    const sketches = {
      read: { type: 'io.read', params: { path: 'deep.exr' } },
      flat: { type: 'deep.flatten' },
      write: { type: 'io.write', params: { path: 'out.exr', overwrite: 'replace' } },
    };
    const sums: unknown[] = [];
    for (const jobs of [0, 2]) {
      const document = graph(sketches, ['read.image > flat.image', 'flat.image > write.image']);
      expect((await runGraph({ document, folder, nodes, range: '1', jobs })).exitCode).toBe(0);
      sums.push(withFile(out, (file) => [...checksumChannels(file, 0)]));
    }
    expect(sums[1]).toEqual(sums[0]);
  });

  test('a flat part says in the ledger that it was deep, and no longer speaks of deep samples', async () => {
    const run = await runChain(folder, 'deep.exr', [{ type: 'deep.flatten' }]);
    expect(run.exitCode).toBe(0);
    expect(ledger(run)).toEqual([
      'cleared attribute maxSamplesPerPixel: n0: it speaks of deep samples',
      'changed storage samples: deep became flat',
    ]);
    withFile(out, (file) => {
      expect(file.header.parts[0]).toMatchObject({ type: 'tiledimage' });
      expect(file.header.parts[0]!.attributes.map(({ name }) => name)).not.toContain('version');
    });
  });

  test('a frame of black has no samples', async () => {
    await writeDeep(join(folder, 'gap.0001.exr'), deepPart, deepSamples());
    await writeDeep(join(folder, 'gap.0003.exr'), deepPart, deepSamples());
    for (const [chain, deep] of [
      [['channel.shuffle'], true],
      [['deep.flatten'], false],
    ] as const) {
      const sketches: Record<string, NodeSketch> = {
        read: { type: 'io.read', params: { path: 'gap.%04d.exr', missing: 'black' } },
        node: chain[0] === 'deep.flatten' ? { type: 'deep.flatten' } : drop([{ to: 'Z', from: 'Z' }]),
        write: { type: 'io.write', params: { path: 'gapped.%04d.exr', overwrite: 'replace' } },
      };
      const port = deep ? 'sources.a' : 'image';
      const document = graph(sketches, [`read.image > node.${port}`, 'node.image > write.image']);
      const run = await runGraph({ document, folder, nodes, range: '2', jobs: 0 });
      expect(run.result?.outcomes.map(({ state }) => state)).toEqual(['substituted']);
      withFile(join(folder, 'gapped.0002.exr'), (file) => {
        if (deep) expect(file.readDeep(0).offsets.at(-1)).toBe(0);
        else expect(Math.max(...file.readPart(0, { channels: ['A'] }).get('A')!.samples)).toBe(0);
      });
    }
  });

  test.each<[string, readonly NodeSketch[], Readonly<Record<string, Json>>, string]>([
    ['a method that is not for deep parts', [], { compression: 'piz' }, 'exr-compression-unsupported'],
    ['another type', [], { types: [{ channels: 'Z', type: 'half' }] }, 'deep-unsupported'],
    [
      'a constant beside its channels',
      [
        drop([
          { to: '*', from: '*' },
          { to: 'one', value: 1 },
        ]),
      ],
      {},
      'deep-unsupported',
    ],
    ['a channel of another type', [drop([{ to: 'Z', from: 'Z', type: 'half' }])], {}, 'deep-unsupported'],
    ['work on its colours', [{ type: 'color.exposure', params: { stops: 1 } }], {}, 'deep-unsupported'],
    [
      'another window',
      [{ type: 'transform.crop', params: { area: 'box', box: [0, 0, 9, 9] } }],
      {},
      'deep-unsupported',
    ],
  ])('is refused before anything is rendered: %s', async (_title, chain, write, code) => {
    const run = await runChain(folder, 'deep.exr', chain, write);
    expect(run.exitCode).toBe(3);
    expect(run.problems.filter((p) => p.severity === 'error').map((p) => p.code)).toContain(code);
  });

  test.each([
    ['tiles', deepPart],
    ['scan lines', { ...deepPart, type: 'deepscanline', tiles: undefined }],
  ] as const)(
    'samples that are no number or infinite are counted before a run: %s',
    async (_title, { tiles, ...lines }) => {
      const deep = deepSamples();
      const total = deep.offsets.at(-1)!;
      const [shade, depths] = ['shade', 'Z'].map((name) => deep.channels.get(name)!.samples.slice());
      for (const i of [0, 17, total - 1]) shade![i] = 0x7e00;
      shade![1] = 0xfc00;
      depths![total - 2] = Number.NaN;
      const channels = new Map(deep.channels)
        .set('shade', { type: 'half', samples: shade! })
        .set('Z', { type: 'float', samples: depths! });
      await writeDeep(join(folder, 'unsound.exr'), tiles ? { ...lines, tiles } : lines, { ...deep, channels });
      const check = async (path: string, ...rows: Json[]): Promise<string[]> => {
        const node = rows.length > 0 ? drop(rows) : { type: 'graph.dot' };
        const document = graph(
          {
            read: { type: 'io.read', params: { path } },
            node,
            write: { type: 'io.write', params: { path: 'never.exr' } },
          },
          [`read.image > node.${rows.length > 0 ? 'sources.a' : 'image'}`, 'node.image > write.image'],
        );
        const found = await checkGraph({ document, folder, nodes, range: '1', checkPixels: true });
        expect(found.problems.map(({ severity, fixes }) => [severity, fixes])).toEqual(
          found.problems.map(() => ['warning', undefined]),
        );
        return found.problems.map(({ code, message }) => `${code} ${message}`);
      };
      const behind = 'Behind Flatten deep, Sanitize mends them';
      expect(await check('unsound.exr')).toEqual([
        `not-finite shade of #0: 3 samples are no numbers at 1. ${behind}.`,
        `not-finite shade of #0: 1 sample is infinite at 1. ${behind}, where they are not meant.`,
        `not-finite Z of #0: 1 sample is no number at 1. ${behind}.`,
      ]);
      expect(await check('unsound.exr', { to: 'far', from: 'Z' }, { to: 'id', from: 'id' })).toEqual([
        `not-finite far of #0: 1 sample is no number at 1. ${behind}.`,
      ]);
      expect(await check('deep.exr')).toEqual([]);
    },
  );

  test('every node works on deep parts, hands them on, or says that it does not', async () => {
    const channels = [
      'R',
      'G',
      'B',
      'A',
      'Y',
      'RY',
      'BY',
      'Z:float',
      'ZBack:float',
      'N.X:float',
      'N.Y:float',
      'N.Z:float',
    ];
    const deep = picture(part({ kind: 'deep', channels, stored: { compression: 'zips' } }));
    const done: Record<string, string[]> = { refused: [], passed: [], flat: [], otherwise: [] };
    for (const node of nodes) {
      if (!node.spec || Object.keys(node.inputs).length === 0 || NEEDS_MORE.includes(node.type)) continue;
      const ports = Object.entries(node.inputs as Record<string, { kind: string; many: boolean }>);
      if (ports.some(([, { kind }]) => kind !== 'image')) continue;
      const inputs = Object.fromEntries(ports.map(([name, { many }]) => [name, many ? { a: deep } : deep]));
      const { spec, problems } = await describeNode(node, { ...node.params.parse({}), ...PARAMS[node.type] }, inputs);
      if (problems.some(({ severity }) => severity === 'error')) {
        const known = problems.some(({ code }) => code === 'deep-unsupported');
        done[known ? 'refused' : 'otherwise']!.push(node.type);
        continue;
      }
      for (const { kind, channels, dataWindow } of spec.parts) {
        const made = channels.every(({ origin }) => origin.from === 'computed');
        const passed = kind === 'deep' && channels.every(({ origin }) => origin.from === 'input');
        expect(passed || (kind === 'flat' && made), node.type).toBe(true);
        expect(dataWindow, node.type).toEqual(deep.parts[0]!.dataWindow);
        done[passed ? 'passed' : 'flat']!.push(node.type);
      }
    }
    expect(done['flat']).toEqual(['deep.flatten']);
    expect(done['passed']).toEqual(expect.arrayContaining(PASSES));
    expect(done['refused']!.length).toBeGreaterThan(20);
  });
});

/** Nodes that need files, meshes or parameters of their own to be described at all. */
const NEEDS_MORE = ['color.lut', 'color.ocio', 'template.instance', 'view.select', 'view.join', 'time.range'];
/** Parameters with which a node does something, where that is not so by default. */
const PARAMS: Readonly<Record<string, Record<string, unknown>>> = Object.fromEntries(
  Object.entries(STAGES).map(([type, { params }]) => [type, params]),
);
const PASSES = ['metadata.set', 'part.assemble', 'part.select', 'time.offset', 'graph.switch', 'graph.dot'];
