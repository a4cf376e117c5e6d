// Write picture: exact samples, counts in the ledger, alpha, windows, tags, and everything that it refuses.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../engine/base/canonical.ts';
import { openPicture } from '../../engine/raster/picture.ts';
import { runGraph } from '../../engine/run/run.ts';
import { nodes as builtIn } from '../../nodes/index.ts';
import { chunk, png, tiff } from '../raster/forge.ts';
import { digest, filesBelow, run, writeExr } from '../run/files.ts';
import { graph } from '../run/graph.ts';
import { exporting, samplesOf } from './pictures.ts';

const { folder, pass, put } = exporting();
const LIGHTS_709: Json = { red: [0.64, 0.33], green: [0.3, 0.6], blue: [0.15, 0.06], white: [0.3127, 0.329] };
const source = (channels: Readonly<Record<string, Json>>, more: Readonly<Record<string, Json>> = {}) => ({
  type: 'test.values',
  params: { channels, ...more },
});
const read = (path: string) => ({ type: 'io.read', params: { path } });

const WORKER = new URL('../../engine/bin/worker.ts', import.meta.url);
const ramp = (count: number, most: number): number[] =>
  Array.from({ length: count }, (_, i) => (i * 7919 + 5) % (most + 1));

describe('a picture that is read and written', () => {
  const kinds = { 0: ['Y'], 2: ['R', 'G', 'B'], 4: ['Y', 'A'], 6: ['R', 'G', 'B', 'A'] } as const;
  let same = 0;

  it.each([0, 2, 4, 6] as const)('keeps every sample: PNG and TIFF of kind %i, 8 and 16 bits', async (kind) => {
    for (const bits of [8, 16] as const) {
      const samples = ramp(11 * 7 * kinds[kind].length, 2 ** bits - 1);
      const input = put(`in-${kind}-${bits}.png`, png({ width: 11, height: 7, bits, kind, samples }));
      for (const ending of ['png', 'tif']) {
        const {
          run: done,
          file,
          ledger,
        } = await pass(read(input), { path: `same/${kind}-${bits}.${ending}`, bits: String(bits) });
        expect(done.exitCode).toBe(0);
        expect(await samplesOf(file)).toEqual(await samplesOf(join(folder, input)));
        expect(ledger.filter((line) => !line.startsWith('changed storage file'))).toEqual([]);
        expect(openPicture(file).header.alpha).toBe(kind >= 4 ? 'straight' : undefined);
        same++;
      }
    }
  });

  it('keeps every float of a TIFF, in both compressions and alphas', async () => {
    const samples = ramp(40, 65535).map((v, i) => (v - 30000) * 1.5 ** (i % 40));
    for (const extra of [1, 2]) {
      const input = put(
        `float-${extra}.tif`,
        tiff({ width: 5, height: 2, bits: 32, float: true, photometric: 2, channels: 4, samples, extra }),
      );
      for (const tiffCompression of ['deflate', 'none']) {
        const { file } = await pass(read(input), {
          path: `same/${extra}-${tiffCompression}.tif`,
          bits: '32',
          tiffCompression,
        });
        expect(await samplesOf(file)).toEqual(await samplesOf(join(folder, input)));
        expect(openPicture(file).header.alpha).toBe(extra === 1 ? 'premultiplied' : 'straight');
        same++;
      }
    }
  });

  it('that were all', () => expect(same).toBe(20));
});

