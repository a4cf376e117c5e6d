// What other tools lose or add on the way: one file for each, through one attribute that is set, compared byte for byte.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { box } from '../../engine/base/box.ts';
import { type Attribute, encodeAttribute } from '../../engine/exr/attribute.ts';
import { COMPRESSIONS, type Compression } from '../../engine/exr/compression.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import { layoutOf } from '../../engine/exr/layout.ts';
import { corpusFile, describeCorpus } from '../exr/corpus.ts';
import { digest, headerBytes, type PartSketch, run, sums, temporary, text, writeExr } from '../run/files.ts';
import { graph } from '../run/graph.ts';

const folder = temporary();

const raw = (name: string, type: string, bytes: readonly number[]): Attribute => ({
  name,
  type,
  bytes: Uint8Array.from(bytes),
});
const floats = (...values: number[]): number[] => [...new Uint8Array(Float32Array.from(values).buffer)];
const REQUIRED = ['pixelAspectRatio', 'screenWindowCenter', 'screenWindowWidth'];
const FIELDS = ['channels', 'compression', 'dataWindow', 'displayWindow', 'lineOrder'];
const SUBSAMPLED = box(-4, 2, 41, 53);

/** Each is a file that has what the title says, besides a comment of six letters. */
const cases: readonly [what: string, parts: readonly PartSketch[]][] = [
  [
    'a preview',
    [{ channels: ['R'], attributes: [raw('preview', 'preview', [2, 0, 0, 0, 1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8])] }],
  ],
  ['an envmap on scan lines', [{ channels: ['R'], attributes: [raw('envmap', 'envmap', [1])] }]],
  ['a floatvector of two', [{ channels: ['R'], attributes: [raw('pair', 'floatvector', floats(1.5, -0))] }]],
  ['a floatvector of none', [{ channels: ['R'], attributes: [raw('empty', 'floatvector', [])] }]],
  ['the flag pLinear', [{ channels: ['R', 'G', 'Z:float'], pLinear: { G: 1 } }]],
  [
    'the bytes after pLinear that are reserved',
    [{ channels: ['R', 'G', 'Z:float'], pLinear: { Z: 1 }, reserved: { G: 0x030201, Z: 0xffffff } }],
  ],
  ['uint ids above 2^24', [{ channels: ['id:uint'] }]],
  ['decreasing line order', [{ channels: ['R', 'G'], lineOrder: 'decreasing' }]],
  ['half beside float', [{ channels: ['A', 'B:float', 'C', 'D:float', 'E:uint'] }]],
  ['subsampled chroma', [{ channels: ['BY:half/2', 'RY:half/2', 'Y'], window: SUBSAMPLED }]],
  [
    'attributes of unknown type',
    [
      {
        channels: ['R'],
        attributes: [raw('deep/thought', 'studioAnswer', [4, 2, 0, 255]), raw('none', 'studioNone', [])],
      },
    ],
  ],
  [
    'attributes in an order of their own',
    [
      {
        channels: ['R'],
        headerOrder: [
          'zeta',
          'lineOrder',
          ...REQUIRED,
          'comment',
          'channels',
          'alpha',
          'displayWindow',
          'compression',
          'dataWindow',
        ],
        attributes: [text('alpha', 'a'), text('zeta', 'z')],
      },
    ],
  ],
  [
    'type and chunkCount, which one part does not need',
    [{ channels: ['R'], headerOrder: [...FIELDS, ...REQUIRED, 'chunkCount', 'type', 'comment'] }],
  ],
  ['a name and a view', [{ name: 'beauty', view: 'left', channels: ['R'] }]],
  ['names longer than 31 bytes', [{ channels: [`${'layer.'.repeat(12)}R`], attributes: [text('a'.repeat(200), 'x')] }]],
  ['texts that are no UTF-8', [{ channels: ['R'], attributes: [raw('latin', 'string', [0x63, 0x61, 0x66, 0xe9])] }]],
  [
    'a time code, a key code, a rational, matrices and boxes',
    [
      {
        channels: ['R'],
        attributes: [
          raw('timeCode', 'timecode', [1, 2, 3, 4, 5, 6, 7, 8]),
          raw(
            'keyCode',
            'keycode',
            Array.from({ length: 28 }, (_, i) => i),
          ),
          raw('framesPerSecond', 'rational', [24, 0, 0, 0, 1, 0, 0, 0]),
          raw('worldToNDC', 'm44f', floats(...Array.from({ length: 16 }, (_, i) => i / 3))),
          raw('crop', 'box2f', floats(0, 0, Number.NaN, 1)),
          raw('adoptedNeutral', 'v2f', floats(0.3, 0.3)),
          raw('views', 'stringvector', [1, 0, 0, 0, 76, 0, 0, 0, 0]),
        ],
      },
    ],
  ],
  ['windows apart and negative', [{ channels: ['R'], window: box(-30, -20, -11, 9), display: box(0, 0, 99, 49) }]],
  [
    'a pixel aspect ratio and a screen window that are not standard',
    [
      {
        channels: ['R'],
        attributes: [
          encodeAttribute('pixelAspectRatio', 'float', 2),
          encodeAttribute('screenWindowCenter', 'v2f', [0.5, -1]),
          encodeAttribute('screenWindowWidth', 'float', 3),
        ],
      },
    ],
  ],
  ['tiles', [{ channels: ['R', 'Z:float'], tiles: [16, 9] }]],
  [
    'several parts of different kinds',
    [
      { name: 'a', channels: ['R', 'G'], attributes: [text('only', 'a')] },
      {
        name: 'b',
        channels: ['id:uint'],
        tiles: [20, 20],
        view: 'right',
        display: box(-3, 5, 40, 54),
        window: box(0, 6, 20, 30),
      },
      { name: 'c', channels: ['Z:float'], lineOrder: 'decreasing', compression: 'piz' },
    ],
  ],
];

