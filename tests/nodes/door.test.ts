// The door of Read sequence: colours are converted there to the very bits of Color convert, or come in as they are.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../engine/base/canonical.ts';
import { encodeAttribute } from '../../engine/exr/attribute.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import { nodes as builtIn } from '../../nodes/index.ts';
import { chunk, png } from '../raster/forge.ts';
import { digest, run, sums, temporary, text, writeExr } from '../run/files.ts';
import { bench, graph } from '../run/graph.ts';

const folder = temporary();
const WORKER = new URL('../../engine/bin/worker.ts', import.meta.url);
const AP0 = { red: [0.7347, 0.2653], green: [0, 1], blue: [0.0001, -0.077], white: [0.32168, 0.33767] };
const lights = (value: Json) => encodeAttribute('chromaticities', 'chromaticities', value);
const id = (name: string) => text('colorInteropID', name);
const flag = encodeAttribute('acesImageContainerFlag', 'int', 1);

const CHANNELS = ['R', 'G', 'B', 'A', 'diffuse.R:float', 'diffuse.G:float', 'diffuse.B:float'];
const DATA = ['N.R:float', 'N.G:float', 'N.B:float', 'Z:float', 'id:uint'];

beforeAll(async () => {
  const all = [...CHANNELS, ...DATA];
  await writeExr(join(folder, 'aces.exr'), [{ channels: all, attributes: [flag, lights(AP0), text('shot', 'a')] }]);
  await writeExr(join(folder, 'log.exr'), [{ channels: all, attributes: [id('ocio:arrilogc4_awg4_scene')] }]);
  await writeExr(join(folder, 'parts.exr'), [
    { name: 'rgba', channels: CHANNELS.slice(0, 4), attributes: [lights(AP0)] },
    { name: 'N', channels: ['R:float', 'G:float', 'B:float'], attributes: [id('data')] },
    { name: 'spec', channels: ['R:float', 'G:float', 'B:float'], attributes: [lights(AP0)], compression: 'piz' },
  ]);
  await writeExr(join(folder, 'silent.exr'), [{ channels: CHANNELS.slice(0, 4) }]);
  await writeExr(join(folder, 'torn.exr'), [
    { channels: CHANNELS.slice(0, 4), attributes: [id('lin_rec709_scene'), lights(AP0)] },
  ]);
  const samples = Array.from({ length: 9 * 7 * 3 }, (_, i) => (i * 7919) % 65536);
  const before = [chunk('sRGB', Buffer.from([0]))];
  writeFileSync(join(folder, 'texture.png'), png({ width: 9, height: 7, bits: 16, kind: 2, samples, before }));
  for (const frame of [1, 3]) await writeExr(join(folder, `gap.${frame}.exr`), [{ channels: CHANNELS, seed: frame }]);
});

const described = async (path: string, params: Readonly<Record<string, Json>> = {}) => {
  const { descriptions } = bench(graph({ r: { type: 'io.read', params: { path, ...params } } }, []), { folder });
  const { spec, problems } = await descriptions.describe('r', 1);
  return { spec, problems: problems.map((p) => `${p.severity} ${p.code} ${p.where.param}`), found: problems };
};

let outputs = 0;
/** Runs nodes in a row into a file; the samples, the attributes and the ledger. */
async function pass(path: string, params: Readonly<Record<string, Json>>, convert?: Readonly<Record<string, Json>>) {
  const out = `out${outputs++}.exr`;
  const document = graph(
    {
      r: { type: 'io.read', params: { path, ...params } },
      ...(convert ? { c: { type: 'color.convert', params: convert } } : {}),
      w: { type: 'io.write', params: { path: out } },
    },
    convert ? ['r.image > c.image', 'c.image > w.image'] : ['r.image > w.image'],
  );
  const done = await run(document, folder, { range: '1', failOnLoss: true });
  expect(done.problems.filter((p) => p.severity === 'error')).toEqual([]);
  expect(done.exitCode).toBe(0);
  const file = ExrFile.open(join(folder, out));
  const attributes = file.header.parts.map((part) =>
    part.attributes.map(({ name, type, bytes }) => `${name} ${type} ${Buffer.from(bytes).toString('hex')}`),
  );
  file.close();
  const ledger = done.result!.ledger.map((e) => `${e.kind} ${e.name} ${e.reason.replace(/^[rc]: /, '')}`);
  return { sums: sums(join(folder, out)), attributes, ledger, digest: digest(join(folder, out)), out };
}

