// XML as a tree of elements: what CLF, CTF and lists of colour corrections are written in. Nothing outside is ever read.
import sax from 'sax';
import { EngineError } from '../../../../engine/authoring.ts';

export interface Element {
  /** Without its namespace. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
  readonly line: number;
}

interface Open {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  readonly texts: string[];
  readonly line: number;
}

const DEEPEST = 32;
const MOST_ELEMENTS = 200_000;

/** Not all of them are in the types of the parser. */
const OPTIONS = { trim: false, normalize: false, position: true, strictEntities: true };

/** Throws `lut-invalid` with the line. Of entities only XML's own five are known, so that none can grow. */
export function parseXml(text: string, file: string): Element {
  let root: Element | undefined;
  let count = 0;
  const open: Open[] = [];
  const reader = sax.parser(true, OPTIONS);
  const fail = (trouble: string): never => {
    throw xmlError(file, (reader.line ?? 0) + 1, trouble);
  };
  reader.onerror = (error) => fail(`is no sound XML: ${error.message.split('\n')[0]}.`);
  reader.ondoctype = () => fail('declares a document type, which such files do not need and which is not read.');
  reader.onopentag = ({ name, attributes }) => {
    if (++count > MOST_ELEMENTS) fail(`has more than ${MOST_ELEMENTS} elements.`);
    if (open.length >= DEEPEST) fail(`nests deeper than ${DEEPEST} levels.`);
    const plain = Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)]));
    open.push({
      name: name.slice(name.indexOf(':') + 1),
      attributes: plain,
      children: [],
      texts: [],
      line: reader.line + 1,
    });
  };
  reader.ontext = (piece) => open.at(-1)?.texts.push(piece);
  reader.oncdata = (piece) => open.at(-1)?.texts.push(piece);
  reader.onclosetag = () => {
    const { texts, ...rest } = open.pop()!;
    const element: Element = { ...rest, text: texts.join('') };
    const parent = open.at(-1);
    if (parent) parent.children.push(element);
    else root = element;
  };
  reader.write(text).close();
  return root ?? fail('holds no element.');
}

export function xmlError(file: string, line: number, trouble: string): EngineError {
  return new EngineError('invalid', 'lut-invalid', `${file}, line ${line}: it ${trouble}`, { param: 'config', file });
}

export const childrenOf = (element: Element, name: string): readonly Element[] =>
  element.children.filter((child) => child.name === name);

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The numbers in a text, with blanks or commas between them. */
export function numbersIn(text: string, file: string, line: number): number[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  return words.map((word) => {
    const value = NUMBER.test(word) ? Number(word) : Number.NaN;
    if (Number.isFinite(value)) return value;
    throw xmlError(file, line, `holds ${JSON.stringify(word.slice(0, 40))} where a finite number should stand.`);
  });
}
