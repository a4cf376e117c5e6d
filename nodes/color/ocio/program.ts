// What the parameters ask of a config, as one program; made once while the config and its files stay as they are.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import {
  asEngineError,
  canonicalJson,
  EngineError,
  type Json,
  type PointwiseProgram,
  type Services,
  type SpaceName,
} from '../../../engine/authoring.ts';
import { Builder } from './build/builder.ts';
import { parseLooks } from './build/looks.ts';
import { type ColourSpace, type Config, parseConfig } from './config/config.ts';
import { Context, type FileState, stateOf, type Used } from './config/context.ts';
import {
  findDisplay,
  findLook,
  findNamed,
  findSpace,
  findView,
  shownDisplays,
  shownSpaces,
  shownViews,
  UnknownName,
} from './config/names.ts';
import { knownSpace } from './known.ts';
import type { Params } from './params.ts';
import { shorten } from './transform/operation.ts';

/** A program, and all that it was made from. */
export interface Made {
  readonly program: PointwiseProgram;
  /** The space that comes out, where it is one that files can state. */
  readonly space: SpaceName | 'unknown';
  /** Every path that was looked for, and what was there. */
  readonly seen: ReadonlyMap<string, FileState>;
  /** Variables that were used. */
  readonly used: ReadonlyMap<string, Used>;
}

const MOST_BYTES = 16 << 20;

/** The absolute path of the config that is meant. Throws `ocio-config` where none is. */
export function configPath(config: string, services: Services): string {
  const path = config === '' ? (process.env['OCIO'] ?? '') : config;
  if (path === '') {
    throw new EngineError(
      'invalid',
      'ocio-config',
      'Say which config is meant: no path is given, and the environment variable OCIO names none.',
      { param: 'config' },
    );
  }
  if (/^ocio:\/\//.test(path) || /\.ocioz$/i.test(path)) {
    throw new EngineError(
      'unsupported',
      'ocio-unsupported',
      `${path} is a config within OpenColorIO or an archive, which is not read here. Extract it, and choose its .ocio file.`,
      { param: 'config', file: path },
    );
  }
  return services.resolve(path, 'read');
}

function readConfig(services: Services, file: string): { readonly config: Config; readonly state: FileState } {
  const where = { param: 'config', file };
  const state = stateOf(file);
  if (!state) throw new EngineError('invalid', 'file-not-found', `The config ${file} does not exist.`, where);
  if (state.size > MOST_BYTES) {
    throw new EngineError(
      'invalid',
      'ocio-config',
      `${file} has ${state.size} bytes, more than any config. Choose another file.`,
      where,
    );
  }
  const shared = services.share(`ocio ${state.mtimeNs} ${state.size} ${file}`, () => {
    try {
      return { config: parseConfig(readFileSync(file, 'utf8'), file), close: () => {} };
    } catch (thrown) {
      throw asEngineError(thrown, where);
    }
  });
  return { config: shared.config, state };
}

/** Programs that are kept: a graph has few at a time. */
const MOST_KEPT = 16;
const kept = new Map<string, Made>();

/** The program of these parameters. Throws what is wrong with them, with the config or with a file that it names. */
export function makeProgram(params: Params, services: Services): Made {
  const { channels: _, notColour: __, unpremultiply: ___, ...asked } = params;
  const file = configPath(params.config, services);
  const key = `${file} ${canonicalJson(asked)}`;
  const known = kept.get(key);
  kept.delete(key);
  const made = known && isCurrent(known, services) ? known : make(params, services, file);
  kept.set(key, made);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
  return made;
}

/** Whether every file is as it was, and may still be read, and every variable stands for the same. */
function isCurrent({ seen, used }: Made, services: Services): boolean {
  for (const [path, state] of seen) {
    if (services.resolve(path, 'read') !== path || canonicalJson(stateOf(path)) !== canonicalJson(state)) return false;
  }
  return [...used].every(([name, { value, by }]) => {
    const outside = process.env[name];
    return by === 'node' || (by === 'process' ? outside === value : outside === undefined);
  });
}

