// OpenColorIO's built-in transforms, as far as the spaces of this project have their mathematics.
import {
  type Adaptation,
  convertPrimaries,
  type Encoding,
  hlg as hlgCurve,
  type Matrix,
  PRIMARIES,
  type Primaries,
  pq as pqCurve,
  SPACES,
  type SpaceName,
} from '../../../../engine/authoring.ts';
import { footedOperation, gammaOperation } from './exponent.ts';
import { encodingOperation } from './fixed.ts';
import { matrixOperation, rangeOperation, scaleOperation } from './linear.ts';
import { logOperation } from './log.ts';
import { NOTHING, type Operation, reversed, sequence } from './operation.ts';

const never = (trouble: string): never => {
  throw new RangeError(trouble);
};

function primaries(from: Primaries, to: Primaries, adaptation: Adaptation): Operation {
  const matrix = convertPrimaries(from, to, adaptation) ?? never('A built-in transform spans no space of colours.');
  return matrixOperation(matrix, [0, 0, 0], never);
}

const { ap0, ap1, rec709, rec2020, p3d65, rwg, xyz } = PRIMARIES;

const decode = (encoding: Encoding | undefined): Operation =>
  encoding ? reversed(encodingOperation(encoding)) : NOTHING;

/** From a named space to ACES2065-1. */
const toAces = (name: SpaceName, adaptation: Adaptation): Operation =>
  sequence([decode(SPACES[name].encoding), primaries(SPACES[name].primaries, ap0, adaptation)]);

const three = (value: number): number[] => [value, value, value];
const basic = (power: number, negative: 'clamp' | 'mirror'): Operation =>
  reversed(gammaOperation(negative, three(power)));
const srgb = (negative: 'mirror' | 'linear'): Operation =>
  reversed(footedOperation(negative, three(2.4), three(0.055)));

/** From X, Y and Z relative to D65, through primaries under D65, to codes. */
const shown = (lights: Primaries, code: Operation, adaptation: Adaptation = 'none'): Operation =>
  sequence([primaries(xyz, lights, adaptation), code]);

const times = (factor: number): Operation => scaleOperation([factor], [0], never);

/** OpenColorIO has HLG's linear 1.0 at a third of code 1.0. */
const hlg = sequence([times(1 / 3), encodingOperation(hlgCurve)]);
const pq = encodingOperation(pqCurve);

const P3_DCI: Primaries = { ...p3d65, white: [0.314, 0.351] };
const P3_D60: Primaries = { ...p3d65, white: ap0.white };

/** REDlogFilm: Cineon's curve, its black at 95 and its white at 685. */
function redLogFilm(): Operation {
  const factor = (0.002 * 1023) / 0.6;
  const gain = 1 / (1 - 10 ** (((95 - 685) / 1023) * factor));
  const curve = {
    base: 10,
    logSlope: [1 / factor],
    logOffset: [685 / 1023],
    linSlope: [1 / gain],
    linOffset: [1 - 1 / gain],
  };
  return reversed(logOperation(curve, never));
}

const blueLightFix = matrixOperation(
  [
    0.9404372683, -0.0183068787, 0.0778696104, 0.0083786969, 0.8286599939, 0.1629613092, 0.0005471261, -0.0008833746,
    1.0003362486,
  ],
  [0, 0, 0],
  never,
);

/** ACESproxy: Academy S-2013-001, with 10 bits. */
const proxy = sequence([
  rangeOperation(
    {
      minIn: 64 / 1023,
      maxIn: 940 / 1023,
      minOut: (64 - 425) / 50 - 2.5,
      maxOut: (940 - 425) / 50 - 2.5,
      clamp: 'clamp',
    },
    never,
  ),
  reversed(logOperation({ base: 2, logSlope: [1], logOffset: [0], linSlope: [1], linOffset: [0] }, never)),
]);

const positive = rangeOperation({ minIn: 0, minOut: 0, clamp: 'clamp' }, never);

/** Sony's S-Log3 of the Venice camera, of which the makers give the matrices alone. */
const venice = (matrix: Matrix): Operation =>
  sequence([decode(SPACES.slog3_sgamut3_scene.encoding), matrixOperation(matrix, [0, 0, 0], never)]);

const VENICE: Matrix = [
  0.7933297411, 0.0890786256, 0.1175916333, 0.0155810585, 1.0327123069, -0.0482933654, -0.0188647478, 0.0127694121,
  1.0060953358,
];
const VENICE_CINE: Matrix = [
  0.6742570921, 0.2205717359, 0.105171172, -0.0093136061, 1.1059588614, -0.0966452553, -0.0382090673, -0.0179383766,
  1.0561474439,
];