describe('whole numbers', () => {
  it('are rounded, clamped and counted; what is no number becomes 0', async () => {
    const channels = {
      R: [0, 1, 0.5, -0.25, 1.5, 'nan', 'inf', '-inf'],
      G: [0.2, 0.4, 0.6, 0.8, 1, 0, 100, -100],
      B: [0, 1, 1, 0, 0, 1, 0, 1],
    };
    const { samples, ledger, problems } = await pass(source(channels), {});
    const shares = (...whole: number[]): number[] => whole.map((v) => Math.fround(v / 255));
    expect(await samples()).toEqual({
      R: shares(0, 255, 128, 0, 255, 0, 255, 0),
      G: shares(51, 102, 153, 204, 255, 0, 255, 0),
      B: shares(0, 255, 255, 0, 0, 255, 0, 255),
    });
    expect(ledger).toEqual([
      'lowered part #0: reference became deliverable: 8 bits',
      'converted channel G: below 0 or above 1: clamped 2/8',
      'converted channel R: below 0 or above 1: clamped 4/8',
      'converted channel R: no number: became 0 1/8',
      'converted channel R: rounded to 8 bits 1/8',
      'changed storage file: written as PNG, 8 bits',
    ]);
    expect(problems).toEqual([]);
  });

  it('add up over bands, frames and workers, and are the same when a run resumes', async () => {
    const document = graph(
      {
        source: {
          type: 'test.pattern',
          params: {
            window: [0, 0, 99, 1999],
            channels: ['R', 'G', 'B'].map((name) => ({ name, type: 'half' })),
            moving: true,
          },
        },
        e: { type: 'color.exposure', params: { stops: -9.5 } },
        w: { type: 'io.export', params: { path: 'bands/o.%04d.png', window: 'data', pngLevel: 1 } },
      },
      ['source.image > e.image', 'e.image > w.image'],
    );
    const first = await run(document, folder, { range: '1-3' });
    const clamped = first.result!.ledger.filter((entry) => entry.reason.includes('clamped'));
    expect(clamped.map(({ name, frames, samples }) => [name, frames, samples])).toEqual(
      ['B', 'G', 'R'].map((name) => [name, '1-3', 600_000]),
    );
    const again = await run(document, folder, { range: '1-3', resume: true });
    expect(again.result!.outcomes.map((o) => o.state)).toEqual(['kept', 'kept', 'kept']);
    expect(again.result!.ledger).toEqual(first.result!.ledger);
  });

  it('are the same bytes and the same counts with any number of workers, out of pictures and into them', async () => {
    for (let frame = 1; frame <= 4; frame++)
      put(
        `seq.000${frame}.png`,
        png({ width: 60, height: 700, bits: 16, kind: 6, samples: ramp(60 * 700 * 4, 65535) }),
      );
    const made: string[] = [];
    for (const jobs of [0, 1, 3]) {
      for (const ending of ['png', 'tif', 'jpg', 'webp']) {
        const path = `jobs${jobs}/o.%04d.${ending}`;
        const document = graph(
          {
            r: { type: 'io.read', params: { path: 'seq.%04d.png' } },
            e: { type: 'color.exposure', params: { stops: 0.7 } },
            w: { type: 'io.export', params: { path } },
          },
          ['r.image > e.image', 'e.image > w.image'],
        );
        const done = await runGraph({ document, folder, nodes: builtIn, worker: WORKER, jobs });
        expect(done.exitCode).toBe(0);
        const files = [1, 2, 3, 4].map((frame) => digest(join(folder, `jobs${jobs}/o.000${frame}.${ending}`)));
        made.push(`${ending} ${files.join()} ${JSON.stringify(done.result!.ledger)}`);
      }
    }
    expect(made).toHaveLength(12);
    expect(new Set(made).size).toBe(4);
  });
});

describe('alpha', () => {
  const half = { R: [0.25, 0.1, 0.3], G: [0, 0.1, 0], B: [0.5, 0.1, 0], A: [0.5, 1, 0] };

  it('is divided out for PNG, where it is not 0', async () => {
    const { samples, ledger } = await pass(source(half), { bits: '16' });
    const found = await samples();
    expect(found['R']!.map((v) => Math.round(v * 1000))).toEqual([500, 100, 300]);
    expect(found['B']!.map((v) => Math.round(v * 1000))).toEqual([1000, 100, 0]);
    expect(found['A']).toEqual([Math.fround(32768 / 65535), 1, 0]);
    expect(ledger).toContain('changed storage colour: divided by A');
  });

  it('stays in TIFF, which says how it is', async () => {
    const { file, samples, ledger } = await pass(source(half), { path: 'alpha/a.tif', bits: '32' });
    expect((await samples())['R']).toEqual([0.25, Math.fround(0.1), Math.fround(0.3)]);
    expect(openPicture(file).header.alpha).toBe('premultiplied');
    expect(ledger).toEqual([
      'lowered part #0: reference became capture: not said to be linear light',
      'changed storage file: written as TIFF, 32-bit float',
    ]);
  });

  it('is not divided out of colour that is straight already, nor where it is to be kept, which is told', async () => {
    const straight = await pass(source(half, { attributes: [['oiio:UnassociatedAlpha', 'int', 1]] }), {});
    const kept = await pass(source(half), { alpha: 'keep' });
    expect((await straight.samples())['R']![0]).toBe(Math.fround(64 / 255));
    expect(await kept.samples()).toEqual(await straight.samples());
    expect([straight.problems, kept.problems]).toEqual([[], ['warning picture-alpha alpha']]);
  });

  it('goes where it is dropped, and where JPEG has none', async () => {
    const dropped = await pass(source(half), { alpha: 'drop' });
    expect(Object.keys(await dropped.samples())).toEqual(['R', 'G', 'B']);
    expect(dropped.ledger).toContain('lost channel A: w: the picture is made of R, G, B');
    const jpeg = await pass(source(half), { path: 'alpha/a.jpg' });
    expect(jpeg.ledger).toContain('lost channel A: w: JPEG holds no alpha');
  });
});

