// OCIO: expected samples from formulas, the config and its files, roots, tags and workers.
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Loss, type NodeProblem, PRIMARIES } from '../../engine/authoring.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { runGraph } from '../../engine/run/run.ts';
import { FileServices } from '../../engine/run/services.ts';
import { BUILTIN_STYLES } from '../../nodes/color/ocio/transform/builtin.ts';
import { ocio } from '../../nodes/color/ocio.ts';
import { nodes } from '../../nodes/index.ts';
import { bench, graph } from '../run/graph.ts';
import { changed } from './color/swatches.ts';
import { configOf, folder, grey, put, tell } from './ocio-writing.ts';
import { attribute, lossLines, part, problemLines, text } from './spec-builder.ts';

let serial = 0;
/** R of greys after a transform. */
async function through(
  transform: string,
  values: readonly number[],
  params: Record<string, Json> = {},
): Promise<number[]> {
  const config = put(`through${serial++}.ocio`, configOf({ there: transform }));
  const made = await changed('color.ocio', { config, from: 'lin', to: 'there', ...params }, grey(...values));
  return made.map(([r]) => r!);
}

const SCENE = [-0.5, 0, 0.001, 0.01, 0.18, 0.5, 1, 2.5, 10];

const pq = (x: number): number => {
  const y = (Math.abs(x) / 100) ** (2610 / 16384);
  return Math.sign(x) * ((3424 / 4096 + (2413 / 128) * y) / (1 + (2392 / 128) * y)) ** (2523 / 32);
};
const hlg = (x: number): number => {
  const [a, b] = [0.17883277, 0.28466892];
  const e = Math.abs(x) / 3;
  return Math.sign(x) * (e <= 1 / 12 ? Math.sqrt(3 * e) : a * Math.log(12 * e - b) + 0.55991073);
};
const canon3 = (x: number): number => {
  const e = x / 0.9;
  if (e < -0.014) return -0.36726845 * Math.log10(-e * 14.98325 + 1) + 0.12783901;
  return e > 0.014 ? 0.36726845 * Math.log10(e * 14.98325 + 1) + 0.12240537 : 1.9754798 * e + 0.12512219;
};

/** What the installed judge does not know, or does with coarse tables. */
const FORMULAS: readonly (readonly [name: string, transform: string, f: (x: number) => number, near: number])[] = [
  ['Lin_TO_PQ', '!<FixedFunctionTransform> {style: Lin_TO_PQ}', pq, 2e-4],
  ['the curve of PQ', '!<BuiltinTransform> {style: CURVE - LINEAR_to_ST-2084}', pq, 2e-4],
  [
    'Lin_TO_GammaLog',
    '!<FixedFunctionTransform> {style: Lin_TO_GammaLog, params: [0, 0.25, 0.5, 1, 0, 2.718281828459045, 0.17883277, 0.807825590164, 1, -0.07116723]}',
    hlg,
    1e-6,
  ],
  ['the curve of HLG', '!<BuiltinTransform> {style: CURVE - HLG-OETF}', hlg, 1e-6],
  [
    'Lin_TO_DoubleLog',
    '!<FixedFunctionTransform> {style: Lin_TO_DoubleLog, params: [10, -0.0126, 0.0126, -0.36726845, 0.12783901, -16.6480556, 1, 0.36726845, 0.12240537, 16.6480556, 1, 2.194977555, 0.12512219]}',
    canon3,
    1e-6,
  ],
  ['Canon Log 3', '!<BuiltinTransform> {style: CURVE - CANON_CLOG3_to_LINEAR, direction: inverse}', canon3, 1e-6],
  [
    'DCDM',
    '!<BuiltinTransform> {style: DISPLAY - CIE-XYZ-D65_to_DCDM-D65}',
    (x) => Math.max(0, (x * 48) / 52.37) ** (1 / 2.6),
    1e-6,
  ],
  ['data that is not passed by', '!<ColorSpaceTransform> {src: lin, dst: raw, data_bypass: false}', (x) => x, 1e-6],
];