function make(params: Params, services: Services, file: string): Made {
  const { config, state } = readConfig(services, file);
  const context = new Context(config, services, new Map(params.context.map(({ name, value }) => [name, value])));
  context.seen.set(file, state);
  try {
    const { program, space } = build(params, config, new Builder(config, context, services));
    const known = space && !space.data ? knownSpace(space) : undefined;
    return { program: shorten(program), space: known ?? 'unknown', seen: context.seen, used: context.used };
  } catch (thrown) {
    throw thrown instanceof UnknownName ? thrown : asEngineError(thrown, { param: 'config', file });
  }
}

interface Built {
  readonly program: PointwiseProgram;
  /** What comes out, where it is a space. */
  readonly space?: ColourSpace | undefined;
}

function build(params: Params, config: Config, builder: Builder): Built {
  const { operation, direction } = params;
  const forward = direction === 'forward';
  if (operation === 'named') {
    const found = findNamed(config, params.named);
    const names = config.namedTransforms.map(({ name }) => name);
    if (!found) throw unknown(config, 'named transform', 'named', params.named, names);
    const origin = { file: config.file, of: `named transform "${found.name}"` };
    return { program: builder.pair(found.transforms, origin)(direction) };
  }
  const from = spaceOf(config, 'from', params.from);
  if (operation === 'display') {
    const [display, view] = viewOf(config, params);
    const fault = (trouble: string): never => {
      throw new EngineError('invalid', 'ocio-config', `${config.file}: ${trouble}`, {
        param: 'view',
        file: config.file,
      });
    };
    const program = builder.display(from, display, view, { looks: true, dataBypass: true, fault })(direction);
    return { program, space: forward ? builder.spaceOfView(display, view) : from };
  }
  if (operation === 'look') {
    const to = params.to === '' ? from : spaceOf(config, 'to', params.to);
    const looks = parseLooks(params.looks);
    const names = config.looks.map(({ name }) => name);
    if (looks.length === 0) throw unknown(config, 'look', 'looks', '', names);
    for (const { name } of looks.flat()) {
      if (!findLook(config, name)) throw unknown(config, 'look', 'looks', name, names);
    }
    return { program: builder.look(from, to, looks, 'through spaces')(direction), space: forward ? to : from };
  }
  const to = spaceOf(config, 'to', params.to);
  return { program: builder.convert(from, to)(direction), space: forward ? to : from };
}

const unknown = (config: Config, what: string, param: string, wanted: string, names: readonly string[]): UnknownName =>
  new UnknownName(config.file, what, { param, wanted, names });

function spaceOf(config: Config, param: 'from' | 'to', wanted: string): ColourSpace {
  const found = findSpace(config, wanted);
  if (found) return found;
  throw unknown(config, 'colour space', param, wanted, shownSpaces(config));
}

/** The display and the view that are meant; the first ones where nothing is said. */
function viewOf(config: Config, { display, view }: Params): readonly [display: string, view: string] {
  const displays = shownDisplays(config);
  const found = display === '' ? displays[0] : findDisplay(config, display);
  if (!found)
    throw unknown(
      config,
      'display',
      'display',
      display,
      displays.map(({ name }) => name),
    );
  const views = shownViews(config, found);
  const chosen = view === '' ? views[0] : findView(found, view);
  if (!chosen)
    throw unknown(
      config,
      `view of display "${found.name}"`,
      'view',
      view,
      views.map(({ name }) => name),
    );
  return [found.name, chosen.name];
}

/** Names all that the program is made from besides the parameters: files as they are now, and variables. */
export function identityOf({ seen, used }: Made): Json {
  return {
    files: [...seen].map(([path, state]) => ({ file: basename(path), state: state && { ...state } })),
    variables: Object.fromEntries([...used].map(([name, { value }]) => [name, value])),
  };
}
