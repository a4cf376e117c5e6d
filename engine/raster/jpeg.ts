// JPEG (ITU-T T.81, JFIF, and the ICC's embedding): the segments before the pixels, and setting those of colour and density.
import type { ColourStatement, PictureColour } from './colour.ts';
import { exifFacts } from './exif.ts';
import { badHeader, type FoundHeader, type PictureText, unsupported } from './header.ts';
import { makeProfile, readProfile } from './icc.ts';
import { latinText, type PictureBytes, viewOf } from './source.ts';

interface Segment {
  readonly marker: number;
  /** Of what follows the two bytes of the length. */
  readonly from: number;
  readonly length: number;
}

const MOST_SEGMENTS = 10_000;
const MOST_PROFILE = 16 * 2 ** 20;

const START = 0xd8;
const SCAN = 0xda;
const COMMENT = 0xfe;
const APP = 0xe0;

export function readJpeg(bytes: PictureBytes): FoundHeader {
  const segments = segmentsOf(bytes);
  const content = ({ from, length }: Segment): Uint8Array => bytes.read(from, length);
  const frame = segments.find(({ marker }) => isFrame(marker));
  if (!frame || frame.length < 6) throw badHeader('Expected a frame header before the first scan, found none.');
  const head = viewOf(content(frame));
  const components = head.getUint8(5);
  if (head.getUint8(0) !== 8)
    throw unsupported(`Expected 8 bits a sample, found ${head.getUint8(0)}. Convert the file.`);
  if (components !== 1 && components !== 3)
    throw unsupported(`Expected grey or RGB, found ${components} components (CMYK). Convert the file.`);
  const profile: Uint8Array[] = [];
  const texts: PictureText[] = [];
  const unread = new Set<string>();
  let exif: ReturnType<typeof exifFacts> = {};
  let density: Pick<FoundHeader, 'density' | 'pixelAspect'> = {};
  for (const segment of segments) {
    if (segment.marker === COMMENT) texts.push({ name: 'comments', text: latinText(content(segment)) });
    if (segment.marker < APP || segment.marker > APP + 15) continue;
    const data = content(segment);
    const name = latinText(data.subarray(0, 32));
    if (name === 'JFIF') density = densityOf(viewOf(data));
    else if (name === 'ICC_PROFILE' && data.length > 14) profile[data[12]!] = data.subarray(14);
    else if (name === 'Exif') {
      exif = exifFacts(data);
      unread.add('EXIF');
    } else if (name.startsWith('http://ns.adobe.com/')) unread.add('XMP');
    else if (name.startsWith('Photoshop')) unread.add('Photoshop data');
    else if (name !== 'Adobe' && name !== 'JFXX') unread.add(`segment APP${segment.marker - APP}`);
  }
  const colour: ColourStatement[] = [];
  const pieces = profile.filter((piece) => piece !== undefined);
  if (pieces.length > 0 && pieces.reduce((sum, p) => sum + p.length, 0) <= MOST_PROFILE)
    colour.push(readProfile(Buffer.concat(pieces)));
  if (exif.colour) colour.push(exif.colour);
  return {
    width: head.getUint16(3),
    height: head.getUint16(1),
    depth: 'uint8',
    channels: components === 1 ? ['Y'] : ['R', 'G', 'B'],
    stored: components === 1 ? 'grey of 8 bits' : 'RGB of 8 bits',
    ...(exif.orientation === undefined ? {} : { orientation: exif.orientation }),
    ...density,
    colour,
    texts,
    unread: [...unread],
    complete: endsWell(bytes),
  };
}

