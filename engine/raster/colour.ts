// What pictures say of their colours: primaries and transfer, the ways to say it, and the names of what is said.
import { type Chromaticity, PRIMARIES, type Primaries } from '../colour/primaries.ts';
import { spaceOfId } from '../colour/space.ts';
import type { Tagged } from '../colour/tags.ts';

/** How numbers stand for light: `gamma` 1 is linear. */
export type Transfer = 'srgb' | 'pq' | 'hlg' | { readonly gamma: number };

export interface PictureColour {
  readonly lights: Primaries;
  readonly transfer: Transfer;
}

/** One way in which a file states its colours. */
export interface ColourStatement {
  /** `cICP`, `ICC profile`, `sRGB`, `gAMA and cHRM`, `EXIF`. */
  readonly by: string;
  /** In words. */
  readonly says: string;
  /** Left out where it is not of a kind that is known here. */
  readonly colour?: PictureColour;
  /** What it says where that is primaries alone or a curve alone, which is no colour yet. */
  readonly some?: Partial<PictureColour>;
}

const { rec709, rec2020, p3d65, adobergb, ap0, ap1 } = PRIMARIES;

/** Those that pictures are known to state. */
export const LIGHTS = { rec709, rec2020, p3d65, adobergb, ap0, ap1 } as const satisfies Readonly<
  Record<string, Primaries>
>;

const linear: Transfer = { gamma: 1 };

/**
 * The IDs of the ASWF Color Interop Forum ("Color Space Encodings for Texture Assets and CG Rendering" and "… for
 * Displays"). Where two name the same numbers, the first is what a file that is read is taken for: a picture that comes
 * into a comp is a texture or a plate, and not a display.
 */
const NAMED: readonly (readonly [id: string, lights: Primaries, transfer: Transfer])[] = [
  ['srgb_rec709_scene', rec709, 'srgb'],
  ['srgb_rec709_display', rec709, 'srgb'],
  ['srgb_p3d65_scene', p3d65, 'srgb'],
  ['srgb_p3d65_display', p3d65, 'srgb'],
  ['srgb_ap1_scene', ap1, 'srgb'],
  ['lin_rec709_scene', rec709, linear],
  ['lin_rec2020_scene', rec2020, linear],
  ['lin_p3d65_scene', p3d65, linear],
  ['lin_adobergb_scene', adobergb, linear],
  ['lin_ap1_scene', ap1, linear],
  ['lin_ap0_scene', ap0, linear],
  ['g18_rec709_scene', rec709, { gamma: 1.8 }],
  ['g22_rec709_scene', rec709, { gamma: 2.2 }],
  ['g22_rec709_display', rec709, { gamma: 2.2 }],
  ['g22_ap1_scene', ap1, { gamma: 2.2 }],
  ['g22_adobergb_scene', adobergb, { gamma: 2.2 }],
  ['g24_rec709_display', rec709, { gamma: 2.4 }],
  ['g26_p3d65_display', p3d65, { gamma: 2.6 }],
  ['pq_rec2020_display', rec2020, 'pq'],
  ['pq_p3d65_display', p3d65, 'pq'],
  ['hlg_rec2020_display', rec2020, 'hlg'],
];

/** The ID of what a file says; undefined where it has none. */
export const interopIdOf = (colour: PictureColour): string | undefined =>
  NAMED.find(([, lights, transfer]) => sameColour(colour, { lights, transfer }))?.[0];

/** The space that a file says, as the tags of an EXR file would say it. */
export function taggedColour(statements: readonly ColourStatement[]): Tagged {
  const known = statements.find(({ colour }) => colour);
  if (!known?.colour) return { says: 'nothing', reason: 'It says nothing of its colours that is known here.' };
  const id = interopIdOf(known.colour);
  const space = id === undefined ? undefined : spaceOfId(id);
  if (space) return { says: 'space', space, by: known.by };
  if (!isLinear(known.colour)) return { says: 'nothing', reason: `What its ${known.by} says has no name here.` };
  const { lights: primaries } = known.colour;
  return { says: 'space', space: { name: 'custom', title: 'Linear, primaries of its own', primaries }, by: known.by };
}