describe('expected samples', () => {
  it.each(FORMULAS)('%s', async (_, transform, f, near) => {
    const made = await through(transform, SCENE);
    for (const [i, x] of SCENE.entries()) expect(Math.abs(made[i]! - f(x)), `of ${x}`).toBeLessThan(near);
  });

  it('counts them', () => expect(FORMULAS.length).toBe(8));

  it('the way back undoes the way there', async () => {
    const codes = [0.05, 0.2, 0.5, 0.9, 1];
    let compared = 0;
    for (const [, transform] of FORMULAS) {
      const config = put(`round${serial++}.ocio`, configOf({ there: transform }));
      const forth = await changed('color.ocio', { config, from: 'there', to: 'lin' }, grey(...codes));
      const back = await changed('color.ocio', { config, from: 'there', to: 'lin', direction: 'inverse' }, forth);
      for (const [i, code] of codes.entries()) {
        for (const sample of back[i]!) expect(Math.abs(sample - code)).toBeLessThan(3e-6);
        compared++;
      }
    }
    expect(compared).toBe(FORMULAS.length * codes.length);
  });

  it('every built-in transform leaves a grey nearly as it was, there and back', async () => {
    // Such as do not take a grey to a grey are done by other tests.
    let done = 0;
    for (const style of BUILTIN_STYLES) {
      const config = put(`style${serial++}.ocio`, configOf({ there: `!<BuiltinTransform> {style: "${style}"}` }));
      const forth = await changed('color.ocio', { config, from: 'lin', to: 'there' }, grey(0.1, 0.4));
      expect(forth.flat().every(Number.isFinite), style).toBe(true);
      const back = await changed('color.ocio', { config, from: 'there', to: 'lin' }, forth);
      for (const [i, x] of [0.1, 0.4].entries()) {
        for (const sample of back[i]!) expect(Math.abs(sample - x), style).toBeLessThan(2e-5);
      }
      done++;
    }
    expect(done).toBe(47);
  });

  it('looks, displays, views, roles, aliases and named transforms by hand', async () => {
    const config = put(
      'all.ocio',
      configOf(
        { double: '!<MatrixTransform> {matrix: [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1]}' },
        `looks:
  - !<Look> {name: up, process_space: lin, transform: !<CDLTransform> {offset: [1, 1, 1]}}
  - !<Look> {name: gain, process_space: double, transform: !<CDLTransform> {slope: [4, 4, 4]}}
named_transforms:
  - !<NamedTransform> {name: square, aliases: [sq], transform: !<ExponentTransform> {value: 2}}
`,
      ),
    );
    const asked: readonly (readonly [Record<string, Json>, number])[] = [
      [{ from: 'scene_linear', to: 'double' }, 6],
      [{ from: 'LINEAR', to: 'Double', direction: 'inverse' }, 1.5],
      [{ operation: 'look', from: 'lin', looks: 'up' }, 4],
      [{ operation: 'look', from: 'lin', looks: '-up' }, 2],
      [{ operation: 'look', from: 'lin', looks: 'up, gain', to: 'double' }, 32],
      [{ operation: 'look', from: 'lin', looks: 'up, gain', to: 'double', direction: 'inverse' }, -0.625],
      [{ operation: 'look', from: 'double', looks: '+up' }, 5],
      [{ operation: 'display', from: 'double' }, 1.5],
      [{ operation: 'display', from: 'double', display: 'SCREEN', view: 'film', direction: 'inverse' }, 6],
      [{ operation: 'display', from: 'double', view: 'Raw' }, 3],
      [{ operation: 'named', named: 'square' }, 9],
      [{ operation: 'named', named: 'SQ', direction: 'inverse' }, Math.fround(Math.sqrt(3))],
    ];
    for (const [params, wanted] of asked) {
      const [[made]] = (await changed('color.ocio', { config, ...params }, grey(3))) as [[number]];
      expect(made, JSON.stringify(params)).toBeCloseTo(wanted, 5);
    }
    expect(asked.length).toBe(12);
  });

  it('divides by alpha around it where that is asked', async () => {
    const config = put('alpha.ocio', configOf({ square: '!<ExponentTransform> {value: 2}' }));
    const params = { config, from: 'lin', to: 'square', unpremultiply: true };
    const made = await changed('color.ocio', params, [
      [0.25, 0.5, 1, 0.5],
      [0.5, 0.5, 0.5, 0],
    ]);
    expect(made.map((colour) => colour.map((x) => Number(x.toFixed(6))))).toEqual([
      [0.125, 0.5, 2],
      [0.25, 0.25, 0.25],
    ]);
  });

  it('a NaN stays one, infinities go where the formulas send them', async () => {
    const config = put('nan.ocio', configOf({ there: '!<ExponentTransform> {value: 2.2}' }));
    const made = await changed('color.ocio', { config, from: 'lin', to: 'there' }, [['NaN', 'Infinity', '-Infinity']]);
    expect(made).toEqual([[NaN, Infinity, 0]]);
  });
});