describe('what becomes the picture', () => {
  const aovs = { R: [1, 0], G: [0, 1], B: [0, 0], 'spec.R': [0.2, 0.4], Z: [0.6, 0.8] };

  it('are the channels that are named, in their order: grey, grey and alpha, RGB', async () => {
    const grey = await pass(source(aovs), { channels: ['Z'] });
    expect(await grey.samples()).toEqual({ Y: [153, 204].map((v) => Math.fround(v / 255)) });
    const two = await pass(source(aovs), { channels: ['Z', 'spec.R'], alpha: 'keep' });
    expect(Object.keys(await two.samples())).toEqual(['Y', 'A']);
    const swapped = await pass(source(aovs), { channels: ['B', 'G', 'R'] });
    expect((await swapped.samples())['B']).toEqual([1, 0]);
    expect(grey.ledger).toEqual([
      'lost channel B: w: the picture is made of Z',
      'lost channel G: w: the picture is made of Z',
      'lost channel R: w: the picture is made of Z',
      'lost channel spec.R: w: the picture is made of Z',
      'lowered part #0: reference became deliverable: 8 bits',
      'changed storage file: written as PNG, 8 bits',
    ]);
  });

  it('is the part that has them, or the one that is named', async () => {
    await writeExr(join(folder, 'parts.exr'), [
      { name: 'data', channels: ['Z:float'], seed: 3 },
      { name: 'beauty', channels: ['R', 'G', 'B'], seed: 4 },
    ]);
    const auto = await pass(read('parts.exr'), {});
    expect(auto.run.exitCode).toBe(0);
    expect(auto.ledger.filter((line) => line.startsWith('lost part'))).toEqual([
      'lost part data: w: the picture is made of part beauty',
    ]);
    const named = await pass(read('parts.exr'), { part: 'data', channels: ['Z'] });
    expect(named.ledger.filter((line) => line.startsWith('lost part'))).toEqual([
      'lost part beauty: w: the picture is made of part data',
    ]);
  });

  it('is the display window, with 0 where there are no pixels, or the data window', async () => {
    const pattern = {
      type: 'test.pattern',
      params: { channels: [{ name: 'Y', type: 'float' }], window: [-3, 2, 40, 37] },
    };
    const scale = async (window: string) => {
      const path = `window/${window}.tif`;
      return pass(pattern as never, { path, bits: '32', window });
    };
    const display = await scale('display');
    const data = await scale('data');
    expect([openPicture(display.file).header.width, openPicture(display.file).header.height]).toEqual([32, 32]);
    expect([openPicture(data.file).header.width, openPicture(data.file).header.height]).toEqual([44, 36]);
    const shown = (await display.samples())['Y']!;
    const whole = (await data.samples())['Y']!;
    let compared = 0;
    for (let y = 0; y < 32; y++) {
      for (let x = 0; x < 32; x++, compared++) expect(shown[y * 32 + x]).toBe(y < 2 ? 0 : whole[(y - 2) * 44 + x + 3]);
    }
    expect(compared).toBe(1024);
    expect(display.ledger.filter((line) => line.includes('Window'))).toHaveLength(1);
  });
});

