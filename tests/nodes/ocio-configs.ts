// OpenColorIO configs that tests write, with their files: what both OpenColorIO and the node are asked.
import {
  ccc,
  cdl,
  csp,
  csp1d,
  cube,
  film,
  gammas,
  halves,
  logs,
  mixed,
  rising,
  shots,
  spi1d,
  spi3d,
} from './ocio-tables.ts';

/** One question: from a space to another one, or to a display and a view. */
export interface Question {
  readonly from: string;
  readonly to: string | readonly [display: string, view: string];
  /** How near ours has to be, of 1 and of the value; the usual tolerance where it is not given. */
  readonly near?: number;
}

export interface Judged {
  readonly name: string;
  readonly config: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Variables that both get: OpenColorIO by its environment, the node by its parameter. */
  readonly context?: Readonly<Record<string, string>>;
  readonly questions: readonly Question[];
}

const roles = 'roles: {default: raw, scene_linear: lin, reference: lin}';
const rows = (entries: Readonly<Record<string, string>>): string =>
  Object.entries(entries)
    .map(([name, transform]) => `  - !<ColorSpace>\n    name: ${name}\n    to_reference: ${transform}\n`)
    .join('');
/** Both ways of each: a transform as it stands, and the other way round. */
const both = (names: readonly string[], near?: number): Question[] =>
  names.flatMap((name) => [
    { from: name, to: 'lin', ...(near ? { near } : {}) },
    { from: 'lin', to: name, ...(near ? { near } : {}) },
  ]);

const MATRIX =
  '!<MatrixTransform> {matrix: [0.7, 0.2, 0.1, 0, 0.05, 0.9, 0.05, 0, 0, 0.1, 0.9, 0, 0, 0, 0, 1], offset: [0.01, 0, -0.02, 0]}';
const CDL = '{slope: [1.2, 1, 0.9], offset: [0.02, -0.01, 0], power: [1.1, 0.9, 1.2], sat: 0.85}';

const first = rows({
  matrix: MATRIX,
  gamma: '!<ExponentTransform> {value: [2.2, 2.2, 2.2, 1]}',
  gammas: '!<ExponentTransform> {value: [2.2, 1, 1.8, 1]}',
  log: '!<LogTransform> {base: 10}',
  cdl: `!<CDLTransform> ${CDL}`,
  row: '!<FileTransform> {src: row.spi1d, interpolation: linear}',
  wide: '!<FileTransform> {src: wide.spi1d, interpolation: linear}',
  film: '!<GroupTransform>\n      children:\n        - !<FileTransform> {src: row.spi1d, interpolation: linear}\n        - !<MatrixTransform> {matrix: [1.1, -0.1, 0, 0, 0, 1, 0, 0, 0, 0.1, 0.9, 0, 0, 0, 0, 1]}',
  alloc: '!<AllocationTransform> {allocation: lg2, vars: [-8, 5, 0.01]}',
  uniform: '!<AllocationTransform> {allocation: uniform, vars: [-0.5, 2]}',
  spimtx: '!<FileTransform> {src: m.spimtx}',
});

