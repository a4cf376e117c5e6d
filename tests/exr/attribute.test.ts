// Attribute values: the law that encoding what was decoded gives the same bytes, forms, and what is refused.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EngineError } from '../../engine/base/error.ts';
import { ATTRIBUTE_TYPES, decodeAttribute, encodeAttribute } from '../../engine/exr/attribute.ts';
import { bytesSource, parseHeader } from '../../engine/exr/header-parse.ts';
import { random } from '../base/random.ts';
import { corpusFile, describeCorpus, references } from './corpus.ts';

const TYPES = [
  'box2f',
  'box2i',
  'bytes',
  'chlist',
  'chromaticities',
  'compression',
  'deepImageState',
  'double',
  'envmap',
  'float',
  'floatvector',
  'idmanifest',
  'int',
  'keycode',
  'lineOrder',
  'm33d',
  'm33f',
  'm44d',
  'm44f',
  'preview',
  'rational',
  'string',
  'stringvector',
  'tiledesc',
  'timecode',
  'v2d',
  'v2f',
  'v2i',
  'v3d',
  'v3f',
  'v3i',
];

const decode = (type: string, bytes: Uint8Array) => decodeAttribute({ name: 'x', type, bytes });
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const failure = (act: () => unknown): EngineError => {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof EngineError) return thrown;
    throw thrown;
  }
  throw new Error('expected a failure');
};

test('every type of the format is known, and its example is a fixed point', () => {
  expect(Object.keys(ATTRIBUTE_TYPES)).toEqual(TYPES);
  for (const [type, { doc, example }] of Object.entries(ATTRIBUTE_TYPES)) {
    expect(doc).toMatch(/\.$/);
    const attribute = encodeAttribute('x', type, example);
    expect(decodeAttribute(attribute), type).toEqual(example);
    expect(JSON.parse(JSON.stringify(decodeAttribute(attribute)))).toEqual(example);
  }
});

describeCorpus('attributes of the corpus', () => {
  test('encoding a decoded attribute gives its bytes again, through JSON', () => {
    let attributes = 0;
    const types = new Set<string>();
    for (const { file } of references()) {
      const bytes = readFileSync(corpusFile(file));
      for (const attribute of parseHeader(bytesSource(bytes)).parts.flatMap((part) => part.attributes)) {
        const value = decodeAttribute(attribute);
        expect(value, `${file} ${attribute.name}`).toBeDefined();
        const again = encodeAttribute(attribute.name, attribute.type, JSON.parse(JSON.stringify(value)));
        expect(Buffer.compare(again.bytes, attribute.bytes), `${file} ${attribute.name}`).toBe(0);
        attributes++;
        types.add(attribute.type);
      }
    }
    expect(attributes).toBe(1427);
    expect(types.size).toBe(16);
  });
});

test.each<[string, string, unknown]>([
  ['float', '0000c07f', 'nan'],
  ['float', '0100c07f', 'nan:0x7fc00001'],
  ['float', '010080ff', 'nan:0xff800001'],
  ['float', '0000807f', 'inf'],
  ['float', '000080ff', '-inf'],
  ['float', '00000080', '-0'],
  ['float', 'cdcccc3d', 0.1],
  ['float', '01000000', 1e-45],
  ['float', 'ffff7f7f', 3.4028235e38],
  ['double', '9a9999999999b93f', 0.1],
  ['double', '010000000000f07f', 'nan:0x7ff0000000000001'],
  ['double', '000000000000f8ff', 'nan:0xfff8000000000000'],
  ['int', 'ffffffff', -1],
  ['v2i', '0100000002000000', [1, 2]],
  ['floatvector', '', []],
  ['floatvector', '0000803f00000040', [1, 2]],
  ['string', '', ''],
  ['string', 'efbbbf41', '\ufeffA'],
  ['string', 'c3a9', 'é'],
  ['string', 'e9', '\udce9'],
  ['string', '41edb3a942', 'A\udced\udcb3\udca9B'],
  ['string', 'f09f8e9ee9', '🎞\udce9'],
  ['stringvector', '01000000e90000000003000000616263', ['\udce9', '', 'abc']],
  ['rational', 'c05d0000e9030000', '24000/1001'],
  ['rational', 'ffffffffffffffff', '-1/4294967295'],
  ['timecode', '040302010000 0000', { time: '01:02:03:04', flags: [], userData: 0 }],
  ['timecode', '440302c1efbeadde', { time: '01:02:03;04', flags: ['bgf1', 'bgf2'], userData: 0xdeadbeef }],
  ['timecode', 'ffffffff00000000', { raw: [0xffffffff, 0] }],
  ['tiledesc', '400000002000000011', { width: 64, height: 32, levels: 'mip', rounding: 'up' }],
  ['envmap', '01', 'cube'],
  ['deepImageState', '03', 'tidy'],
  ['bytes', '02000000686900ff', { hint: 'hi', data: 'AP8=' }],
  ['idmanifest', '0a00000000000000 789c', { unpackedBytes: '10', data: 'eJw=' }],
  ['preview', '01000000 01000000 01020304', { width: 1, height: 1, rgba: 'AQIDBA==' }],
  [
    'chlist',
    '5200 02000000 03 010203 01000000 02000000 00',
    [{ name: 'R', type: 'float', sampling: [1, 2], pLinear: 3, reserved: 0x030201 }],
  ],
])('%s %s stands for %j', (type, bytes, value) => {
  expect(decode(type, hex(bytes))).toEqual(value);
  const again = encodeAttribute('x', type, JSON.parse(JSON.stringify(value)));
  expect(Buffer.from(again.bytes).toString('hex')).toBe(bytes.replaceAll(' ', ''));
});