/** By their names in capitals. */
const STYLES: Readonly<Record<string, () => Operation>> = {
  IDENTITY: () => NOTHING,
  'UTILITY - ACES-AP0_TO_CIE-XYZ-D65_BFD': () => primaries(ap0, xyz, 'bradford'),
  'UTILITY - ACES-AP1_TO_CIE-XYZ-D65_BFD': () => primaries(ap1, xyz, 'bradford'),
  'UTILITY - ACES-AP1_TO_LINEAR-REC709_BFD': () => primaries(ap1, rec709, 'bradford'),
  'ACES-LMT - BLUE_LIGHT_ARTIFACT_FIX': () => blueLightFix,
  'ACESCG_TO_ACES2065-1': () => primaries(ap1, ap0, 'none'),
  'ACESCCT_TO_ACES2065-1': () => toAces('acescct_ap1_scene', 'none'),
  'ACESCC_TO_ACES2065-1': () => sequence([toAces('acescc_ap1_scene', 'none'), positive]),
  'ACESPROXY10I_TO_ACES2065-1': () => sequence([proxy, primaries(ap1, ap0, 'none')]),
  'ARRI_ALEXA-LOGC-EI800-AWG_TO_ACES2065-1': () => toAces('arrilogc3_awg3_scene', 'cat02'),
  'ARRI_LOGC4_TO_ACES2065-1': () => toAces('arrilogc4_awg4_scene', 'cat02'),
  'CANON_CLOG2-CGAMUT_TO_ACES2065-1': () => toAces('canonlog2_cgamutd55_scene', 'cat02'),
  'CANON_CLOG3-CGAMUT_TO_ACES2065-1': () => toAces('canonlog3_cgamutd55_scene', 'cat02'),
  'PANASONIC_VLOG-VGAMUT_TO_ACES2065-1': () => toAces('vlog_vgamut_scene', 'bradford'),
  'RED_LOG3G10-RWG_TO_ACES2065-1': () => toAces('redlog3g10_rwg_scene', 'bradford'),
  'RED_REDLOGFILM-RWG_TO_ACES2065-1': () => sequence([redLogFilm(), primaries(rwg, ap0, 'bradford')]),
  'SONY_SLOG3-SGAMUT3_TO_ACES2065-1': () => toAces('slog3_sgamut3_scene', 'cat02'),
  'SONY_SLOG3-SGAMUT3.CINE_TO_ACES2065-1': () => toAces('slog3_sgamut3cine_scene', 'cat02'),
  'SONY_SLOG3-SGAMUT3-VENICE_TO_ACES2065-1': () => venice(VENICE),
  'SONY_SLOG3-SGAMUT3.CINE-VENICE_TO_ACES2065-1': () => venice(VENICE_CINE),
  'APPLE_LOG_TO_ACES2065-1': () => toAces('applelog_rec2020_scene', 'bradford'),
  'CURVE - ACESCCT-LOG_TO_LINEAR': () => decode(SPACES.acescct_ap1_scene.encoding),
  'CURVE - CANON_CLOG2_TO_LINEAR': () => decode(SPACES.canonlog2_cgamutd55_scene.encoding),
  'CURVE - CANON_CLOG3_TO_LINEAR': () => decode(SPACES.canonlog3_cgamutd55_scene.encoding),
  'CURVE - APPLE_LOG_TO_LINEAR': () => decode(SPACES.applelog_rec2020_scene.encoding),
  'CURVE - ST-2084_TO_LINEAR': () => reversed(pq),
  'CURVE - LINEAR_TO_ST-2084': () => pq,
  'CURVE - HLG-OETF': () => hlg,
  'CURVE - HLG-OETF-INVERSE': () => reversed(hlg),
  'DISPLAY - CIE-XYZ-D65_TO_REC.1886-REC.709': () => shown(rec709, basic(2.4, 'clamp')),
  'DISPLAY - CIE-XYZ-D65_TO_REC.1886-REC.709 - MIRROR NEGS': () => shown(rec709, basic(2.4, 'mirror')),
  'DISPLAY - CIE-XYZ-D65_TO_REC.1886-REC.2020': () => shown(rec2020, basic(2.4, 'clamp')),
  'DISPLAY - CIE-XYZ-D65_TO_REC.1886-REC.2020 - MIRROR NEGS': () => shown(rec2020, basic(2.4, 'mirror')),
  'DISPLAY - CIE-XYZ-D65_TO_G2.2-REC.709': () => shown(rec709, basic(2.2, 'clamp')),
  'DISPLAY - CIE-XYZ-D65_TO_G2.2-REC.709 - MIRROR NEGS': () => shown(rec709, basic(2.2, 'mirror')),
  'DISPLAY - CIE-XYZ-D65_TO_SRGB': () => shown(rec709, srgb('linear')),
  'DISPLAY - CIE-XYZ-D65_TO_SRGB - MIRROR NEGS': () => shown(rec709, srgb('mirror')),
  'DISPLAY - CIE-XYZ-D65_TO_G2.6-P3-DCI-BFD': () => shown(P3_DCI, basic(2.6, 'clamp'), 'bradford'),
  'DISPLAY - CIE-XYZ-D65_TO_G2.6-P3-D65': () => shown(p3d65, basic(2.6, 'clamp')),
  'DISPLAY - CIE-XYZ-D65_TO_G2.6-P3-D65 - MIRROR NEGS': () => shown(p3d65, basic(2.6, 'mirror')),
  'DISPLAY - CIE-XYZ-D65_TO_G2.6-P3-D60-BFD': () => shown(P3_D60, basic(2.6, 'clamp'), 'bradford'),
  'DISPLAY - CIE-XYZ-D65_TO_DCDM-D65': () => sequence([times(48 / 52.37), basic(2.6, 'clamp')]),
  'DISPLAY - CIE-XYZ-D65_TO_DISPLAYP3': () => shown(p3d65, srgb('mirror')),
  'DISPLAY - CIE-XYZ-D65_TO_DISPLAYP3-HDR': () => shown(p3d65, srgb('mirror')),
  'DISPLAY - CIE-XYZ-D65_TO_REC.2100-PQ': () => shown(rec2020, pq),
  'DISPLAY - CIE-XYZ-D65_TO_ST2084-P3-D65': () => shown(p3d65, pq),
  'DISPLAY - CIE-XYZ-D65_TO_ST2084-DCDM-D65': () => pq,
};

/** The built-in transform of a name, in capitals or not; undefined where it is not known here. */
export const builtinOperation = (style: string): Operation | undefined => {
  const name = style.toUpperCase();
  return Object.hasOwn(STYLES, name) ? STYLES[name]!() : undefined;
};

/** How many there are, and their names, for the documentation's test. */
export const BUILTIN_STYLES: readonly string[] = Object.keys(STYLES);