const hasOiio = spawnSync('oiiotool', ['--help']).error === undefined;
describe.skipIf(!hasOiio && process.env['CI'] !== 'true')('as OpenImageIO sees it (skipped without oiiotool)', () => {
  const hash = (...args: string[]): string =>
    /SHA-1: ([0-9A-F]{40})/.exec(
      execFileSync('oiiotool', ['--iconfig', 'oiio:UnassociatedAlpha', '1', ...args], { encoding: 'utf8' }),
    )![1]!;

  it('the same samples: PNG and TIFF of 8 and 16 bits, TIFF of floats', async () => {
    const attributes: Json = [
      ['chromaticities', 'chromaticities', LIGHTS_709],
      ['colorInteropID', 'string', 'srgb_rec709_scene'],
    ];
    const channels = Object.fromEntries(
      ['R', 'G', 'B', 'A'].map((name, c) => [
        name,
        Array.from({ length: 64 }, (_, i) => ((i * 37 + c * 11) % 256) / 255),
      ]),
    );
    const given = source(channels, { attributes });
    let compared = 0;
    const floats = await pass(given, { path: 'oiio/plain.tif', bits: '32', tiffCompression: 'none', alpha: 'keep' });
    for (const [ending, bits, depth] of [
      ['png', '8', 'uint8'],
      ['png', '16', 'uint16'],
      ['tif', '8', 'uint8'],
      ['tif', '16', 'uint16'],
      ['tif', '32', 'float'],
    ] as const) {
      const { file } = await pass(given, { path: `oiio/${bits}.${ending}`, bits, alpha: 'keep' });
      // OpenImageIO rounds to the nearest, too; all values here are multiples of 1/255.
      execFileSync('oiiotool', [
        '--iconfig',
        'oiio:UnassociatedAlpha',
        '1',
        floats.file,
        '-d',
        depth,
        '-o',
        join(folder, 'judge.tif'),
      ]);
      expect(hash('--hash', file), `${bits} ${ending}`).toBe(hash('--hash', join(folder, 'judge.tif')));
      compared++;
    }
    expect(compared).toBe(5);
  });

  it('the colours that the image is tagged with', async () => {
    const attributes: Json = [
      ['chromaticities', 'chromaticities', LIGHTS_709],
      ['colorInteropID', 'string', 'srgb_rec709_display'],
    ];
    const rgb = { R: [0, 1], G: [0, 1], B: [1, 0] };
    const { file, ledger, problems } = await pass(source(rgb, { attributes }), {});
    const lowered = 'lowered part #0: reference became deliverable: made for a display (sRGB display)';
    expect([ledger, problems]).toEqual([[lowered, 'changed storage file: written as PNG, 8 bits'], []]);
    const info = execFileSync('oiiotool', ['--info', '-v', file], { encoding: 'utf8' });
    expect(info).toContain('oiio:ColorSpace: "sRGB"');
  });
});

describe('colour tags', () => {
  const rgb = { R: [0, 1], G: [0, 1], B: [1, 0] };
  const lights: Json = ['chromaticities', 'chromaticities', LIGHTS_709];
  const id = (value: string): Json => ['colorInteropID', 'string', value];
  const tagged = (...attributes: Json[]) => source(rgb, { attributes });

  it('that contradict each other are an error with a way out', async () => {
    const wrong = tagged(lights, id('srgb_p3d65_display'));
    const { run: done, problems } = await pass(wrong, {});
    expect([done.exitCode, problems]).toEqual([3, ['error picture-tags colour']]);
    expect(done.problems[0]!.fixes!.map((f) => f.edits)).toEqual([
      [{ op: 'setParam', node: 'w', name: 'colour', value: 'none' }],
    ]);
    const without = await pass(wrong, { colour: 'none' });
    expect(openPicture(without.file).header.colour).toEqual([]);
    expect(without.ledger.filter((line) => line.startsWith('lost'))).toEqual([
      'lost attribute chromaticities: w: the file does not say it',
      'lost attribute colorInteropID: w: the file does not say it',
    ]);
  });

  it('that a format cannot state are told; those of linear light in 8 bits too', async () => {
    const pq = await pass(tagged(id('pq_rec2020_display')), { path: 'tags/pq.jpg' });
    expect(pq.problems).toEqual(['warning picture-tags colour']);
    const log = await pass(tagged(id('ocio:slog3_sgamut3_scene')), {});
    expect(log.problems).toEqual(['warning picture-tags colour']);
    expect(openPicture(log.file).header.colour).toEqual([]);
    const linear = await pass(tagged(lights), {});
    expect(linear.problems).toEqual(['warning picture-tags bits']);
    const none = await pass(tagged(id('data')), {});
    expect([none.problems, openPicture(none.file).header.colour]).toEqual([[], []]);
  });
});

