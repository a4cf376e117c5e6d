// Color convert against OpenColorIO, by way of oiiotool; and files that are the same with any number of workers.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AnyNode, createPlane, defineNode, type ImageSpec, type Plane } from '../../../engine/authoring.ts';
import { box } from '../../../engine/base/box.ts';
import type { Json } from '../../../engine/base/canonical.ts';
import { runGraph } from '../../../engine/run/run.ts';
import { nodes } from '../../../nodes/index.ts';
import { bench, graph, never } from '../../run/graph.ts';
import { part } from '../spec-builder.ts';

const WIDTH = 256;
const HEIGHT = 200;

/** Codes from -0.1 to 1.1 in all mixtures. */
const codes = defineNode({
  type: 'test.codes',
  version: 1,
  title: 'Codes',
  doc: 'Gives codes.',
  params: z.strictObject({}),
  inputs: {},
  spec: (): ImageSpec => {
    const { stored: _, ...made } = part({
      data: box(0, 0, WIDTH - 1, HEIGHT - 1),
      display: box(0, 0, WIDTH - 1, HEIGHT - 1),
      channels: ['R:float', 'G:float', 'B:float'],
    });
    return { parts: [made] };
  },
  pull: async (_, want) =>
    new Map(
      want.channels.map((name): [string, Plane] => {
        const plane = createPlane('float', want.box);
        const step = { R: 7, G: 13, B: 31 }[name] ?? 1;
        let at = 0;
        for (let y = want.box.minY; y <= want.box.maxY; y++) {
          for (let x = want.box.minX; x <= want.box.maxX; x++) {
            plane.samples[at++] = -0.1 + (1.2 * (((y * WIDTH + x) * step) % 4093)) / 4093;
          }
        }
        return [name, plane];
      }),
    ),
});

