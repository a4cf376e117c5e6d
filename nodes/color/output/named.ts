// The display transforms by name: renderings of ACES 2.0, and plain encodings without tone mapping.
import { convertPrimaries, PRIMARIES, type Primaries, SPACES, type SpaceName } from '../../../engine/authoring.ts';

import { fastRenderer, type Renderer } from './fast.ts';
import { prepareRendering, type Rendering, type Target } from './render.ts';

export interface DisplayTransform {
  readonly title: string;
  /** What it is, in one sentence. */
  readonly doc: string;
  /** The space of the display's code values. */
  readonly to: SpaceName;
  /** Left out where colours are only encoded. */
  readonly target?: Target;
}

const SDR_709: Target = { peak: 100, limit: PRIMARIES.rec709 };
const SDR_P3: Target = { peak: 100, limit: PRIMARIES.p3d65 };
const HDR_P3: Target = { peak: 1000, limit: PRIMARIES.p3d65 };
const HDR_2020: Target = { peak: 1000, limit: PRIMARIES.rec2020 };

const ROWS = {
  'aces2-srgb': {
    title: 'ACES 2.0 sRGB',
    doc: 'ACES 2.0 at 100 cd/m² within Rec.709, for an sRGB display (IEC 61966-2-1, piecewise).',
    to: 'srgb_rec709_display',
    target: SDR_709,
  },
  'aces2-rec709': {
    title: 'ACES 2.0 Rec.709',
    doc: 'ACES 2.0 at 100 cd/m² within Rec.709, for a video display (BT.1886, gamma 2.4).',
    to: 'g24_rec709_display',
    target: SDR_709,
  },
  'aces2-p3d65': {
    title: 'ACES 2.0 P3-D65',
    doc: 'ACES 2.0 at 100 cd/m² within P3-D65, for a Display P3 monitor (the curve of sRGB).',
    to: 'srgb_p3d65_display',
    target: SDR_P3,
  },
  'aces2-pq-1000-p3d65': {
    title: 'ACES 2.0 Rec.2100 PQ, 1000 nits, P3-D65',
    doc: 'ACES 2.0 at 1000 cd/m² within P3-D65, as Rec.2100 PQ (SMPTE ST 2084 in Rec.2020).',
    to: 'pq_rec2020_display',
    target: HDR_P3,
  },
  'aces2-pq-1000-rec2020': {
    title: 'ACES 2.0 Rec.2100 PQ, 1000 nits, Rec.2020',
    doc: 'ACES 2.0 at 1000 cd/m² within Rec.2020, as Rec.2100 PQ (SMPTE ST 2084).',
    to: 'pq_rec2020_display',
    target: HDR_2020,
  },
  srgb: {
    title: 'sRGB, no tone mapping',
    doc: 'Rec.709 primaries and the curve of sRGB. What a display cannot show stays beyond 0 and 1.',
    to: 'srgb_rec709_display',
  },
  rec709: {
    title: 'Rec.709 BT.1886, no tone mapping',
    doc: 'Rec.709 primaries and gamma 2.4. What a display cannot show stays beyond 0 and 1.',
    to: 'g24_rec709_display',
  },
  p3d65: {
    title: 'P3-D65, no tone mapping',
    doc: 'P3-D65 primaries and the curve of sRGB (Display P3). What a display cannot show stays beyond 0 and 1.',
    to: 'srgb_p3d65_display',
  },
} as const satisfies Readonly<Record<string, DisplayTransform>>;

export type DisplayName = keyof typeof ROWS;

/** In the order of lists. */
export const DISPLAY_NAMES = Object.keys(ROWS) as [DisplayName, ...DisplayName[]];

export const DISPLAYS: Readonly<Record<DisplayName, DisplayTransform>> = ROWS;

const renderings = new Map<Target, Rendering>();

/** The prepared rendering of a target in the list, made once. */
export function renderingOf(target: Target): Rendering {
  const known = renderings.get(target) ?? prepareRendering(target);
  renderings.set(target, known);
  return known;
}

/** Renderers that are kept: a graph has few at a time. */
const MOST_KEPT = 8;
const renderers = new Map<string, Renderer>();

/** The quick renderer of a display transform with a target, for linear light of these primaries. */
export function rendererOf(name: DisplayName, from: Primaries): Renderer | undefined {
  const { target, to } = DISPLAYS[name];
  const matrix = convertPrimaries(from, PRIMARIES.ap1, 'bradford');
  if (!target || !matrix) return undefined;
  const key = `${name} ${JSON.stringify(from)}`;
  const known = renderers.get(key) ?? fastRenderer(renderingOf(target), matrix, SPACES[to].primaries);
  if (!renderers.has(key) && renderers.size >= MOST_KEPT) renderers.clear();
  renderers.set(key, known);
  return known;
}
