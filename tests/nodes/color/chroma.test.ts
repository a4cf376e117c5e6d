// Luminance and chroma: what the reference library makes of the corpus's files, bit for bit; formulas; what is refused.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AnyNode, box, convertPlane, ExrFile, planeBytes } from '../../../engine/authoring.ts';
import { fromChroma } from '../../../nodes/color/from-chroma.ts';
import { toChroma } from '../../../nodes/color/to-chroma.ts';
import { corpusFile, describeCorpus } from '../../exr/corpus.ts';
import { run, sums, temporary, writeExr } from '../../run/files.ts';
import { bench, graph, type NodeSketch, never } from '../../run/graph.ts';
import { solid } from '../solid.ts';
import {
  attribute,
  channel,
  channelLines,
  describeNode,
  lossLines,
  part,
  picture,
  problemLines,
  provenFixes,
} from '../spec-builder.ts';

/** SHA-256 of whole channels one after the other, as the node makes them of a file. */
async function sumOf(path: string, node: NodeSketch, channels: readonly string[]): Promise<string> {
  const document = graph({ read: { type: 'io.read', params: { path } }, node }, ['read.image > node.image']);
  const { descriptions, evaluator } = bench(document);
  const { spec, problems } = await descriptions.describe('node', 1);
  expect(problems).toEqual([]);
  const region = spec!.parts[0]!.dataWindow;
  const planes = await evaluator.planes('node', 1, { part: 0, channels, box: region }, never);
  const hash = createHash('sha256');
  for (const name of channels) hash.update(planeBytes(planes.get(name)!));
  return hash.digest('hex');
}

// Made with RgbaInputFile and RgbaOutputFile of OpenEXR 3.1.5, in halves.
describeCorpus('what OpenEXR makes of', () => {
  test.each([
    ['LuminanceChroma/Flowers.exr', '4e31d19bb2830e3dc6e7b060fced6f9e2c6161385fbb3caac45ba7539f93d401'],
    ['Chromaticities/Rec709_YC.exr', 'de542ffa5a6b0b4760d686a6424fe061115ddcde2c97537e4b19cac6f5fb3111'],
    ['LuminanceChroma/Garden.exr', 'a7894141e0b223b1bc598630df70fc874e6eb14a04af4404780917be9bb352a7'],
    ['MultiView/Fog.exr', '81402bc8e483975cb00268c179f35df9405b74d3f9a597bb7f6538ce1c63dc7a'],
  ])('%s is what comes out', async (file, sum) => {
    const path = corpusFile(`openexr-images/${file}`);
    expect(await sumOf(path, { type: 'color.fromChroma' }, ['R', 'G', 'B'])).toBe(sum);
  });

  test.each<[number, number, string]>([
    [10, 10, '1eb066477c0d7ec5abd0379fb2834eb318a1cbc197b87dbbfdc639f0a26ee300'],
    [7, 5, '34313fd98ced8d70bb7aef9b6732961fac710f84d88a78b4710bc68cbb14cd72'],
  ])(
    'Rec709.exr in luminance of %i and chroma of %i bits is what comes out',
    async (luminanceBits, chromaBits, sum) => {
      const path = corpusFile('openexr-images/Chromaticities/Rec709.exr');
      const node = { type: 'color.toChroma', params: { luminanceBits, chromaBits } };
      expect(await sumOf(path, node, ['Y', 'RY', 'BY'])).toBe(sum);
    },
  );
});

/** The samples of channels of a graph's `node` in a region, as numbers. */
async function made(
  nodes: Readonly<Record<string, NodeSketch>>,
  links: readonly string[],
  channels: readonly string[],
  region = box(0, 0, 7, 3),
): Promise<Record<string, number[]>> {
  const { evaluator } = bench(graph(nodes, links), { more: [solid as AnyNode] });
  const planes = await evaluator.planes('node', 1, { part: 0, channels, box: region }, never);
  return Object.fromEntries(
    channels.map((name) => [name, [...convertPlane(planes.get(name)!, 'float').plane.samples]]),
  );
}

const even = (channels: Record<string, number>): NodeSketch => ({
  type: 'test.solid',
  params: { channels, window: [-2, -4, 9, 5] },
});

