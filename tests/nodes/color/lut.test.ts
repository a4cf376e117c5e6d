// LUT: expected samples by hand, every kind of file as OpenColorIO reads it, damaged files, tags and files as inputs.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ExrFile } from '../../../engine/authoring.ts';
import { box } from '../../../engine/base/box.ts';
import type { Json } from '../../../engine/base/canonical.ts';
import { EngineError } from '../../../engine/base/error.ts';
import { runGraph } from '../../../engine/run/run.ts';
import { FileServices } from '../../../engine/run/services.ts';
import { lut } from '../../../nodes/color/lut.ts';
import { parseTable } from '../../../nodes/color/table/file.ts';
import { nodes } from '../../../nodes/index.ts';
import { random } from '../../base/random.ts';
import { bench, graph } from '../../run/graph.ts';
import { attribute, lossLines, part, problemLines, text } from '../spec-builder.ts';
import { changed, swatches } from './swatches.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-lut-'));
afterAll(() => rmSync(folder, { recursive: true }));
const put = (name: string, lines: readonly string[] | string): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof lines === 'string' ? lines : `${lines.join('\n')}\n`);
  return path;
};

const dice = random(5);
const number = (): string => (dice.int(-100, 1200) / 1000).toFixed(3);
const triple = (): string => `${number()} ${number()} ${number()}`;
const lines = (count: number): string[] => Array.from({ length: count }, triple);
const rising = (count: number, from: number, to: number): string =>
  Array.from({ length: count }, (_, i) => (from + (to - from) * (i / (count - 1)) ** 1.7).toFixed(5)).join(' ');
const spi3d = (size: number): string[] => {
  const found: string[] = [];
  for (let r = 0; r < size; r++)
    for (let g = 0; g < size; g++) for (let b = 0; b < size; b++) found.push(`${r} ${g} ${b} ${triple()}`);
  return found;
};