const WORKER = new URL('../../../engine/bin/worker.ts', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'sluice-colour-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

const render = async (document: Parameters<typeof runGraph>[0]['document'], jobs: number): Promise<void> => {
  const run = await runGraph({ document, folder, nodes: [...nodes, codes as AnyNode], range: '1', jobs });
  expect(run.exitCode).toBe(0);
};

beforeAll(async () => {
  const write = { type: 'io.write', params: { path: 'codes.exr', compression: 'none' } };
  await render(graph({ codes: { type: 'test.codes' }, write }, ['codes.image > write.image']), 0);
});

async function floats(document: Parameters<typeof bench>[0], node: string): Promise<Record<string, Float32Array>> {
  const want = { part: 0, channels: ['R', 'G', 'B'], box: box(0, 0, WIDTH - 1, HEIGHT - 1) };
  const planes = await bench(document, { folder }).evaluator.planes(node, 1, want, never);
  return Object.fromEntries([...planes].map(([name, { samples }]) => [name, samples as Float32Array]));
}

const read = (path: string) => ({ type: 'io.read', params: { path } });

const converted = (params: Record<string, Json>) =>
  graph({ read: read('codes.exr'), convert: { type: 'color.convert', params } }, ['read.image > convert.image']);

const MATRIX =
  'matrix: [1.70505099266, -0.62179212066, -0.083258872, 0, -0.13025641750, 1.14080473658, -0.01054831907, 0, -0.02400335681, -0.12896897607, 1.15297233289, 0, 0, 0, 0, 1]';

/** Our name and adaptation, OpenColorIO's transform from it, how near it must be, and whether it is to ACES2065-1. */
const JUDGED: readonly (readonly [space: string, adaptation: string, transform: string, near: number])[] = [
  ['arrilogc3_awg3_scene', 'cat02', 'ARRI_ALEXA-LOGC-EI800-AWG_to_ACES2065-1', 3e-5],
  ['slog3_sgamut3_scene', 'cat02', 'SONY_SLOG3-SGAMUT3_to_ACES2065-1', 3e-5],
  ['slog3_sgamut3cine_scene', 'cat02', 'SONY_SLOG3-SGAMUT3.CINE_to_ACES2065-1', 3e-5],
  ['vlog_vgamut_scene', 'bradford', 'PANASONIC_VLOG-VGAMUT_to_ACES2065-1', 3e-5],
  ['redlog3g10_rwg_scene', 'bradford', 'RED_LOG3G10-RWG_to_ACES2065-1', 3e-5],
  ['acescct_ap1_scene', 'none', 'ACEScct_to_ACES2065-1', 3e-5],
  ['lin_ap1_scene', 'none', 'ACEScg_to_ACES2065-1', 1e-6],
];

const config = `ocio_profile_version: 2
search_path: ""
roles: {default: aces, scene_linear: aces}
displays:
  screen: [!<View> {name: view, colorspace: aces}]
colorspaces:
  - !<ColorSpace> {name: aces}
${JUDGED.map(([name, , style]) => `  - !<ColorSpace>\n    name: ${name}\n    to_scene_reference: !<BuiltinTransform> {style: ${style}}\n`).join('')}
  - !<ColorSpace>
    name: srgb_from_reference
    from_scene_reference: !<GroupTransform>
      children:
        - !<MatrixTransform> {${MATRIX}}
        - !<ExponentWithLinearTransform> {gamma: [2.4, 2.4, 2.4, 1], offset: [0.055, 0.055, 0.055, 0], style: mirror, direction: inverse}
`;

function judge(from: string, to: string): void {
  writeFileSync(at('judge.ocio'), config);
  const options = ['--no-autopremult', '--iscolorspace', from, '--tocolorspace', to, '-d', 'float'];
  execFileSync('oiiotool', [at('codes.exr'), ...options, '--compression', 'none', '-o', at('judged.exr')], {
    env: { ...process.env, OCIO: at('judge.ocio') },
    stdio: 'pipe',
  });
}

function worst(ours: Record<string, Float32Array>, theirs: Record<string, Float32Array>): number {
  let most = 0;
  for (const name of ['R', 'G', 'B']) {
    expect(ours[name]!.length).toBe(WIDTH * HEIGHT);
    ours[name]!.forEach((x, i) => {
      // A colour whose parts nearly cancel is judged by the largest of them.
      const size = Math.max(0.01, ...['R', 'G', 'B'].map((n) => Math.abs(theirs[n]![i]!)));
      most = Math.max(most, Math.abs(x - theirs[name]![i]!) / size);
    });
  }
  return most;
}

const missing = spawnSync('oiiotool', ['--help']).error !== undefined && process.env['CI'] !== 'true';

describe.skipIf(missing)('OpenColorIO agrees (needs oiiotool)', () => {
  it.each(JUDGED)('%s to ACES2065-1, by %s', async (space, adaptation, _, near) => {
    judge(space, 'aces');
    const ours = await floats(converted({ from: space, to: 'lin_ap0_scene', adaptation }), 'convert');
    expect(worst(ours, await floats(graph({ read: read('judged.exr') }, []), 'read'))).toBeLessThan(near);
  });

  it('ACEScg to sRGB', async () => {
    judge('aces', 'srgb_from_reference');
    const ours = await floats(converted({ from: 'lin_ap1_scene', to: 'srgb_rec709_scene' }), 'convert');
    expect(worst(ours, await floats(graph({ read: read('judged.exr') }, []), 'read'))).toBeLessThan(3e-5);
  });
});

it('a file is the same with none, one and three workers', async () => {
  const files: Buffer[] = [];
  for (const jobs of [0, 1, 3]) {
    const { nodes: sketched } = converted({ from: 'arrilogc3_awg3_scene', to: 'srgb_ap1_scene' });
    const document = graph(
      {
        read: { type: 'io.read', params: sketched['read']!.params },
        convert: { type: 'color.convert', params: sketched['convert']!.params },
        write: { type: 'io.write', params: { path: 'made.exr', compression: 'zips', overwrite: 'replace' } },
      },
      ['read.image > convert.image', 'convert.image > write.image'],
    );
    const run = await runGraph({ document, folder, nodes, range: '1', jobs, worker: WORKER });
    expect(run.exitCode).toBe(0);
    files.push(readFileSync(at('made.exr')));
  }
  expect(files[1]!.equals(files[0]!) && files[2]!.equals(files[0]!)).toBe(true);
});
