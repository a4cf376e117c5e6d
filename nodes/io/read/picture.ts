// Pictures as parts: what the head of a PNG, TIFF, JPEG or WebP file says, as channels, windows, attributes and problems.
import {
  type Attribute,
  box,
  type ChannelSpec,
  colourText,
  encodeAttribute,
  FULL_SAMPLING,
  formatOfName,
  interopIdOf,
  isLinear,
  LIGHTS,
  type NodeProblem,
  nameTrouble,
  openPicture,
  type PartSpec,
  type PictureColour,
  type PictureFile,
  type PictureHeader,
  PictureStore,
  type Planes,
  picturePlane,
  REQUIRED_ATTRIBUTES,
  type Services,
  STRUCTURAL_ATTRIBUTES,
  sameColour,
  sameLights,
  sortChannels,
  type Want,
} from '../../../engine/authoring.ts';

/** The head of a picture, read once for all frames and bands that ask. */
export const pictureOf = (services: Services, path: string): PictureFile =>
  services.share(`picture ${path}`, () => ({ ...openPicture(path), close: () => {} }));

/** The samples of a want; the picture is unpacked as a whole, once for the bands of a frame. */
export async function picturePlanes(services: Services, file: PictureFile, want: Want): Promise<Planes> {
  const pixels = await services.share('pictures', () => new PictureStore()).pixels(file);
  return new Map(want.channels.map((name) => [name, picturePlane(pixels, name, want.box)]));
}

/** The one part of a picture. Every channel is float, whatever the file keeps. */
export function picturePart({ path, header }: PictureFile, node: string): PartSpec {
  const window = box(0, 0, header.width - 1, header.height - 1);
  const channels = header.channels.map(
    (name): ChannelSpec => ({
      name,
      type: 'float',
      sampling: FULL_SAMPLING,
      pLinear: 0,
      origin: { from: 'computed' },
    }),
  );
  return {
    kind: 'flat',
    dataWindow: window,
    displayWindow: window,
    channels: sortChannels(channels),
    attributes: attributesOf(header).map((attribute) => ({ ...attribute, source: node })),
    picture: { file: path, stored: storedText(header), depth: header.depth },
  };
}

/** `PNG, RGBA of 8 bits`. */
const storedText = ({ format, stored }: PictureHeader): string => `${FORMATS[format]}, ${stored}`;

const FORMATS = { png: 'PNG', tiff: 'TIFF', jpeg: 'JPEG', webp: 'WebP' } as const;

/** Names of OpenImageIO, which EXR files carry too. */
const STRAIGHT = 'oiio:UnassociatedAlpha';
const ORIENTATION = 'Orientation';

function attributesOf(header: PictureHeader): Attribute[] {
  const { alpha, orientation, density, pixelAspect } = header;
  const aspect = pixelAspect !== undefined && pixelAspect > 0 && Number.isFinite(pixelAspect) ? pixelAspect : 1;
  const found = [
    ...colourAttributes(header.colour.find((s) => s.colour)?.colour),
    ...(density ? [encodeAttribute('xDensity', 'float', density[0])] : []),
    ...(alpha === 'straight' ? [encodeAttribute(STRAIGHT, 'int', 1)] : []),
    ...(orientation === undefined ? [] : [encodeAttribute(ORIENTATION, 'int', orientation)]),
    encodeAttribute('pixelAspectRatio', 'float', aspect),
    encodeAttribute('screenWindowCenter', 'v2f', [0, 0]),
    encodeAttribute('screenWindowWidth', 'float', 1),
  ];
  const taken = new Set([...found.map((a) => a.name), ...Object.keys(STRUCTURAL_ATTRIBUTES)]);
  const texts = header.texts.map(({ name, text }) => encodeAttribute(freeName(name, taken), 'string', text));
  return [...texts, ...found];
}

