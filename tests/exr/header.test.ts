// Headers: bytes unchanged when unedited, what is written and what is not, and what is refused.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { box } from '../../engine/base/box.ts';
import { ByteWriter } from '../../engine/base/bytes.ts';
import { EngineError } from '../../engine/base/error.ts';
import { type Attribute, encodeAttribute } from '../../engine/exr/attribute.ts';
import type { ExrHeader, WritePart } from '../../engine/exr/header.ts';
import { encodeHeader } from '../../engine/exr/header-encode.ts';
import { bytesSource, parseHeader } from '../../engine/exr/header-parse.ts';
import { corpusFile, describeCorpus, references, unedited } from './corpus.ts';

const failure = (act: () => unknown): EngineError => {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof EngineError) return thrown;
    throw thrown;
  }
  throw new Error('expected a failure');
};

const half = (name: string) => ({ name, type: 'half', sampling: { x: 1, y: 1 }, pLinear: 0 }) as const;
const fresh: WritePart = {
  type: 'scanlineimage',
  channels: [half('R'), half('G'), half('B')],
  dataWindow: box(0, 0, 9, 9),
  displayWindow: box(0, 0, 9, 9),
  compression: 'zip',
  lineOrder: 'increasing',
  attributes: [],
};
const parse = (bytes: Uint8Array): ExrHeader => parseHeader(bytesSource(bytes));
const written = (parts: readonly WritePart[]): ExrHeader => parse(encodeHeader(parts));
const namesOf = (header: ExrHeader, part = 0): string[] => header.parts[part]!.attributes.map(({ name }) => name);

describeCorpus('headers of the corpus', () => {
  test('an unedited header is encoded to the same bytes', () => {
    const same: string[] = [];
    const other: string[] = [];
    for (const { file } of references()) {
      const bytes = readFileSync(corpusFile(file));
      const header = parse(bytes);
      const again = encodeHeader(unedited(header), header);
      (Buffer.compare(again, bytes.subarray(0, header.byteLength)) === 0 ? same : other).push(file);
    }
    expect(same.length).toBe(73);
    // Its type contradicts its flags; the flags hold, and the type is written accordingly.
    expect(other).toEqual(['openexr-tests/scanline_with_deepscanline_type.exr']);
  });

  test('parts, names, kinds and windows are those of the reference library', () => {
    let parts = 0;
    for (const { file, parts: expected } of references()) {
      const header = parse(readFileSync(corpusFile(file)));
      expect(header.parts.length).toBe(expected.length);
      for (const [i, { name = '', type, dataWindow }] of header.parts.entries()) {
        expect(name).toBe(expected[i]!.name);
        expect(type).toBe(expected[i]!.type);
        expect([dataWindow.minX, dataWindow.minY, dataWindow.maxX, dataWindow.maxY]).toEqual(expected[i]!.dataWindow);
        parts++;
      }
    }
    expect(parts).toBe(101);
  });

  test('a header is refused when it is cut off anywhere', () => {
    for (const file of ['openexr-images/Beachball/multipart.0001.exr', 'openexr-images/Tiles/GoldenGate.exr']) {
      const bytes = readFileSync(corpusFile(file));
      const { byteLength } = parse(bytes);
      for (let length = 0; length < byteLength; length++) {
        const { code } = failure(() => parse(bytes.subarray(0, length)));
        expect(code).toBe(length < 8 ? 'exr-not-exr' : 'exr-truncated');
      }
    }
  });

  test('parts with differing shared attributes are read and not written', () => {
    const header = parse(readFileSync(corpusFile('openexr-tests/invalid_shared_attrs_multipart.exr')));
    expect(header.parts.length).toBe(4);
    const error = failure(() => encodeHeader(unedited(header), header));
    expect(error.code).toBe('exr-cannot-write');
    expect(error.message).toContain('share');
  });
});