const kept = process.env['OCIO'];
afterEach(() => {
  if (kept === undefined) delete process.env['OCIO'];
  else process.env['OCIO'] = kept;
  delete process.env['SLUICE_TEST_SHOT'];
});

describe('the config', () => {
  const plain = (): string =>
    put(
      'plain.ocio',
      configOf({ double: '!<MatrixTransform> {matrix: [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1]}' }),
    );

  it('is that of $OCIO where none is given', async () => {
    delete process.env['OCIO'];
    const { problems } = await tell({ from: 'lin', to: 'double' });
    expect(problems.map((p) => p.code)).toEqual(['ocio-config']);
    process.env['OCIO'] = plain();
    expect(await changed('color.ocio', { from: 'lin', to: 'double' }, grey(1))).toEqual([[2, 2, 2]]);
  });

  it('that is not there, or of another kind, is a problem', async () => {
    const told = async (config: string): Promise<unknown> =>
      (await tell({ config, from: 'lin', to: 'lin' })).problems.map((p) => [p.code, p.where?.param]);
    expect(await told('none.ocio')).toEqual([['file-not-found', 'config']]);
    put('luts/none.cube', '');
    expect(await told('luts')).toEqual([['file-not-regular', 'config']]);
    expect(await told('ocio://default')).toEqual([['ocio-unsupported', 'config']]);
    expect(await told('a.ocioz')).toEqual([['ocio-unsupported', 'config']]);
  });

  it('takes variables from the node, then from the environment where the config allows it, then its own', async () => {
    const spi1d = (top: number): string => `Version 1\nFrom 0 1\nLength 2\nComponents 1\n{\n0\n${top}\n}\n`;
    for (const [name, top] of [
      ['a', 2],
      ['b', 3],
      ['c', 4],
    ] as const)
      put(`luts/${name}.spi1d`, spi1d(top));
    const made = async (environment: string, context: Json = []): Promise<number> => {
      const content = configOf({ there: '!<FileTransform> {src: $SLUICE_TEST_SHOT.spi1d}' });
      const config = put('shot.ocio', content.replace('environment: {}', environment));
      return (await changed('color.ocio', { config, from: 'lin', to: 'there', context }, grey(1)))[0]![0]!;
    };
    const given = [{ name: 'SLUICE_TEST_SHOT', value: 'c' }];
    expect(await made('environment: {SLUICE_TEST_SHOT: a}')).toBe(2);
    process.env['SLUICE_TEST_SHOT'] = 'b';
    expect(await made('environment: {SLUICE_TEST_SHOT: a}')).toBe(3);
    expect(await made('environment: {SLUICE_TEST_SHOT: a}', given)).toBe(4);
    expect(await made('description: no section')).toBe(3);
    await expect(made('environment: {OTHER: a}')).rejects.toThrow(/SLUICE_TEST_SHOT is not known/);
  });

  it('and its files are part of the fingerprint, and files that no run writes over', async () => {
    const config = put('ident.ocio', configOf({ there: '!<FileTransform> {src: ident.spi1d}' }));
    const table = put('luts/ident.spi1d', 'Version 1\nFrom 0 1\nLength 2\nComponents 1\n{\n0\n2\n}\n');
    const document = graph(
      { a: { type: 'test.pattern' }, node: { type: 'color.ocio', params: { config, from: 'lin', to: 'there' } } },
      ['a.image > node.image'],
    );
    const key = async (): Promise<string> => (await bench(document, { folder }).descriptions.describe('node', 1)).key;
    const before = await key();
    expect(await key()).toBe(before);
    const ctx = {
      params: ocio.params.parse({ config, from: 'lin', to: 'there' }),
      services: new FileServices({ folder }),
    };
    expect(ocio.files!(ctx as never)).toEqual([config, table]);
    put('luts/ident.spi1d', 'Version 1\nFrom 0 1\nLength 2\nComponents 1\n{\n0\n3.5\n}\n');
    const after = await key();
    expect(after).not.toBe(before);
    expect(await changed('color.ocio', { config, from: 'lin', to: 'there' }, grey(1))).toEqual([[3.5, 3.5, 3.5]]);
    put('ident.ocio', `${configOf({ there: '!<FileTransform> {src: ident.spi1d}' })}# more\n`);
    expect(await key()).not.toBe(after);
  });

  it('and its files have to lie inside of the allowed folders, links followed', () => {
    const table = 'Version 1\nFrom 0 1\nLength 2\nComponents 1\n{\n0\n1\n}\n';
    put('outside/secret.spi1d', table);
    put('inside/luts/fine.spi1d', table);
    symlinkSync(join(folder, 'outside/secret.spi1d'), join(folder, 'inside/luts/link.spi1d'));
    const services = new FileServices({ folder, roots: [join(folder, 'inside')] });
    const name = (config: string): unknown =>
      ocio.identity!({ params: ocio.params.parse({ config, from: 'lin', to: 'there' }), services } as never);
    const config = (src: string): string =>
      put(`inside/${serial++}.ocio`, configOf({ there: `!<FileTransform> {src: "${src}"}` }));
    expect(() => name(config('fine.spi1d'))).not.toThrow();
    const open = new FileServices({ folder });
    for (const src of ['../../outside/secret.spi1d', join(folder, 'outside/secret.spi1d'), 'link.spi1d']) {
      const path = config(src);
      // Kept from a run that may read it, it is refused all the same.
      const params = ocio.params.parse({ config: path, from: 'lin', to: 'there' });
      expect(() => ocio.identity!({ params, services: open } as never)).not.toThrow();
      expect(() => name(path), src).toThrow(/outside/);
    }
    expect(() => name(put('outside/a.ocio', configOf({})))).toThrow(/outside/);
    process.env['OCIO'] = join(folder, 'outside/a.ocio');
    expect(() => name('')).toThrow(/outside/);
  });
});

