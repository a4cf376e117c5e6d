// Every example in graphs/ but the comps and the bake runs on the fixture shot and gives what its doc says.
import { readdirSync, readFileSync, renameSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeAttribute, type GraphRun, saveDocument } from '../../engine/index.ts';
import { convertPlane } from '../../engine/pixels/convert.ts';
import { planeBytes } from '../../engine/pixels/plane.ts';
import { openPicture } from '../../engine/raster/picture.ts';
import { SHOT_FRAMES, shotFile } from '../../fixtures/render.ts';
import { timeCodeOf } from '../../fixtures/shot/header.ts';
import { BAKE, COMPS, GRAPHS, HEIGHT, loadGraph, openShot, type Shot, WIDTH, withFile } from './shot.ts';

const LADDER = readdirSync(GRAPHS)
  .filter((name) => name.endsWith('.sluice.json'))
  .map((name) => name.replace('.sluice.json', ''))
  .filter((name) => !COMPS.includes(name) && name !== BAKE)
  .sort();

let shot: Shot;
const ran = new Set<string>();

beforeAll(async () => {
  shot = await openShot();
});
afterAll(() => shot.remove());

async function run(name: string, options: Parameters<Shot['run']>[1] = {}): Promise<GraphRun> {
  ran.add(name);
  return shot.run(name, options);
}

const done = (result: GraphRun, exitCode = 0): void => {
  expect(result.problems).toEqual([]);
  expect(result.result?.outcomes.filter((o) => o.state === 'failed')).toEqual([]);
  expect(result.exitCode).toBe(exitCode);
};

const ledger = ({ result }: GraphRun): string[] =>
  result!.ledger.map(({ kind, item, name, from, frames }) => `${kind} ${item} ${name} ${from} ${frames}`);

const input = (sequence: 'beauty' | 'utility', frame: number): string => `in/${shotFile(sequence, frame)}`;
const numbered = (prefix: string, frame: number): string => `out/${prefix}.${String(frame).padStart(4, '0')}.exr`;

const channelsOf = (file: string, part = 0): string[] =>
  withFile(shot.path(file), (f) => f.part(part).channels.map(({ name, type }) => `${name} ${type}`));

const readValue = (file: string, name: string): unknown =>
  withFile(shot.path(file), (f) => {
    const found = f.part(0).attributes.find((a) => a.name === name);
    return found && decodeAttribute(found);
  });

const rawOf = (file: string, name: string): Uint8Array | undefined =>
  withFile(shot.path(file), (f) => f.part(0).attributes.find((a) => a.name === name)?.bytes);

/** Compares samples bit for bit, channel by channel; returns how many channels were compared. */
function sameSamples(ours: string, theirs: string, pairs: Readonly<Record<string, string>>): number {
  const names = Object.entries(pairs);
  withFile(shot.path(ours), (a) =>
    withFile(shot.path(theirs), (b) => {
      const written = a.readPart(0);
      const given = b.readPart(0);
      for (const [to, from] of names) {
        expect(written.get(to)!.type).toBe(given.get(from)!.type);
        expect(Buffer.compare(planeBytes(written.get(to)!), planeBytes(given.get(from)!))).toBe(0);
      }
    }),
  );
  return names.length;
}

test('the ladder has ten rungs, each documented and saved in the one form', () => {
  expect(LADDER).toHaveLength(10);
  for (const name of LADDER) {
    const document = loadGraph(name);
    expect(document.name).toBe(name);
    expect(document.doc?.length ?? 0).toBeGreaterThan(60);
    expect(saveDocument(document)).toBe(readFileSync(new URL(`${name}.sluice.json`, GRAPHS), 'utf8'));
  }
});

test('01-copy gives its inputs byte for byte', async () => {
  const result = await run('01-copy');
  done(result);
  expect(result.result!.ledger).toEqual([]);
  let same = 0;
  for (const frame of SHOT_FRAMES) {
    const copy = shot.bytes(numbered('01-copy/sh010_utility', frame));
    if (copy.equals(shot.bytes(input('utility', frame)))) same++;
  }
  expect(same).toBe(8);
});

test('02-set-attribute edits three attributes, keeps the others and every chunk', async () => {
  const result = await run('02-set-attribute');
  done(result);
  expect(ledger(result)).toEqual([
    'lost attribute keyCode read 1001-1008',
    'changed attribute comments read 1001-1008',
    'changed attribute shot read 1001-1008',
    'added attribute shotName edit 1001-1008',
  ]);
  let chunks = 0;
  for (const frame of SHOT_FRAMES) {
    const [from, to] = [input('beauty', frame), numbered('02-set-attribute/sh010_beauty', frame)];
    expect(readValue(to, 'shotName')).toBe('sh010');
    expect(readValue(to, 'comments')).toBe(`approved, frame ${frame}, ${timeCodeOf(frame)}`);
    expect(readValue(to, 'keyCode')).toBeUndefined();
    const names = (file: string): string[] => withFile(shot.path(file), (f) => f.part(0).attributes.map((a) => a.name));
    expect(names(to)).toEqual(
      names(from)
        .filter((name) => name !== 'keyCode')
        .map((name) => (name === 'shot' ? 'shotName' : name)),
    );
    withFile(shot.path(from), (a) =>
      withFile(shot.path(to), (b) => {
        for (let i = 0; i < Math.ceil(HEIGHT / 16); i++, chunks++)
          expect(b.chunk(0, i).payload).toEqual(a.chunk(0, i).payload);
      }),
    );
  }
  expect(chunks).toBe(32);
});

