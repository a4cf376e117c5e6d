// The named colour spaces: primaries, encoding, and the name under which files state them.
import { appleLog, canonLog2, canonLog3, log3G10, logC3, logC4, sLog3, vLog } from './camera.ts';
import type { Encoding } from './encoding.ts';
import { acesCc, acesCct, cineon } from './film.ts';
import { PRIMARIES, type Primaries } from './primaries.ts';
import { bt1886, gamma, hlg, pq, srgb } from './video.ts';

/** A way to write colours as three numbers. */
export interface Space {
  /** The one that graphs use: that of the interop ID without its namespace, where there is one. */
  readonly name: SpaceName | 'custom';
  /** For people. */
  readonly title: string;
  readonly primaries: Primaries;
  /** Left out where the numbers are linear light. */
  readonly encoding?: Encoding;
  /**
   * The value of `colorInteropID`: ASWF Color Interop Forum, "Color Space Encodings for Texture Assets and CG Rendering",
   * "Color Space Encodings for Displays", and for others the IDs of OpenColorIO's studio config, in its namespace.
   */
  readonly interopId?: string;
  /** True for what a camera records: such a space is never guessed. */
  readonly camera?: true;
}

interface Row {
  readonly title: string;
  readonly primaries: Primaries;
  readonly encoding?: Encoding;
  /** Namespace of the ID; '' for those that the forum itself publishes. */
  readonly of: '' | 'ocio:' | 'sluice:';
  readonly camera?: true;
}

const { ap0, ap1, rec709, rec2020, p3d65, adobergb, xyz } = PRIMARIES;
const g22 = gamma(2.2);

