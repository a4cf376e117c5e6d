// Which space of this project a space of a config is, so that tags can be set: by its interop ID, or by a name that is known.
import { SPACES, type SpaceName, spaceOfId } from '../../../engine/authoring.ts';
import type { ColourSpace } from './config/config.ts';

/** Names of OpenColorIO's CG and studio configs, of those for ACES 1, and their aliases, that mean one space everywhere. */
const NAMES: Readonly<Record<string, SpaceName>> = {
  acescg: 'lin_ap1_scene',
  'aces - acescg': 'lin_ap1_scene',
  lin_ap1: 'lin_ap1_scene',
  'aces2065-1': 'lin_ap0_scene',
  'aces - aces2065-1': 'lin_ap0_scene',
  lin_ap0: 'lin_ap0_scene',
  acescc: 'acescc_ap1_scene',
  'aces - acescc': 'acescc_ap1_scene',
  acescct: 'acescct_ap1_scene',
  'aces - acescct': 'acescct_ap1_scene',
  'linear rec.709 (srgb)': 'lin_rec709_scene',
  'utility - linear - srgb': 'lin_rec709_scene',
  'utility - linear - rec.709': 'lin_rec709_scene',
  lin_rec709_srgb: 'lin_rec709_scene',
  'linear rec.2020': 'lin_rec2020_scene',
  'utility - linear - rec.2020': 'lin_rec2020_scene',
  lin_rec2020: 'lin_rec2020_scene',
  'linear p3-d65': 'lin_p3d65_scene',
  'utility - linear - p3-d65': 'lin_p3d65_scene',
  lin_p3d65: 'lin_p3d65_scene',
  'linear adobergb': 'lin_adobergb_scene',
  lin_adobergb: 'lin_adobergb_scene',
  'cie-xyz-d65': 'lin_ciexyzd65_scene',
  'srgb - texture': 'srgb_rec709_scene',
  'utility - srgb - texture': 'srgb_rec709_scene',
  'srgb encoded rec.709 (srgb)': 'srgb_rec709_scene',
  srgb_tx: 'srgb_rec709_scene',
  'srgb encoded ap1': 'srgb_ap1_scene',
  'srgb encoded p3-d65': 'srgb_p3d65_scene',
  'arri logc3 (ei800)': 'arrilogc3_awg3_scene',
  'arri logc4': 'arrilogc4_awg4_scene',
  's-log3 s-gamut3': 'slog3_sgamut3_scene',
  's-log3 s-gamut3.cine': 'slog3_sgamut3cine_scene',
  'v-log v-gamut': 'vlog_vgamut_scene',
  'log3g10 redwidegamutrgb': 'redlog3g10_rwg_scene',
  'srgb - display': 'srgb_rec709_display',
  'gamma 2.2 rec.709 - display': 'g22_rec709_display',
  'rec.1886 rec.709 - display': 'g24_rec709_display',
  'display p3 - display': 'srgb_p3d65_display',
  'p3-d65 - display': 'g26_p3d65_display',
  'rec.2100-pq - display': 'pq_rec2020_display',
  'st2084-p3-d65 - display': 'pq_p3d65_display',
  'rec.2100-hlg - display': 'hlg_rec2020_display',
};

/** Undefined where nothing is sure: an ID that is not known, or none and a name that may mean anything. */
export function knownSpace({ name, aliases, interopId }: ColourSpace): SpaceName | undefined {
  if (interopId !== '') return named(spaceOfId(interopId)?.name);
  for (const one of [name, ...aliases]) {
    const key = one.toLowerCase();
    const found = named(spaceOfId(one)?.name) ?? (Object.hasOwn(NAMES, key) ? NAMES[key] : undefined);
    if (found) return found;
  }
  return undefined;
}

const named = (name: string | undefined): SpaceName | undefined =>
  name !== undefined && Object.hasOwn(SPACES, name) ? (name as SpaceName) : undefined;
