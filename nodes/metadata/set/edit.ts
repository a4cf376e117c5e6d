// Edits: applies each edit to the sheets of the parts that it means, and reports what does not fit.
import {
  ATTRIBUTE_TYPES,
  type Attribute,
  asEngineError,
  attributeSummary,
  countStars,
  EngineError,
  type ErrorCode,
  encodeAttribute,
  findPart,
  type ImageSpec,
  type Json,
  listNames,
  matchesName,
  type NodeProblem,
  nearNames,
  partLabels,
  REQUIRED_ATTRIBUTES,
  SHARED_ATTRIBUTES,
  STRUCTURAL_ATTRIBUTES,
  sameAttribute,
} from '../../../engine/authoring.ts';
import { fillTexts, type Others, otherAttribute, otherImage, otherPart, ownAttribute } from './others.ts';
import type { AttributeEdit, EditOf, Params } from './params.ts';
import { Sheet } from './sheet.ts';

interface Context {
  readonly node: string;
  readonly params: Params;
  readonly inputs: { readonly image: ImageSpec; readonly others: Others };
  report(problem: NodeProblem): void;
}

/** The sheets of all parts after all edits. An edit that does not fit is reported and left out. */
export function applyEdits(ctx: Context): Sheet[] {
  const sheets = ctx.inputs.image.parts.map((part, index) => new Sheet(part, index));
  for (const [index, edit] of ctx.params.edits.entries()) new Application(ctx, sheets, edit, index).apply();
  checkFrames(ctx);
  checkShared(ctx, sheets);
  return sheets;
}

/** One edit on its way. */
class Application {
  readonly #ctx: Context;
  readonly #edit: AttributeEdit;
  readonly #index: number;
  readonly #sheets: readonly Sheet[];

  constructor(ctx: Context, sheets: readonly Sheet[], edit: AttributeEdit, index: number) {
    this.#ctx = ctx;
    this.#edit = edit;
    this.#index = index;
    this.#sheets = this.#meant(sheets);
  }