test('03-shuffle-select keeps four channels of every other frame and says what it dropped and converted', async () => {
  const result = await run('03-shuffle-select');
  done(result);
  const kinds = result.result!.ledger.map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'lost')).toHaveLength(13);
  const converted = result.result!.ledger.filter(({ kind }) => kind === 'converted');
  expect(converted.map(({ name, samples }) => `${name} ${samples}`)).toEqual(
    ['X', 'Y', 'Z'].map((axis) => `normal.${axis} ${WIDTH * HEIGHT * 4}`),
  );
  expect(result.frames).toEqual([1001, 1003, 1005, 1007]);
  let compared = 0;
  for (const frame of result.frames) {
    const to = numbered('03-shuffle-select/sh010_geometry', frame);
    expect(channelsOf(to)).toEqual(['depth.Z float', 'normal.X half', 'normal.Y half', 'normal.Z half']);
    expect(readValue(to, 'compression')).toBe('piz');
    compared += sameSamples(to, input('utility', frame), { 'depth.Z': 'Z' });
  }
  expect(compared).toBe(4);
});

test('04-recombine holds all channels of both sequences and a constant', async () => {
  const result = await run('04-recombine');
  done(result);
  expect(ledger(result)).toContain('added channel mask.A all 1001-1008');
  let compared = 0;
  for (const frame of SHOT_FRAMES) {
    const to = numbered('04-recombine/sh010', frame);
    for (const sequence of ['beauty', 'utility'] as const) {
      const names = channelsOf(input(sequence, frame)).map((text) => text.split(' ')[0]!);
      compared += sameSamples(to, input(sequence, frame), Object.fromEntries(names.map((name) => [name, name])));
    }
    expect(channelsOf(to)).toHaveLength(18);
    expect(readValue(to, 'owner')).toBe('Larkfield Pictures, lighting');
    const mask = withFile(shot.path(to), (f) => f.readPart(0, { channels: ['mask.A'] }).get('mask.A')!);
    expect(mask.type).toBe('half');
    expect(mask.samples.every((bits) => bits === 0x3c00)).toBe(true);
  }
  expect(compared).toBe(8 * 17);
});

test('05-multipart and 06-split-part: two parts in one file, and one of them out again as it was', async () => {
  const assembled = await run('05-multipart');
  done(assembled);
  expect(ledger(assembled)).toEqual([]);
  const split = await run('06-split-part');
  done(split);
  expect(ledger(split)).toEqual(['lost part beauty read 1001-1008']);
  let compared = 0;
  for (const frame of SHOT_FRAMES) {
    const file = numbered('05-multipart/sh010', frame);
    withFile(shot.path(file), (f) => expect(f.header.parts.map((p) => p.name)).toEqual(['beauty', 'data']));
    const data = numbered('06-split-part/sh010_data', frame);
    const names = channelsOf(input('utility', frame)).map((text) => text.split(' ')[0]!);
    compared += sameSamples(data, input('utility', frame), Object.fromEntries(names.map((name) => [name, name])));
    expect(rawOf(data, 'studioTag')).toEqual(rawOf(input('utility', frame), 'studioTag'));
  }
  expect(compared).toBe(8 * 13);
});

test('07-retime-and-hold bounces before, holds after, and fills a gap only where a frame is missing', async () => {
  const source = 'in/sh010_beauty.1003.exr';
  const result = await run('07-retime-and-hold');
  done(result);
  const stands = (frame: number): number =>
    SHOT_FRAMES.find((f) =>
      shot.bytes(input('beauty', f)).equals(shot.bytes(numbered('07-retime-and-hold/sh010_beauty', frame))),
    )!;
  expect(result.frames.map(stands)).toEqual([
    1005, 1004, 1003, 1002, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1008, 1008,
  ]);
  expect(ledger(result).filter((line) => line.startsWith('substituted'))).toHaveLength(6);

  renameSync(shot.path(source), shot.path('away.exr'));
  try {
    const gap = await run('07-retime-and-hold', { overrides: { params: { 'write.overwrite': 'replace' } } });
    done(gap, 4);
    expect(ledger(gap)).toContain('substituted frame 1003: 1002 instead read 1007');
    // At 1003 the bounce leads to the missing frame too.
    expect(gap.result!.outcomes.filter((o) => o.state === 'substituted').map((o) => o.frame)).toEqual([1003, 1007]);
  } finally {
    renameSync(shot.path('away.exr'), shot.path(source));
  }
});

