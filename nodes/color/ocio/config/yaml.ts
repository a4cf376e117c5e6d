// The text of an OpenColorIO config as lists, maps and texts: a small part of YAML, and nothing in it is carried out.
import { type Alias, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { EngineError } from '../../../../engine/authoring.ts';

/** A piece of the config. Every scalar is a text; what is a number is read as one where it is needed. */
export type Value = Text | List | Mapping;

/** What all pieces know: the tag in `!<...>`, empty where there is none, and the line that they begin in. */
interface Piece {
  readonly tag: string;
  readonly line: number;
}

export interface Text extends Piece {
  readonly kind: 'text';
  readonly text: string;
}

export interface List extends Piece {
  readonly kind: 'list';
  readonly items: readonly Value[];
}

export interface Mapping extends Piece {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Value>;
}

/** Bounds that no config comes near: the largest that is published has under 200 kB. */
const MOST_BYTES = 4 << 20;
const MOST_PIECES = 500_000;
const MOST_ALIASES = 1000;
const DEEPEST = 64;

/** Reads a config's text. Throws `ocio-config`, with the line. */
export function parseYaml(text: string, file: string): Mapping {
  const fail = (trouble: string): never => {
    throw new EngineError('invalid', 'ocio-config', `${file} ${trouble}`, { param: 'config', file });
  };
  if (text.length > MOST_BYTES) fail(`has ${text.length} characters, more than any config. Choose another file.`);
  if (text.includes('\0')) fail('is no text. Choose a config, whose name ends with .ocio.');
  const lines = new LineCounter();
  // The plainest schema makes texts of all scalars; tags are only looked at, below.
  const document = compose(text, lines) ?? fail('nests deeper than any config.');
  const [wrong] = document.errors;
  if (wrong?.message.includes('call stack')) fail('nests deeper than any config.');
  if (wrong) fail(`is no sound YAML. ${wrong.message.split('\n')[0]}`);
  const walk = new Walk(lines, (alias) => alias.resolve(document), fail);
  const value = walk.value(document.contents, 0);
  return value.kind === 'map' ? value : fail('holds no map of keys. Choose a config, whose name ends with .ocio.');
}

/** Undefined where the text nests so deeply that the parser's own stack is too small for it. */
function compose(text: string, lines: LineCounter): ReturnType<typeof parseDocument> | undefined {
  try {
    return parseDocument(text, { schema: 'failsafe', lineCounter: lines, logLevel: 'silent', strict: true });
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}

class Walk {
  #pieces = 0;
  #aliases = 0;
  readonly #lines: LineCounter;
  readonly #target: (alias: Alias) => Node | undefined;
  readonly #fail: (trouble: string) => never;

  constructor(lines: LineCounter, target: (alias: Alias) => Node | undefined, fail: (trouble: string) => never) {
    this.#lines = lines;
    this.#target = target;
    this.#fail = fail;
  }

  value(node: Node | null | undefined, depth: number): Value {
    // Aliases are counted with all that they stand for, so that a few lines cannot become millions.
    if (++this.#pieces > MOST_PIECES) this.#fail(`has more than ${MOST_PIECES} entries, more than any config.`);
    if (depth > DEEPEST) this.#fail(`nests deeper than ${DEEPEST} levels.`);
    if (isAlias(node)) {
      if (++this.#aliases > MOST_ALIASES) this.#fail(`refers to its own pieces more than ${MOST_ALIASES} times.`);
      const target = this.#target(node);
      return target ? this.value(target, depth + 1) : this.#fail(`refers to *${node.source}, which there is not.`);
    }
    const piece: Piece = {
      tag: node?.tag?.replace(/^!/, '') ?? '',
      line: node?.range ? this.#lines.linePos(node.range[0]).line : 0,
    };
    if (isMap(node)) {
      const entries = new Map<string, Value>();
      for (const { key, value } of node.items) {
        if (!isScalar(key)) this.#fail(`has a key that is no text, in line ${piece.line}.`);
        entries.set(String((key as { value: unknown }).value ?? ''), this.value(value as Node | null, depth + 1));
      }
      return { ...piece, kind: 'map', entries };
    }
    if (isSeq(node)) {
      return { ...piece, kind: 'list', items: node.items.map((item) => this.value(item as Node, depth + 1)) };
    }
    const text = isScalar(node) ? String(node.value ?? '') : '';
    return { ...piece, kind: 'text', text };
  }
}