describe('what cannot be written', () => {
  const rgb = { R: [0, 1], G: [0, 1], B: [1, 0] };
  const refusals: [string, ReturnType<typeof source>, Readonly<Record<string, Json>>, string][] = [
    ['an ending that says nothing', source(rgb), { path: 'no/o.%04d.dpx' }, 'error picture-format path'],
    ['16 bits of JPEG', source(rgb), { path: 'no/o.%04d.jpg', bits: '16' }, 'error picture-cannot-write bits'],
    ['floats in PNG', source(rgb), { bits: '32' }, 'error picture-cannot-write bits'],
    ['channels that are not there', source(rgb), { channels: ['Z'] }, 'error channel-unknown channels'],
    ['an image without colour', source({ Z: [1] }), {}, 'error channel-unknown channels'],
    ['a part that is not there', source(rgb), { part: 'left' }, 'error part-unknown part'],
    ['whole numbers', source({ Y: [1, 2] }, { type: 'uint' }), {}, 'error type-conversion channels'],
    ['subsampled channels', source({ Y: [1, 2] }, { sampling: 2 }), {}, 'error sampling-mismatch channels'],
    [
      'a WebP wider than it can be',
      source({ Y: Array(16_384).fill(0) }),
      { path: 'no/o.%04d.webp' },
      'error picture-too-large window',
    ],
  ];

  it.each(refusals)('%s', async (_, from, params, problem) => {
    const { run: done, problems } = await pass(from, params);
    expect([done.exitCode, problems]).toEqual([3, [problem]]);
  });

  it('were so many, and left nothing behind', () => {
    expect(refusals).toHaveLength(9);
    expect(filesBelow(folder).filter((name) => name.startsWith('no/'))).toEqual([]);
  });

  it('a file that is there, and one of the inputs', async () => {
    const input = put('input.png', png({ width: 2, height: 1, bits: 8, kind: 0, samples: [1, 2] }));
    const before = readFileSync(join(folder, input));
    expect((await pass(read(input), { path: input })).problems).toEqual(['error file-exists overwrite']);
    expect((await pass(read(input), { path: input, overwrite: 'replace' })).problems).toEqual([
      'error overwrites-input',
    ]);
    expect(readFileSync(join(folder, input)).equals(before)).toBe(true);
  });

  it('an EXR file under the name of a picture is told', async () => {
    const document = graph({ s: { type: 'test.pattern' }, w: { type: 'io.write', params: { path: 'wrong.png' } } }, [
      's.image > w.image',
    ]);
    expect((await run(document, folder, { range: '1' })).problems.map((p) => `${p.severity} ${p.code}`)).toEqual([
      'warning picture-format',
    ]);
  });
});

it('damaged pixels end the frame and leave nothing', async () => {
  const whole = png({ width: 2, height: 1, bits: 8, kind: 2, samples: [1, 2, 3, 4, 5, 6] });
  const input = put(
    'broken.png',
    Buffer.concat([
      whole.subarray(0, 33),
      chunk('IDAT', Buffer.from('not deflate at all')),
      chunk('IEND', Buffer.alloc(0)),
    ]),
  );
  const { run: done } = await pass(read(input), { path: 'broken/o.png' });
  expect([done.exitCode, done.result!.outcomes.map((o) => o.error?.code)]).toEqual([1, ['picture-data']]);
  expect(filesBelow(folder).filter((name) => name.startsWith('broken/'))).toEqual([]);
});
