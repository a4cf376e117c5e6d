// OCIO: what is wrong with configs, files and names is one problem that says where it is.
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../engine/authoring.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { parseConfig } from '../../nodes/color/ocio/config/config.ts';
import { readClf } from '../../nodes/color/ocio/file/clf.ts';
import { readCorrections } from '../../nodes/color/ocio/file/correction.ts';
import { random } from '../base/random.ts';
import { JUDGED } from './ocio-configs.ts';
import { configOf, put, tell } from './ocio-writing.ts';

let serial = 0;

const FILES: Readonly<Record<string, string>> = {
  'luts/cube.cube': `LUT_3D_SIZE 2\n${'0 0 0\n'.repeat(8)}`,
  'luts/cut.cube': 'LUT_3D_SIZE 2\n0 0 0\n',
  'luts/old.3dl': '0 64 128\n',
  'luts/list.clf':
    '<ProcessList id="a"><LUT1D inBitDepth="32f" outBitDepth="32f"><IndexMap dim="2">0 1</IndexMap><Array dim="2 1">0 1</Array></LUT1D></ProcessList>',
  'luts/tone.ctf':
    '<ProcessList id="a" version="2"><GradingTone inBitDepth="32f" outBitDepth="32f" style="log"/></ProcessList>',
  'luts/bad.clf':
    '<ProcessList id="a"><Matrix inBitDepth="32f" outBitDepth="32f"><Array dim="3 3">1 0 0</Array></Matrix></ProcessList>',
  'luts/open.clf': '<ProcessList id="a"><Matrix>',
  'luts/outer.clf': '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><ProcessList id="a">&x;</ProcessList>',
  'luts/one.ccc': '<ColorCorrectionCollection><ColorCorrection id="a"/></ColorCorrectionCollection>',
};

/** A transform, and the problem that it is. */
const WRONG: readonly (readonly [transform: string, code: string, message: RegExp])[] = [
  [
    '!<GradingPrimaryTransform> {style: log}',
    'ocio-unsupported',
    /colour space "there".*GradingPrimaryTransform is not supported/,
  ],
  ['!<GradingRGBCurveTransform> {style: log}', 'ocio-unsupported', /GradingRGBCurveTransform/],
  ['!<GradingToneTransform> {style: log}', 'ocio-unsupported', /GradingToneTransform/],
  ['!<GradingHueCurveTransform> {style: log}', 'ocio-unsupported', /GradingHueCurveTransform/],
  ['!<UnheardOf> {style: log}', 'ocio-unsupported', /UnheardOf/],
  ['!<FixedFunctionTransform> {style: ACES_RedMod10}', 'ocio-unsupported', /"ACES_RedMod10" of FixedFunctionTransform/],
  ['!<BuiltinTransform> {style: ADX10_to_ACES2065-1}', 'ocio-unsupported', /"ADX10_to_ACES2065-1" of BuiltinTransform/],
  [
    '!<BuiltinTransform> {style: ACES-OUTPUT - ACES2065-1_to_CIE-XYZ-D65 - SDR-VIDEO_1.0}',
    'ocio-unsupported',
    /SDR-VIDEO_1\.0" of BuiltinTransform is not supported\. The node Display/,
  ],
  ['!<BuiltinTransform> {style: toString}', 'ocio-unsupported', /"toString" of BuiltinTransform/],
  ['!<FileTransform> {src: cube.cube, direction: inverse}', 'ocio-unsupported', /cube\.cube.*inverse Lut3D/],
  ['!<FileTransform> {src: old.3dl}', 'ocio-unsupported', /old\.3dl.*end with \.3dl/],
  ['!<FileTransform> {src: list.clf}', 'ocio-unsupported', /list\.clf, line 1, LUT1D: an IndexMap/],
  ['!<FileTransform> {src: tone.ctf}', 'ocio-unsupported', /GradingTone/],
  ['!<FileTransform> {src: cut.cube}', 'lut-invalid', /cut\.cube, line 2/],
  ['!<FileTransform> {src: bad.clf}', 'lut-invalid', /bad\.clf, line 1.*3 3 with 3 numbers/],
  ['!<FileTransform> {src: open.clf}', 'lut-invalid', /no sound XML/],
  ['!<FileTransform> {src: outer.clf}', 'lut-invalid', /document type/],
  ['!<FileTransform> {src: absent.cube}', 'file-not-found', /"absent\.cube", which is not in .*luts/],
  ['!<FileTransform> {src: $SHOT.cube}', 'file-not-found', /\$SHOT is not known: give it under Context/],
  ['!<FileTransform> {src: one.ccc, cccid: b}', 'file-not-found', /no correction "b"/],
  ['!<FileTransform> {interpolation: linear}', 'ocio-config', /no src/],
  ['!<MatrixTransform> {matrix: [1, 2, 3]}', 'ocio-config', /16 numbers, and holds 3/],
  ['!<MatrixTransform> {matrix: [1, 0, 0, 0.5, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]}', 'ocio-unsupported', /alpha/],
  [
    '!<MatrixTransform> {matrix: [1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], direction: inverse}',
    'ocio-unsupported',
    /no inverse/,
  ],
  ['!<ExponentTransform> {value: [2, 2, 2, 2]}', 'ocio-unsupported', /value changes alpha/],
  ['!<ExponentTransform> {value: two}', 'ocio-config', /"two"/],
  ['!<ExponentTransform> {value: -1}', 'ocio-unsupported', /not positive/],
  ['!<LogTransform> {base: 1}', 'ocio-unsupported', /the base 1/],
  ['!<LogCameraTransform> {base: 2}', 'ocio-config', /lin_side_break/],
  ['!<RangeTransform> {min_in_value: 0, min_out_value: 1}', 'ocio-unsupported', /one bound/],
  [
    '!<RangeTransform> {min_in_value: 1, max_in_value: 0, min_out_value: 0, max_out_value: 1}',
    'ocio-unsupported',
    /ends before/,
  ],
  ['!<CDLTransform> {sat: 0, direction: inverse}', 'ocio-unsupported', /saturation of 0/],
  ['!<ExponentTransform> {value: 2, direction: sideways}', 'ocio-config', /forward or inverse/],
  ['!<ExponentTransform> {value: 2, style: odd}', 'ocio-unsupported', /"odd"/],
  ['!<ColorSpaceTransform> {src: lin, dst: nowhere}', 'ocio-config', /no colour space "nowhere"/],
  ['!<ColorSpaceTransform> {src: lin, dst: there}', 'ocio-config', /in a circle/],
  ['!<LookTransform> {src: lin, dst: lin, looks: absent}', 'ocio-config', /no look "absent"/],
  ['!<DisplayViewTransform> {src: lin, display: screen, view: Absent}', 'ocio-config', /no view "Absent"/],
  ['{value: 2}', 'ocio-config', /no tag/],
];