  apply(): void {
    const edit = this.#edit;
    if (this.#sheets.length === 0) return;
    if (edit.op === 'set') this.#set(edit);
    else if (edit.op === 'rename') this.#rename(edit);
    else if (edit.op === 'delete') this.#delete(edit);
    else if (edit.op === 'copy') this.#copy(edit);
    else this.#import(edit);
  }

  #meant(sheets: readonly Sheet[]): readonly Sheet[] {
    const { part } = this.#edit;
    if (part === undefined) return sheets;
    const parts = sheets.map((s) => s.part);
    const found = findPart(parts, part);
    if (found !== undefined) return [sheets[found]!];
    const near = nearNames(String(part), partLabels(parts));
    const message = `There is no part ${part}. Parts: ${listNames(partLabels(parts))}.`;
    this.#fail('part-unknown', 'part', message, {
      fixes: near.map((name) => this.#fix(`Use ${name}`, { part: name })),
    });
    return [];
  }

  #set(edit: EditOf<'set'>): void {
    if (this.#structural(edit.name, 'name')) return;
    for (const sheet of this.#sheets) {
      const present = sheet.find(edit.name);
      if (present && !Object.hasOwn(ATTRIBUTE_TYPES, present.type)) {
        const message = `${edit.name} is ${attributeSummary(present)}, a type that can only be kept, renamed, copied or deleted. Delete it first.`;
        this.#fail('attribute-opaque', 'name', message);
        continue;
      }
      const type = edit.type ?? present?.type ?? this.#sheets.map((s) => s.find(edit.name)?.type).find(Boolean);
      if (type === undefined) {
        this.#typeMissing(edit, sheet);
        return;
      }
      this.#put(sheet, 'value', () => {
        const texts = type === 'string' || type === 'stringvector';
        const value = texts ? fillTexts(edit.value, sheet.part, this.#ctx.inputs.others) : edit.value;
        return encodeAttribute(edit.name, type, value);
      });
    }
  }

  #typeMissing(edit: EditOf<'set'>, sheet: Sheet): void {
    const near = nearNames(
      edit.name,
      sheet.attributes.map((a) => a.name),
    );
    const message = `There is no attribute ${edit.name} whose type could stay. Give a type, such as ${guessTypes(edit.value).join(' or ')}.`;
    this.#fail('attribute-unknown', 'type', message, {
      fixes: [
        ...guessTypes(edit.value).map((type) => this.#fix(`Add it as ${type}`, { type })),
        ...near.map((name) => this.#fix(`Set ${name} instead`, { name })),
      ],
    });
  }

  #rename(edit: EditOf<'rename'>): void {
    if (this.#structural(edit.name, 'name') || this.#structural(edit.to, 'to') || this.#required(edit.name)) return;
    if (edit.name === edit.to) return;
    const holding = this.#sheets.filter((sheet) => sheet.find(edit.name));
    if (holding.length === 0) this.#nothing(edit.name);
    for (const sheet of holding) {
      if (sheet.find(edit.to)) {
        const message = `There is an attribute ${edit.to} already. Delete it first, or use another name.`;
        this.#fail('attribute-exists', 'to', message);
      } else if (this.#fits({ ...sheet.find(edit.name)!, name: edit.to }, 'to')) {
        sheet.rename(edit.name, edit.to, this.#ctx.node);
      }
    }
  }

  #delete(edit: EditOf<'delete'>): void {
    const several = countStars(edit.name) > 0;
    if (!several && (this.#structural(edit.name, 'name') || this.#required(edit.name))) return;
    let found = false;
    for (const sheet of this.#sheets) {
      for (const { name } of sheet.attributes) {
        if (!matchesName(edit.name, name) || Object.hasOwn(REQUIRED_ATTRIBUTES, name)) continue;
        found = true;
        sheet.remove(name);
      }
    }
    if (!found) this.#nothing(edit.name);
  }

  #copy(edit: EditOf<'copy'>): void {
    const name = edit.as ?? edit.name;
    if (this.#structural(edit.name, 'name') || this.#structural(name, 'as')) return;
    for (const sheet of this.#sheets) {
      this.#put(sheet, edit.from === undefined ? 'name' : 'from', () => {
        const found =
          edit.from === undefined
            ? ownAttribute(
                edit.fromPart === undefined
                  ? sheet.attributes
                  : otherPart(this.#ctx.inputs.image, sheet.part, edit.fromPart).attributes,
                edit.name,
              )
            : otherAttribute(otherImage(this.#ctx.inputs.others, edit.from), sheet.part, edit.name, edit.fromPart);
        return { ...found, name };
      });
    }
  }

  #import(edit: EditOf<'import'>): void {
    const wanted = (name: string): boolean =>
      !Object.hasOwn(STRUCTURAL_ATTRIBUTES, name) &&
      (edit.only?.some((pattern) => matchesName(pattern, name)) ?? true) &&
      !edit.except?.some((pattern) => matchesName(pattern, name));
    for (const sheet of this.#sheets) {
      const given = this.#attempt('from', () =>
        otherPart(otherImage(this.#ctx.inputs.others, edit.from), sheet.part, edit.fromPart),
      );
      if (!given) continue;
      for (const attribute of given.attributes) {
        if (wanted(attribute.name)) this.#put(sheet, 'from', () => attribute);
      }
      for (const pattern of edit.only ?? []) {
        if (given.attributes.some((a) => matchesName(pattern, a.name))) continue;
        this.#fail('attribute-unknown', 'only', `${edit.from} has no attribute ${pattern}.`, { severity: 'warning' });
      }
    }
  }

  #put(sheet: Sheet, field: string, make: () => Attribute): void {
    const attribute = this.#attempt(field, make);
    if (!attribute || !this.#fits(attribute, field)) return;
    const present = sheet.find(attribute.name);
    if (!present || !sameAttribute(present, attribute)) sheet.put({ ...attribute, source: this.#ctx.node });
  }

  /** What `make` gives, or undefined after a report of what it threw. */
  #attempt<T>(field: string, make: () => T): T | undefined {
    try {
      return make();
    } catch (thrown) {
      if (!(thrown instanceof EngineError)) throw thrown;
      const { code, message } = asEngineError(thrown);
      this.#fail(code, field, message);
      return undefined;
    }
  }

  /** False, after a report, for an attribute that a file needs with another type. */
  #fits(attribute: Attribute, field: string): boolean {
    const { name, type } = attribute;
    const needed = Object.hasOwn(REQUIRED_ATTRIBUTES, name) ? REQUIRED_ATTRIBUTES[name] : type;
    if (type === needed) return true;
    this.#fail('attribute-value', field, `Every OpenEXR file has ${name} as ${needed}, found ${type}.`);
    return false;
  }

  #structural(name: string, field: string): boolean {
    if (!Object.hasOwn(STRUCTURAL_ATTRIBUTES, name)) return false;
    const owner = STRUCTURAL_ATTRIBUTES[name];
    this.#fail('attribute-structural', field, `${name} describes the file itself. Change it with ${owner}.`, { name });
    return true;
  }

  #required(name: string): boolean {
    if (!Object.hasOwn(REQUIRED_ATTRIBUTES, name)) return false;
    const message = `Every OpenEXR file needs ${name}, so it cannot be taken away. Set another value instead.`;
    this.#fail('attribute-structural', 'name', message);
    return true;
  }

  #nothing(name: string): void {
    const names = new Set(this.#sheets.flatMap((sheet) => sheet.attributes.map((a) => a.name)));
    const near = nearNames(name, names);
    this.#fail('attribute-unknown', 'name', `There is no attribute ${name}; nothing is changed.`, {
      severity: 'warning',
      fixes: near.map((other) => this.#fix(`Use ${other}`, { name: other })),
    });
  }

  #fix(title: string, change: Readonly<Record<string, Json>>): { title: string; set: Record<string, Json> } {
    const edits = this.#ctx.params.edits as readonly Json[];
    return { title, set: { edits: edits.with(this.#index, { ...(this.#edit as Record<string, Json>), ...change }) } };
  }

  #fail(
    code: ErrorCode,
    field: string,
    message: string,
    more: Partial<Pick<NodeProblem, 'severity' | 'fixes'>> & { name?: string } = {},
  ): void {
    const name = more.name ?? ('name' in this.#edit ? this.#edit.name : undefined);
    this.#ctx.report({
      severity: more.severity ?? 'error',
      code,
      message: `Edit ${this.#index + 1} (${this.#edit.op}): ${message}`,
      where: { param: `edits[${this.#index}].${field}`, ...(name === undefined ? {} : { attribute: name }) },
      ...(more.fixes && more.fixes.length > 0 ? { fixes: more.fixes } : {}),
    });
  }
}

