// Flatten deep: against the plainest form of its rules, oiiotool, real files, and what it says of parts.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { ChannelSpec } from '../../engine/image/spec.ts';
import { convertPlane, convertSamples } from '../../engine/pixels/convert.ts';
import type { DeepPlanes } from '../../engine/pixels/deep.ts';
import { partChannels } from '../../nodes/deep/flatten/channels.ts';
import { type Coverage, Flattener } from '../../nodes/deep/flatten/stack.ts';
import { flatten } from '../../nodes/deep/flatten.ts';
import { random } from '../base/random.ts';
import { corpusFile, describeCorpus, hasOiiotool } from '../exr/corpus.ts';
import { runChain, withFile } from './deep-chain.ts';
import {
  attribute,
  channel,
  channelLines,
  describeNode,
  lossLines,
  part,
  picture,
  problemLines,
} from './spec-builder.ts';
import { deepPart, deepSamples, writeDeep } from './stages-deep.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-flatten-'));
afterAll(() => rmSync(folder, { recursive: true }));

const out = join(folder, 'out.exr');

interface Sample {
  readonly front: number;
  readonly back: number;
  readonly alpha: number;
  readonly colour: number;
}

/** "Interpreting OpenEXR Deep Pixels", sample by sample: split at every depth, merge two by two, over. */
function plainly(samples: readonly Sample[]): { alpha: number; colour: number } {
  const depths = [...new Set(samples.flatMap(({ front, back }) => [front, back]))].sort((a, b) => a - b);
  const pieces = samples.flatMap((sample): Sample[] => {
    const { front, back, alpha, colour } = sample;
    if (front === back) return [sample];
    const inside = depths.filter((depth) => depth >= front && depth <= back);
    return inside.slice(1).map((end, i) => {
      const share = (end - inside[i]!) / (back - front);
      const own = alpha === 1 ? 1 : -Math.expm1(share * Math.log1p(-alpha));
      const light = alpha === 1 ? colour : alpha === 0 ? colour * share : (own / alpha) * colour;
      return { front: inside[i]!, back: end, alpha: own, colour: light };
    });
  });
  const merged = new Map<string, Sample[]>();
  for (const piece of pieces) {
    const key = `${piece.front} ${piece.back}`;
    merged.set(key, [...(merged.get(key) ?? []), piece]);
  }
  const layers = [...merged.values()]
    .map((group): Sample => {
      const opaque = group.filter(({ alpha }) => alpha === 1);
      const [first] = group as [Sample];
      if (opaque.length > 0) {
        return { ...first, alpha: 1, colour: opaque.reduce((sum, { colour }) => sum + colour, 0) / opaque.length };
      }
      return group.reduce((a, b) => {
        const alpha = a.alpha + b.alpha - a.alpha * b.alpha;
        const [u1, u2] = [-Math.log1p(-a.alpha), -Math.log1p(-b.alpha)];
        const light = a.colour * (a.alpha > 0 ? u1 / a.alpha : 1) + b.colour * (b.alpha > 0 ? u2 / b.alpha : 1);
        return { front: a.front, back: a.back, alpha, colour: light * (u1 + u2 > 0 ? alpha / (u1 + u2) : 1) };
      });
    })
    .sort((a, b) => a.front - b.front || a.back - b.back);
  let [alpha, colour] = [0, 0];
  for (const layer of layers) {
    colour += (1 - alpha) * layer.colour;
    alpha += (1 - alpha) * layer.alpha;
  }
  return { alpha, colour };
}

const flattened = (samples: readonly Sample[]) => {
  const row = (of: (sample: Sample) => number): Float32Array => Float32Array.from(samples, of);
  const coverage: Coverage = { alpha: row((s) => s.alpha), colours: [row((s) => s.colour)] };
  const flattener = new Flattener({ front: row((s) => s.front), back: row((s) => s.back), coverages: [coverage] });
  const { alphas, colours, ...rest } = flattener.flatten(0, samples.length);
  return { alpha: alphas[0]!, colour: colours[0]![0]!, ...rest };
};