describe('a part made from nothing', () => {
  test('gets what the format demands, sorted, and nothing else', () => {
    expect(namesOf(written([fresh]))).toEqual([
      'channels',
      'compression',
      'dataWindow',
      'displayWindow',
      'lineOrder',
      'pixelAspectRatio',
      'screenWindowCenter',
      'screenWindowWidth',
    ]);
    expect(written([fresh]).parts[0]!.channels.map(({ name }) => name)).toEqual(['B', 'G', 'R']);
  });

  test('gets name, type and chunkCount in a file of several parts, version when deep', () => {
    const header = written([
      { ...fresh, name: 'a' },
      { ...fresh, name: 'b', type: 'deepscanline', compression: 'zips', maxSamplesPerPixel: 3 },
    ]);
    expect(namesOf(header)).toEqual(expect.arrayContaining(['name', 'type', 'chunkCount']));
    expect(namesOf(header)).not.toContain('version');
    expect(namesOf(header, 1)).toEqual(
      expect.arrayContaining(['name', 'type', 'chunkCount', 'version', 'maxSamplesPerPixel']),
    );
    expect(header.parts[1]!.maxSamplesPerPixel).toBe(3);
  });

  test('keeps an attribute of an unknown type byte for byte', () => {
    const blob: Attribute = { name: 'studio', type: 'blob', bytes: Uint8Array.of(0, 255, 1) };
    expect(written([{ ...fresh, attributes: [blob] }]).parts[0]!.attributes).toContainEqual(blob);
  });

  test('keeps names that are not UTF-8', () => {
    const attribute: Attribute = { name: 'caf\udce9', type: 'string', bytes: Uint8Array.of(1) };
    const header = written([{ ...fresh, channels: [half('caf\udce9')], attributes: [attribute] }]);
    expect(header.parts[0]!.channels[0]!.name).toBe('caf\udce9');
    expect(namesOf(header)).toContain('caf\udce9');
    expect(encodeHeader([{ ...fresh, channels: [half('caf\udce9')] }])).toSatisfy((bytes: Uint8Array) =>
      Buffer.from(bytes).includes(Buffer.from([0x63, 0x61, 0x66, 0xe9, 0])),
    );
  });

  test('sets the flag for long names only where one is longer than 31 bytes', () => {
    expect(written([{ ...fresh, channels: [half('x'.repeat(31))] }]).longNames).toBe(false);
    expect(written([{ ...fresh, channels: [half('x'.repeat(32))] }]).longNames).toBe(true);
    expect(written([{ ...fresh, channels: [half('x'.repeat(255))] }]).parts[0]!.channels[0]!.name.length).toBe(255);
  });
});

describe('a part with an order', () => {
  const order = ['owner', 'type', 'lineOrder', 'gone', 'channels'];
  const owner = encodeAttribute('owner', 'string', 'me');
  const added = encodeAttribute('added', 'int', 1);

  test('follows it, appends what is new, and adds no standard values', () => {
    const header = written([{ ...fresh, attributes: [added, owner], headerOrder: order }]);
    expect(namesOf(header)).toEqual([
      'owner',
      'type',
      'lineOrder',
      'channels',
      'compression',
      'dataWindow',
      'displayWindow',
      'added',
    ]);
  });

  test('takes structural values from the fields, not from the attributes', () => {
    const stale = [encodeAttribute('compression', 'compression', 'none'), encodeAttribute('name', 'string', 'old')];
    const header = written([{ ...fresh, attributes: stale, headerOrder: ['name', 'compression'] }]);
    expect(header.parts[0]!.compression).toBe('zip');
    expect(header.parts[0]!.name).toBeUndefined();
  });
});

