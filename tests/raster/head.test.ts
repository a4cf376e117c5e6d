// What heads of pictures say: colours in every way that they can be said, alpha, orientation, density, texts, and what is left.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { colourOfId, interopIdOf, LIGHTS, type PictureColour } from '../../engine/raster/colour.ts';
import { packPicture } from '../../engine/raster/encode.ts';
import type { PictureHeader } from '../../engine/raster/header.ts';
import { makeProfile, readProfile } from '../../engine/raster/icc.ts';
import { openPicture } from '../../engine/raster/picture.ts';
import { pngCanState } from '../../engine/raster/png.ts';
import { packStrip, type TiffShape, tiffEnds } from '../../engine/raster/tiff-write.ts';
import { temporary } from '../run/files.ts';
import { chunk, iccp, longs, png, tiff } from './forge.ts';

const folder = temporary();
let count = 0;

function head(bytes: Uint8Array): PictureHeader {
  const path = join(folder, `${count++}`);
  writeFileSync(path, bytes);
  return openPicture(path).header;
}

const small = { width: 2, height: 1, bits: 8, kind: 2, samples: [1, 2, 3, 4, 5, 6] } as const;
const headPng = (...before: Uint8Array[]): PictureHeader => head(png({ ...small, before }));
const said = ({ colour }: PictureHeader): (string | undefined)[] =>
  colour.map((s) => `${s.by}: ${s.colour ? (interopIdOf(s.colour) ?? s.says) : s.says}`);

const CHRM_709 = chunk('cHRM', longs(31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000));

describe('colours in PNG', () => {
  const rows: [string, Uint8Array[], string[]][] = [
    ['nothing', [], []],
    ['sRGB', [chunk('sRGB', Buffer.from([0]))], ['sRGB: srgb_rec709_scene']],
    [
      'sRGB with what the standard wants beside it',
      [chunk('sRGB', Buffer.from([0])), chunk('gAMA', longs(45455)), CHRM_709],
      ['sRGB: srgb_rec709_scene', 'gAMA and cHRM: g22_rec709_scene'],
    ],
    ['gAMA alone', [chunk('gAMA', longs(45455))], ['gAMA: gamma 2.200 without primaries']],
    ['linear', [chunk('gAMA', longs(100000)), CHRM_709], ['gAMA and cHRM: lin_rec709_scene']],
    ['cICP of sRGB', [chunk('cICP', Buffer.from([1, 13, 0, 1]))], ['cICP: srgb_rec709_scene']],
    ['cICP of Display P3', [chunk('cICP', Buffer.from([12, 13, 0, 1]))], ['cICP: srgb_p3d65_scene']],
    ['cICP of PQ', [chunk('cICP', Buffer.from([9, 16, 0, 1]))], ['cICP: pq_rec2020_display']],
    ['cICP of HLG', [chunk('cICP', Buffer.from([9, 18, 0, 1]))], ['cICP: hlg_rec2020_display']],
    ['cICP of a camera after BT.709', [chunk('cICP', Buffer.from([1, 1, 0, 1]))], ['cICP: g24_rec709_display']],
    ['cICP in the range of video', [chunk('cICP', Buffer.from([1, 13, 0, 0]))], ['cICP: 1-13-0-0']],
    ['cICP of unknown codes', [chunk('cICP', Buffer.from([2, 2, 0, 1]))], ['cICP: 2-2-0-1']],
    ['a profile', [iccp({ lights: LIGHTS.adobergb, transfer: { gamma: 2.2 } })], ['ICC profile: g22_adobergb_scene']],
    [
      'a damaged profile',
      [chunk('iCCP', Buffer.from('x\0\0not packed', 'latin1'))],
      ['ICC profile: a damaged profile'],
    ],
    [
      'all of them, the strongest first',
      [
        chunk('gAMA', longs(45455)),
        CHRM_709,
        chunk('sRGB', Buffer.from([0])),
        iccp({ lights: LIGHTS.p3d65, transfer: 'srgb' }),
        chunk('cICP', Buffer.from([9, 16, 0, 1])),
      ],
      [
        'cICP: pq_rec2020_display',
        'ICC profile: srgb_p3d65_scene',
        'sRGB: srgb_rec709_scene',
        'gAMA and cHRM: g22_rec709_scene',
      ],
    ],
  ];

  test.each(rows)('%s', (_, chunks, expected) => expect(said(headPng(...chunks))).toEqual(expected));
  test('were so many', () => expect(rows).toHaveLength(15));
});

const IDS = [
  'srgb_rec709_scene',
  'srgb_p3d65_scene',
  'srgb_ap1_scene',
  'lin_rec709_scene',
  'lin_rec2020_scene',
  'lin_p3d65_scene',
  'lin_adobergb_scene',
  'lin_ap1_scene',
  'lin_ap0_scene',
  'g18_rec709_scene',
  'g22_rec709_scene',
  'g22_ap1_scene',
  'g22_adobergb_scene',
  'g24_rec709_display',
  'g26_p3d65_display',
  'pq_rec2020_display',
  'pq_p3d65_display',
  'hlg_rec2020_display',
];

