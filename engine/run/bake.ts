// Baking: displacement from a mesh and its normal maps, by a graph that is filled in and run.
import { basename } from 'node:path';
import type { Json } from '../base/canonical.ts';
import { EngineError } from '../base/error.ts';
import { parseDocument } from '../document/load.ts';
import type { Document, DocumentNode } from '../document/schema.ts';
import { didYouMean } from '../image/names.ts';
import { parsePattern } from '../image/pattern.ts';
import type { AnyNode } from '../node/define.ts';
import { withParam } from '../plan/params.ts';
import type { FrameOutcome, RunEvent } from './render.ts';
import { type GraphRun, runGraph } from './run.ts';

/** What is baked. What is left out is as the graph `bake-displacement` has it. */
export interface BakeSettings {
  /** An FBX, OBJ, glTF or GLB file. */
  readonly mesh: string;
  /** The normal maps: a pattern such as `in/hero.<UDIM>.png`, or one file, which is tile 1001. */
  readonly normal: string;
  /** Where the displacement goes: a pattern where there are several tiles. */
  readonly out: string;
  /** What reads the mesh. */
  readonly loader?: 'auto' | 'assimp' | 'blender';
  /** The name of a UV set; the first one by default. */
  readonly uvSet?: string;
  /** The name of the material whose faces are baked; all by default. */
  readonly material?: string;
  /** The channels of x, y and z in the maps. */
  readonly channels?: readonly string[];
  /** How the maps store components: 0 to 1, the same with 128 of 255 as 0, or -1 to 1. */
  readonly range?: 'unsigned' | 'byte' | 'signed';
  /** Whether green grows downwards (-Y, DirectX). */
  readonly yIsDown?: boolean;
  readonly normalization?: 'auto' | 'xyz' | 'xy' | 'none';
  /** Whether the maps follow the texture on mirrored islands too, as MikkTSpace does, so that none is turned. */
  readonly mikktspace?: boolean;
  readonly maxSlope?: number;
  /** What heights are multiplied by. */
  readonly amplitude?: number;
  /** Whether heights are in millimetres, by what a texel is on the surface, and not in texels. */
  readonly metric?: boolean;
  /** How many millimetres a unit of the mesh is, where its file does not say. */
  readonly millimetres?: number;
  /** The relative residual of the solution. */
  readonly tolerance?: number;
  readonly maxIterations?: number;
  /** The tiles to bake, such as `1001-1003, 1011`; all of the mesh by default. */
  readonly tiles?: string;
  /** Tiles without a map that are baked from the first one that there is: `1002, 1011` or `all`. */
  readonly replicateUdims?: string;
  /** How many pixels islands are grown outwards. */
  readonly padding?: number;
  readonly compression?: string;
  /** Whether files that are there already are replaced. */
  readonly overwrite?: boolean;
  /** Whether heights go to R, G and B, with an even A, in place of `height`. */
  readonly rgba?: boolean;
  /** Whether the islands are written too, beside the displacement: their numbers, their borders, and a table as JSON. */
  readonly exportSidecars?: boolean;
}

export interface BakeOptions extends BakeSettings {
  /** What relative paths are relative to; the working folder by default. */
  readonly folder?: string;
  /** The built-in nodes. */
  readonly nodes: readonly AnyNode[];
  /** The module that worker threads run; without it tiles are baked one after the other in the calling thread. */
  readonly worker?: URL;
  /** Tiles that are baked at once, each in a worker thread; by default as many as processors and free memory allow. */
  readonly processes?: number;
  /** Where given, nothing outside these folders is read or written. */
  readonly roots?: readonly string[];
  readonly resume?: boolean;
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
  /** `fraction` rises from 0 to 1, and is 1 once all tiles are done. */
  readonly onProgress?: (message: string, fraction: number) => void;
  readonly onEvent?: (event: RunEvent) => void;
}

/** The files of a tile that are there now, absolute. */
export interface BakedTile {
  readonly tile: number;
  readonly displacement?: string;
  readonly chartIds?: string;
  readonly boundary?: string;
  readonly chartTable?: string;
}