/** Each kind of file that is read, by the name of the file. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  'row.cube': ['TITLE "row"', 'LUT_1D_SIZE 5', '# a comment', ...lines(5)],
  'domain-row.cube': ['LUT_1D_SIZE 6', 'DOMAIN_MIN -0.1 0 0.1', 'DOMAIN_MAX 0.9 2 1.1', ...lines(6)],
  'cube.cube': ['LUT_3D_SIZE 4', ...lines(64)],
  'domain.cube': ['LUT_3D_SIZE 3', 'DOMAIN_MIN 0 -0.25 0.1', 'DOMAIN_MAX 1 1.5 0.9', '', ...lines(27)],
  'resolve-row.cube': ['LUT_1D_SIZE 4', 'LUT_1D_INPUT_RANGE -0.2 1.2', ...lines(4)],
  'resolve-cube.cube': ['LUT_3D_SIZE 3', 'LUT_3D_INPUT_RANGE 0.1 1.1', ...lines(27)],
  'shaper.cube': [
    'LUT_1D_SIZE 6',
    'LUT_1D_INPUT_RANGE -0.1 1.1',
    'LUT_3D_SIZE 5',
    'LUT_3D_INPUT_RANGE 0.0 1.0',
    ...lines(131),
  ],
  'one.spi1d': [
    'Version 1',
    'From -0.125 1.125',
    'Length 9',
    'Components 1',
    '{',
    ...Array.from({ length: 9 }, number),
    '}',
  ],
  'three.spi1d': ['Version 1', 'From 0 1', 'Length 7', 'Components 3', '{', ...lines(7), '}'],
  'grid.spi3d': ['SPILUT 1.0', '3 3', '4 4 4', ...spi3d(4)],
  'plain.csp': [
    'CSPLUTV100',
    '3D',
    '',
    'BEGIN METADATA',
    'anything 1 2 3',
    'END METADATA',
    '',
    ...['2', '0 1', '0 1', '2', '0 1', '0 1', '2', '0 1', '0 1'],
    '3 3 3',
    ...lines(27),
  ],
  'scaled.csp': [...['CSPLUTV100', '3D', '2', '-0.1 1.2', '0 1', '2', '0 0.5', '0.25 0.75', '0', '2 2 2'], ...lines(8)],
  'shaped.csp': [
    'CSPLUTV100',
    '3D',
    ...['9', rising(9, -0.1, 1.1), rising(9, 0, 1)],
    ...['5', '0 0.1 0.3 0.7 1', '0 0.3 0.5 0.9 1'],
    ...['3', '0.05 0.5 0.9', '0.1 0.2 0.95'],
    '5 5 5',
    ...lines(125),
  ],
  'row.csp': [
    'CSPLUTV100',
    '1D',
    '4',
    '0 0.2 0.5 1',
    '0 0.5 0.8 1',
    '2',
    '0 1',
    '0 1',
    '2',
    '0 2',
    '0 1',
    '8',
    ...lines(8),
  ],
};
for (const [name, content] of Object.entries(FILES)) put(name, content);

const WIDTH = 64;
const COLOURS = Array.from({ length: WIDTH * 60 }, (_, i) => {
  const at = random(1000 + i);
  return [0, 1, 2].map(() => at.int(-1500, 12_000) / 8192);
});

describe('LUT', () => {
  it('is straight between the entries of a row, and its ends outside', async () => {
    const path = put('hand.cube', [
      'LUT_1D_SIZE 3',
      'DOMAIN_MIN 0 0 0',
      'DOMAIN_MAX 2 1 1',
      '0 0 1',
      '1 0.5 0.5',
      '4 1 0',
    ]);
    const made = await changed('color.lut', { path }, [
      [0, 0, 0],
      [0.5, 0.25, 0.25],
      [1.5, 0.5, 1],
      [-3, -1, 2],
      ['Infinity', '-Infinity', 'NaN'],
    ]);
    expect(made).toEqual([
      [0, 0, 1],
      [0.5, 0.25, 0.75],
      [2.5, 0.5, 0],
      [0, 0, 0],
      [4, 0, NaN],
    ]);
  });

  it('looks colours up by tetrahedra, or by boxes where that is asked', async () => {
    // A cube that is 1 only at red and green: between them the ways differ.
    const entries = Array.from({ length: 8 }, (_, i) => (i === 3 ? '1 1 1' : '0 0 0'));
    const path = put('corner.cube', ['LUT_3D_SIZE 2', ...entries]);
    const colours = [[0.75, 0.5, 0.25]];
    expect(await changed('color.lut', { path }, colours)).toEqual([[0.25, 0.25, 0.25]]);
    const boxed = 0.75 * 0.5 * 0.75;
    expect(await changed('color.lut', { path, interpolation: 'trilinear' }, colours)).toEqual([[boxed, boxed, boxed]]);
    expect(await changed('color.lut', { path }, [['NaN', 1, 1]])).toEqual([[NaN, NaN, NaN]]);
  });

  it('divides by alpha around the table where that is asked', async () => {
    const path = put('square.cube', ['LUT_1D_SIZE 3', '0 0 0', '0.25 0.25 0.25', '1 1 1']);
    const colours = [
      [0.25, 0.25, 0.25, 0.5],
      [0.5, 0.5, 0.5, 0],
    ];
    expect(await changed('color.lut', { path, unpremultiply: true }, colours)).toEqual([
      [0.125, 0.125, 0.125],
      [0.25, 0.25, 0.25],
    ]);
  });
});

const missing = spawnSync('oiiotool', ['--help']).error !== undefined && process.env['CI'] !== 'true';

describe.skipIf(missing)('OpenColorIO agrees (needs oiiotool)', () => {
  let written = false;
  async function source(): Promise<void> {
    if (written) return;
    written = true;
    const document = graph(
      {
        swatches: { type: 'test.swatches', params: { colours: COLOURS } },
        write: { type: 'io.write', params: { path: 'colours.exr', compression: 'none' } },
      },
      ['swatches.image > write.image'],
    );
    const run = await runGraph({ document, folder, nodes: [...nodes, swatches], range: '1', jobs: 0 });
    expect(run.exitCode).toBe(0);
  }

  const cases = Object.keys(FILES).flatMap((name) =>
    name.includes('row') || name.endsWith('1d')
      ? [[name, 'linear'] as const]
      : ([
          [name, 'tetrahedral'],
          [name, 'linear'],
        ] as const),
  );
  it('about every kind of file, both ways through a cube', () => expect(cases.length).toBe(22));

  it.each(cases)('%s, %s', async (name, way) => {
    await source();
    const config = `ocio_profile_version: 2
search_path: "${folder}"
roles: {default: raw}
displays:
  screen: [!<View> {name: view, colorspace: raw}]
colorspaces:
  - !<ColorSpace> {name: raw}
  - !<ColorSpace>
    name: looked
    from_scene_reference: !<FileTransform> {src: ${name}, interpolation: ${way}}
`;
    const env = { ...process.env, OCIO: put('judge.ocio', config) };
    const judged = join(folder, `${name}.${way}.exr`);
    const options = ['--no-autopremult', '--iscolorspace', 'raw', '--tocolorspace', 'looked', '-d', 'float'];
    execFileSync('oiiotool', [join(folder, 'colours.exr'), ...options, '--compression', 'none', '-o', judged], {
      env,
      stdio: 'pipe',
    });
    const interpolation = way === 'linear' ? 'trilinear' : way;
    const ours = await changed('color.lut', { path: name, interpolation }, COLOURS, folder);
    const file = ExrFile.open(judged);
    const theirs = await file.readPart(0, { channels: ['R', 'G', 'B'], box: box(0, 0, COLOURS.length - 1, 0) });
    file.close();
    let worst = 0;
    for (const [c, channel] of ['R', 'G', 'B'].entries()) {
      const { samples } = theirs.get(channel)!;
      expect(samples.length).toBe(COLOURS.length);
      for (const [i, colour] of ours.entries()) worst = Math.max(worst, Math.abs(colour[c]! - samples[i]!));
    }
    // OpenColorIO keeps the curve of a .csp as a row of 65536 entries.
    expect(worst).toBeLessThan(name.endsWith('.csp') ? 3e-5 : 4e-6);
  });
});

describe('files that are no tables', () => {
  const bad: readonly (readonly [name: string, content: readonly string[], line: number, trouble: RegExp])[] = [
    ['a.cube', ['LUT_1D_SIZE 3', '0 0 0', '1.00 1.00 1.00'], 3, /ends where entry 3 of 3/],
    ['a.cube', ['LUT_1D_SIZE 2', '0 0 0', '1 1 1', '2 2 2'], 4, /goes on/],
    ['a.cube', ['LUT_1D_SIZE 2', '0 0 0', '1 nan 1'], 3, /"nan"/],
    ['a.cube', ['LUT_1D_SIZE 2', '0 0 0', '1 0x10 1'], 3, /"0x10"/],
    ['a.cube', ['LUT_1D_SIZE 2', '0 0 0', '1 1e39 1'], 3, /finite/],
    ['a.cube', ['LUT_1D_SIZE 2', '0 0 0', '1 1'], 3, /3 numbers, and holds 2/],
    ['a.cube', ['LUT_3D_SIZE 1', '0 0 0'], 1, /Expected 2 to 129/],
    ['a.cube', ['LUT_3D_SIZE 999999999', '0 0 0'], 1, /Expected 2 to 129/],
    ['a.cube', ['LUT_3D_SIZE 129', '0 0 0'], 2, /more than the rest of the file/],
    ['a.cube', ['LUT_3D_SIZE 2', 'LUT_3D_SIZE 2', '0 0 0'], 2, /once more/],
    ['a.cube', ['LUT_3D_SIZE -2', '0 0 0'], 1, /"-2"/],
    ['a.cube', ['0 0 0', '1 1 1'], 1, /numbers before/],
    ['a.cube', ['LUT_1D_SIZE 2', 'DOMAIN_MIN 1 1 1', '0 0 0', '1 1 1'], 3, /nothing lies/],
    ['a.cube', ['LUT_1D_SIZE 2', 'DOMAIN_MAX 1 1 1', 'LUT_1D_INPUT_RANGE 0 1', '0 0 0', '1 1 1'], 4, /both/],
    ['a.cube', ['LUT_2D_SIZE 2', '0 0 0'], 1, /no keyword/],
    ['a.cube', ['LUT_1D_SIZE 2', '0 0 0', 'TITLE "late"'], 3, /holds 2 words/],
    ['a.cube', ['LUT_3D_SIZE 2', 'LUT_IN_VIDEO_RANGE'], 2, /legal range/],
    ['a.cube', [], 1, /ends where LUT_1D_SIZE/],
    ['a.spi1d', ['Version 2'], 1, /"2"/],
    ['a.spi1d', ['Version 1', 'Length 2', '{'], 3, /Components/],
    ['a.spi1d', ['Version 1', 'Length 3', 'Components 1', '{', '0', '1', '}'], 7, /after 2 of 3/],
    ['a.spi1d', ['Version 1', 'Length 2', 'Components 1', '{', '0', '1', '2', '}'], 7, /goes on/],
    ['a.spi1d', ['Version 1', 'Length 2', 'Components 4', '{'], 3, /1 to 3/],
    ['a.spi1d', ['Version 1', 'Length 1048576', 'Components 3', '{', '0 0 0'], 4, /more than the rest/],
    ['a.spi1d', ['Version 1', 'From 1 1', 'Length 2', 'Components 1', '{', '0', '1', '}'], 5, /nothing lies/],
    ['a.spi3d', ['SPILUT 2.0'], 1, /SPILUT 1.0/],
    ['a.spi3d', ['SPILUT 1.0', '3 4'], 2, /3 and 4/],
    ['a.spi3d', ['SPILUT 1.0', '3 3', '2 2'], 3, /three sizes/],
    ['a.spi3d', ['SPILUT 1.0', '3 3', '2 2 2', '0 0 2 0 0 0', ...lines(8), ...lines(8)], 4, /a place/],
    ['a.spi3d', ['SPILUT 1.0', '3 3', '2 2 2', ...new Array(8).fill('0 0 1 0.5 0.5 0.5')], 5, /once more/],
    ['a.csp', ['CSPLUTV200'], 1, /CSPLUTV100/],
    ['a.csp', ['CSPLUTV100', '2D'], 2, /1D or 3D/],
    ['a.csp', ['CSPLUTV100', '3D', 'BEGIN METADATA', 'x'], 4, /END METADATA/],
    ['a.csp', ['CSPLUTV100', '3D', '2', '1 0', '0 1'], 4, /must rise/],
    ['a.csp', ['CSPLUTV100', '3D', '1000000', '1 0', '0 1'], 3, /more than the rest/],
    ['a.csp', ['CSPLUTV100', '1D', '0', '0', '0', '2', '0 0 0', '1 1 1', '2 2 2'], 9, /goes on/],
    ['a.csp', ['CSPLUTV100', '3D', '0', '0', '0', '2 2 x'], 6, /"x"/],
  ];

  it.each(bad)('%s %j: line %d', (name, content, line, trouble) => {
    const parse = (): unknown => parseTable(content.length > 0 ? `${content.join('\r\n')}\r\n` : ' ', name);
    expect(parse).toThrow(trouble);
    expect(parse).toThrow(`${name}, line ${line}: `);
    expect(parse).toThrow(EngineError);
  });

  it('counts them', () => expect(bad.length).toBe(37));

  it('never end otherwise than by that one error, whatever bytes are changed or cut', () => {
    const outcomes = { read: 0, refused: 0 };
    for (const [seed, [name, content]] of Object.entries(FILES).entries()) {
      const whole = content.join('\n');
      for (let round = 0; round < 120; round++) {
        const from = random(seed * 1000 + round);
        const cut = from.chance(0.3) ? whole.slice(0, from.int(0, whole.length)) : whole;
        const at = from.int(0, cut.length);
        const wild = from.chance(0.5) ? String.fromCharCode(from.int(0, 255)) : '999999999';
        try {
          parseTable(cut.slice(0, at) + wild + cut.slice(at + wild.length), name);
          outcomes.read += 1;
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(EngineError);
          expect((thrown as EngineError).code).toMatch(/^lut-/);
          outcomes.refused += 1;
        }
      }
    }
    expect(outcomes.read + outcomes.refused).toBe(14 * 120);
    expect(outcomes.refused).toBeGreaterThan(500);
  });

  it('of other kinds, folders and what is not there are refused by name', () => {
    expect(() => parseTable('', 'look.3dl')).toThrow(/\.cube, \.spi1d, \.spi3d, \.csp, found look\.3dl/);
    expect(() => parseTable('LUT\0', 'look.cube')).toThrow(/no text/);
  });
});

const tagged = (...channels: string[]) =>
  part({
    channels,
    attributes: [
      text('colorInteropID', 'lin_ap1_scene'),
      attribute('chromaticities', 'chromaticities', {
        red: [0.713, 0.293],
        green: [0.165, 0.83],
        blue: [0.128, 0.044],
        white: [0.32168, 0.33767],
      }),
    ],
  });

async function describeLut(params: Readonly<Record<string, Json>>, ...parts: ReturnType<typeof part>[]) {
  const problems: never[] = [];
  const losses: never[] = [];
  const spec = await lut.spec!({
    node: 'lut1',
    params: lut.params.parse({ path: 'row.cube', ...params }),
    services: new FileServices({ folder }),
    inputs: { image: { parts } },
    report: (problem: unknown) => problems.push(problem as never),
    lose: (loss: unknown) => losses.push(loss as never),
  } as never);
  return { spec, problems, losses };
}

describe('tags', () => {
  const names = (spec: { parts: readonly { attributes: readonly { name: string }[] }[] }, index = 0): string[] =>
    spec.parts[index]!.attributes.map((a) => a.name).filter((name) => /^(chroma|colorI)/.test(name));

  it('go where nobody says what came out, and the ledger tells', async () => {
    const { spec, losses, problems } = await describeLut({}, tagged('R', 'G', 'B'), tagged('Z'));
    expect(names(spec)).toEqual([]);
    expect(names(spec, 1)).toEqual([]);
    const reason = 'no longer true: the colours are now in a space that nobody has told';
    expect(lossLines({ spec, problems, losses })).toEqual([
      `^attribute image #0 colorInteropID: ${reason}`,
      `^attribute image #0 chromaticities: ${reason}`,
      `^attribute image #1 colorInteropID: ${reason}`,
      `^attribute image #1 chromaticities: ${reason}`,
    ]);
  });

  it('stay for a look, and name the space that is said', async () => {
    const same = await describeLut({ result: 'same' }, tagged('R', 'G', 'B'));
    expect(names(same.spec)).toEqual(['colorInteropID', 'chromaticities']);
    expect(same.losses).toEqual([]);
    const result = { result: 'srgb_rec709_display' };
    const said = await describeLut(result, tagged('R', 'G', 'B', 'diffuse.R', 'diffuse.G', 'diffuse.B'));
    expect(
      said.spec.parts[0]!.attributes.filter((a) => a.name === 'colorInteropID').map((a) =>
        Buffer.from(a.bytes).toString(),
      ),
    ).toEqual(['srgb_rec709_display']);
    expect(problemLines(said)).toEqual(['warning color-mixed channels']);
    const untouched = await describeLut(result, tagged('Z'));
    expect(names(untouched.spec)).toEqual(['colorInteropID', 'chromaticities']);
  });
});

describe('the file', () => {
  const document = (path: string) =>
    graph({ a: { type: 'test.pattern' }, node: { type: 'color.lut', params: { path } } }, ['a.image > node.image']);

  it('is part of the fingerprint: another one, or the same one written anew', async () => {
    const path = put('changing.cube', FILES['row.cube']!);
    const key = async (name: string): Promise<string> =>
      (await bench(document(name), { folder }).descriptions.describe('node', 1)).key;
    const before = await key(path);
    expect(await key(path)).toBe(before);
    expect(await key('cube.cube')).not.toBe(before);
    put('changing.cube', ['LUT_1D_SIZE 2', '0 0 0', '0.5 0.5 0.5']);
    expect(await key(path)).not.toBe(before);
    const ctx = { params: lut.params.parse({ path: 'row.cube' }), services: new FileServices({ folder }) };
    expect(lut.files!(ctx as never)).toEqual([join(folder, 'row.cube')]);
  });

  it('that is not there, or not inside of the allowed folders, is a problem of the node', async () => {
    const told = async (path: string): Promise<unknown> =>
      (await bench(document(path), { folder }).descriptions.describe('node', 1)).problems.map((p) => [
        p.code,
        p.where?.param,
      ]);
    expect(await told('none.cube')).toEqual([['file-not-found', 'path']]);
    expect(await told('.')).toEqual([['file-not-regular', 'path']]);
    expect(await told(put('broken.cube', 'LUT_1D_SIZE 2'))).toEqual([['lut-invalid', 'path']]);
    const services = new FileServices({ folder, roots: [join(folder, 'inside')] });
    symlinkSync(join(folder, 'row.cube'), join(folder, 'link.cube'));
    for (const path of ['row.cube', 'link.cube']) {
      expect(() => lut.identity!({ params: lut.params.parse({ path }), services } as never)).toThrow(/outside/);
    }
  });
});