export const isLinear = ({ transfer }: PictureColour): boolean =>
  typeof transfer === 'object' && Math.abs(transfer.gamma - 1) < 1e-3;

/** What an ID stands for, without its namespace too; undefined where no picture could say it. */
export function colourOfId(id: string): PictureColour | undefined {
  const found = NAMED.find(([name]) => name === id || name === id.slice(id.indexOf(':') + 1));
  return found && { lights: found[1], transfer: found[2] };
}

/** Whether two statements mean the same: coordinates within 0.002, since profiles round them, and gammas within 0.02. */
export const sameColour = (a: PictureColour, b: PictureColour): boolean =>
  sameTransfer(a.transfer, b.transfer) && sameLights(a.lights, b.lights);

export function sameLights(a: Primaries, b: Primaries): boolean {
  const near = (p: Chromaticity, q: Chromaticity): boolean =>
    Math.abs(p[0] - q[0]) <= 0.002 && Math.abs(p[1] - q[1]) <= 0.002;
  return near(a.red, b.red) && near(a.green, b.green) && near(a.blue, b.blue) && near(a.white, b.white);
}

const sameTransfer = (a: Transfer, b: Transfer): boolean =>
  typeof a === 'string' || typeof b === 'string' ? a === b : Math.abs(a.gamma - b.gamma) <= 0.02;

export function colourText({ lights, transfer }: PictureColour): string {
  const encoded =
    typeof transfer === 'string' ? transfer : transfer.gamma === 1 ? 'linear' : `gamma ${round(transfer.gamma)}`;
  return `${lightsText(lights)}, ${encoded}`;
}

export const lightsText = (lights: Primaries): string =>
  Object.entries(LIGHTS).find(([, known]) => sameLights(known, lights))?.[0] ?? 'primaries of its own';

const round = (value: number): number => Number(value.toFixed(3));

/** Code points of ITU-T H.273, as the chunk cICP and the tag `cicp` of profiles have them. */
export interface CodePoints {
  readonly primaries: number;
  readonly transfer: number;
  readonly matrix: number;
  readonly fullRange: number;
}

const CODED_LIGHTS: Readonly<Record<number, Primaries>> = { 1: rec709, 9: rec2020, 12: p3d65 };

/** Table 3 of H.273. The curves of cameras after BT.709 (1, 6, 14, 15) are shown as BT.1886 has it: gamma 2.4. */
const CODED_TRANSFER: Readonly<Record<number, Transfer>> = {
  1: { gamma: 2.4 },
  4: { gamma: 2.2 },
  5: { gamma: 2.8 },
  6: { gamma: 2.4 },
  8: linear,
  13: 'srgb',
  14: { gamma: 2.4 },
  15: { gamma: 2.4 },
  16: 'pq',
  18: 'hlg',
};

export function colourOfCodes({ primaries, transfer, matrix, fullRange }: CodePoints): PictureColour | undefined {
  const lights = CODED_LIGHTS[primaries];
  const curve = CODED_TRANSFER[transfer];
  return lights && curve && matrix === 0 && fullRange === 1 ? { lights, transfer: curve } : undefined;
}

/** The code points of RGB in full range that say this; undefined where none do. */
export function codesOf(colour: PictureColour): CodePoints | undefined {
  for (const [primaries, lights] of Object.entries(CODED_LIGHTS)) {
    for (const transfer of [13, 8, 4, 5, 16, 18]) {
      if (!sameColour(colour, { lights, transfer: CODED_TRANSFER[transfer]! })) continue;
      return { primaries: Number(primaries), transfer, matrix: 0, fullRange: 1 };
    }
  }
  return undefined;
}

export const codesStatement = (by: string, codes: CodePoints): ColourStatement => {
  const { primaries, transfer, matrix, fullRange } = codes;
  const colour = colourOfCodes(codes);
  const numbers = `${primaries}-${transfer}-${matrix}-${fullRange}`;
  return { by, says: colour ? `${numbers} (${colourText(colour)})` : numbers, ...(colour ? { colour } : {}) };
};