describe('the rules', () => {
  test('sums give what splitting and merging sample by sample gives', () => {
    const { int, chance } = random(21);
    const worst = { alpha: 0, colour: 0 };
    let overlapping = 0;
    for (let round = 0; round < 4000; round++) {
      const samples = Array.from({ length: int(1, 9) }, (): Sample => {
        const front = int(0, 9) / 2;
        const alpha = chance(0.1) ? 1 : chance(0.1) ? 0 : Math.fround(int(1, 999) / 1000);
        return {
          front,
          back: chance(0.4) ? front : front + int(1, 6) / 2,
          alpha,
          colour: Math.fround(int(0, 999) / 500),
        };
      });
      const [expected, found] = [plainly(samples), flattened(samples)];
      worst.alpha = Math.max(worst.alpha, Math.abs(found.alpha - expected.alpha));
      worst.colour = Math.max(worst.colour, Math.abs(found.colour - expected.colour));
      if (samples.some((a, i) => samples.some((b, j) => i < j && a.front < b.back && b.front < a.back))) overlapping++;
    }
    expect(overlapping).toBeGreaterThan(2000);
    expect(worst.alpha).toBeLessThan(1e-12);
    expect(worst.colour).toBeLessThan(1e-11);
  });

  const fog: Sample = { front: 2, back: 6, alpha: 0.75, colour: 0.3 };
  const point = (front: number, alpha: number, colour: number): Sample => ({ front, back: front, alpha, colour });

  test('a point in the middle of a volume has half of its optical depth before it', () => {
    const { alpha, colour } = flattened([fog, point(4, 1, 1)]);
    const half = 1 - Math.sqrt(1 - 0.75);
    expect(alpha).toBe(1);
    expect(colour).toBeCloseTo((half / 0.75) * 0.3 + (1 - half), 7);
  });

  test('a volume in two halves is the volume, and the order of samples does not matter', () => {
    const half = 1 - Math.sqrt(1 - 0.75);
    const piece = { alpha: half, colour: (half / 0.75) * 0.3 };
    const halves = flattened([
      { front: 4, back: 6, ...piece },
      { front: 2, back: 4, ...piece },
    ]);
    expect(halves.alpha).toBeCloseTo(0.75, 7);
    expect(halves.colour).toBeCloseTo(0.3, 7);
    const samples = [fog, point(4, 0.5, 0.2), { front: 1, back: 5, alpha: 0.4, colour: 0.4 }];
    expect(flattened(samples.toReversed()).colour).toBeCloseTo(flattened(samples).colour, 12);
  });

  test('points at one depth merge, opaque ones that meet are averaged, what is behind is hidden', () => {
    expect(flattened([point(3, 0.5, 0.5), point(3, 0.5, 0.5)]).alpha).toBeCloseTo(0.75, 12);
    expect(flattened([point(3, 1, 0.5), point(3, 1, 0.25), point(2.5, 0, 0)]).colour).toBe(0.375);
    expect(flattened([point(9, 1, 7), point(3, 1, 0.5)])).toMatchObject({ alpha: 1, colour: 0.5, front: 3, back: 3 });
  });

  test('a thin dense volume leaves nothing behind, and one without opacity gives its light', () => {
    const thin: Sample = { front: 1, back: 1.0000001, alpha: 0.999999, colour: 0 };
    const deep: Sample = { front: 0, back: 1000, alpha: 0.001, colour: 0 };
    expect(flattened([thin, deep]).alpha).toBeCloseTo(
      plainly(
        [thin, deep].map((s) => ({
          ...s,
          front: Math.fround(s.front),
          back: Math.fround(s.back),
          alpha: Math.fround(s.alpha),
        })),
      ).alpha,
      12,
    );
    expect(flattened([{ front: 1, back: 3, alpha: 0, colour: 0.5 }, point(2, 0, 0.25)]).colour).toBeCloseTo(0.75, 12);
  });

  test('depths are those of what is seen', () => {
    expect(flattened([point(1, 0, 0), point(2, 0.5, 0.1), fog, point(9, 0.1, 0)])).toMatchObject({
      sample: 1,
      front: 2,
      back: 9,
    });
    expect(flattened([point(2, 0.5, 0.1), point(4, 1, 0), point(9, 1, 0)])).toMatchObject({ front: 2, back: 4 });
    expect(flattened([point(5, 0, 0), point(4, 0, 0)])).toMatchObject({ sample: 1, front: 4 });
  });

  test('numbers that are none do not spread: depths without sense are points, opacities are held to 0 and 1', () => {
    const odd = [
      { front: Number.NaN, back: 1, alpha: 0.5, colour: 0.5 },
      { front: 3, back: Number.POSITIVE_INFINITY, alpha: 0.5, colour: 0.25 },
      { front: 4, back: 2, alpha: Number.NaN, colour: 0.125 },
      { front: 5, back: 5, alpha: -3, colour: 0 },
    ];
    expect(flattened(odd)).toMatchObject({
      alpha: 0.75,
      colour: 0.25 + 0.5 * 0.125 + 0.5 * 0.5,
      front: 3,
      back: Number.POSITIVE_INFINITY,
    });
    expect(flattened([point(1, 7, 0.5), point(2, 1, 1)])).toMatchObject({ alpha: 1, colour: 0.5 });
  });

  test('a hundred thousand volumes in one pixel take no more than it takes to sort them', () => {
    const { int } = random(4);
    const samples = Array.from({ length: 100_000 }, (): Sample => {
      const front = int(0, 1e6) / 16;
      return { front, back: front + int(1, 1e6) / 16, alpha: int(0, 1) / 1e6, colour: 0 };
    });
    const begun = performance.now();
    expect(flattened(samples).alpha).toBeGreaterThan(0);
    expect(performance.now() - begun).toBeLessThan(20_000);
  });
});