describe('what cannot be written', () => {
  const two = (second: Partial<WritePart>, first: Partial<WritePart> = {}): WritePart[] => [
    { ...fresh, name: 'a', ...first },
    { ...fresh, name: 'b', ...second },
  ];
  const chromaticities = encodeAttribute('chromaticities', 'chromaticities', {
    red: [1, 0],
    green: [0, 1],
    blue: [0, 0],
    white: [0.3, 0.3],
  });
  test.each<[string, readonly WritePart[], RegExp]>([
    ['no parts', [], /at least one part/],
    ['no channels', [{ ...fresh, channels: [] }], /at least one channel/],
    ['two channels of one name', [{ ...fresh, channels: [half('R'), half('R')] }], /"R" twice/],
    ['a nameless channel', [{ ...fresh, channels: [half('')] }], /1 to 255 bytes/],
    ['a name with a zero', [{ ...fresh, channels: [half('a\0b')] }], /without zero bytes/],
    ['a name of 256 bytes', [{ ...fresh, channels: [half('é'.repeat(128))] }], /found 256 bytes/],
    ['a lone surrogate', [{ ...fresh, channels: [half('\ud800')] }], /lone surrogate/],
    ['an empty window', [{ ...fresh, dataWindow: box(0, 0, -1, 0) }], /dataWindow/],
    ['an empty display window', [{ ...fresh, displayWindow: box(0, 0, 0, -1) }], /displayWindow/],
    ['a window far out', [{ ...fresh, dataWindow: box(0, 0, 2 ** 30, 0) }], /dataWindow/],
    ['a window between pixels', [{ ...fresh, dataWindow: box(0, 0, 1.5, 1) }], /dataWindow/],
    ['no tiles', [{ ...fresh, type: 'tiledimage' }], /no description of tiles/],
    [
      'tiles of no size',
      [{ ...fresh, type: 'tiledimage', tiles: { width: 0, height: 8, levels: 'one', rounding: 'down' } }],
      /0 x 8/,
    ],
    ['sampling 0', [{ ...fresh, channels: [{ ...half('Y'), sampling: { x: 0, y: 1 } }] }], /at least 1/],
    ['odd subsampling', [{ ...fresh, channels: [{ ...half('Y'), sampling: { x: 3, y: 1 } }] }], /multiples/],
    [
      'subsampled tiles',
      [
        {
          ...fresh,
          type: 'tiledimage',
          channels: [{ ...half('Y'), sampling: { x: 2, y: 1 } }],
          tiles: { width: 8, height: 8, levels: 'one', rounding: 'down' },
        },
      ],
      /sampling 1, 1/,
    ],
    ['two attributes of one name', [{ ...fresh, attributes: [chromaticities, chromaticities] }], /Two attributes/],
    ['a nameless attribute', [{ ...fresh, attributes: [{ ...chromaticities, name: '' }] }], /attribute of 1 to/],
    ['parts of one name', two({ name: 'a' }), /Two parts/],
    ['a nameless part', two({ name: '' }), /needs a name/],
    ['display windows that differ', two({ displayWindow: box(0, 0, 8, 8) }), /displayWindow/],
    ['aspects that differ', two({ attributes: [encodeAttribute('pixelAspectRatio', 'float', 2)] }), /pixelAspect/],
    ['chromaticities of one alone', two({ attributes: [chromaticities] }), /chromaticities/],
  ])('%s', (_, parts, message) => {
    const error = failure(() => encodeHeader(parts));
    expect(error.code).toBe('exr-cannot-write');
    expect(error.message).toMatch(message);
  });

  test('the standard aspect and the first part alone having chromaticities are no conflict', () => {
    const aspect = encodeAttribute('pixelAspectRatio', 'float', 1);
    expect(written(two({ attributes: [aspect] }, { attributes: [chromaticities] })).parts.length).toBe(2);
  });
});

