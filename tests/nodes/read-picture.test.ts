// Read sequence on pictures: parts, attributes, problems and policies; what is wrong spoils its own frame alone.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeAttribute } from '../../engine/exr/attribute.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import { LIGHTS } from '../../engine/raster/colour.ts';
import { chunk, iccp, longs, png, tiff } from '../raster/forge.ts';
import { run, temporary } from '../run/files.ts';
import { bench, graph } from '../run/graph.ts';

const folder = temporary();
const small = { width: 3, height: 2, bits: 8, kind: 2, samples: Array.from({ length: 18 }, (_, i) => i * 14) } as const;

function put(name: string, bytes: Uint8Array): string {
  writeFileSync(join(folder, name), bytes);
  return name;
}

async function describePicture(path: string) {
  const { descriptions } = bench(graph({ r: { type: 'io.read', params: { path } } }, []), { folder });
  const { spec, problems, key } = await descriptions.describe('r', 1);
  const part = spec?.parts[0];
  return {
    key,
    part,
    attributes: Object.fromEntries(part?.attributes.map((a) => [a.name, decodeAttribute(a)]) ?? []),
    problems: problems.map((p) => `${p.severity} ${p.code}: ${p.message}`),
  };
}

const REQUIRED = { pixelAspectRatio: 1, screenWindowCenter: [0, 0], screenWindowWidth: 1 };

describe('a picture is one part', () => {
  it('of float channels, with its windows and nothing that it does not say', async () => {
    const { part, attributes, problems } = await describePicture(put('plain.png', png(small)));
    expect(part).toMatchObject({ kind: 'flat', dataWindow: { minX: 0, minY: 0, maxX: 2, maxY: 1 } });
    expect(part!.channels.map((c) => `${c.name} ${c.type} ${c.origin.from}`)).toEqual([
      'B float computed',
      'G float computed',
      'R float computed',
    ]);
    expect([attributes, problems, part!.stored]).toEqual([REQUIRED, [], undefined]);
    expect(part!.picture).toEqual({ file: join(folder, 'plain.png'), depth: 'uint8', stored: 'PNG, RGB of 8 bits' });
  });

  it('whose tags become attributes: colour, density, alpha, orientation, texts', async () => {
    const bytes = png({
      ...small,
      kind: 6,
      samples: Array(24).fill(9),
      before: [
        chunk('sRGB', Buffer.from([0])),
        chunk('pHYs', Buffer.concat([longs(11811, 5906), Buffer.from([1])])),
        chunk('tEXt', Buffer.from('owner\0Vera', 'latin1')),
        chunk('tEXt', Buffer.from('channels\0three', 'latin1')),
        chunk('tEXt', Buffer.from('owner\0Ada', 'latin1')),
      ],
    });
    const { attributes, problems } = await describePicture(put('tagged.png', bytes));
    const { red, green, blue, white } = LIGHTS.rec709;
    expect(attributes).toEqual({
      ...REQUIRED,
      pixelAspectRatio: 0.5000423,
      owner: 'Vera',
      'channels 2': 'three',
      'owner 2': 'Ada',
      chromaticities: { red, green, blue, white },
      colorInteropID: 'srgb_rec709_scene',
      xDensity: 299.9994,
      'oiio:UnassociatedAlpha': 1,
    });
    expect(problems.map((p) => p.split(':')[0])).toEqual(['info picture-alpha']);
  });

  it('of which linear light without a name says its chromaticities, and another curve without a name says nothing', async () => {
    const odd = longs(31270, 32900, 70000, 29000, 20000, 70000, 14000, 5000);
    const linear = await describePicture(
      put('linear.png', png({ ...small, before: [chunk('gAMA', longs(100000)), chunk('cHRM', odd)] })),
    );
    expect(linear.attributes).toHaveProperty('chromaticities');
    expect(linear.attributes).not.toHaveProperty('colorInteropID');
    const curved = await describePicture(
      put('curved.png', png({ ...small, before: [chunk('gAMA', longs(50000)), chunk('cHRM', odd)] })),
    );
    expect(curved.attributes).toEqual(REQUIRED);
    expect(curved.problems).toEqual([
      expect.stringMatching(
        /^warning picture-tags: .*gAMA and cHRM says primaries of its own, gamma 2, which has no name here/,
      ),
    ]);
  });
});