/** A run of which the frames are tiles. */
export interface Bake extends GraphRun {
  readonly tiles: readonly BakedTile[];
  /** The graph that was run. */
  readonly document: Document;
}

/** The nodes of the graph that write, and what of a tile. */
const SINKS: Readonly<Record<string, Exclude<keyof BakedTile, 'tile'>>> = {
  write: 'displacement',
  writeRgba: 'displacement',
  writeIds: 'chartIds',
  writeBoundary: 'boundary',
  writeTable: 'chartTable',
};

/** Every option, so that what scripts misspell is no option that is silently left out. */
const KNOWN: Readonly<Record<keyof BakeOptions, true>> = {
  mesh: true,
  normal: true,
  out: true,
  loader: true,
  uvSet: true,
  material: true,
  channels: true,
  range: true,
  yIsDown: true,
  normalization: true,
  mikktspace: true,
  maxSlope: true,
  amplitude: true,
  metric: true,
  millimetres: true,
  tolerance: true,
  maxIterations: true,
  tiles: true,
  replicateUdims: true,
  padding: true,
  compression: true,
  overwrite: true,
  rgba: true,
  exportSidecars: true,
  folder: true,
  nodes: true,
  worker: true,
  processes: true,
  roots: true,
  resume: true,
  dryRun: true,
  signal: true,
  onProgress: true,
  onEvent: true,
};

/** Throws `usage` for what a script without types can get wrong. */
function requireOptions(options: BakeOptions): void {
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(KNOWN, name)) continue;
    throw usage(`bake() has no option ${name}.${didYouMean(name, Object.keys(KNOWN))}`);
  }
  for (const name of ['mesh', 'normal', 'out'] as const) {
    const given: unknown = options[name];
    if (typeof given !== 'string' || given === '')
      throw usage(`Expected a path as the option ${name} of bake(), found ${given === '' ? 'none' : typeof given}.`);
  }
  if (!Array.isArray(options.nodes))
    throw usage(
      'Expected the built-in nodes as the option nodes of bake(), found none. Import them from sluice/nodes.',
    );
}

const usage = (message: string): EngineError => new EngineError('usage', 'usage', message);

/** How much of the whole is done when mesh and maps are looked at and tiles begin. */
const BEGUN = 0.05;

/**
 * Bakes each tile on which islands of the mesh lie. Rejects for options that there are not (`usage`), and where `runGraph`
 * does: what is wrong with the mesh or the maps, and what became of each tile, is in the answer.
 */