describe('tags', () => {
  const tagged = (...channels: string[]) =>
    part({
      channels,
      attributes: [
        text('colorInteropID', 'lin_rec709_scene'),
        attribute('chromaticities', 'chromaticities', { ...PRIMARIES.rec709 }),
      ],
    });

  async function describeOcio(params: Record<string, Json>, ...parts: ReturnType<typeof part>[]) {
    const problems: NodeProblem[] = [];
    const losses: Loss[] = [];
    const config = put(
      'tags.ocio',
      configOf(
        {
          ACEScg: '!<LogTransform> {base: 2}',
          odd: '!<LogTransform> {base: 3}',
          same: '!<GroupTransform> {children: []}',
        },
        '  - !<ColorSpace> {name: told, interop_id: lin_ap0_scene, from_scene_reference: !<LogTransform> {base: 2}}\n  - !<ColorSpace> {name: srgb_rec709_scene, interop_id: "other:space", from_scene_reference: !<LogTransform> {base: 2}}\n',
      ),
    );
    const spec = await ocio.spec!({
      node: 'ocio1',
      params: ocio.params.parse({ config, from: 'lin', ...params }),
      services: new FileServices({ folder }),
      inputs: { image: { parts } },
      report: (problem: NodeProblem) => problems.push(problem),
      lose: (loss: Loss) => losses.push(loss),
      found: () => {},
    } as never);
    return { spec, problems, losses };
  }

  const id = (spec: { parts: readonly { attributes: readonly { name: string; bytes: Uint8Array }[] }[] }): string[] =>
    spec.parts[0]!.attributes.filter((a) => a.name === 'colorInteropID').map((a) => Buffer.from(a.bytes).toString());

  it('are those of the space that comes out, where its ID or its name is known', async () => {
    expect(id((await describeOcio({ to: 'ACEScg' }, tagged('R', 'G', 'B'))).spec)).toEqual(['lin_ap1_scene']);
    expect(id((await describeOcio({ to: 'told' }, tagged('R', 'G', 'B'))).spec)).toEqual(['lin_ap0_scene']);
    expect(
      id((await describeOcio({ from: 'ACEScg', to: 'odd', direction: 'inverse' }, tagged('R', 'G', 'B'))).spec),
    ).toEqual(['lin_ap1_scene']);
  });

  it('go where it is not, and the ledger says so', async () => {
    for (const to of ['odd', 'srgb_rec709_scene']) {
      const made = await describeOcio({ to }, tagged('R', 'G', 'B'));
      expect(id(made.spec)).toEqual([]);
      expect(lossLines(made).map((line) => line.replace(/:.*/, '').slice(1))).toEqual([
        'attribute image #0 colorInteropID',
        'attribute image #0 chromaticities',
      ]);
    }
  });

  it('stay where nothing is changed', async () => {
    for (const to of ['lin', 'raw', 'same']) {
      const made = await describeOcio({ to }, tagged('R', 'G', 'B'));
      expect(id(made.spec)).toEqual(['lin_rec709_scene']);
      expect(made.losses).toEqual([]);
      expect(made.spec.parts[0]!.channels.every((c) => c.origin.from === 'input')).toBe(true);
    }
  });

  it('parts and layers that cannot be done or are no colour are told of', async () => {
    const deep = { ...tagged('R', 'G', 'B'), kind: 'deep' as const };
    expect(problemLines(await describeOcio({ to: 'odd' }, deep))).toEqual(['error deep-unsupported channels']);
    const normals = await describeOcio({ to: 'odd' }, tagged('R', 'G', 'B', 'N.R', 'N.G', 'N.B'));
    expect(problemLines(normals)).toEqual(['info color-not-colour channels']);
  });
});