const ways = [
  { way: 'chunks copied', nodes: {}, write: {} },
  { way: 'packed anew', nodes: {}, write: { compression: 'rle' } },
] as const;

/** The header with the comment changed and, where asked, another compression: what nothing else may differ from. */
function expectedHeader(path: string, compression: string | undefined): string {
  const bytes = Buffer.from(headerBytes(path));
  const file = ExrFile.open(path);
  const { parts } = file.header;
  file.close();
  const replace = (from: Buffer, to: Buffer): void => {
    let count = 0;
    for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) {
      to.copy(bytes, at);
      count += 1;
    }
    expect(count).toBe(parts.length);
  };
  replace(Buffer.from('before'), Buffer.from('after.'));
  if (compression !== undefined) {
    const head = Buffer.from('compression\0compression\0\u0001\0\0\0', 'latin1');
    const at = COMPRESSIONS.indexOf(compression as Compression);
    for (let i = bytes.indexOf(head); i >= 0; i = bytes.indexOf(head, i + 1)) bytes[i + head.length] = at;
    // Chunks of another method may have other heights.
    const count = Buffer.from('chunkCount\0int\0\u0004\0\0\0', 'latin1');
    let i = 0;
    for (const part of parts) {
      const stated = part.attributes.some((a) => a.name === 'chunkCount');
      if (!stated) continue;
      i = bytes.indexOf(count, i) + count.length;
      bytes.writeInt32LE(layoutOf({ ...part, compression: compression as Compression }).chunkCount, i);
    }
  }
  return bytes.toString('hex');
}

