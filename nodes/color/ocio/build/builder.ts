// From what a config says to operations: transforms within transforms, files, and the ways between spaces.
import { EngineError, type PointwiseProgram, type Services } from '../../../../engine/authoring.ts';
import type { ColourSpace, Config, Pair, Reference, ViewTransform } from '../config/config.ts';
import type { Context } from '../config/context.ts';
import { findDisplay, findLook, findNamed, findSpace, findView } from '../config/names.ts';
import { asList, asMap, Fields, fault, type Origin } from '../config/read.ts';
import type { Mapping } from '../config/yaml.ts';
import { openFile } from '../file/open.ts';
import type { CdlStyle, Refuse } from '../transform/linear.ts';
import { NOTHING, type Operation, reversed, sequence, type Way } from '../transform/operation.ts';
import type { Interpolation } from '../transform/table.ts';
import { type LookStep, parseLooks, turnLooks } from './looks.ts';
import { PLAIN } from './plain.ts';

/** Spaces that are told by other spaces, and all transforms together, end here: no sound config comes near. */
const DEEPEST = 48;
const MOST_TRANSFORMS = 10_000;

export class Builder {
  readonly config: Config;
  readonly #context: Context;
  readonly #services: Services;
  #depth = 0;
  #count = 0;

  constructor(config: Config, context: Context, services: Services) {
    this.config = config;
    this.#context = context;
    this.#services = services;
  }

  /** The operation of a transform. Its own direction is in it. */
  transform(map: Mapping, origin: Origin): Operation {
    const fields = new Fields(map, origin);
    if (++this.#count > MOST_TRANSFORMS)
      fields.fault(`more than ${MOST_TRANSFORMS} transforms follow from each other.`);
    const operation = this.#read(map.tag, fields);
    const direction = fields.text('direction') ?? 'forward';
    if (direction === 'forward' || direction === '') return operation;
    return direction === 'inverse' ? reversed(operation) : fields.fault('direction should be forward or inverse.');
  }

  #read(tag: string, fields: Fields): Operation {
    const plain = Object.hasOwn(PLAIN, tag) ? PLAIN[tag] : undefined;
    if (plain) return plain(fields, this.config.major);
    switch (tag) {
      case 'GroupTransform':
        return this.#group(fields);
      case 'FileTransform':
        return this.#file(fields);
      case 'ColorSpaceTransform':
        return this.#between(fields);
      case 'LookTransform':
        return this.#looks(fields);
      case 'DisplayViewTransform':
        return this.#view(fields);
      case '':
        return fields.fault('a transform has no tag, such as !<MatrixTransform>.');
      default:
        return fields.refuse(`${tag} is not supported.`);
    }
  }

