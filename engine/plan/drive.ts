// Driving: the animations of a plan's parameters, checked and put in order once, and what they give at each frame.
import { clip } from '../base/clip.ts';
import { asEngineError } from '../base/error.ts';
import { type Animation, formOf } from '../document/animation.ts';
import { type CurveValue, curveAt, type Key } from '../expression/curve.ts';
import { evaluateExpression } from '../expression/evaluate.ts';
import { FUNCTIONS, isTrue } from '../expression/function.ts';
import { parseExpression } from '../expression/parse.ts';
import type { Expression } from '../expression/syntax.ts';
import { didYouMean } from '../image/names.ts';
import { type AnimatedKind, animatedKindAt } from '../node/animatable.ts';
import { paramsSchema } from '../node/catalogue.ts';
import { type DrivenNode, type DriveOptions, type Meaning, meaningOf, pieceOf } from './meaning.ts';
import type { Problem } from './problem.ts';

/** What a parameter is to be at a frame. */
export interface DrivenValue {
  readonly path: string;
  /** Absent where the animation gives no number; a problem says so. */
  readonly value?: CurveValue;
}

interface Driver {
  readonly node: string;
  readonly path: string;
  readonly kind: AnimatedKind;
  readonly make:
    | { readonly keys: readonly Key[] }
    | { readonly expression: Expression; readonly names: Map<string, Meaning> };
}

/** How many frames of values are kept; the oldest go first. */
const KEPT = 64;

export class Drivers {
  /** Problems of animations whatever the frame, by node. */
  readonly problems = new Map<string, Problem[]>();
  readonly #options: DriveOptions;
  /** By `node.path`, each after those whose values it takes. */
  readonly #drivers = new Map<string, Driver>();
  readonly #byNode = new Map<string, string[]>();
  /** Those whose values may change with the frame. */
  readonly #moving = new Set<string>();
  readonly #frames = new Map<number, ReadonlyMap<string, CurveValue>>();