/** Types that the JSON form of a value suggests. */
function guessTypes(value: Json): string[] {
  if (typeof value === 'string') return ['string'];
  if (typeof value === 'number') return Number.isInteger(value) ? ['int', 'float'] : ['float', 'double'];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return ['stringvector'];
  return Array.isArray(value) && value.every((item) => typeof item === 'number') ? ['floatvector'] : ['string'];
}

/** Two imports cannot read one input at two frames. */
function checkFrames(ctx: Context): void {
  const frames = new Map<string, number>();
  for (const [index, edit] of ctx.params.edits.entries()) {
    if (edit.op !== 'import' || edit.frame === undefined) continue;
    const before = frames.get(edit.from);
    frames.set(edit.from, before ?? edit.frame);
    if (before === undefined || before === edit.frame) continue;
    const message = `Edit ${index + 1}: ${edit.from} is read at frame ${before} already. Connect the same image under a second name to read frame ${edit.frame}.`;
    ctx.report({ severity: 'error', code: 'param-invalid', message, where: { param: `edits[${index}].frame` } });
  }
}

/** Warns where parts that agreed on what they must share would no longer do so. */
function checkShared(ctx: Context, sheets: readonly Sheet[]): void {
  const [first, ...rest] = sheets;
  if (!first) return;
  const differs = (a: Attribute | undefined, b: Attribute | undefined): boolean =>
    b !== undefined && (a === undefined || !sameAttribute(a, b));
  const own = (sheet: Sheet, name: string) => sheet.part.attributes.find((a) => a.name === name);
  for (const name of SHARED_ATTRIBUTES) {
    const before = rest.some((sheet) => differs(own(first, name), own(sheet, name)));
    if (before || !rest.some((sheet) => differs(first.find(name), sheet.find(name)))) continue;
    const message = `All parts of a file share ${name}, but the edits give them different values. Edit all parts alike, or select one part before writing.`;
    ctx.report({
      severity: 'warning',
      code: 'attribute-conflict',
      message,
      where: { param: 'edits', attribute: name },
    });
  }
}