describe.each(ways)('with one attribute set, $way', ({ write }) => {
  it.each(cases)('%s stays, and nothing is added', async (what, parts) => {
    const id = `${what.replaceAll(/[^a-z0-9]/gi, '')}-${'compression' in write ? 'packed' : 'copied'}`;
    const source = join(folder, `${id}.exr`);
    await writeExr(
      source,
      parts.map((part) => ({ ...part, attributes: [...(part.attributes ?? []), text('comment', 'before')] })),
    );
    const edits = [{ op: 'set', name: 'comment', type: 'string', value: 'after.' }];
    const document = graph(
      {
        r: { type: 'io.read', params: { path: `${id}.exr` } },
        s: { type: 'metadata.set', params: { edits } },
        w: { type: 'io.write', params: { path: `${id}-out.exr`, ...write } },
      },
      ['r.image > s.image', 's.image > w.image'],
    );
    const done = await run(document, folder);
    const compression = 'compression' in write ? write.compression : undefined;
    // What is written anew is held against other programs; lines in two orders are one's own business.
    const orders = new Set(parts.map(({ lineOrder, tiles }) => (tiles ? 'tiles' : (lineOrder ?? 'increasing'))));
    const mixed = compression !== undefined && orders.has('decreasing') && orders.size > 1;
    expect(done.problems.map(({ code }) => code)).toEqual(mixed ? ['line-orders-differ'] : []);
    expect(done.exitCode).toBe(0);
    const target = join(folder, `${id}-out.exr`);
    expect(headerBytes(target).toString('hex')).toBe(expectedHeader(source, compression));
    expect(sums(target)).toEqual(sums(source));
    const length = headerBytes(source).length;
    if (compression === undefined)
      expect(readFileSync(target).subarray(length).equals(readFileSync(source).subarray(length))).toBe(true);
    const listed = done.result!.ledger.map((e) => `${e.kind} ${e.item} ${e.name.split('/').at(-1)}`);
    expect(new Set(listed)).toEqual(
      new Set(['changed attribute comment', ...(compression === undefined ? [] : ['changed storage compression'])]),
    );
  });
});

it('counts the files', () => expect(cases).toHaveLength(21));

describe('an untouched file', () => {
  it.each(cases)('with %s comes out as it was to the last byte', async (what, parts) => {
    const id = `same-${what.replaceAll(/[^a-z0-9]/gi, '')}`;
    const source = await writeExr(join(folder, `${id}.exr`), parts);
    const nodes = {
      r: { type: 'io.read', params: { path: `${id}.exr` } },
      x: { type: 'part.select' },
      w: { type: 'io.write', params: { path: `${id}-out.exr` } },
    };
    const done = await run(graph(nodes, ['r.image > x.image', 'x.image > w.image']), folder);
    expect([done.exitCode, done.result!.ledger]).toEqual([0, []]);
    expect(digest(join(folder, `${id}-out.exr`))).toBe(digest(source));
  });
});

describeCorpus('the Cryptomatte file', () => {
  it.each([{}, { compression: 'piz' }])(
    'keeps all its channels and attributes when another channel is renamed: %j',
    async (write) => {
      const source = corpusFile('cryptomatte/cornellBox_CryptoWildcard.0001.exr');
      const before = sums(source);
      const file = ExrFile.open(source);
      const [part] = file.header.parts;
      file.close();
      const plain = part!.channels.map((c) => c.name).filter((name) => !/crypto/i.test(name));
      const renamed = plain.includes('A') ? 'A' : plain[0]!;
      const document = graph(
        {
          r: { type: 'io.read', params: { path: source } },
          s: { type: 'channel.shuffle', params: { rows: [{ to: 'other.X', from: `in:${renamed}` }] } },
          w: { type: 'io.write', params: { path: 'crypto.exr', overwrite: 'replace', ...write } },
        },
        ['r.image > s.sources.in', 's.image > w.image'],
      );
      const done = await run(document, folder);
      expect([done.exitCode, done.problems]).toEqual([0, []]);
      const kept = done.result!.ledger.filter((e) => e.item !== 'storage');
      expect(kept).toEqual([]);
      const after = sums(join(folder, 'crypto.exr'));
      expect(Object.keys(before).length).toBeGreaterThanOrEqual(10);
      const expected = Object.fromEntries(
        Object.entries(before).map(([name, sum]) => [
          name.endsWith(`/${renamed}`) ? name.replace(/[^/]+$/, 'other.X') : name,
          sum,
        ]),
      );
      expect(after).toEqual(expected);
      const made = ExrFile.open(join(folder, 'crypto.exr'));
      const shown = (a: Attribute): string => `${a.name} ${a.type} ${Buffer.from(a.bytes).toString('hex')}`;
      const differing = ['channels', ...('compression' in write ? ['compression'] : [])];
      const others = (list: readonly Attribute[]): string[] =>
        list.filter((a) => !differing.includes(a.name)).map(shown);
      expect(others(made.header.parts[0]!.attributes)).toEqual(others(part!.attributes));
      expect(others(part!.attributes).filter((a) => a.startsWith('cryptomatte/')).length).toBeGreaterThanOrEqual(3);
      made.close();
    },
  );
});
