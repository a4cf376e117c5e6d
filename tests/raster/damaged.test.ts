// Damaged and hostile pictures: cut short, bytes changed, sizes that lie. Each gives one clear error or a picture, never a crash.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { CODES } from '../../engine/base/codes.ts';
import { EngineError } from '../../engine/base/error.ts';
import { decodePicture, openPicture } from '../../engine/raster/picture.ts';
import { random } from '../base/random.ts';
import { temporary } from '../run/files.ts';
import { chunk, longs, png, tiff } from './forge.ts';

const folder = temporary();
const path = join(folder, 'damaged');

/** `fine`, or the code of the error. Anything else is thrown on. */
async function outcome(bytes: Uint8Array): Promise<string> {
  writeFileSync(path, bytes);
  try {
    await decodePicture(openPicture(path));
    return 'fine';
  } catch (thrown) {
    if (!(thrown instanceof EngineError)) throw thrown;
    expect(Object.keys(CODES)).toContain(thrown.code);
    expect([thrown.where.file, thrown.message.length > 20, thrown.code !== 'internal']).toEqual([path, true, true]);
    return thrown.code;
  }
}

const noise = random(7);
const raw = Uint8Array.from({ length: 64 * 48 * 3 }, () => noise.int(0, 255));
const picture = (): ReturnType<typeof sharp> => sharp(raw, { raw: { width: 64, height: 48, channels: 3 } });

const SOUND: Readonly<Record<string, () => Promise<Buffer>>> = {
  png: () => picture().png().toBuffer(),
  tiff: () => picture().tiff({ compression: 'lzw' }).toBuffer(),
  jpeg: () => picture().jpeg({ quality: 95 }).toBuffer(),
  webp: () => picture().webp({ lossless: true }).toBuffer(),
};

describe.each(Object.keys(SOUND))('%s', (format) => {
  test('is sound before it is damaged', async () => expect(await outcome(await SOUND[format]!())).toBe('fine'));

  test('cut short at 40 places is an error every time', async () => {
    const bytes = await SOUND[format]!();
    const found = new Set<string>();
    for (let i = 0; i < 40; i++)
      found.add(await outcome(bytes.subarray(0, Math.floor((bytes.length * (i + 0.5)) / 41))));
    expect([...found].filter((code) => !/^picture-(format|truncated|header|data)$/.test(code))).toEqual([]);
  });

  test('with bytes changed at 120 places is an error or a picture', async () => {
    const bytes = await SOUND[format]!();
    const dice = random(11);
    let errors = 0;
    for (let i = 0; i < 120; i++) {
      const changed = Uint8Array.from(bytes);
      // Heads, which TIFF files of sharp have at their end, have it more often than pixels.
      const near = dice.int(0, 199);
      const at = i % 2 === 1 ? dice.int(0, bytes.length - 1) : format === 'tiff' ? bytes.length - 1 - near : near;
      changed[at] = changed[at]! ^ (1 << dice.int(0, 7));
      if ((await outcome(changed)) !== 'fine') errors++;
    }
    // PNG has checksums on everything; the others hide much.
    expect(errors).toBeGreaterThanOrEqual({ png: 110, tiff: 25, jpeg: 20, webp: 25 }[format]!);
  });
});

describe('heads that lie', () => {
  const base = { width: 2, height: 1, bits: 8, kind: 2, samples: [1, 2, 3, 4, 5, 6] } as const;

  test('about their size are refused before anything is unpacked', async () => {
    const lies: [string, Uint8Array, RegExp][] = [
      ['a PNG of 2^30 pixels a side', png({ ...base, before: [] }).fill(0x40, 16, 17), /picture-header/],
      ['a PNG of no width', Buffer.from(png(base)).fill(0, 16, 20), /picture-header/],
      [
        'a TIFF of 60000 x 60000',
        tiff({ width: 60000, height: 60000, bits: 8, photometric: 1, channels: 1, samples: [1] }),
        /picture-header/,
      ],
      [
        'a TIFF that is all entries',
        Buffer.concat([Buffer.from('II*\0\x08\0\0\0\xff\xff', 'latin1'), Buffer.alloc(100)]),
        /picture-header/,
      ],
      ['a TIFF whose directory is outside', Buffer.from('II*\0\xff\xff\xff\x7f', 'latin1'), /picture-truncated/],
      [
        'a WebP that is only its beginning',
        Buffer.from('RIFF\xff\xff\xff\x7fWEBPVP8X', 'latin1'),
        /picture-header|picture-truncated/,
      ],
      ['a JPEG of nothing but its start', Buffer.from([0xff, 0xd8, 0xff]), /picture-truncated/],
      ['nothing', Buffer.alloc(0), /picture-format/],
    ];
    const found: string[] = [];
    for (const [name, bytes, code] of lies) {
      const was = await outcome(bytes);
      expect(was, name).toMatch(code);
      found.push(was);
    }
    expect(found).toHaveLength(8);
  });

  test('a sound PNG of more pixels than are read is refused by its head', async () => {
    const side = 20_000;
    const huge = png({ width: side, height: 1, bits: 1, kind: 0, samples: Array(side).fill(0) });
    huge.writeUInt32BE(side, 20);
    // With a checksum that holds, and pixels that would be there.
    const head = chunk('IHDR', huge.subarray(16, 29));
    const data = chunk('IDAT', Buffer.alloc(60_000));
    expect(await outcome(Buffer.concat([huge.subarray(0, 8), head, data, chunk('IEND', Buffer.alloc(0))]))).toBe(
      'picture-too-large',
    );
  });

  test('a profile that unpacks without end and a text of a gigabyte stop nothing', async () => {
    const bomb = chunk('zTXt', Buffer.concat([Buffer.from('a\0\0', 'latin1'), Buffer.alloc(1000)]));
    expect(await outcome(png({ ...base, before: [bomb, chunk('gAMA', longs(0)), chunk('cHRM', longs(1))] }))).toBe(
      'fine',
    );
  });
});