describe('what cannot be read', () => {
  const attribute = (writer: ByteWriter, name: string, type: string, bytes: Uint8Array): ByteWriter =>
    writer.cstring(name).cstring(type).i32(bytes.length).put(bytes);
  const header = (version: number, ...attributes: readonly Attribute[]): Uint8Array => {
    const writer = new ByteWriter().u32(20000630).u32(version);
    for (const { name, type, bytes } of attributes) attribute(writer, name, type, bytes);
    return writer.u8(0).u8(0).finish();
  };
  const sound: readonly Attribute[] = written([fresh]).parts[0]!.attributes;
  const but = (name: string, type: string, value: unknown): Attribute[] => [
    ...sound.filter((one) => one.name !== name),
    encodeAttribute(name, type, value),
  ];
  const list = (...names: string[]) => names.map((name) => ({ name, type: 'half', sampling: [1, 1], pLinear: 0 }));

  test('the sound header that these cases spoil is read', () => {
    expect(parse(header(2, ...sound)).parts.length).toBe(1);
  });

  test.each<[string, Uint8Array, string]>([
    ['version 3', header(3, ...sound), 'exr-version'],
    ['an unknown flag', header(0x2002, ...sound), 'exr-version'],
    ['one tiled part among several', header(0x1202, ...sound), 'exr-version'],
    ['the deep flag on a flat part', header(0x802, ...but('type', 'string', 'scanlineimage')), 'exr-header'],
    ['no type in a deep file', header(0x802, ...sound), 'exr-header'],
    ['no name in a multi-part file', header(0x1002, ...but('type', 'string', 'scanlineimage')), 'exr-header'],
    ['no attributes', header(2), 'exr-header'],
    ['no display window', header(2, ...sound.filter(({ name }) => name !== 'displayWindow')), 'exr-header'],
    ['a window of another type', header(2, ...but('dataWindow', 'v2i', [1, 1])), 'exr-header'],
    ['an empty window', header(2, ...but('dataWindow', 'box2i', { min: [1, 0], max: [0, 0] })), 'exr-window'],
    [
      'a window far out',
      header(2, ...but('dataWindow', 'box2i', { min: [-2147483648, 0], max: [2147483647, 0] })),
      'exr-window',
    ],
    ['no channels', header(2, ...but('channels', 'chlist', [])), 'exr-channels'],
    ['channels out of order', header(2, ...but('channels', 'chlist', list('R', 'G'))), 'exr-channels'],
    ['channels of one name', header(2, ...but('channels', 'chlist', list('R', 'R'))), 'exr-channels'],
    ['no tiles in a tiled file', header(0x202, ...sound), 'exr-header'],
    [
      'tiles of no size',
      header(0x202, ...but('tiles', 'tiledesc', { width: 0, height: 1, levels: 'one', rounding: 'up' })),
      'exr-tiles',
    ],
    ['a compression of another type', header(2, ...but('compression', 'int', 3)), 'exr-header'],
    [
      'an unknown compression',
      header(2, ...sound.map((one) => (one.name === 'compression' ? { ...one, bytes: Uint8Array.of(99) } : one))),
      'exr-compression-unknown',
    ],
    ['two attributes of one name', header(2, ...sound, sound[0]!), 'exr-header'],
    ['something else', new TextEncoder().encode('not an image'), 'exr-not-exr'],
    ['nothing', new Uint8Array(0), 'exr-not-exr'],
  ])('%s', (_, bytes, code) => {
    expect(failure(() => parse(bytes)).code).toBe(code);
  });

  test('a size of 2 GiB is refused before anything is read for it', () => {
    const bytes = new ByteWriter().u32(20000630).u32(2).cstring('a').cstring('string').i32(0x7fffffff).finish();
    expect(failure(() => parse(bytes)).code).toBe('exr-truncated');
    const reads: number[] = [];
    const huge = {
      size: 2 ** 40,
      read: (_: number, length: number) => {
        reads.push(length);
        const answer = new Uint8Array(length);
        answer.set(bytes);
        return answer;
      },
    };
    expect(failure(() => parseHeader(huge)).code).toBe('exr-too-large');
    expect(reads).toEqual([65536]);
  });
});