describe('by formula', () => {
  const [wr, wg, wb] = [0.2126, 0.7152, 0.0722];

  test('an even colour has the chroma of the formula everywhere, and comes back', async () => {
    const [r, g, b] = [0.5, 0.25, 1];
    const nodes = { a: even({ 'R:float': r, 'G:float': g, 'B:float': b }), node: { type: 'color.toChroma' } };
    const split = await made(nodes, ['a.image > node.image'], ['Y', 'RY', 'BY']);
    const y = wr * r + wg * g + wb * b;
    expect([split['Y']!.length, split['RY']!.length, split['BY']!.length]).toEqual([32, 8, 8]);
    for (const one of split['Y']!) expect(one).toBeCloseTo(y, 4);
    for (const one of split['RY']!) expect(one).toBeCloseTo((r - y) / y, 3);
    for (const one of split['BY']!) expect(one).toBeCloseTo((b - y) / y, 3);
    const both = { ...nodes, split: nodes.node, node: { type: 'color.fromChroma' } };
    const again = await made(both, ['a.image > split.image', 'split.image > node.image'], ['R', 'G', 'B']);
    for (const [name, value] of Object.entries({ R: r, G: g, B: b })) {
      for (const one of again[name]!) expect(Math.abs(one - value)).toBeLessThan(0.001);
    }
  });

  test('grey stays as it is, bit for bit, and lights that are named weigh', async () => {
    const grey = { a: even({ R: 0.1, G: 0.1, B: 0.1 }), node: { type: 'color.toChroma' } };
    const split = await made(grey, ['a.image > node.image'], ['Y', 'RY']);
    expect(new Set(split['Y'])).toEqual(new Set([0.0999755859375]));
    expect(new Set(split['RY'])).toEqual(new Set([0]));
    const acescg = {
      op: 'set',
      name: 'chromaticities',
      type: 'chromaticities',
      value: { red: [0.713, 0.293], green: [0.165, 0.83], blue: [0.128, 0.044], white: [0.32168, 0.33767] },
    };
    const lit = await made(
      {
        a: even({ 'R:float': 1, 'G:float': 0, 'B:float': 0 }),
        tag: { type: 'metadata.set', params: { edits: [acescg] } },
        node: { type: 'color.toChroma', params: { chroma: 'none' } },
      },
      ['a.image > tag.image', 'tag.image > node.image'],
      ['Y'],
    );
    // Academy S-2014-004.
    for (const one of lit['Y']!) expect(one).toBeCloseTo(0.2722287, 6);
  });

  test('negative samples count as 0 and the ledger counts them', async () => {
    const folder = temporary();
    const source = { channels: { R: [-1, 1], G: 2, B: 1 }, window: [0, 0, 3, 1] };
    const document = graph(
      {
        a: { type: 'test.solid', params: source as never },
        node: { type: 'color.toChroma' },
        w: { type: 'io.write', params: { path: 'out.exr' } },
      },
      ['a.image > node.image', 'node.image > w.image'],
    );
    const { nodes } = await import('../../../nodes/index.ts');
    const done = await run(document, folder, { nodes: [...nodes, solid as AnyNode], range: '1' });
    expect(done.exitCode).toBe(0);
    const lines = done
      .result!.ledger.filter(({ item }) => item === 'channel')
      .map((e) => `${e.kind} ${e.name} ${e.reason} ${e.samples ?? e.altered}`);
    expect(lines.filter((line) => line.includes('counted'))).toEqual([
      'changed R negative or no finite number: counted as 0 2',
    ]);
  });
});

describe('Luminance-chroma to RGB', () => {
  const sparse = { sampling: { x: 2, y: 2 } };
  const yc = (prefix = '', type = 'half') => [
    channel(`${prefix}Y:${type}`),
    channel(`${prefix}RY:${type}`, sparse),
    channel(`${prefix}BY:${type}`, sparse),
  ];

  test('makes colours of every layer that has chroma, and of grey that is named', async () => {
    const image = picture(part({ channels: [...yc(), ...yc('left.', 'float'), 'A', 'N.X', 'N.Y'] }));
    const done = await describeNode(fromChroma, {}, { image });
    expect([problemLines(done), channelLines(done.spec)]).toEqual([
      [],
      [
        'A:half ← image #0 A',
        'B:half ← ?',
        'G:half ← ?',
        'N.X:half ← image #0 N.X',
        'N.Y:half ← image #0 N.Y',
        'R:half ← ?',
        'left.B:float ← ?',
        'left.G:float ← ?',
        'left.R:float ← ?',
      ],
    ]);
    expect(lossLines(done)[0]).toBe('~channel image #0 Y: became R, G, B');
    const grey = await describeNode(
      fromChroma,
      { channels: ['right.Y'] },
      { image: picture(part({ channels: ['Y', 'right.Y'] })) },
    );
    expect(channelLines(grey.spec)).toEqual([
      'Y:half ← image #0 Y',
      'right.B:half ← image #0 right.Y',
      'right.G:half ← image #0 right.Y',
      'right.R:half ← image #0 right.Y',
    ]);
  });

  test('refuses what it cannot work on', async () => {
    const lines = async (image: ReturnType<typeof picture>): Promise<string[]> =>
      problemLines(await describeNode(fromChroma, {}, { image }));
    expect(await lines(picture(part()))).toEqual(['warning channel-unknown channels']);
    expect(await lines(picture(part({ channels: [...yc(), 'R'] })))).toEqual(['error channel-duplicate channels']);
    expect(await lines(picture(part({ channels: ['Y', 'RY', 'BY'] })))).toEqual(['error sampling-mismatch channels']);
    expect(await lines(picture(part({ channels: yc('', 'uint') })))).toEqual([
      'error channel-type channels',
      'error channel-type channels',
    ]);
    expect(await lines(picture(part({ kind: 'deep', channels: yc() })))).toEqual(['error deep-unsupported channels']);
    const lights = { red: [0.3, 0.3], green: [0.3, 0.3], blue: [0.3, 0.3], white: [0.3, 0.3] };
    const dark = part({ channels: yc(), attributes: [attribute('chromaticities', 'chromaticities', lights)] });
    expect(await lines(picture(dark))).toEqual(['error attribute-value']);
  });
});