describe('volumes against oiiotool', () => {
  test.skipIf(!hasOiiotool)(
    'split and merged by its deepmerge, then flattened, they are what they are here',
    async () => {
      const names = ['A', 'B', 'G', 'R', 'Z', 'ZBack'];
      const { tiles: _, ...scanLines } = { ...deepPart, type: 'deepscanline' as const };
      const part = {
        ...scanLines,
        channels: deepPart.channels
          .filter((c) => names.includes(c.name))
          .map((c) => ({ ...c, type: 'float' as const })),
      };
      const deep = deepSamples();
      const row = (name: string): Float32Array => {
        const { type, samples } = deep.channels.get(name)!;
        return convertSamples(samples, type, 'float').samples as Float32Array;
      };
      /** Every second sample of each pixel: oiiotool makes pixels tidy only where it merges two. */
      const half = (which: number): DeepPlanes => {
        const kept: number[] = [];
        const offsets = [0];
        for (let i = 0; i + 1 < deep.offsets.length; i++) {
          for (let s = deep.offsets[i]!; s < deep.offsets[i + 1]!; s++)
            if ((s - deep.offsets[i]!) % 2 === which) kept.push(s);
          offsets.push(kept.length);
        }
        const channels = names.map(
          (name) => [name, { type: 'float' as const, samples: Float32Array.from(kept, (s) => row(name)[s]!) }] as const,
        );
        return { ...deep, offsets: Uint32Array.from(offsets), channels: new Map(channels) };
      };
      for (const which of [0, 1]) await writeDeep(join(folder, `half${which}.exr`), part, half(which));
      const [a, b, merged] = ['half0.exr', 'half1.exr', 'merged.exr'].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      execFileSync('oiiotool', [a, b, '--deepmerge', '--flatten', '-o', merged]);
      const judged = withFile(merged, (file) => file.readPart(0));
      const rows = new Map(names.map((name) => [name, row(name)]));
      const [front, back] = [rows.get('Z')!, rows.get('ZBack')!];
      const colours = ['B', 'G', 'R'];
      const flattener = new Flattener({
        front,
        back,
        coverages: [{ alpha: rows.get('A')!, colours: colours.map((name) => rows.get(name)!) }],
      });
      const pixels = { volumes: 0, others: 0 };
      for (let i = 0; i + 1 < deep.offsets.length; i++) {
        const [start, end] = [deep.offsets[i]!, deep.offsets[i + 1]!];
        if (start === end) continue;
        // oiiotool puts a point behind the volume that begins at its depth, against the document.
        if (front.subarray(start, end).some((z, s) => back[start + s] === z)) {
          pixels.others++;
          continue;
        }
        const { alphas, colours: made } = flattener.flatten(start, end);
        expect(alphas[0]).toBeCloseTo(judged.get('A')!.samples[i]!, 5);
        for (const [n, name] of colours.entries()) expect(made[0]![n]).toBeCloseTo(judged.get(name)!.samples[i]!, 5);
        pixels.volumes++;
      }
      expect(pixels).toEqual({ volumes: 198, others: 1050 });
    },
  );
});