  constructor(options: DriveOptions) {
    this.#options = options;
    const found = new Map<string, Driver>();
    for (const [id, node] of options.nodes) {
      for (const [path, animation] of Object.entries(node.animations)) {
        const driver = this.#driverOf(id, node, path, animation);
        if (driver) found.set(`${id}.${path}`, driver);
      }
    }
    for (const [key, driver] of found) {
      if ('expression' in driver.make && !this.#resolve(driver, driver.make, options)) found.delete(key);
    }
    this.#sort(found);
    for (const [key, driver] of this.#drivers) {
      const { node, make } = driver;
      this.#byNode.set(node, [...(this.#byNode.get(node) ?? []), key]);
      const moves =
        'keys' in make
          ? make.keys.length > 1
          : [...make.names.values()].some((m) => m === 'frame' || ('driver' in m && this.#moving.has(m.driver)));
      if (moves) this.#moving.add(key);
    }
  }

  /** Names of the parameters of a node that may differ from frame to frame. */
  moving(node: string): readonly string[] {
    const keys = (this.#byNode.get(node) ?? []).filter((key) => this.#moving.has(key));
    return [...new Set(keys.map((key) => this.#drivers.get(key)!.path.split('.', 1)[0]!))];
  }

  /** The paths of a node's parameters that are driven. */
  paths(node: string): readonly string[] {
    return Object.keys(this.#options.nodes.get(node)?.animations ?? {});
  }

  /** What the driven parameters of a node are at a frame; with `still` only those that are the same at every frame. */
  at(node: string, frame: number, which: 'all' | 'still' = 'all'): readonly DrivenValue[] {
    const keys = this.#byNode.get(node);
    if (!keys) return [];
    const values = this.#valuesAt(frame);
    return keys
      .filter((key) => which === 'all' || !this.#moving.has(key))
      .map((key) => {
        const { path } = this.#drivers.get(key)!;
        const value = values.get(key);
        return value === undefined ? { path } : { path, value };
      });
  }

  #valuesAt(frame: number): ReadonlyMap<string, CurveValue> {
    const known = this.#frames.get(frame);
    if (known) return known;
    const values = new Map<string, CurveValue>();
    for (const [key, { kind, make }] of this.#drivers) {
      const made = 'keys' in make ? curveAt(make.keys, frame) : this.#evaluate(make, values, frame);
      const value = fitted(made, kind);
      if (value !== undefined) values.set(key, value);
    }
    if (this.#frames.size >= KEPT) this.#frames.delete(this.#frames.keys().next().value!);
    this.#frames.set(frame, values);
    return values;
  }

  #evaluate(
    { expression, names }: Extract<Driver['make'], { readonly expression: Expression }>,
    values: ReadonlyMap<string, CurveValue>,
    frame: number,
  ): number {
    return evaluateExpression(expression, ({ name }) => {
      const meaning = names.get(name)!;
      if (meaning === 'frame') return frame;
      return 'value' in meaning ? meaning.value : Number(values.get(meaning.driver) ?? Number.NaN);
    });
  }

  #complain(node: string, param: string, code: Problem['code'], message: string): undefined {
    const known = this.problems.get(node) ?? [];
    const fixes = [{ title: 'Remove the animation', edits: [{ op: 'setAnimation' as const, node, name: param }] }];
    const problem: Problem = {
      severity: 'error',
      code,
      message: `${node}.${param}: ${message}`,
      where: { node, param },
      fixes,
    };
    this.problems.set(node, [...known, problem]);
    return undefined;
  }

  #driverOf(id: string, node: DrivenNode, path: string, animation: Animation): Driver | undefined {
    const { definition } = node;
    const head = path.split('.', 1)[0]!;
    if (!Object.hasOwn(definition.params.shape, head)) {
      const hint = didYouMean(head, Object.keys(definition.params.shape));
      return this.#complain(
        id,
        path,
        'param-unknown',
        `${definition.title} has no parameter ${head} to animate.${hint}`,
      );
    }
    const kind = animatedKindAt(paramsSchema(definition), path);
    if (!kind || !hasPlace(node, path)) {
      const message = kind
        ? 'there is no such item to animate.'
        : 'only numbers, switches and choices can be animated, or such pieces of a parameter as size.0.';
      return this.#complain(id, path, 'animation-unfit', message);
    }
    const form = formOf(animation);
    if (form.kind === 'unknown') {
      const names = clip(Object.keys(animation).join(', '), 60) || 'nothing';
      const message = `expected keys or an expression, found an animation of another form (${names}). Update Sluice, or animate it anew.`;
      return this.#complain(id, path, 'animation-unknown', message);
    }
    if (form.kind === 'curve') {
      const wanted = kind === 'switch' ? 'boolean' : kind === 'choice' ? 'string' : 'number';
      const found = typeof form.keys[0]![1];
      if (found === wanted) return { node: id, path, kind, make: { keys: form.keys } };
      return this.#complain(
        id,
        path,
        'animation-unfit',
        `expected keys with values of type ${wanted}, found ${found}.`,
      );
    }
    if (kind === 'choice') {
      const message = 'an expression gives a number, and this is a choice. Animate it with keys.';
      return this.#complain(id, path, 'animation-unfit', message);
    }
    try {
      const expression = parseExpression(form.text);
      return { node: id, path, kind, make: { expression, names: new Map() } };
    } catch (thrown) {
      const { code, message } = asEngineError(thrown);
      return this.#complain(id, path, code, message);
    }
  }

  /** Finds what each name stands for. False where one stands for nothing, which is told. */
  #resolve(
    driver: Driver,
    make: Extract<Driver['make'], { readonly expression: Expression }>,
    options: DriveOptions,
  ): boolean {
    for (const { name, start } of make.expression.names) {
      if (make.names.has(name)) continue;
      const meaning = meaningOf(name, options);
      if (typeof meaning === 'object' && 'trouble' in meaning) {
        const message = `${meaning.trouble} (column ${start + 1} of ${clip(make.expression.text, 60)}).`;
        this.#complain(driver.node, driver.path, 'expression-name', message + (meaning.hint ?? ''));
        return false;
      }
      make.names.set(name, meaning);
    }
    return true;
  }

  /** Puts drivers after those that they take values of. Those in a circle, or behind one or behind a broken one, are left out. */
  #sort(found: ReadonlyMap<string, Driver>): void {
    const needs = (key: string): string[] => {
      const { make } = found.get(key)!;
      return 'keys' in make
        ? []
        : [...make.names.values()].flatMap((m) => (typeof m === 'object' && 'driver' in m ? [m.driver] : []));
    };
    const waiting = new Map<string, number>();
    const users = new Map<string, string[]>();
    for (const key of found.keys()) {
      const all = new Set(needs(key));
      waiting.set(key, all.size);
      for (const need of all) users.set(need, [...(users.get(need) ?? []), key]);
    }
    const ready = [...waiting].filter(([, count]) => count === 0).map(([key]) => key);
    for (let i = 0; i < ready.length; i++) {
      const key = ready[i]!;
      this.#drivers.set(key, found.get(key)!);
      waiting.delete(key);
      for (const user of users.get(key) ?? []) {
        const left = waiting.get(user)! - 1;
        waiting.set(user, left);
        if (left === 0) ready.push(user);
      }
    }
    const told = new Set<string>();
    for (const start of waiting.keys()) {
      const walk: string[] = [];
      let key: string | undefined = start;
      while (key !== undefined && !told.has(key)) {
        told.add(key);
        walk.push(key);
        key = needs(key).find((need) => waiting.has(need));
      }
      const entered = key === undefined ? -1 : walk.indexOf(key);
      if (entered >= 0) this.#tellCircle(walk.slice(entered), found);
    }
    for (const key of waiting.keys()) {
      const { node, path } = found.get(key)!;
      if (this.problems.get(node)?.some((p) => p.where.param === path)) continue;
      const need = needs(key).find((other) => !this.#drivers.has(other))!;
      this.#complain(
        node,
        path,
        'expression-name',
        `it follows ${need}, which has no value of its own. Mend that first.`,
      );
    }
  }

  #tellCircle(keys: readonly string[], found: ReadonlyMap<string, Driver>): void {
    const shown = keys.length > 8 ? [...keys.slice(0, 4), '…', ...keys.slice(-3)] : keys;
    for (const key of keys) {
      const { node, path } = found.get(key)!;
      const message = `parameters follow from each other in a circle: ${[...shown, keys[0]].join(' ← ')}. Give one of them a value.`;
      this.#complain(node, path, 'param-cycle', message);
    }
  }
}

/** A value as the parameter takes it; undefined for a number that is none. */
function fitted(value: CurveValue, kind: AnimatedKind): CurveValue | undefined {
  if (typeof value !== 'number') return value;
  if (!Number.isFinite(value)) return undefined;
  if (kind === 'switch') return isTrue(value);
  return kind === 'whole' ? FUNCTIONS.round.apply(value) : value;
}

/** Whether a piece can be put there: an item of a list must be there already. */
function hasPlace({ params }: DrivenNode, path: string): boolean {
  const [head = '', ...rest] = path.split('.');
  let value = pieceOf(params, head);
  for (const piece of rest) {
    if (Array.isArray(value) && !(Number(piece) < value.length)) return false;
    value = pieceOf(value, piece);
  }
  return true;
}