const VERSION1: Judged = {
  name: 'version 1',
  config: `ocio_profile_version: 1
search_path: luts
strictparsing: true
luma: [0.2126, 0.7152, 0.0722]
${roles}
displays:
  screen:
    - !<View> {name: Film, colorspace: film}
    - !<View> {name: Graded, colorspace: gamma, looks: "warm, -cool"}
    - !<View> {name: Raw, colorspace: raw}
active_displays: [screen]
active_views: [Film, Raw, Graded]
colorspaces:
  - !<ColorSpace> {name: lin, family: "", bitdepth: 32f, description: "scene-linear", isdata: false, allocation: lg2, allocationvars: [-8, 5]}
  - !<ColorSpace> {name: raw, isdata: true}
${first}  - !<ColorSpace>
    name: cube
    from_reference: !<FileTransform> {src: grid.spi3d, interpolation: tetrahedral}
  - !<ColorSpace>
    name: boxed
    from_reference: !<FileTransform> {src: grid.spi3d, interpolation: linear}
  - !<ColorSpace>
    name: look
    from_reference: !<LookTransform> {src: lin, dst: gamma, looks: "cool | warm"}
  - !<ColorSpace>
    name: fallback
    from_reference: !<LookTransform> {src: lin, dst: lin, looks: "absent | warm, +cool"}
looks:
  - !<Look> {name: warm, process_space: matrix, transform: !<CDLTransform> {slope: [1.1, 1, 0.9], sat: 1.2}}
  - !<Look> {name: cool, process_space: gamma, transform: !<CDLTransform> {slope: [0.9, 1, 1.1], power: [1.1, 1, 1]}}
  - !<Look> {name: absent, process_space: gamma, transform: !<FileTransform> {src: not-there.cube}}
`,
  files: {
    'luts/row.spi1d': spi1d(rising(64, 2.2)),
    'luts/wide.spi1d': spi1d(rising(33, 1.5), -0.25, 2),
    'luts/grid.spi3d': spi3d(6),
    'luts/m.spimtx': '1.1 0.1 0 655.35\n0 0.9 0.05 0\n0.1 0 1 -1310.7\n',
  },
  questions: [
    ...both(['matrix', 'gamma', 'gammas', 'log', 'cdl', 'row', 'wide', 'film', 'alloc', 'uniform', 'spimtx']),
    { from: 'lin', to: 'cube' },
    { from: 'log', to: 'boxed' },
    { from: 'log', to: 'gamma' },
    { from: 'scene_linear', to: 'look' },
    { from: 'lin', to: 'fallback' },
    { from: 'lin', to: 'raw' },
    { from: 'lin', to: ['screen', 'Film'] },
    // The root at the end is steep near 0.
    { from: 'log', to: ['screen', 'Graded'], near: 1e-4 },
    { from: 'lin', to: ['screen', 'Raw'] },
  ],
};

const second = rows({
  log2: '!<LogTransform> {base: 2}',
  affine:
    '!<LogAffineTransform> {base: 10, log_side_slope: [0.3, 0.3, 0.25], log_side_offset: [0.4, 0.41, 0.4], lin_side_slope: 5, lin_side_offset: [0.1, 0.1, 0.2], direction: inverse}',
  camera:
    '!<LogCameraTransform> {base: 10, log_side_slope: 0.2471896, log_side_offset: 0.385537, lin_side_slope: 5.555556, lin_side_offset: 0.052272, lin_side_break: 0.010591, direction: inverse}',
  steep:
    '!<LogCameraTransform> {base: 2, log_side_slope: 0.1, log_side_offset: 0.5, lin_side_slope: [2, 2, 3], lin_side_offset: 0.1, lin_side_break: [0.02, 0.02, 0.01], linear_slope: [2, 2, 2.5]}',
  foot: '!<ExponentWithLinearTransform> {gamma: 2.4, offset: 0.055}',
  mirror: '!<ExponentWithLinearTransform> {gamma: [2.2, 2.4, 3, 1], offset: [0.099, 0.055, 0.16, 0], style: mirror}',
  clamp: '!<ExponentTransform> {value: 2.6}',
  mirrored: '!<ExponentTransform> {value: [1.8, 2, 2.4, 1], style: mirror}',
  passing: '!<ExponentTransform> {value: [2.2, 1, 1.1, 1], style: pass_thru}',
  range: '!<RangeTransform> {min_in_value: 0.1, max_in_value: 0.9, min_out_value: -0.2, max_out_value: 1.3}',
  free: '!<RangeTransform> {min_in_value: 0.1, max_in_value: 0.9, min_out_value: 0, max_out_value: 1, style: noClamp}',
  floor: '!<RangeTransform> {min_in_value: 0.05, min_out_value: 0.05}',
  ceiling: '!<RangeTransform> {max_in_value: 1.5, max_out_value: 1.5}',
  keeping: `!<CDLTransform> ${CDL}`,
  asc: '!<CDLTransform> {slope: [1.2, 1, 0.9], offset: [0.02, -0.01, 0], power: [1.1, 0.9, 1.2], saturation: 0.85, style: asc}',
  exposure: '!<ExposureContrastTransform> {style: linear, exposure: 0.7, contrast: 1.3, gamma: 0.9, pivot: 0.2}',
  video: '!<ExposureContrastTransform> {style: video, exposure: -0.5, contrast: 1.2, gamma: 1, pivot: 0.18}',
  logec:
    '!<ExposureContrastTransform> {style: log, exposure: 1, contrast: 0.8, gamma: 1.1, pivot: 0.18, log_midway_gray: 0.4}',
  matrix: MATRIX,
});

