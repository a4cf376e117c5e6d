// FBX as text: the same tree of records out of an ASCII file. Source of the form: files of Autodesk's FBX SDK.
import { EXPORT_ANEW, wrong } from './claims.ts';
import { type FbxFile, type FbxNode, type FbxValue, WANTED } from './fbx.ts';

const MOST_DEPTH = 64;

/** The records of a text file. Throws `mesh-format`, `mesh-truncated` and `mesh-invalid`. */
export function readTextFbx(file: string, bytes: Uint8Array): FbxFile {
  const text = new TextDecoder().decode(bytes);
  if (!/^﻿?\s*;\s*FBX|FBXHeaderExtension\s*:/.test(text.slice(0, 4096)))
    throw wrong('mesh-format', file, 'an FBX file, binary or ASCII', 'something else', 'Is its name right?');
  const token = /;[^\n]*|"([^"]*)"|([A-Za-z_][\w|]*)\s*:|([{}])|(\*\d+)|([^\s,{}":;]+)|[\s,]+/gy;
  interface Open {
    readonly name: string;
    readonly values: FbxValue[];
    readonly numbers: number[];
    readonly children: FbxNode[];
    block: boolean;
    /** How many numbers it announces. */
    count?: number;
  }
  const begin = (name: string): Open => ({ name, values: [], numbers: [], children: [], block: true });
  const finish = ({ name, values, numbers, children, count }: Open): FbxNode => {
    const list = children.length === 1 && children[0]!.name === 'a' ? children[0]! : undefined;
    const own = numbers.length > 1 ? [...values, Float64Array.from(numbers)] : [...values, ...numbers];
    const held = list?.values.reduce((sum: number, value) => sum + (ArrayBuffer.isView(value) ? value.length : 1), 0);
    if (count !== undefined && held !== undefined && count !== held && WANTED.has(name))
      throw wrong('mesh-invalid', file, `${count} numbers of ${name}`, `${held}`, EXPORT_ANEW);
    return list ? { name, values: list.values, children: [] } : { name, values: own, children };
  };
  const path: Open[] = [begin('')];
  /** The record whose values come now; it ends where the next one begins. */
  let current: Open | undefined;
  const close = (): void => {
    if (current && !current.block) path.at(-1)!.children.push(finish(current));
    current = undefined;
  };
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const found = token.exec(text);
    if (!found)
      throw wrong(
        'mesh-invalid',
        file,
        'FBX records',
        `${JSON.stringify(text.slice(at, at + 20))} at character ${at}`,
        EXPORT_ANEW,
      );
    const [, quoted, name, brace, count, word] = found;
    if (name !== undefined) {
      close();
      current = { ...begin(name), block: false };
    } else if (brace === '{') {
      if (!current || path.length > MOST_DEPTH)
        throw wrong('mesh-invalid', file, 'a name before each bracket', `none at character ${at}`, EXPORT_ANEW);
      current.block = true;
      path.push(current);
      current = undefined;
    } else if (brace === '}') {
      close();
      const done = path.pop()!;
      if (path.length === 0)
        throw wrong('mesh-invalid', file, 'brackets in pairs', `one too many at character ${at}`, EXPORT_ANEW);
      path.at(-1)!.children.push(finish(done));
    } else if (count !== undefined && current) current.count = Number(count.slice(1));
    else if (quoted !== undefined) current?.values.push(quoted);
    else if (word !== undefined && current) {
      const number = /^[-+]?(nan|inf|1\.#)/i.test(word) ? NaN : Number(word);
      if (!Number.isNaN(number) || /nan|inf|#/i.test(word)) current.numbers.push(number);
      else current.values.push(word);
    }
  }
  if (path.length > 1)
    throw wrong(
      'mesh-truncated',
      file,
      'the end of every record',
      `${path.length - 1} open ones at the end`,
      'The file was cut off: copy or export it anew.',
    );
  close();
  const nodes = path[0]!.children;
  const version = nodes.find((n) => n.name === 'FBXHeaderExtension')?.children.find((n) => n.name === 'FBXVersion');
  return { version: Number(version?.values[0] ?? 0), kind: 'ASCII', nodes };
}