describe('what is written is read as what it was', () => {
  const eight = Uint8Array.from({ length: 2 * 3 }, (_, i) => 40 * i);
  const options = {
    width: 2,
    height: 1,
    channels: 3,
    quality: 90,
    lossless: true,
    subsampling: '4:4:4',
    level: 6,
  } as const;

  test.each(['png', 'jpeg', 'webp', 'tiff'] as const)('in %s', async (format) => {
    let stated = 0;
    for (const id of IDS) {
      const colour = colourOfId(id)!;
      const can = format === 'png' ? pngCanState(colour, false) : makeProfile(colour, 'rgb') !== undefined;
      const bytes =
        format === 'tiff' ? tiffOf(eight, colour) : await packPicture(eight, { ...options, format, tags: { colour } });
      const found = head(bytes).colour[0]?.colour;
      expect(found && interopIdOf(found), id).toBe(can ? id : undefined);
      if (can) stated++;
    }
    expect(stated).toBe(format === 'png' ? 18 : 15);
  });

  test('and by sharp: its own profile is the one that is there', async () => {
    const bytes = await packPicture(eight, {
      ...options,
      format: 'jpeg',
      tags: { colour: colourOfId('srgb_rec709_scene')! },
    });
    const { icc } = await sharp(bytes).metadata();
    expect(said({ colour: [readProfile(icc!)] } as unknown as PictureHeader)).toEqual([
      'ICC profile: srgb_rec709_scene',
    ]);
    // 1:1, and nothing about a size on paper.
    expect([...bytes.subarray(6, 18)]).toEqual([...Buffer.from('JFIF\0\x01\x02\0\0\x01\0\x01', 'latin1')]);
  });

  test('grey pictures get grey profiles', async () => {
    const colour = colourOfId('srgb_rec709_scene')!;
    const grey = await packPicture(eight, { ...options, width: 6, channels: 1, format: 'jpeg', tags: { colour } });
    const { icc, space } = await sharp(grey).metadata();
    expect(Buffer.from(icc!).subarray(16, 20).toString()).toBe('GRAY');
    expect(space).toBe('b-w');
  });

  test('density and the shape of pixels', async () => {
    for (const format of ['png', 'jpeg'] as const) {
      const dense = head(
        await packPicture(eight, { ...options, format, tags: { density: [300, 150], pixelAspect: 0.5 } }),
      );
      expect(dense.density?.map(Math.round)).toEqual([300, 150]);
      expect(dense.pixelAspect).toBeCloseTo(0.5, 4);
      expect(head(await packPicture(eight, { ...options, format, tags: { pixelAspect: 2 } })).pixelAspect).toBeCloseTo(
        2,
        4,
      );
    }
    const plain = head(await packPicture(eight, { ...options, format: 'png', tags: {} }));
    expect([plain.density, plain.pixelAspect, plain.colour, plain.texts]).toEqual([undefined, undefined, [], []]);
  });
});

function tiffOf(samples: Uint8Array, colour: PictureColour): Uint8Array {
  const shape: TiffShape = {
    width: 2,
    height: 1,
    channels: 3,
    depth: 'uint8',
    compression: 'deflate',
    tags: { colour },
  };
  const strip = packStrip(samples, shape);
  const { head, tail } = tiffEnds(shape, 1, [strip.length]);
  return Buffer.concat([head, strip, tail]);
}

describe('profiles of others', () => {
  test("sharp's own are known: sRGB and Display P3", async () => {
    const picture = sharp(Uint8Array.of(1, 2, 3), { raw: { width: 1, height: 1, channels: 3 } });
    const found: (string | undefined)[] = [];
    for (const name of ['srgb', 'p3'])
      found.push(...said(head(await picture.clone().withIccProfile(name).png().toBuffer())));
    expect(found).toEqual(['ICC profile: srgb_rec709_scene', 'ICC profile: srgb_p3d65_scene']);
  });
});

describe('the other things that a head says', () => {
  test('orientation in PNG, JPEG, WebP and TIFF, and that nothing is turned by it', async () => {
    const picture = sharp(
      Uint8Array.from({ length: 18 }, (_, i) => i),
      { raw: { width: 3, height: 2, channels: 3 } },
    );
    let seen = 0;
    for (const orientation of [1, 3, 6, 8]) {
      for (const format of ['png', 'jpeg', 'webp', 'tiff'] as const) {
        const bytes = await picture.clone().withMetadata({ orientation }).toFormat(format).toBuffer();
        const { width, height, orientation: found } = head(bytes);
        expect([format, width, height, found]).toEqual([format, 3, 2, orientation === 1 ? undefined : orientation]);
        seen++;
      }
    }
    expect(seen).toBe(16);
  });

  test('texts of PNG, JPEG and TIFF', () => {
    const itxt = Buffer.concat([Buffer.from('Titel\0\0\0de\0\0', 'latin1'), Buffer.from('Küche', 'utf8')]);
    const found = headPng(chunk('tEXt', Buffer.from('Author\0J\xfcrg', 'latin1')), chunk('iTXt', itxt));
    expect(found.texts).toEqual([
      { name: 'Author', text: 'Jürg' },
      { name: 'Titel', text: 'Küche' },
    ]);
    const page = tiff({
      width: 1,
      height: 1,
      bits: 8,
      photometric: 1,
      channels: 1,
      samples: [7],
      more: [
        [305, 2, 'Nuke'],
        [270, 2, 'take 3'],
      ],
    });
    expect(head(page).texts).toEqual([
      { name: 'ImageDescription', text: 'take 3' },
      { name: 'Software', text: 'Nuke' },
    ]);
  });

  test('what is there and not read is named', async () => {
    const exif = await sharp(Uint8Array.of(1, 2, 3), { raw: { width: 1, height: 1, channels: 3 } })
      .withExif({ IFD0: { Copyright: 'x' } })
      .jpeg()
      .toBuffer();
    expect(head(exif).unread).toEqual(['EXIF']);
    expect(headPng(chunk('vpAg', Buffer.alloc(9))).unread).toEqual(['chunk vpAg']);
  });
});