const VERSION2: Judged = {
  name: 'version 2',
  config: `ocio_profile_version: 2
environment: {}
search_path: ""
${roles}
displays:
  screen:
    - !<View> {name: View, colorspace: camera}
colorspaces:
  - !<ColorSpace> {name: lin, aliases: [linear, scene]}
  - !<ColorSpace> {name: raw, isdata: true}
${second}  - !<ColorSpace>
    name: nested
    aliases: [inner]
    from_scene_reference: !<GroupTransform>
      direction: inverse
      children:
        - !<ColorSpaceTransform> {src: camera, dst: foot}
        - !<MatrixTransform> {matrix: [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1], direction: inverse}
        - !<GroupTransform> {children: [!<ExponentTransform> {value: 1.2, direction: inverse}]}
  - !<ColorSpace> {name: twin_a, equalitygroup: twins, to_scene_reference: ${MATRIX}}
  - !<ColorSpace> {name: twin_b, equalitygroup: twins, to_scene_reference: ${MATRIX}}
  - !<ColorSpace>
    name: two_ways
    to_scene_reference: !<ExponentTransform> {value: 2}
    from_scene_reference: !<ExponentTransform> {value: 3, style: mirror}
  - !<ColorSpace>
    name: by_name
    from_scene_reference: !<ColorSpaceTransform> {src: lin, dst: curve}
named_transforms:
  - !<NamedTransform> {name: curve, transform: !<ExponentTransform> {value: 2.2, style: mirror}}
`,
  questions: [
    ...both([
      'log2',
      'affine',
      'camera',
      'steep',
      'foot',
      'mirror',
      'clamp',
      'mirrored',
      'passing',
      'range',
      'free',
      'floor',
      'ceiling',
      'keeping',
      'asc',
      'exposure',
      'video',
      'logec',
      'nested',
      'two_ways',
      'by_name',
    ]),
    { from: 'camera', to: 'foot' },
    { from: 'LINEAR', to: 'inner' },
    { from: 'twin_a', to: 'twin_b' },
    { from: 'camera', to: 'raw' },
  ],
};

const STYLES = [
  'ACEScg_to_ACES2065-1',
  'ACEScct_to_ACES2065-1',
  'ACESproxy10i_to_ACES2065-1',
  'ARRI_ALEXA-LOGC-EI800-AWG_to_ACES2065-1',
  'PANASONIC_VLOG-VGAMUT_to_ACES2065-1',
  'RED_LOG3G10-RWG_to_ACES2065-1',
  'RED_REDLOGFILM-RWG_to_ACES2065-1',
  'SONY_SLOG3-SGAMUT3_to_ACES2065-1',
  'SONY_SLOG3-SGAMUT3.CINE_to_ACES2065-1',
  'SONY_SLOG3-SGAMUT3-VENICE_to_ACES2065-1',
  'SONY_SLOG3-SGAMUT3.CINE-VENICE_to_ACES2065-1',
  'UTILITY - ACES-AP1_to_LINEAR-REC709_BFD',
  'ACES-LMT - BLUE_LIGHT_ARTIFACT_FIX',
] as const;

const DISPLAYS = [
  'DISPLAY - CIE-XYZ-D65_to_REC.1886-REC.709',
  'DISPLAY - CIE-XYZ-D65_to_REC.1886-REC.2020',
  'DISPLAY - CIE-XYZ-D65_to_G2.2-REC.709',
  'DISPLAY - CIE-XYZ-D65_to_sRGB',
  'DISPLAY - CIE-XYZ-D65_to_G2.6-P3-DCI-BFD',
  'DISPLAY - CIE-XYZ-D65_to_G2.6-P3-D65',
  'DISPLAY - CIE-XYZ-D65_to_G2.6-P3-D60-BFD',
] as const;