  #group(fields: Fields): Operation {
    const children = fields.get('children');
    if (children === undefined) return NOTHING;
    const list = asList(children, fields.origin, 'children');
    return sequence(list.items.map((item) => this.transform(asMap(item, fields.origin, 'a child'), fields.origin)));
  }

  #file(fields: Fields): Operation {
    const { origin } = fields;
    const src = fields.text('src') ?? '';
    if (src === '') fields.fault('a FileTransform has no src.');
    const interpolation = (fields.text('interpolation') ?? 'default') as Interpolation;
    const cdl = fields.text('cdl_style')?.toLowerCase();
    const refuse: Refuse = (trouble) => fields.refuse(`${src}: ${trouble}`);
    const style: CdlStyle = this.config.major === 1 ? 'first' : cdl === 'asc' ? 'clamp' : 'keep';
    const path = this.#context.find(src, origin);
    const cccid = this.#context.fill(fields.text('cccid') ?? '', origin);
    return openFile(this.#services, path, { interpolation, style, cccid, refuse });
  }

  #between(fields: Fields): Operation {
    const name = (key: 'src' | 'dst'): string => this.#context.fill(fields.text(key) ?? '', fields.origin);
    const [src, dst] = [name('src'), name('dst')];
    const [from, to] = [findSpace(this.config, src), findSpace(this.config, dst)];
    const [named, back] = [findNamed(this.config, src), findNamed(this.config, dst)];
    if (!from && named) return this.pair(named.transforms, { ...fields.origin, of: `named transform "${named.name}"` });
    if (!to && back) {
      return reversed(this.pair(back.transforms, { ...fields.origin, of: `named transform "${back.name}"` }));
    }
    if (!from) return fields.fault(`there is no colour space ${JSON.stringify(src)}.`);
    if (!to) return fields.fault(`there is no colour space ${JSON.stringify(dst)}.`);
    return this.convert(from, to, fields.switch('data_bypass') ?? true);
  }

  /** A pair of transforms as one operation. What is missing is the other one turned round. */
  pair({ forward, inverse }: Pair, origin: Origin): Operation {
    return (way) => {
      const [asked, other] = way === 'forward' ? [forward, inverse] : [inverse, forward];
      if (++this.#depth > DEEPEST) fault(origin, 'spaces follow from each other in a circle.');
      if (asked) return this.#done(this.transform(asked, origin)('forward'));
      return this.#done(other ? this.transform(other, origin)('inverse') : []);
    };
  }

  #done(program: PointwiseProgram): PointwiseProgram {
    this.#depth--;
    return program;
  }

  /** From one space to another; the other way round it is the conversion back. */
  convert(from: ColourSpace, to: ColourSpace, dataBypass = true): Operation {
    return (way) => (way === 'forward' ? this.#path(from, to, dataBypass) : this.#path(to, from, dataBypass));
  }

  #path(from: ColourSpace, to: ColourSpace, dataBypass: boolean): PointwiseProgram {
    if (from === to || (from.equal !== '' && from.equal === to.equal)) return [];
    if (dataBypass && (from.data || to.data)) return [];
    return [
      ...this.#reference(from)('forward'),
      ...this.#cross(from.reference, to.reference),
      ...this.#reference(to)('inverse'),
    ];
  }

  /** From a space to its reference. */
  #reference(space: ColourSpace): Operation {
    return this.pair(space.transforms, { file: this.config.file, of: `colour space "${space.name}"` });
  }

  /** Between the light of scenes and of displays, by the default view transform. */
  #cross(from: Reference, to: Reference): PointwiseProgram {
    if (from === to) return [];
    const { viewTransforms, defaultViewTransform, file } = this.config;
    const scene = viewTransforms.filter(({ reference }) => reference === 'scene');
    const wanted = scene.find(({ name }) => name.toLowerCase() === defaultViewTransform.toLowerCase()) ?? scene[0];
    if (!wanted) {
      const message = `${file} has no view transform from scenes to displays, and colours have to go from one to the other.`;
      throw new EngineError('invalid', 'ocio-config', message, { param: 'config', file });
    }
    return this.#viewPair(wanted)(from === 'scene' ? 'forward' : 'inverse');
  }

  #viewPair(view: ViewTransform): Operation {
    return this.pair(view.transforms, { file: this.config.file, of: `view transform "${view.name}"` });
  }

  #looks(fields: Fields): Operation {
    const space = (key: 'src' | 'dst'): ColourSpace => {
      const name = fields.text(key) ?? '';
      return findSpace(this.config, name) ?? fields.fault(`there is no colour space ${JSON.stringify(name)}.`);
    };
    const [from, to] = [space('src'), space('dst')];
    const ways = parseLooks(fields.text('looks') ?? '');
    const still = fields.switch('skip_color_space_conversion') ?? false;
    return this.look(from, to, ways, still ? 'still' : 'through spaces');
  }

  /** Looks between two spaces; the other way round they go backwards, each turned round. */
  look(
    from: ColourSpace,
    to: ColourSpace,
    looks: readonly (readonly LookStep[])[],
    how: 'still' | 'through spaces',
  ): Operation {
    return (way) => {
      const [start, end] = way === 'forward' ? [from, to] : [to, from];
      const done = this.runLooks(start, way === 'forward' ? looks : turnLooks(looks), how);
      return how === 'still' ? done.program : [...done.program, ...this.#path(done.space, end, true)];
    };
  }

  /** The steps of looks, and the space in which they leave colours: the first list whose files are all there. */
  runLooks(
    from: ColourSpace,
    options: readonly (readonly LookStep[])[],
    how: 'still' | 'through spaces',
  ): { readonly program: PointwiseProgram; readonly space: ColourSpace } {
    let missing: unknown;
    for (const looks of options) {
      try {
        return this.#runList(from, looks, how);
      } catch (thrown) {
        const absent = thrown instanceof EngineError && thrown.code === 'file-not-found';
        if (!absent || options.length === 1) throw thrown;
        missing ??= thrown;
      }
    }
    if (missing !== undefined) throw missing;
    return { program: [], space: from };
  }

  #runList(
    from: ColourSpace,
    looks: readonly LookStep[],
    how: 'still' | 'through spaces',
  ): { readonly program: PointwiseProgram; readonly space: ColourSpace } {
    const { file } = this.config;
    const program: PointwiseProgram[number][] = [];
    let space = from;
    for (const { name, way } of looks) {
      const look = findLook(this.config, name);
      const fail = (trouble: string): never => {
        throw new EngineError('invalid', 'ocio-config', `${file}: ${trouble}`, { param: 'config', file });
      };
      if (!look) return fail(`there is no look ${JSON.stringify(name.slice(0, 100))}.`);
      const process = findSpace(this.config, look.processSpace);
      if (!process) return fail(`look "${name}" is made in ${JSON.stringify(look.processSpace)}, which is no space.`);
      const steps = this.pair(look.transforms, { file, of: `look "${look.name}"` })(way);
      if (how === 'through spaces' && process !== space) {
        program.push(...this.#path(space, process, true));
        space = process;
      }
      program.push(...steps);
    }
    return { program, space };
  }

  #view(fields: Fields): Operation {
    const text = (key: string): string => this.#context.fill(fields.text(key) ?? '', fields.origin);
    const from =
      findSpace(this.config, text('src')) ?? fields.fault(`there is no colour space ${JSON.stringify(text('src'))}.`);
    return this.display(from, text('display'), text('view'), {
      looks: !(fields.switch('looks_bypass') ?? false),
      dataBypass: fields.switch('data_bypass') ?? true,
      fault: (trouble) => fields.fault(trouble),
    });
  }

  /** From a space to what a display shows in a view; the other way round, back. */
  display(from: ColourSpace, displayName: string, viewName: string, options: ViewOptions): Operation {
    const { dataBypass } = options;
    const display =
      findDisplay(this.config, displayName) ?? options.fault(`there is no display ${JSON.stringify(displayName)}.`);
    const view =
      findView(display, viewName) ??
      options.fault(`display "${display.name}" has no view ${JSON.stringify(viewName)}.`);
    const { file } = this.config;
    const name = view.space === USE_DISPLAY ? display.name : view.space;
    const space = findSpace(this.config, name);
    const of = (kind: string, title: string): Origin => ({ file, of: `${kind} "${title}"` });
    const alone = space ? undefined : findNamed(this.config, name);
    if (!space && (!alone || view.viewTransform !== '')) {
      return options.fault(
        `view "${view.name}" of display "${display.name}" is in ${JSON.stringify(name)}, which is no space.`,
      );
    }
    if (dataBypass && (from.data || space?.data)) return NOTHING;
    const looks = options.looks ? parseLooks(view.looks) : [];
    const { viewTransforms } = this.config;
    const viewTransform = viewTransforms.find((one) => one.name.toLowerCase() === view.viewTransform.toLowerCase());
    const named = viewTransform || view.viewTransform === '' ? undefined : findNamed(this.config, view.viewTransform);
    if (view.viewTransform !== '' && !viewTransform && !named) {
      return options.fault(
        `view "${view.name}" names the view transform ${JSON.stringify(view.viewTransform)}, which there is not.`,
      );
    }
    // What lies between the space in which the looks end and the codes of the display.
    const rest = (start: ColourSpace): Operation => {
      if (alone) return this.pair(alone.transforms, of('named transform', alone.name));
      if (named) {
        return sequence([
          this.pair(named.transforms, of('named transform', named.name)),
          reversed(this.#reference(space!)),
        ]);
      }
      if (!viewTransform) return this.convert(start, space!, dataBypass);
      const cross: Operation = (way) =>
        way === 'forward'
          ? this.#cross(start.reference, viewTransform.reference)
          : this.#cross(viewTransform.reference, start.reference);
      return sequence([
        this.#reference(start),
        cross,
        this.#viewPair(viewTransform),
        reversed(this.#reference(space!)),
      ]);
    };
    return (way: Way): PointwiseProgram => {
      if (looks.length === 0) return rest(from)(way);
      const there = this.runLooks(from, looks, 'through spaces');
      if (way === 'forward') return [...there.program, ...rest(there.space)('forward')];
      const back = this.runLooks(there.space, turnLooks(looks), 'through spaces');
      return [...rest(there.space)('inverse'), ...back.program, ...this.#path(back.space, from, dataBypass)];
    };
  }

  /** The space that a view's codes are in, where it is one. */
  spaceOfView(displayName: string, viewName: string): ColourSpace | undefined {
    const display = findDisplay(this.config, displayName);
    const view = display && findView(display, viewName);
    return view && findSpace(this.config, view.space === USE_DISPLAY ? display.name : view.space);
  }
}

/** What a shared view says where it takes the space with the display's own name. */
const USE_DISPLAY = '<USE_DISPLAY_NAME>';

export interface ViewOptions {
  readonly looks: boolean;
  readonly dataBypass: boolean;
  readonly fault: Refuse;
}