it('a file is the same with none, one and three workers', async () => {
  const worker = new URL('../../engine/bin/worker.ts', import.meta.url);
  const config = put(
    'workers.ocio',
    configOf({
      there:
        '!<GroupTransform> {children: [!<LogTransform> {base: 2}, !<CDLTransform> {power: [1.2, 1, 1], sat: 0.9}]}',
    }),
  );
  const source = graph(
    { pattern: { type: 'generate.ramp', params: {} }, write: { type: 'io.write', params: { path: 'ramp.exr' } } },
    ['pattern.image > write.image'],
  );
  const first = await runGraph({ document: source, folder, nodes, range: '1', jobs: 0 });
  expect(first.exitCode).toBe(0);
  const files: Buffer[] = [];
  for (const jobs of [0, 1, 3]) {
    const document = graph(
      {
        read: { type: 'io.read', params: { path: 'ramp.exr' } },
        ocio: { type: 'color.ocio', params: { config, from: 'lin', to: 'there' } },
        write: { type: 'io.write', params: { path: 'made.exr', overwrite: 'replace' } },
      },
      ['read.image > ocio.image', 'ocio.image > write.image'],
    );
    const run = await runGraph({ document, folder, nodes, range: '1', jobs, worker });
    expect([run.exitCode, run.problems, run.result?.outcomes[0]?.error]).toEqual([0, [], undefined]);
    files.push(readFileSync(join(folder, 'made.exr')));
  }
  expect(files[1]!.equals(files[0]!) && files[2]!.equals(files[0]!)).toBe(true);
});