/** Start of frame: all of that row but DHT, JPG and DAC. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function segmentsOf(bytes: PictureBytes): Segment[] {
  const segments: Segment[] = [];
  for (let at = 2; ; ) {
    const [first, marker = 0] = bytes.read(at, 2);
    if (first !== 0xff) throw badHeader(`Expected a marker at offset ${at}.`, at);
    if (marker === 0xff) {
      at += 1; // fill bytes may come before a marker
      continue;
    }
    if (marker === SCAN) return segments;
    if (marker === START || marker === 0xd9 || marker < 0xc0)
      throw badHeader(`Expected a segment before the scan at offset ${at}.`, at);
    const length = viewOf(bytes.read(at + 2, 2)).getUint16(0);
    if (length < 2 || segments.length === MOST_SEGMENTS)
      throw badHeader(`Expected a segment of at least 2 bytes at offset ${at}.`, at);
    segments.push({ marker, from: at + 4, length: length - 2 });
    at += 2 + length;
  }
}

/** Unit 0 is the shape of pixels alone, 1 dots an inch, 2 dots a centimetre. */
function densityOf(view: DataView): Pick<FoundHeader, 'density' | 'pixelAspect'> {
  if (view.byteLength < 12) return {};
  const [unit, x, y] = [view.getUint8(7), view.getUint16(8), view.getUint16(10)];
  if (x === 0 || y === 0) return {};
  const inches = unit === 2 ? 2.54 : 1;
  return { pixelAspect: y / x, ...(unit === 0 ? {} : { density: [x * inches, y * inches] }) };
}

/** Whether the end marker stands near the end; some cameras leave bytes behind it. */
function endsWell(bytes: PictureBytes): boolean {
  const length = Math.min(4096, bytes.size);
  const tail = bytes.read(bytes.size - length, length);
  return Buffer.from(tail).includes(Buffer.from([0xff, 0xd9]));
}

/** A segment holds at most this much of a profile. */
const MOST_PIECE = 65_519;

/** The same picture with this colour and density, and no other. */
export function tagJpeg(
  jpeg: Uint8Array,
  {
    colour,
    density,
    pixelAspect,
    grey,
  }: {
    readonly colour?: PictureColour;
    readonly density?: readonly [x: number, y: number];
    readonly pixelAspect?: number;
    readonly grey: boolean;
  },
): Uint8Array {
  const segments = segmentsOf({ size: jpeg.length, read: (at, length) => jpeg.subarray(at, at + length) });
  const kept = segments.filter(({ marker }) => marker < APP || marker > APP + 15 || marker === APP + 14);
  const last = segments.at(-1)!;
  const jfif = Buffer.from('JFIF\0\x01\x02\0\0\0\0\0\0\0', 'latin1');
  const shown = density ? density.map(Math.round) : ratioOf(pixelAspect ?? 1);
  jfif.writeUInt8(density ? 1 : 0, 7);
  jfif.writeUInt16BE(shown[0]!, 8);
  jfif.writeUInt16BE(shown[1]!, 10);
  const profile = colour && makeProfile(colour, grey ? 'grey' : 'rgb');
  return Buffer.concat([
    jpeg.subarray(0, 2),
    segmentOf(APP, jfif),
    ...(profile ? profilePieces(profile) : []),
    ...kept.map(({ from, length }) => jpeg.subarray(from - 4, from + length)),
    jpeg.subarray(last.from + last.length),
  ]);
}

/** Two numbers of 16 bits, the second over the first near the aspect. */
const ratioOf = (aspect: number): [number, number] => (aspect === 1 ? [1, 1] : [1000, Math.round(aspect * 1000)]);

function profilePieces(profile: Uint8Array): Uint8Array[] {
  const count = Math.ceil(profile.length / MOST_PIECE);
  return Array.from({ length: count }, (_, i) =>
    segmentOf(
      APP + 2,
      Buffer.concat([
        Buffer.from('ICC_PROFILE\0', 'latin1'),
        Buffer.from([i + 1, count]),
        profile.subarray(i * MOST_PIECE, (i + 1) * MOST_PIECE),
      ]),
    ),
  );
}

function segmentOf(marker: number, content: Uint8Array): Uint8Array {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}