export async function bake(options: BakeOptions): Promise<Bake> {
  requireOptions(options);
  const { folder = process.cwd(), nodes, worker, processes, roots, signal, onEvent } = options;
  const onProgress = options.onProgress ?? (() => {});
  onProgress(`Reading ${basename(options.mesh)}`, 0);
  const document = await bakeGraph(options);
  const done = await runGraph({
    document,
    folder,
    nodes,
    ...(worker ? { worker } : {}),
    ...(processes === undefined ? {} : { jobs: processes }),
    ...(roots ? { roots } : {}),
    resume: options.resume === true,
    dryRun: options.dryRun === true,
    ...(signal ? { signal } : {}),
    onEvent: (event) => {
      onEvent?.(event);
      if (event.kind === 'begin') onProgress(`Baking ${counted(event.frames.length, 'tile')}`, BEGUN);
      if (event.kind !== 'progress') return;
      const message = `Finished ${event.done} of ${counted(event.total, 'file')}`;
      onProgress(message, BEGUN + (1 - BEGUN) * (event.done / event.total));
    },
  });
  return { ...done, document, tiles: tilesOf(done) };
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** The graph that a bake is: `bake-displacement` with these settings in it. Its frames are those of the maps. */
export async function bakeGraph(settings: BakeSettings): Promise<Document> {
  const { default: raw } = await import('../../graphs/bake-displacement.sluice.json', { with: { type: 'json' } });
  const template = parseDocument(raw).document!;
  const { yIsDown, mikktspace, overwrite, rgba = false, exportSidecars = false, out, ...plain } = settings;
  const values: Readonly<Record<string, Json | undefined>> = {
    ...plain,
    out,
    chartIds: sidecarPath(out, 'charts'),
    boundary: sidecarPath(out, 'boundary'),
    chartTable: withEnding(sidecarPath(out, 'charts'), 'json'),
    y: yIsDown === undefined ? undefined : yIsDown ? 'down' : 'up',
    mirrored: mikktspace === undefined ? undefined : mikktspace ? 'keep' : 'turn',
    units: settings.metric === undefined ? undefined : settings.metric ? 'mm' : 'texel',
    overwrite: overwrite === undefined ? undefined : overwrite ? 'replace' : 'refuse',
  };
  const wanted: Readonly<Record<string, boolean>> = {
    write: !rgba,
    writeRgba: rgba,
    writeIds: exportSidecars,
    writeBoundary: exportSidecars,
    writeTable: exportSidecars,
  };
  const nodes: Record<string, DocumentNode> = {};
  for (const [id, { disabled, ...node }] of Object.entries(template.nodes)) {
    let { params } = node;
    for (const { name, to } of template.promoted) {
      const value = values[name];
      if (value === undefined) continue;
      for (const target of to)
        if (target.startsWith(`${id}.`)) params = withParam(params, target.slice(id.length + 1), literal(value));
    }
    const off = Object.hasOwn(wanted, id) ? !wanted[id] : disabled === true;
    nodes[id] = { ...node, ...(off ? { disabled: true } : {}), params };
  }
  // Runs remember what they finished by the name: bakes of other things into the same folder are other runs.
  const { stem } = piecesOf(out);
  return { ...template, name: stem === '' ? 'bake' : `bake-${stem}`, nodes };
}

/** Texts are meant as they are: what looks like a variable in the name of a folder is none. */
const literal = (value: Json): Json => (typeof value === 'string' ? value.replaceAll('$', '$$$$') : value);

/** The pattern of files that lie beside those of another one: `disp.<UDIM>.exr` gives `disp_charts.<UDIM>.exr`. */
function sidecarPath(out: string, kind: string): string {
  const { folder, stem, rest } = piecesOf(out);
  const name = stem === '' ? kind : `${stem}_${kind}`;
  return `${folder}${name}${rest === '' || /^[._-]/.test(rest) ? '' : '.'}${rest}`;
}

/** The pattern with another ending; a number at the end of the name is none. */
const withEnding = (path: string, ending: string): string => `${path.replace(/\.[^./<>%#@]*$/, '')}.${ending}`;

/** A pattern as its folder, the name that all its files have, and what follows: separator, number and ending. */
function piecesOf(path: string): { readonly folder: string; readonly stem: string; readonly rest: string } {
  const { folder, token } = readPattern(path);
  const name = path.slice(folder.length);
  const at = token === undefined ? -1 : name.indexOf(token);
  // What stands between name and number goes with the number, such as the `.u` of `disp.u<u>_v<v>.exr`.
  const stem = at < 0 ? name.replace(/\.[^.]*$/, '') : name.slice(0, at).replace(/[._-]+[uU]?$/, '');
  return { folder, stem, rest: name.slice(stem.length) };
}

/** Of what is no pattern the graph tells. */
function readPattern(path: string): { readonly folder: string; readonly token?: string } {
  try {
    const { folder, token } = parsePattern(path);
    return { folder, ...(token ? { token: token.text } : {}) };
  } catch {
    return { folder: path.slice(0, path.lastIndexOf('/') + 1) };
  }
}

const IN_PLACE: readonly FrameOutcome['state'][] = ['done', 'substituted', 'kept'];

function tilesOf({ frames, result }: GraphRun): BakedTile[] {
  return frames.map((tile): BakedTile => {
    const files = (result?.outcomes ?? [])
      .filter(({ frame, state }) => frame === tile && IN_PLACE.includes(state))
      .map(({ sink, path }) => [SINKS[sink]!, path]);
    return { tile, ...Object.fromEntries(files) };
  });
}