const VIEWS: Judged = {
  name: 'views of version 2',
  config: `ocio_profile_version: 2
environment: {}
search_path: ""
roles: {default: raw, scene_linear: ap0, aces_interchange: ap0, cie_xyz_d65_interchange: xyz}
shared_views:
  - !<View> {name: Shared, view_transform: plain, display_colorspace: <USE_DISPLAY_NAME>, looks: punch}
  - !<View> {name: Data, colorspace: raw}
displays:
  sRGB:
    - !<View> {name: Own, view_transform: bent, display_colorspace: sRGB}
    - !<View> {name: Log, colorspace: ACEScct}
    - !<View> {name: FromDisplay, view_transform: dim, display_colorspace: sRGB}
    - !<Views> [Shared, Data]
  P3:
    - !<Views> [Shared]
default_view_transform: plain
view_transforms:
  - !<ViewTransform>
    name: bent
    from_scene_reference: !<GroupTransform>
      children:
        - !<ExponentTransform> {value: 0.9, style: mirror}
        - !<BuiltinTransform> {style: UTILITY - ACES-AP0_to_CIE-XYZ-D65_BFD}
  - !<ViewTransform>
    name: plain
    to_scene_reference: !<BuiltinTransform> {style: UTILITY - ACES-AP0_to_CIE-XYZ-D65_BFD, direction: inverse}
  - !<ViewTransform>
    name: dim
    from_display_reference: !<MatrixTransform> {matrix: [0.8, 0, 0, 0, 0, 0.8, 0, 0, 0, 0, 0.8, 0, 0, 0, 0, 1]}
looks:
  - !<Look> {name: punch, process_space: ACEScct, transform: !<CDLTransform> {slope: [1.1, 1.05, 1], power: [1.05, 1, 1], sat: 1.1}}
display_colorspaces:
  - !<ColorSpace> {name: xyz}
  - !<ColorSpace> {name: sRGB, from_display_reference: !<BuiltinTransform> {style: DISPLAY - CIE-XYZ-D65_to_sRGB}}
  - !<ColorSpace> {name: P3, from_display_reference: !<BuiltinTransform> {style: DISPLAY - CIE-XYZ-D65_to_G2.6-P3-D65}}
${DISPLAYS.map((style, i) => `  - !<ColorSpace> {name: shown${i}, from_display_reference: !<BuiltinTransform> {style: ${style}}}`).join('\n')}
colorspaces:
  - !<ColorSpace> {name: raw, isdata: true}
  - !<ColorSpace> {name: ap0}
  - !<ColorSpace> {name: ACEScct, to_scene_reference: !<BuiltinTransform> {style: ACEScct_to_ACES2065-1}}
  - !<ColorSpace> {name: back, from_scene_reference: !<DisplayViewTransform> {src: ACEScct, display: sRGB, view: Shared, direction: inverse}}
  - !<ColorSpace> {name: there, from_scene_reference: !<DisplayViewTransform> {src: ap0, display: sRGB, view: Own, looks_bypass: true}}
${STYLES.map((style, i) => `  - !<ColorSpace> {name: style${i}, to_scene_reference: !<BuiltinTransform> {style: ${style}}}`).join('\n')}
`,
  questions: [
    { from: 'ap0', to: ['sRGB', 'Own'] },
    // A code of 1.2 is light of 1500, and what cancels out of that is steep near 0.
    { from: 'ACEScct', to: ['sRGB', 'Shared'], near: 1e-4 },
    { from: 'ap0', to: ['P3', 'Shared'] },
    { from: 'ap0', to: ['sRGB', 'Log'] },
    { from: 'ap0', to: ['sRGB', 'Data'] },
    { from: 'ap0', to: ['sRGB', 'FromDisplay'] },
    { from: 'ap0', to: 'sRGB' },
    { from: 'P3', to: 'ACEScct' },
    { from: 'P3', to: 'sRGB' },
    { from: 'ap0', to: 'back' },
    { from: 'ap0', to: 'there' },
    ...STYLES.flatMap((_, i): Question[] => [
      { from: `style${i}`, to: 'ap0' },
      { from: 'ap0', to: `style${i}` },
    ]),
    ...DISPLAYS.flatMap((_, i): Question[] => [
      { from: 'xyz', to: `shown${i}` },
      { from: `shown${i}`, to: 'xyz' },
    ]),
  ],
};

const files = rows({
  mixed: '!<FileTransform> {src: mixed.clf}',
  logs: '!<FileTransform> {src: logs.clf}',
  gammas: '!<FileTransform> {src: gammas.clf}',
  halves: '!<FileTransform> {src: halves.clf}',
  filmed: '!<FileTransform> {src: film.ctf}',
  cube: '!<FileTransform> {src: cube.cube, interpolation: tetrahedral}',
  boxed: '!<FileTransform> {src: cube.cube}',
  best: '!<FileTransform> {src: cube.cube, interpolation: best}',
  row: '!<FileTransform> {src: row.cube, interpolation: linear}',
  csp: '!<FileTransform> {src: look.csp, interpolation: tetrahedral}',
  csp1d: '!<FileTransform> {src: row.csp, interpolation: linear}',
  down: '!<FileTransform> {src: down.spi1d, interpolation: linear}',
  bumpy: '!<FileTransform> {src: bumpy.spi1d, interpolation: linear}',
  cc: '!<FileTransform> {src: one.cc}',
  ccc: '!<FileTransform> {src: shots.ccc, cccid: sh020}',
  numbered: '!<FileTransform> {src: shots.ccc, cccid: 1, cdl_style: asc}',
  listed: '!<FileTransform> {src: shots.cdl, cccid: sh010}',
});