describe('converting at the door', () => {
  const rows: readonly [path: string, given: string][] = [
    ['aces.exr', 'auto'],
    ['log.exr', 'auto'],
    ['parts.exr', 'auto'],
    ['texture.png', 'auto'],
    ['silent.exr', 'slog3_sgamut3cine_scene'],
    ['silent.exr', 'lin_rec709_scene'],
    ['aces.exr', 'acescct_ap1_scene'],
  ];
  let compared = 0;

  it.each(rows)('gives the bits, the tags and the ledger of Color convert: %s, %s', async (path, given) => {
    for (const to of ['lin_ap1_scene', 'lin_rec709_scene', 'lin_ap0_scene']) {
      const here = await pass(path, { inputSpace: given, workingSpace: to });
      const behind = await pass(path, {}, { from: given, to });
      expect(here.sums).toEqual(behind.sums);
      expect(here.attributes).toEqual(behind.attributes);
      // The writing node of an attribute is another one.
      const neutral = (lines: readonly string[]) => lines.map((line) => line.replace(/set by [rc]$/, 'set'));
      expect(neutral(here.ledger)).toEqual(neutral(behind.ledger));
      compared += Object.keys(here.sums).length;
    }
  });
  it('was compared on so many channels', () => expect(compared).toBe(3 * (12 + 12 + 10 + 3 + 4 + 4 + 12)));

  it('changes samples where the spaces differ, and leaves data and alpha alone', async () => {
    const plain = sums(join(folder, 'aces.exr'));
    const made = (await pass('aces.exr', { workingSpace: 'lin_ap1_scene' })).sums;
    const same = Object.keys(plain).filter((name) => plain[name] === made[name]);
    expect(same.sort()).toEqual(['0/A', '0/N.B', '0/N.G', '0/N.R', '0/Z', '0/id']);
  });

  it('tells the ledger what the tags became', async () => {
    const { ledger } = await pass('aces.exr', { workingSpace: 'lin_ap1_scene' });
    expect(ledger).toEqual([
      'cleared acesImageContainerFlag no longer true: the colours are now ACEScg',
      'changed chromaticities the colours are now ACEScg',
      'added colorInteropID set by r',
    ]);
    expect((await pass('aces.exr', { workingSpace: 'lin_ap0_scene' })).ledger).toEqual([
      'added colorInteropID set by r',
    ]);
  });

  it('is the same bytes with workers, and one channel alone is what it is among others', async () => {
    const document = graph(
      {
        r: { type: 'io.read', params: { path: 'log.exr', workingSpace: 'lin_ap1_scene' } },
        k: { type: 'channel.shuffle', params: { rows: [{ to: 'G', from: 'in:G' }], others: 'drop' } },
        w: { type: 'io.write', params: { path: 'jobs/o.exr', overwrite: 'replace' } },
        all: { type: 'io.write', params: { path: 'jobs/all.exr', overwrite: 'replace' } },
      },
      ['r.image > k.sources.in', 'k.image > w.image', 'r.image > all.image'],
    );
    const made: string[] = [];
    for (const jobs of [0, 2]) {
      const done = await run(document, folder, { range: '1', jobs, worker: WORKER, nodes: builtIn });
      expect(done.exitCode).toBe(0);
      made.push(digest(join(folder, 'jobs/o.exr')) + digest(join(folder, 'jobs/all.exr')));
    }
    expect(made[1]).toBe(made[0]);
    expect(sums(join(folder, 'jobs/o.exr'))['0/G']).toBe(sums(join(folder, 'jobs/all.exr'))['0/G']);
  });

  it('leaves black black, and chunks of parts without colours as they are', async () => {
    const { spec } = await described('gap.%d.exr', {
      inputSpace: 'arrilogc4_awg4_scene',
      workingSpace: 'lin_ap1_scene',
      before: 'black',
      offset: 4,
    });
    expect(spec!.parts[0]!.channels.map((c) => c.origin)).toEqual(CHANNELS.map(() => ({ from: 'constant', value: 0 })));
    const parts = (await described('parts.exr', { workingSpace: 'lin_ap1_scene' })).spec!.parts;
    expect(parts.map((part) => part.stored!.chunks !== undefined)).toEqual([false, true, false]);
  });

  it('asks where nothing says the space, and never guesses', async () => {
    const { problems, found } = await described('silent.exr', { workingSpace: 'lin_ap1_scene' });
    expect(problems).toEqual(['error color-space-unknown inputSpace']);
    expect(found[0]!.fixes!.map(({ edits }) => edits)).toEqual(
      ['lin_rec709_scene', 'lin_ap1_scene', 'lin_ap0_scene', 'srgb_rec709_scene'].map((value) => [
        { op: 'setParam', node: 'r', name: 'inputSpace', value },
      ]),
    );
    expect((await described('aces.exr', { workingSpace: 'lin_ap1_scene' })).problems).toEqual([
      'info color-not-colour workingSpace',
    ]);
  });
});

describe('without a conversion', () => {
  it.each(['aces.exr', 'log.exr', 'parts.exr', 'silent.exr'])('%s comes in as it is', async (path) => {
    const { spec, problems } = await described(path);
    expect(problems).toEqual([]);
    expect(spec!.parts.every((part) => part.stored!.chunks !== undefined)).toBe(true);
    const { ledger, sums: made } = await pass(path, {});
    expect([ledger, made]).toEqual([[], sums(join(folder, path))]);
  });

  it('a space that is given is stated, chunks stay, and the ledger tells', async () => {
    const { spec, problems } = await described('silent.exr', { inputSpace: 'arrilogc4_awg4_scene' });
    expect(problems).toEqual([]);
    expect(spec!.parts[0]!.stored!.chunks).toBeDefined();
    const { ledger, sums: made } = await pass('silent.exr', { inputSpace: 'arrilogc4_awg4_scene' });
    expect(ledger).toEqual(['added chromaticities set by r', 'added colorInteropID set by r']);
    expect(made).toEqual(sums(join(folder, 'silent.exr')));
  });

  it('tags that contradict each other are told, until the space is given', async () => {
    const told = await described('torn.exr');
    expect(told.problems).toEqual(['warning color-tags-disagree inputSpace']);
    expect(told.found[0]!.message).toBe(
      'The tags of #0 contradict each other: colorInteropID "lin_rec709_scene" says Linear Rec.709, chromaticities name the primaries of ACES2065-1. The first is believed.',
    );
    expect(told.found[0]!.fixes!.map(({ edits }) => edits)).toEqual([
      [{ op: 'setParam', node: 'r', name: 'inputSpace', value: 'lin_rec709_scene' }],
      [{ op: 'setParam', node: 'r', name: 'inputSpace', value: 'lin_ap0_scene' }],
    ]);
    expect((await described('torn.exr', { inputSpace: 'lin_rec709_scene' })).problems).toEqual([]);
    expect((await described('torn.exr', { inputSpace: 'lin_ap0_scene' })).problems).toEqual([
      'warning color-tags-disagree inputSpace',
    ]);
  });
});