/** The name of a text as one that no other attribute has. */
function freeName(name: string, taken: Set<string>): string {
  const reserved = Object.hasOwn(REQUIRED_ATTRIBUTES, name) || name === 'chromaticities';
  const base = nameTrouble(name) === undefined && !reserved ? name : `text ${name.replace(/[^\x20-\x7e]/g, '')}`;
  let free = base.slice(0, 200);
  for (let i = 2; taken.has(free); i++) free = `${base.slice(0, 200)} ${i}`;
  taken.add(free);
  return free;
}

/** `colorInteropID` names what the file says. Chromaticities alone mean linear light, so they never stand alone otherwise. */
function colourAttributes(colour: PictureColour | undefined): Attribute[] {
  if (!colour) return [];
  const id = interopIdOf(colour);
  if (id === undefined && !isLinear(colour)) return [];
  const known = Object.values(LIGHTS).find((lights) => sameLights(lights, colour.lights)) ?? colour.lights;
  const { red, green, blue, white } = known;
  return [
    encodeAttribute('chromaticities', 'chromaticities', { red, green, blue, white }),
    ...(id === undefined ? [] : [encodeAttribute('colorInteropID', 'string', id)]),
  ];
}

/** What somebody who reads a picture should know of it. */
export function pictureProblems({ path, header }: PictureFile): NodeProblem[] {
  const where = { param: 'path', file: path };
  const { format, orientation, alpha, channels, unread } = header;
  const problems: NodeProblem[] = [];
  const tell = (severity: NodeProblem['severity'], code: NodeProblem['code'], message: string): void => {
    problems.push({ severity, code, message, where });
  };
  const named = formatOfName(path);
  if (named && named !== format)
    tell(
      'warning',
      'picture-format',
      `${path} is a ${FORMATS[format]} file with the ending of ${FORMATS[named]}. It is read as what it is.`,
    );
  const tags = tagProblem(header);
  if (tags !== undefined) tell('warning', 'picture-tags', `${path}: ${tags}`);
  if (orientation !== undefined)
    tell(
      'warning',
      'picture-orientation',
      `${path} asks to be shown turned or mirrored (orientation ${orientation}). Its pixels come in as they are stored.`,
    );
  if (alpha === 'straight')
    tell(
      'info',
      'picture-alpha',
      `Colour in ${path} is not multiplied by alpha, as it is in EXR files. Multiply it before it is merged over something.`,
    );
  if (alpha === undefined && channels.includes('A'))
    tell('info', 'picture-alpha', `${path} has alpha and does not say whether colour is multiplied by it.`);
  if (unread.length > 0) tell('info', 'picture-unread', `${path} holds more that is not read: ${unread.join(', ')}.`);
  return problems;
}

function tagProblem({ colour }: PictureHeader): string | undefined {
  const known = colour.filter((s) => s.colour);
  const [first] = known;
  const other = colour.find((s) => first && !agree(first.colour!, { ...first.colour!, ...s.some, ...s.colour }));
  if (first && other)
    return `${first.by} says ${first.says}, and ${other.by} says ${other.says}. ${first.by} is believed.`;
  const stranger = colour[0];
  if (stranger && !stranger.colour) {
    const rest = first ? `${first.by} is believed.` : 'No colour space is set.';
    return `${stranger.by} says ${stranger.says}, which names no colour space that is known here. ${rest}`;
  }
  if (first && colourAttributes(first.colour).length === 0)
    return `${first.by} says ${colourText(first.colour!)}, which has no name here. No colour space is set.`;
  return undefined;
}

/** The gamma of 2.2 that PNG wants beside sRGB is no other statement. */
function agree(a: PictureColour, b: PictureColour): boolean {
  const plain = ({ lights, transfer }: PictureColour): PictureColour => ({
    lights,
    transfer: transfer === 'srgb' ? { gamma: 2.2 } : transfer,
  });
  return sameColour(a, b) || sameColour(plain(a), plain(b));
}