describe('what is wrong is said, with the place', () => {
  for (const [name, content] of Object.entries(FILES)) put(name, content);

  it.each(WRONG)('%s', async (transform, code, message) => {
    const config = put(`wrong${serial++}.ocio`, configOf({ there: transform }));
    const { problems } = await tell({ config, from: 'lin', to: 'there' });
    expect(problems.map((p) => p.code)).toEqual([code]);
    expect(problems[0]!.message).toMatch(message);
    expect(problems[0]!.where).toMatchObject({ node: 'node', param: 'config' });
  });

  it('counts them', () => expect(WRONG.length).toBe(39));

  const texts: readonly (readonly [content: string, code: string, message: RegExp])[] = [
    ['', 'ocio-config', /no map/],
    ['a: b\n', 'ocio-config', /no ocio_profile_version/],
    ['- a\n', 'ocio-config', /no map/],
    ['a: [\n', 'ocio-config', /no sound YAML/],
    ['ocio_profile_version: 1\nocio_profile_version: 2\n', 'ocio-config', /no sound YAML/],
    ['ocio_profile_version: 3\n', 'ocio-unsupported', /version 3/],
    ['ocio_profile_version: two\n', 'ocio-unsupported', /version two/],
    ['ocio_profile_version: 2\ncolorspaces: {a: b}\n', 'ocio-config', /colorspaces should be a list/],
    [
      'ocio_profile_version: 2\ncolorspaces:\n  - !<ColorSpace> {family: a}\n',
      'ocio-config',
      /line 3: a colour space has no name/,
    ],
    ['ocio_profile_version: 2\nroles: [a]\n', 'ocio-config', /roles should be a map/],
    ['ocio_profile_version: 2\ndisplays: {a: [!<Views> [b]]}\n', 'ocio-config', /shared view "b"/],
    ['ocio_profile_version: 2\na: *b\n', 'ocio-config', /\*b|alias/i],
    ['ocio_profile_version: 2\0\n', 'ocio-config', /no text/],
    [`ocio_profile_version: 2\na: ${'['.repeat(100_000)}\n`, 'ocio-config', /nests|YAML/],
    [
      `ocio_profile_version: 2\n${Array.from({ length: 2500 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')}`,
      'ocio-config',
      /nests/,
    ],
    [
      `ocio_profile_version: 2\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${new Array(10).fill(`*a${i}`).join(', ')}]`).join('\n')}\n`,
      'ocio-config',
      /more than/,
    ],
    ['x'.repeat((4 << 20) + 1), 'ocio-config', /more than any config/],
  ];

  it.each(texts.map((row, i) => [i, ...row] as const))('text %i', (_, content, code, message) => {
    const parse = (): unknown => parseConfig(content, 'a.ocio');
    expect(parse).toThrow(EngineError);
    expect(parse).toThrow(message);
    try {
      parse();
    } catch (thrown) {
      expect((thrown as EngineError).code).toBe(code);
    }
  });

  it('counts texts', () => expect(texts.length).toBe(17));

  it('spaces that follow from each other twice each do not go on for ever', async () => {
    const spaces: Record<string, string> = {};
    for (let i = 1; i <= 40; i++) {
      const to = `!<ColorSpaceTransform> {src: lin, dst: ${i === 40 ? 'lin' : `s${i + 1}`}}`;
      spaces[`s${i}`] = `!<GroupTransform> {children: [${to}, ${to}]}`;
    }
    const { problems } = await tell({ config: put('twice.ocio', configOf(spaces)), from: 'lin', to: 's1' });
    expect(problems.map((p) => p.code)).toEqual(['ocio-config']);
    expect(problems[0]!.message).toMatch(/more than 10000 transforms/);
  });

  it('variables that stand for themselves and more end', async () => {
    const config = put(
      'grow.ocio',
      configOf({ there: '!<FileTransform> {src: $A}' }).replace('environment: {}', 'environment: {A: x$A$A}'),
    );
    const { problems } = await tell({ config, from: 'lin', to: 'there' });
    expect(problems[0]!.message).toMatch(/never end/);
  });

  it('names that a config does not have come with those that it has', async () => {
    const config = put(
      'names.ocio',
      configOf(
        { camera: '!<LogTransform> {base: 2}' },
        'looks: [!<Look> {name: warm, process_space: lin}]\nnamed_transforms: [!<NamedTransform> {name: curve}]\n',
      ),
    );
    const asked: readonly (readonly [Record<string, Json>, string, string])[] = [
      [{ from: 'cammera', to: 'lin' }, 'from', 'camera'],
      [{ from: 'lin' }, 'to', 'camera'],
      [{ operation: 'display', from: 'lin', display: 'scren' }, 'display', 'screen'],
      [{ operation: 'display', from: 'lin', view: 'Fillm' }, 'view', 'Film'],
      [{ operation: 'look', from: 'lin', looks: 'wram' }, 'looks', 'warm'],
      [{ operation: 'look', from: 'lin' }, 'looks', 'warm'],
      [{ operation: 'named' }, 'named', 'curve'],
    ];
    for (const [params, param, offered] of asked) {
      const { problems } = await tell({ config, ...params });
      expect(problems.map((p) => [p.code, p.where?.param])).toEqual([['ocio-unknown', param]]);
      expect(problems[0]!.fixes?.map(({ title }) => title)).toContain(`Use ${offered}`);
    }
    expect(asked.length).toBe(7);
  });

  it('damaged configs and lists never end otherwise than by that one error', () => {
    const outcomes = { read: 0, refused: 0 };
    const whole: readonly (readonly [string, (text: string) => unknown])[] = [
      ...JUDGED.map(({ config }) => [config, (content: string) => parseConfig(content, 'a.ocio')] as const),
      ...Object.entries(JUDGED[3]!.files!)
        .filter(([name]) => /\.(clf|ctf)$/.test(name) && !name.includes('halves'))
        .map(([, content]) => [content, (damaged: string) => readClf(damaged, 'a.clf', 'default')('forward')] as const),
      [JUDGED[3]!.files!['tables/shots.ccc']!, (content: string) => readCorrections(content, 'a.ccc')],
    ];
    for (const [seed, [content, read]] of whole.entries()) {
      for (let round = 0; round < 40; round++) {
        const from = random(seed * 1000 + round);
        const cut = from.chance(0.3) ? content.slice(0, from.int(0, content.length)) : content;
        const at = from.int(0, cut.length);
        const wild = from.chance(0.5)
          ? String.fromCharCode(from.int(0, 255))
          : ['999999999', '*a', '!<', '<!DOCTYPE', '&x;'][from.int(0, 4)]!;
        try {
          read(cut.slice(0, at) + wild + cut.slice(at + wild.length));
          outcomes.read += 1;
        } catch (thrown) {
          if (!(thrown instanceof EngineError)) throw thrown;
          expect(thrown.code).toMatch(/^(ocio|lut)-/);
          outcomes.refused += 1;
        }
      }
    }
    expect(whole.length).toBe(11);
    expect(outcomes.read + outcomes.refused).toBe(11 * 40);
    expect(outcomes.refused).toBeGreaterThan(60);
  });
});