const FILES: Judged = {
  name: 'files',
  config: `ocio_profile_version: 2
environment: {}
search_path:
  - nowhere
  - tables
${roles}
displays: {screen: [!<View> {name: View, colorspace: lin}]}
colorspaces:
  - !<ColorSpace> {name: lin}
  - !<ColorSpace> {name: raw, isdata: true}
${files}`,
  files: {
    'tables/mixed.clf': mixed,
    'tables/logs.clf': logs,
    'tables/gammas.clf': gammas,
    'tables/halves.clf': halves,
    'tables/film.ctf': film,
    'tables/cube.cube': cube(5),
    'tables/row.cube': `LUT_1D_SIZE 21\nDOMAIN_MIN -0.2 -0.2 -0.2\nDOMAIN_MAX 1.5 1.5 1.5\n${rising(21, 1.4)
      .map((x) => `${x} ${x} ${x}`)
      .join('\n')}\n`,
    'tables/look.csp': csp,
    'tables/row.csp': csp1d,
    'tables/down.spi1d': spi1d(rising(33, 2).toReversed(), -0.5, 1.5),
    'tables/bumpy.spi1d': spi1d(['0', '0', '0.1', '0.3', '0.25', '0.3', '0.3', '0.6', '0.9', '0.9']),
    'tables/one.cc': shots[0]!,
    'tables/shots.ccc': ccc,
    'tables/shots.cdl': cdl,
  },
  questions: [
    ...both([
      'mixed',
      'gammas',
      'halves',
      'filmed',
      'row',
      'csp1d',
      'down',
      'bumpy',
      'cc',
      'ccc',
      'numbered',
      'listed',
    ]),
    ...['logs', 'cube', 'boxed', 'best', 'csp'].map((name): Question => ({ from: name, to: 'lin' })),
  ],
};

const context = (name: string, environment: string, given: Readonly<Record<string, string>>): Judged => ({
  name,
  config: `ocio_profile_version: 2
${environment}search_path: "shots/$SHOT:shows/\${SHOW}/luts"
${roles}
displays: {screen: [!<View> {name: View, colorspace: lin}]}
colorspaces:
  - !<ColorSpace> {name: lin}
  - !<ColorSpace> {name: raw, isdata: true}
  - !<ColorSpace> {name: shot, to_scene_reference: !<FileTransform> {src: "\${SHOT}_grade.cc"}}
  - !<ColorSpace> {name: show, to_scene_reference: !<FileTransform> {src: "%SHOW%.spi1d", interpolation: linear}}
  - !<ColorSpace> {name: chosen, to_scene_reference: !<ColorSpaceTransform> {src: $SPACE, dst: lin}}
  - !<ColorSpace> {name: id, to_scene_reference: !<FileTransform> {src: all.ccc, cccid: $SHOT}}
`,
  files: {
    'shots/sh010/sh010_grade.cc': shots[0]!,
    'shots/sh020/sh020_grade.cc': shots[1]!,
    'shows/alpha/luts/alpha.spi1d': spi1d(rising(11, 2)),
    'shows/beta/luts/beta.spi1d': spi1d(rising(11, 0.5)),
    'shows/alpha/luts/all.ccc': ccc,
    'shows/beta/luts/all.ccc': ccc,
  },
  context: given,
  questions: ['shot', 'show', 'chosen', 'id'].flatMap((from): Question[] => [
    { from, to: 'lin' },
    { from: 'lin', to: from },
  ]),
});

export const JUDGED: readonly Judged[] = [
  VERSION1,
  VERSION2,
  VIEWS,
  FILES,
  context('context', 'environment: {SHOT: sh010, SHOW: alpha, SPACE: shot}\n', { SHOT: 'sh020', SPACE: 'show' }),
  context('context without a section', '', { SHOT: 'sh010', SHOW: 'beta', SPACE: 'id' }),
];