describe('problems', () => {
  const tagged = (...before: Uint8Array[]): Uint8Array => png({ ...small, before });
  const SRGB = chunk('sRGB', Buffer.from([0]));
  const rows: [string, () => Promise<Uint8Array> | Uint8Array, RegExp[]][] = [
    [
      'tags that contradict each other',
      () => tagged(SRGB, iccp({ lights: LIGHTS.p3d65, transfer: 'srgb' })),
      [/^warning picture-tags: .*ICC profile says .*p3d65.*, and sRGB says rec709, srgb. ICC profile is believed/],
    ],
    ['gAMA of 2.2 beside sRGB is none', () => tagged(SRGB, chunk('gAMA', longs(45455))), []],
    [
      'gAMA of 1 beside sRGB is one',
      () => tagged(SRGB, chunk('gAMA', longs(100000))),
      [
        /^warning picture-tags: .*sRGB says rec709, srgb, and gAMA says gamma 1.000 without primaries. sRGB is believed/,
      ],
    ],
    [
      'so are other primaries beside sRGB',
      () => tagged(SRGB, chunk('cHRM', longs(31270, 32900, 70800, 29200, 17000, 79700, 13100, 4600))),
      [/^warning picture-tags: .*sRGB says rec709, srgb, and cHRM says rec2020 without a curve. sRGB is believed/],
    ],
    [
      'a curve alone, or primaries alone, name no space',
      () => tagged(chunk('gAMA', longs(45455))),
      [/^warning picture-tags: .*gAMA says gamma 2.200 without primaries, which names no colour space that is known/],
    ],
    [
      'a profile of tables',
      () => tagged(chunk('iCCP', Buffer.from('x\0\0?', 'latin1'))),
      [/^warning picture-tags: .*names no colour space that is known here. No colour space is set/],
    ],
    [
      'orientation',
      () =>
        sharp(Buffer.alloc(12), { raw: { width: 2, height: 2, channels: 3 } })
          .withMetadata({ orientation: 6 })
          .jpeg()
          .toBuffer(),
      [/^warning picture-orientation: .*orientation 6.*as they are stored/, /^info picture-unread: .*EXIF/],
    ],
    ['more that is not read', () => tagged(chunk('caBX', Buffer.alloc(4))), [/^info picture-unread: .*chunk caBX/]],
    [
      'alpha of which nothing is said',
      () => tiff({ width: 1, height: 1, bits: 8, photometric: 2, channels: 4, samples: [1, 2, 3, 4], extra: 0 }),
      [/^info picture-alpha: .*does not say whether/],
    ],
  ];

  it.each(rows)('%s', async (_, make, expected) => {
    const { problems } = await describePicture(put('problem', await make()));
    expect(problems).toEqual(expected.map((e) => expect.stringMatching(e)));
  });

  it('were so many', () => expect(rows).toHaveLength(9));

  it('of names: a JPEG under the name of a PNG is read, other bytes are not', async () => {
    const jpeg = await sharp(Buffer.alloc(12), { raw: { width: 2, height: 2, channels: 3 } })
      .jpeg()
      .toBuffer();
    const wrong = await describePicture(put('wrong.png', jpeg));
    expect(wrong.problems).toEqual([
      expect.stringMatching(/^warning picture-format: .*is a JPEG file with the ending of PNG/),
    ]);
    expect(wrong.part!.channels).toHaveLength(3);
    const none = await describePicture(put('none.png', Buffer.from('this is a text')));
    expect(none.problems).toEqual([expect.stringMatching(/^error picture-format: /)]);
  });
});

describe('sequences of pictures', () => {
  const frames = (name: string, list: readonly number[]): void => {
    mkdirSync(join(folder, name), { recursive: true });
    for (const frame of list)
      put(`${name}/p.000${frame}.png`, png({ ...small, samples: small.samples.map((s) => (s + frame) % 256) }));
  };
  const copy = (read: Record<string, string | number>, out: string) =>
    graph({ r: { type: 'io.read', params: read }, w: { type: 'io.write', params: { path: `${out}/o.%04d.exr` } } }, [
      'r.image > w.image',
    ]);
  const first = (path: string): number => {
    const file = ExrFile.open(join(folder, path));
    try {
      return Math.round(file.readPart(0).get('R')!.samples[1]! * 255);
    } finally {
      file.close();
    }
  };

  it('become EXR files, by pattern or by their folder, and nothing is lost', async () => {
    frames('seq', [1, 2, 3]);
    put('seq/notes.txt', Buffer.from('x'));
    for (const path of ['seq/p.%04d.png', 'seq']) {
      const done = await run(copy({ path }, `exr-${path.length}`), folder);
      expect([done.exitCode, done.frames, done.result!.ledger, done.problems]).toEqual([0, [1, 2, 3], [], []]);
      for (const frame of [1, 2, 3]) expect(first(`exr-${path.length}/o.000${frame}.exr`)).toBe(14 * 3 + frame);
    }
  });

  it('hold, and are black, where a frame is missing', async () => {
    frames('gap', [1, 3]);
    const held = await run(copy({ path: 'gap/p.%04d.png', missing: 'hold' }, 'held'), folder, { range: '1-3' });
    expect([held.exitCode, first('held/o.0002.exr')]).toEqual([4, 14 * 3 + 1]);
    const black = await run(copy({ path: 'gap/p.%04d.png', missing: 'black' }, 'black'), folder, { range: '1-3' });
    expect([black.exitCode, first('black/o.0002.exr')]).toEqual([4, 0]);
  });

  it('with a frame that is cut short fail at that frame alone', async () => {
    frames('cut', [1, 2, 3]);
    put('cut/p.0002.png', png(small).subarray(0, 70));
    const done = await run(copy({ path: 'cut/p.%04d.png' }, 'cuts'), folder);
    expect([done.exitCode, done.result!.outcomes.map((o) => o.error?.code)]).toEqual([
      4,
      [undefined, 'picture-truncated', undefined],
    ]);
  });

  it('are waited for until the end of a file is there', async () => {
    frames('late', [1]);
    const whole = png(small);
    put('late/p.0001.png', whole.subarray(0, 60));
    setTimeout(() => put('late/p.0001.png', whole), 300);
    const done = await run(copy({ path: 'late/p.%04d.png', missing: 'wait', waitSeconds: 20 }, 'lates'), folder, {
      range: '1',
    });
    expect([done.exitCode, first('lates/o.0001.exr')]).toEqual([0, 14 * 3]);
  });

  it('have keys that change with their files', async () => {
    const before = await describePicture(put('key.png', png(small)));
    const after = await describePicture(put('key.png', png({ ...small, kind: 0, samples: [1, 2, 3, 4, 5, 6] })));
    expect(after.key).not.toBe(before.key);
  });
});
