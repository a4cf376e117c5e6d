// Levels before the judges: OpenImageIO reads every one as we do, exrheader agrees, exrmaketiled and maketx make the same.
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../engine/base/canonical.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import { layoutOf } from '../../engine/exr/layout.ts';
import { LINE_ORDERS } from '../../engine/exr/shape.ts';
import { convertPlane } from '../../engine/pixels/convert.ts';
import { run, temporary } from '../run/files.ts';
import { graph } from '../run/graph.ts';

const folder = temporary();
const at = (name: string): string => join(folder, name);

const has = (program: string): boolean => spawnSync(program, ['--help']).error === undefined;
const PROGRAMS = ['oiiotool', 'exrheader', 'exrmaketiled', 'maketx'];
/** Skipped where a program is absent, but never on the build server. */
const suite = (title: string, body: () => void): void => {
  if (PROGRAMS.every(has) || process.env['CI'] === 'true') describe(title, body);
  else describe.skip(`${title} (skipped: needs ${PROGRAMS.join(', ')})`, body);
};

/** Noise by OpenImageIO: R, G, B, A in halves. */
function noise(name: string, width: number, height: number): string {
  const pattern = 'noise:type=uniform:min=0:max=1:seed=7';
  const size = `${width}x${height}`;
  execFileSync('oiiotool', ['--pattern', pattern, size, '4', '--chnames', 'R,G,B,A', '-d', 'half', '-o', at(name)]);
  return at(name);
}

async function write(read: string, name: string, params: Readonly<Record<string, Json>>): Promise<string> {
  const document = graph(
    {
      r: { type: 'io.read', params: { path: read } },
      w: { type: 'io.write', params: { path: at(name), overwrite: 'replace', layout: 'tiles', ...params } },
    },
    ['r.image > w.image'],
  );
  const done = await run(document, folder, { range: '1' });
  expect(done.exitCode, JSON.stringify(done.problems)).toBe(0);
  return at(name);
}

/** The greatest difference between the samples of two files, in steps of half near 1, by level. */
function differences(a: string, b: string): Map<string, number> {
  const [one, other] = [ExrFile.open(a), ExrFile.open(b)];
  const layouts = [one, other].map((file) => layoutOf(file.part(0)).levels);
  expect(layouts[0]).toEqual(layouts[1]);
  const found = new Map<string, number>();
  for (const { x, y } of layouts[0]!) {
    let most = 0;
    const others = other.readPart(0, { level: { x, y } });
    for (const [name, plane] of one.readPart(0, { level: { x, y } })) {
      const mine = convertPlane(plane, 'float').plane.samples;
      const theirs = convertPlane(others.get(name)!, 'float').plane.samples;
      mine.forEach((v, i) => {
        most = Math.max(most, Math.abs(v - theirs[i]!) * 2048);
      });
    }
    found.set(`${x},${y}`, most);
  }
  one.close();
  other.close();
  return found;
}

suite('other programs', () => {
  test('OpenImageIO reads the samples of every level as they are read here', async () => {
    const source = noise('odd.exr', 333, 217);
    let compared = 0;
    const methods = ['none', 'dwaa', 'rle', 'zips', 'zip', 'piz', 'pxr24', 'b44', 'b44a', 'dwab'];
    for (const [i, compression] of methods.entries()) {
      const levelRounding = i % 2 === 0 ? 'down' : 'up';
      const lineOrder = LINE_ORDERS[i % 3]!;
      const path = await write(source, 'judged.exr', { levels: 'mipmap', levelRounding, compression, lineOrder });
      const file = ExrFile.open(path);
      const { levels } = layoutOf(file.part(0));
      const info = execFileSync('oiiotool', ['--info', '-v', path], { encoding: 'utf8' });
      const sizes = levels.map(({ box }) => `${box.maxX + 1}x${box.maxY + 1}`);
      expect(/MIP-map levels: (.*)/.exec(info)![1]!.trim().split(/\s+/)).toEqual(sizes);
      const raw = (x: number): string => at(`level${x}.exr`);
      const each = levels.flatMap(({ x }) => [path, '--selectmip', `${x}`, '--compression', 'none', '-o', raw(x)]);
      execFileSync('oiiotool', each);
      for (const { x } of levels) {
        const theirs = ExrFile.open(raw(x));
        const read = theirs.readPart(0);
        for (const [name, plane] of file.readPart(0, { level: { x, y: x } })) {
          // Decoders of DWA differ by a step.
          const steps = compression.startsWith('dwa') ? 1 : 0;
          const is = read.get(name)!;
          let most = 0;
          plane.samples.forEach((v, i) => {
            most = Math.max(most, Math.abs(v - is.samples[i]!));
          });
          expect(most, `${compression} ${name} ${x}`).toBeLessThanOrEqual(steps);
          compared++;
        }
        theirs.close();
      }
      file.close();
    }
    expect(compared).toBe(380);
  });

  test('exrheader finds the description and as many chunks as there are', async () => {
    const source = noise('odd.exr', 333, 217);
    for (const [levels, words] of [
      ['mipmap', 'mip-map'],
      ['ripmap', 'rip-map'],
    ] as const) {
      const path = await write(source, 'header.exr', { levels, levelRounding: 'up' });
      const said = execFileSync('exrheader', [path], { encoding: 'utf8' });
      expect(said).toContain(words);
      expect(said).toContain('level sizes rounded up');
    }
  });

  test('exrmaketiled makes the same levels by four taps, of all sizes, in all wraps', async () => {
    let compared = 0;
    for (const [width, height] of [
      [128, 64],
      [97, 150],
    ] as const) {
      const source = noise('taps.exr', width, height);
      for (const [flag, levels] of [
        ['-m', 'mipmap'],
        ['-r', 'ripmap'],
      ] as const) {
        for (const [round, levelRounding] of [
          ['-d', 'down'],
          ['-u', 'up'],
        ] as const) {
          for (const [wrapX, wrapY] of [
            ['clamp', 'periodic'],
            ['mirror', 'black'],
          ]) {
            const theirs = at('theirs.exr');
            execFileSync('exrmaketiled', [flag, round, '-e', wrapX!, wrapY!, source, theirs]);
            const params = { levels, levelRounding, levelFilter: 'four-taps', wrapX: wrapX!, wrapY: wrapY! };
            const ours = await write(source, 'ours.exr', params);
            for (const [level, steps] of differences(ours, theirs)) {
              const [x, y] = level.split(',').map(Number) as [number, number];
              // It filters on along a side that is a single sample already, which black darkens.
              if (wrapY === 'black' && levels === 'mipmap' && 2 ** y > height) continue;
              // It rounds to half after each side of each level; here it is done once a level.
              expect(steps, `${levels} ${levelRounding} ${wrapX} ${level}`).toBeLessThanOrEqual(2);
              compared += Math.sign(x + y);
            }
          }
        }
      }
    }
    expect(compared).toBe(527);
  });

  test('maketx makes the same levels by the box', async () => {
    const source = noise('box.exr', 256, 64);
    const theirs = at('theirs.exr');
    execFileSync('maketx', [
      '--format',
      'openexr',
      '--filter',
      'box',
      '-d',
      'half',
      '--nomipmap',
      source,
      '-o',
      theirs,
    ]);
    execFileSync('maketx', ['--format', 'openexr', '--filter', 'box', '-d', 'half', source, '-o', theirs]);
    const ours = await write(source, 'ours.exr', { levels: 'mipmap' });
    const found = differences(ours, theirs);
    expect(found.size).toBe(9);
    for (const [level, steps] of found) expect(steps, level).toBeLessThanOrEqual(1);
  });
});