describe('RGB to luminance-chroma', () => {
  test('states sampling, and scan lines where there were tiles', async () => {
    const tiles = { width: 16, height: 16, levels: 'one', rounding: 'down' } as const;
    const image = picture(part({ channels: ['R', 'G', 'B:float', 'A'], stored: { tiles, lineOrder: 'random' } }));
    const done = await describeNode(toChroma, {}, { image });
    expect(done.spec.parts[0]!.channels.map((c) => `${c.name}:${c.type} ${c.sampling.x} ${c.pLinear}`)).toEqual([
      'A:half 1 0',
      'BY:float 2 1',
      'RY:float 2 1',
      'Y:float 1 0',
    ]);
    expect(done.spec.parts[0]!.stored).toMatchObject({ lineOrder: 'increasing' });
    expect(done.spec.parts[0]!.stored!.tiles).toBeUndefined();
    expect(done.spec.parts[0]!.quality).toMatchObject({ tier: 'capture', reason: 'chroma at every second pixel' });
    expect(lossLines(done)[0]).toBe('~channel image #0 R: became Y, RY, BY');
    const grey = await describeNode(toChroma, { chroma: 'none' }, { image });
    expect(grey.spec.parts[0]!.quality).toBeUndefined();
    expect(lossLines(grey)[0]).toBe('channel image #0 R: only luminance is kept, as Y');
    expect(problemLines(done)).toEqual([]);
  });

  test('refuses what it cannot work on', async () => {
    const lines = async (image: ReturnType<typeof picture>): Promise<string[]> =>
      problemLines(await describeNode(toChroma, {}, { image }));
    const odd = picture(part({ data: box(1, 0, 8, 7) }));
    expect(await lines(odd)).toEqual(['error sampling-mismatch chroma']);
    expect(await provenFixes(toChroma, {}, { image: odd }, 'sampling-mismatch')).toEqual(['Make luminance alone']);
    expect(await lines(picture(part({ channels: ['R', 'G'] })))).toEqual(['warning channel-unknown channels']);
    expect(await lines(picture(part({ channels: ['R', 'G', 'B', 'Y'] })))).toEqual([
      'error channel-duplicate channels',
    ]);
    expect(await lines(picture(part({ kind: 'deep' })))).toEqual(['error deep-unsupported channels']);
  });

  test('a file of it is the same with any number of bands, and read again', async () => {
    const folder = temporary();
    const file = join(folder, 'in.exr');
    await writeExr(file, [{ channels: ['R', 'G', 'B', 'A'], window: box(-4, -8, 1499, 1203) }]);
    const document = graph(
      {
        read: { type: 'io.read', params: { path: 'in.exr' } },
        split: { type: 'color.toChroma' },
        there: { type: 'io.write', params: { path: 'yc.exr', compression: 'piz' } },
        again: { type: 'color.fromChroma' },
        back: { type: 'io.write', params: { path: 'rgb.exr' } },
      },
      [
        'read.image > split.image',
        'split.image > there.image',
        'split.image > again.image',
        'again.image > back.image',
      ],
    );
    expect((await run(document, folder)).exitCode).toBe(0);
    const stored = ExrFile.open(join(folder, 'yc.exr'));
    expect(stored.header.parts[0]!.channels.map((c) => `${c.name} ${c.sampling.x}`)).toEqual([
      'A 1',
      'BY 2',
      'RY 2',
      'Y 1',
    ]);
    const whole = await sumOf(file, { type: 'color.toChroma' }, ['Y', 'RY', 'BY']);
    const planes = stored.readPart(0);
    const hash = createHash('sha256');
    for (const name of ['Y', 'RY', 'BY']) hash.update(planeBytes(planes.get(name)!));
    expect(hash.digest('hex')).toBe(whole);
    const later = graph(
      {
        read: { type: 'io.read', params: { path: 'yc.exr' } },
        again: { type: 'color.fromChroma' },
        back: { type: 'io.write', params: { path: 'later.exr' } },
      },
      ['read.image > again.image', 'again.image > back.image'],
    );
    expect((await run(later, folder)).exitCode).toBe(0);
    expect(sums(join(folder, 'later.exr'))).toEqual(sums(join(folder, 'rgb.exr')));
    expect(sums(join(folder, 'rgb.exr'))['0/A']).toBe(sums(file)['0/A']);
  });
});
