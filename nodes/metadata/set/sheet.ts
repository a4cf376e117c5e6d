// A sheet: the attributes of one part while they are edited, with what each of them was in the input.
import {
  type Attribute,
  type AttributeSet,
  type Loss,
  type PartSpec,
  passPart,
  sameAttribute,
  withHeaderNames,
} from '../../../engine/authoring.ts';

interface Line {
  readonly attribute: Attribute;
  /** The name of the input's attribute that stands or stood here. */
  readonly was?: string;
}

export class Sheet {
  readonly part: PartSpec;
  readonly index: number;
  readonly #renamed = new Map<string, string>();
  #lines: readonly Line[];

  constructor(part: PartSpec, index: number) {
    this.part = part;
    this.index = index;
    this.#lines = part.attributes.map((attribute) => ({ attribute, was: attribute.name }));
  }

  get attributes(): AttributeSet {
    return this.#lines.map((line) => line.attribute);
  }

  find(name: string): Attribute | undefined {
    return this.#lines.find((line) => line.attribute.name === name)?.attribute;
  }

  /** Puts the attribute in the place of the one of its name, or at the end. */
  put(attribute: Attribute): void {
    const at = this.#lines.findIndex((line) => line.attribute.name === attribute.name);
    this.#lines = at < 0 ? [...this.#lines, { attribute }] : this.#lines.with(at, { ...this.#lines[at]!, attribute });
  }

  rename(name: string, to: string, node: string): void {
    this.#lines = this.#lines.map((line) => {
      if (line.attribute.name !== name) return line;
      if (line.was !== undefined) this.#renamed.set(line.was, to);
      return { ...line, attribute: { ...line.attribute, name: to, source: node } };
    });
  }

  remove(name: string): void {
    this.#lines = this.#lines.filter((line) => line.attribute.name !== name);
  }

  /** The part with the edited attributes; its channels and chunks are handed on. */
  finish(port: string): PartSpec {
    const part = passPart(this.part, port, this.index);
    const { stored } = part;
    if (!stored) return { ...part, attributes: this.attributes };
    const headerOrder = stored.headerOrder.map((name) => this.#renamed.get(name) ?? name);
    const names = this.#lines.map((line) => line.attribute.name);
    const order = [...new Set(headerOrder)];
    return { ...part, attributes: this.attributes, stored: withHeaderNames({ ...stored, headerOrder: order }, names) };
  }

  /** What became of the input's attributes that are not in the output as they were. */
  losses(port: string): Loss[] {
    return this.part.attributes.flatMap((before): Loss[] => {
      const standing = this.find(before.name);
      if (standing && sameAttribute(standing, before)) return [];
      const moved = this.#lines.find((l) => l.was === before.name)?.attribute;
      const kept = moved !== undefined && sameAttribute(moved, before);
      const replaced = moved !== undefined || standing !== undefined;
      const reason = kept ? `renamed to ${moved.name}` : replaced ? 'replaced' : 'deleted';
      return [{ kind: 'attribute', port, part: this.index, name: before.name, reason, replaced }];
    });
  }
}