describeCorpus('flattening of real files', () => {
  test.skipIf(!hasOiiotool)('colours are those of oiiotool', async () => {
    const counts = { channels: 0, samples: 0, meeting: 0 };
    for (const name of [
      'openexr-images/v2/LowResLeftView/Balls.exr',
      'openexr-images/v2/LowResLeftView/Trunks.exr',
      'openexr-tests/11.deep.exr',
      'openexr-tests/multivariate.deep.exr',
    ]) {
      const run = await runChain(folder, corpusFile(name), [{ type: 'deep.flatten' }]);
      expect(run.exitCode, JSON.stringify(run)).toBe(0);
      const judged = join(folder, 'judged.exr');
      execFileSync('oiiotool', [corpusFile(name), '--flatten', '-d', 'float', '-o', judged]);
      const [mine, theirs] = [out, judged].map((path) => withFile(path, (file) => file.readPart(0)));
      const { offsets, channels } = withFile(corpusFile(name), (file) => file.readDeep(0, { channels: ['Z'] }));
      const depths = channels.get('Z')!.samples;
      // Points at one depth are merged; oiiotool lays them over each other.
      const meeting = new Set<number>();
      for (let i = 0; i + 1 < offsets.length; i++) {
        for (let s = offsets[i]! + 1; s < offsets[i + 1]!; s++) if (depths[s] === depths[s - 1]) meeting.add(i);
      }
      counts.meeting += meeting.size;
      for (const channel of ['R', 'G', 'B', 'A']) {
        const [a, b] = [mine!, theirs!].map((planes) => convertPlane(planes.get(channel)!, 'float').plane.samples);
        // Half a unit of half's last place, and what oiiotool's floats lose.
        let worst = 0;
        for (let i = 0; i < a!.length; i++) {
          if (!meeting.has(i)) worst = Math.max(worst, Math.abs(a![i]! - b![i]!) / Math.max(0.001, b![i]!));
        }
        expect(worst, `${name} ${channel}`).toBeLessThan(2 ** -11 + 1e-4);
        counts.channels++;
        counts.samples += a!.length;
      }
    }
    expect(counts).toEqual({ channels: 16, samples: 4 * (764 * 406 + 1024 * 435 + 2 * 256 * 256), meeting: 48 });
  });

  test('one sample a pixel is that sample, and none is 0', async () => {
    const name = corpusFile('openexr-images/v2/LowResLeftView/Trunks.exr');
    await runChain(folder, name, [{ type: 'deep.flatten' }]);
    const deep = withFile(name, (file) => file.readDeep(0));
    const flat = withFile(out, (file) => file.readPart(0));
    let single = 0;
    for (let i = 0; i + 1 < deep.offsets.length; i++) {
      const [start, end] = [deep.offsets[i]!, deep.offsets[i + 1]!];
      if (end > start + 1) continue;
      single++;
      for (const [channel, { samples }] of deep.channels) {
        if (flat.get(channel)!.samples[i] !== (end > start ? samples[start] : 0)) throw new Error(`${channel} at ${i}`);
      }
    }
    expect(single).toBeGreaterThan(400_000);
  });
});

describe('the description', () => {
  const deep = (...channels: (string | ChannelSpec)[]) =>
    picture(
      part({
        kind: 'deep',
        channels,
        attributes: [attribute('deepImageState', 'deepImageState', 'tidy')],
        stored: { compression: 'zips' },
      }),
    );

  test('all channels stay, in their types', async () => {
    const done = await describeNode(flatten, {}, { image: deep('A', 'R', 'Z:float', 'id:uint') });
    expect(channelLines(done.spec)).toEqual(['A:half ← ?', 'R:half ← ?', 'Z:float ← ?', 'id:uint ← ?']);
    expect(done.spec.parts[0]).toMatchObject({ kind: 'flat' });
    expect(problemLines(done)).toEqual([]);
    expect(lossLines(done)).toEqual(['^attribute image #0 deepImageState: it speaks of deep samples']);
  });

  test('depth is needed, alpha missed, other methods cannot be unpacked', async () => {
    expect(problemLines(await describeNode(flatten, {}, { image: deep('A', 'Z:uint') }))).toEqual([
      'error channel-unknown',
    ]);
    expect(problemLines(await describeNode(flatten, {}, { image: deep('R', 'Z') }))).toEqual([
      'warning channel-unknown',
    ]);
    const odd = picture(part({ kind: 'deep', channels: ['A', 'Z'], stored: { compression: 'piz', copyOnly: true } }));
    expect(problemLines(await describeNode(flatten, {}, { image: odd }))).toEqual([
      'error exr-compression-unsupported',
    ]);
  });

  test('roles say which channels are laid over, by which alpha, and of which the nearest is taken', () => {
    const channels = [
      'A',
      'AR',
      'B',
      'G',
      'R',
      'Y',
      'Z:float',
      'ZBack:float',
      'N.X',
      'N.A',
      'fog.r',
      'fog.alpha',
      'ao',
      'id:uint',
    ];
    const { covered, picked } = partChannels(deep(...channels), 0, ['ao']);
    expect(covered).toEqual([
      { alpha: 'A', colours: ['B', 'G', 'Y', 'ao'] },
      { alpha: 'AR', colours: ['R'] },
      { alpha: 'N.A', colours: [] },
      { alpha: 'fog.alpha', colours: ['fog.r'] },
    ]);
    expect(picked).toEqual(['N.X', 'id']);
    expect(partChannels(deep('R', 'Z'), 0, []).covered).toEqual([{ colours: ['R'] }]);
    const set = deep('A', channel('R', { role: 'id' }), 'Z');
    expect(partChannels(set, 0, []).picked).toEqual(['R']);
  });

  test('flat parts pass', async () => {
    const done = await describeNode(flatten, {}, { image: picture(part({ channels: ['R'] })) });
    expect(channelLines(done.spec)).toEqual(['R:half ← image #0 R']);
  });
});