test('08-template follows variables and promoted parameters', async () => {
  const result = await run('08-template', {
    overrides: {
      variables: { vendor: 'ACME', version: '12' },
      params: { source: 'in/sh010_utility.%04d.exr', compression: 'rle' },
    },
  });
  done(result);
  expect(result.frames).toEqual([1001, 1002, 1003, 1004]);
  for (const frame of result.frames) {
    const to = numbered('08-template/ACME_sh010_v012', frame);
    expect(readValue(to, 'delivery')).toBe(`ACME_sh010_v012.${frame}`);
    expect(readValue(to, 'vendor')).toBe('ACME');
    expect(readValue(to, 'comments')).toBeUndefined();
    expect(readValue(to, 'compression')).toBe('rle');
    expect(channelsOf(to)).toHaveLength(13);
  }
});

test('09-review-png gives sRGB of eight bits that says so, and the ledger what a PNG cannot hold', async () => {
  const result = await run('09-review-png');
  done(result);
  const lines = result.result!.ledger.map(({ kind, name, reason }) => `${kind} ${name}: ${reason}`);
  expect(lines).toContain('lost timeCode: write: PNG holds no such attribute');
  expect(lines).toContain('lost A: write: the picture is made of R, G, B');
  expect(lines).toContain('converted R: below 0 or above 1: clamped');
  expect(lines).toContain('changed file: OpenEXR became PNG, 8 bits');
  const encoded = (light: number): number => {
    const v = Math.min(1, Math.max(0, light * 2 ** 0.5));
    return v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055;
  };
  let near = 0;
  for (const frame of SHOT_FRAMES) {
    const path = shot.path(`out/09-review-png/sh010.${frame}.png`);
    expect(openPicture(path).header.colour.map((s) => `${s.by}: ${s.says}`)[0]).toBe('sRGB: rec709, srgb');
    const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([WIDTH, HEIGHT, 3]);
    const planes = withFile(shot.path(input('beauty', frame)), (f) => f.readPart(0));
    for (const [c, name] of ['R', 'G', 'B'].entries()) {
      const light = convertPlane(planes.get(name)!, 'float').plane.samples;
      // Half is rounded twice on the way, which may tip the rounding to a whole number.
      for (let i = 0; i < light.length; i++) if (Math.abs(data[3 * i + c]! - encoded(light[i]!) * 255) < 0.6) near++;
    }
  }
  expect(near).toBe(8 * WIDTH * HEIGHT * 3);
});

test('recombine renames channels, merges attributes, edits one, and gives the same bytes with workers', async () => {
  const result = await run('recombine');
  done(result);
  expect(ledger(result)).toEqual([
    'changed attribute comments readBeauty 1001-1008',
    'changed attribute renderLayer readBeauty 1001-1008',
    'changed attribute comments readUtility 1001-1008',
    'changed attribute owner readUtility 1001-1008',
    'changed attribute renderLayer readUtility 1001-1008',
  ]);
  const alone = SHOT_FRAMES.map((frame) => shot.bytes(numbered('recombine/sh010', frame)));
  const again = await run('recombine', { jobs: 2, overrides: { params: { 'write.overwrite': 'replace' } } });
  done(again);

  const crypto = ['00.A', '00.B', '00.G', '00.R', '01.G', '01.R'].map((c) => `CryptoObject${c}`);
  const fromUtility = {
    'depth.Z': 'Z',
    ...Object.fromEntries(['X', 'Y', 'Z'].map((axis) => [`normal.${axis}`, `N.${axis}`])),
    ...Object.fromEntries(['R', 'G', 'B'].map((c) => [`spec.${c}`, `specular.${c}`])),
    ...Object.fromEntries(crypto.map((name) => [name, name])),
  };
  let compared = 0;
  for (const [i, frame] of SHOT_FRAMES.entries()) {
    const to = numbered('recombine/sh010', frame);
    expect(shot.bytes(to).equals(alone[i]!)).toBe(true);
    compared += sameSamples(to, input('beauty', frame), { R: 'R', G: 'G', B: 'B', A: 'A' });
    compared += sameSamples(to, input('utility', frame), fromUtility);
    expect(channelsOf(to)).toHaveLength(17);
    expect(readValue(to, 'comments')).toBe(`sh010 still life, beauty, take 3; recombined at frame ${frame}`);
    expect(readValue(to, 'renderLayer')).toBe('beauty+utility');
    expect(readValue(to, 'owner')).toBe('Larkfield Pictures, lighting');
    for (const name of ['studioTag', 'cryptomatte/3ae39a5/manifest', 'worldToCamera', 'passes', 'timeCode'])
      expect(rawOf(to, name)).toEqual(rawOf(input('utility', frame), name));
    for (const name of ['keyCode', 'lightGroups', 'chromaticities', 'renderBorder'])
      expect(rawOf(to, name)).toEqual(rawOf(input('beauty', frame), name));
  }
  expect(compared).toBe(8 * 17);
});

test('no rung was left out above', () => {
  expect([...ran].sort()).toEqual(LADDER);
});