test('every one-word and two-word bit pattern of a seeded sample survives decoding and encoding', () => {
  const { int } = random(1);
  // Few set bits now and then, for denormals, small integers and texts with zeros.
  const word = (): number => (int(0, 0xffffffff) >>> int(0, 31)) >>> 0;
  let survived = 0;
  for (let i = 0; i < 4000; i++) {
    const words = Uint32Array.of(word(), int(0, 0xffffffff));
    const bytes = new Uint8Array(words.buffer);
    for (const type of ['float', 'int'] as const) {
      const one = bytes.slice(0, 4);
      expect(encodeAttribute('x', type, decode(type, one)).bytes).toEqual(one);
      survived++;
    }
    for (const type of ['double', 'timecode', 'rational', 'v2f', 'v2i', 'string', 'floatvector'] as const) {
      expect(encodeAttribute('x', type, decode(type, bytes)).bytes, type).toEqual(bytes);
      survived++;
    }
  }
  expect(survived).toBe(36_000);
});

test('an unknown type has no value and cannot be made', () => {
  expect(decode('blob', new Uint8Array(4))).toBeUndefined();
  expect(decode('constructor', new Uint8Array(4))).toBeUndefined();
  expect(failure(() => encodeAttribute('x', 'blob', 1)).code).toBe('attribute-opaque');
});

test.each<[string, string]>([
  ['float', '000000'],
  ['float', '0000000000'],
  ['v2f', '00000000'],
  ['box2i', '00'],
  ['stringvector', '05000000'],
  ['stringvector', 'ffffffff'],
  ['floatvector', '0000803f00'],
  ['compression', '0c'],
  ['lineOrder', '03'],
  ['envmap', '02'],
  ['tiledesc', '400000004000000003'],
  ['tiledesc', '400000004000000020'],
  ['preview', 'ffffffffffffffff00'],
  ['chlist', '5200 03000000 00000000 01000000 01000000 00'],
  ['chlist', '5200 01000000'],
  ['chlist', ''],
  ['bytes', 'ffffffff'],
  ['idmanifest', '00'],
  ['keycode', '00000000'],
])('malformed %s %s is exr-attribute', (type, bytes) => {
  const error = failure(() => decode(type, hex(bytes)));
  expect(error.code).toBe('exr-attribute');
  expect(error.where.attribute).toBe('x');
  expect(error.message).toContain(`does not hold a ${type}`);
});

test.each<[string, unknown]>([
  ['float', 'much'],
  ['float', 1e40],
  ['float', 'nan:0x00000000'],
  ['double', 'nan:0x0000000000000001'],
  ['int', 1.5],
  ['int', 2 ** 31],
  ['int', '1'],
  ['v2i', [1]],
  ['v2f', { x: 1, y: 2 }],
  ['box2i', { min: [0, 0] }],
  ['box2i', { min: [0, 0], max: [1, 1], more: 1 }],
  ['m33f', [1, 0, 0, 0, 1, 0, 0, 0, 1]],
  ['string', 5],
  ['string', '\ud800'],
  ['stringvector', 'left'],
  ['timecode', '1:2:3:4'],
  ['timecode', '24:00:00:00'],
  ['timecode', { time: '01:02:03:04', flags: ['dropFrame'] }],
  ['rational', 24],
  ['rational', '1/-2'],
  ['rational', '1/4294967296'],
  ['compression', 'zip9'],
  ['tiledesc', { width: 64, height: 64, levels: 'two', rounding: 'down' }],
  ['preview', { width: 2, height: 1, rgba: 'AAAAAA==' }],
  ['bytes', { hint: '', data: '*' }],
  ['idmanifest', { unpackedBytes: '-1', data: '' }],
  ['chlist', [{ name: '', type: 'half', sampling: [1, 1], pLinear: 0 }]],
  ['chlist', [{ name: 'R', type: 'double', sampling: [1, 1], pLinear: 0 }]],
  ['keycode', { filmMfcCode: 1 }],
  ['chromaticities', {}],
])('%s refuses %j and says what it wants', (type, value) => {
  const error = failure(() => encodeAttribute('x', type, value));
  expect(error.code).toBe('attribute-value');
  expect(error.where.attribute).toBe('x');
});

test('the message of a refused value shows an example and what was found', () => {
  expect(failure(() => encodeAttribute('aperture', 'v2f', [1])).message).toBe(
    'The attribute "aperture" has the type v2f: Two 32-bit floats. Expected for example [0,0.5], found [1].',
  );
});