const ROWS = {
  lin_ap1_scene: { title: 'ACEScg', primaries: ap1, of: '' },
  lin_ap0_scene: { title: 'ACES2065-1', primaries: ap0, of: '' },
  lin_rec709_scene: { title: 'Linear Rec.709', primaries: rec709, of: '' },
  lin_rec2020_scene: { title: 'Linear Rec.2020', primaries: rec2020, of: '' },
  lin_p3d65_scene: { title: 'Linear P3-D65', primaries: p3d65, of: '' },
  lin_adobergb_scene: { title: 'Linear Adobe RGB', primaries: adobergb, of: '' },
  lin_ciexyzd65_scene: { title: 'CIE XYZ, D65', primaries: xyz, of: '' },
  acescc_ap1_scene: { title: 'ACEScc', primaries: ap1, encoding: acesCc, of: 'ocio:' },
  acescct_ap1_scene: { title: 'ACEScct', primaries: ap1, encoding: acesCct, of: 'ocio:' },
  srgb_rec709_scene: { title: 'sRGB texture', primaries: rec709, encoding: srgb, of: '' },
  srgb_ap1_scene: { title: 'sRGB-encoded AP1', primaries: ap1, encoding: srgb, of: '' },
  srgb_p3d65_scene: { title: 'sRGB-encoded P3-D65', primaries: p3d65, encoding: srgb, of: '' },
  g18_rec709_scene: { title: 'Gamma 1.8 Rec.709', primaries: rec709, encoding: gamma(1.8), of: '' },
  g22_rec709_scene: { title: 'Gamma 2.2 Rec.709', primaries: rec709, encoding: g22, of: '' },
  g22_ap1_scene: { title: 'Gamma 2.2 AP1', primaries: ap1, encoding: g22, of: '' },
  g22_adobergb_scene: { title: 'Adobe RGB', primaries: adobergb, encoding: g22, of: '' },
  g24_rec709_scene: { title: 'Gamma 2.4 Rec.709, scene', primaries: rec709, encoding: gamma(2.4), of: 'ocio:' },
  srgb_rec709_display: { title: 'sRGB display', primaries: rec709, encoding: srgb, of: '' },
  g22_rec709_display: { title: 'Gamma 2.2 Rec.709 display', primaries: rec709, encoding: g22, of: '' },
  g24_rec709_display: { title: 'Rec.709 display (BT.1886)', primaries: rec709, encoding: bt1886(), of: '' },
  srgb_p3d65_display: { title: 'Display P3', primaries: p3d65, encoding: srgb, of: '' },
  g26_p3d65_display: { title: 'P3-D65 cinema, gamma 2.6', primaries: p3d65, encoding: gamma(2.6), of: '' },
  pq_p3d65_display: { title: 'P3-D65 PQ', primaries: p3d65, encoding: pq, of: '' },
  pq_rec2020_display: { title: 'Rec.2100 PQ', primaries: rec2020, encoding: pq, of: '' },
  hlg_rec2020_display: { title: 'Rec.2100 HLG', primaries: rec2020, encoding: hlg, of: '' },
  lin_awg3_scene: { title: 'Linear ARRI Wide Gamut 3', primaries: PRIMARIES.awg3, of: 'ocio:', camera: true },
  lin_awg4_scene: { title: 'Linear ARRI Wide Gamut 4', primaries: PRIMARIES.awg4, of: 'ocio:', camera: true },
  lin_sgamut3_scene: { title: 'Linear S-Gamut3', primaries: PRIMARIES.sgamut3, of: 'ocio:', camera: true },
  lin_sgamut3cine_scene: { title: 'Linear S-Gamut3.Cine', primaries: PRIMARIES.sgamut3cine, of: 'ocio:', camera: true },
  lin_vgamut_scene: { title: 'Linear V-Gamut', primaries: PRIMARIES.vgamut, of: 'ocio:', camera: true },
  lin_rwg_scene: { title: 'Linear REDWideGamutRGB', primaries: PRIMARIES.rwg, of: 'ocio:', camera: true },
  lin_cgamutd55_scene: { title: 'Linear Cinema Gamut', primaries: PRIMARIES.cgamut, of: 'ocio:', camera: true },
  arrilogc3_awg3_scene: {
    title: 'ARRI LogC3 (EI 800)',
    primaries: PRIMARIES.awg3,
    encoding: logC3(),
    of: 'ocio:',
    camera: true,
  },
  arrilogc4_awg4_scene: { title: 'ARRI LogC4', primaries: PRIMARIES.awg4, encoding: logC4, of: 'ocio:', camera: true },
  slog3_sgamut3_scene: {
    title: 'S-Log3 S-Gamut3',
    primaries: PRIMARIES.sgamut3,
    encoding: sLog3,
    of: 'ocio:',
    camera: true,
  },
  slog3_sgamut3cine_scene: {
    title: 'S-Log3 S-Gamut3.Cine',
    primaries: PRIMARIES.sgamut3cine,
    encoding: sLog3,
    of: 'ocio:',
    camera: true,
  },
  vlog_vgamut_scene: { title: 'V-Log', primaries: PRIMARIES.vgamut, encoding: vLog, of: 'ocio:', camera: true },
  redlog3g10_rwg_scene: {
    title: 'RED Log3G10',
    primaries: PRIMARIES.rwg,
    encoding: log3G10,
    of: 'ocio:',
    camera: true,
  },
  canonlog2_cgamutd55_scene: {
    title: 'Canon Log 2',
    primaries: PRIMARIES.cgamut,
    encoding: canonLog2,
    of: 'ocio:',
    camera: true,
  },
  canonlog3_cgamutd55_scene: {
    title: 'Canon Log 3',
    primaries: PRIMARIES.cgamut,
    encoding: canonLog3,
    of: 'ocio:',
    camera: true,
  },
  applelog_rec2020_scene: { title: 'Apple Log', primaries: rec2020, encoding: appleLog, of: 'ocio:', camera: true },
  cineon_rec709_scene: { title: 'Cineon', primaries: rec709, encoding: cineon, of: 'sluice:', camera: true },
} as const satisfies Readonly<Record<string, Row>>;

export type SpaceName = keyof typeof ROWS;

/** The names of all spaces, in the order in which lists show them. */
export const SPACE_NAMES = Object.keys(ROWS) as [SpaceName, ...SpaceName[]];

export const SPACES: Readonly<Record<SpaceName, Space>> = Object.fromEntries(
  Object.entries(ROWS).map(([name, { of, ...row }]) => [name, { name, ...row, interopId: `${of}${name}` }]),
) as Readonly<Record<SpaceName, Space>>;

/** What people call the spaces, for lists to choose from. */
export const SPACE_TITLES: Readonly<Record<string, string>> = Object.fromEntries(
  SPACE_NAMES.map((name) => [name, SPACES[name].title]),
);

/**
 * The space that an interop ID names, or undefined. Where the whole ID is not known its first namespace may be dropped,
 * once ("An ID for Color Interop", ID resolution process). Other spellings and capital letters are no IDs.
 */
export function spaceOfId(id: string): Space | undefined {
  const shorter = id.slice(id.indexOf(':') + 1);
  for (const wanted of [id, shorter]) {
    const found = Object.values(SPACES).find(({ interopId, name }) => interopId === wanted || name === wanted);
    if (found) return found;
  }
  return undefined;
}
