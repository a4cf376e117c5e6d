// Files of look-up tables: which reader a file gets, and the table behind a path, read once while the file stays as it is.
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { asEngineError, EngineError, type Json, type Services } from '../../../engine/authoring.ts';
import { readCsp } from './csp.ts';
import { readCube } from './cube.ts';
import type { Found } from './entries.ts';
import { Lines } from './lines.ts';
import { readSpi1d, readSpi3d } from './spi.ts';

/** More than the greatest table takes, written with care. */
const MOST_BYTES = 256 << 20;

const READERS: Readonly<Record<string, (lines: Lines) => Found>> = {
  '.cube': readCube,
  '.spi1d': readSpi1d,
  '.spi3d': readSpi3d,
  '.csp': readCsp,
};

/** The endings of the names of files that are read. */
export const TABLE_ENDINGS = Object.keys(READERS);

/** Reads the text of a table by the ending of its name. Throws `lut-invalid` and `lut-unsupported`. */
export function parseTable(text: string, file: string): Found {
  const ending = /\.[^./\\]*$/.exec(file)?.[0].toLowerCase() ?? '';
  const reader = Object.hasOwn(READERS, ending) ? READERS[ending] : undefined;
  const where = { param: 'path', file };
  if (!reader) {
    const message = `Expected a look-up table whose name ends with ${TABLE_ENDINGS.join(', ')}, found ${basename(file)}.`;
    throw new EngineError('unsupported', 'lut-unsupported', message, where);
  }
  // Text has no zero bytes; the first of them tells a picture or a program from a table.
  if (text.includes('\0'))
    throw new EngineError('invalid', 'lut-invalid', `${file} is no text. Choose the file of a table.`, where);
  return reader(new Lines(text, file));
}

interface State {
  readonly path: string;
  readonly size: number;
  readonly mtimeNs: string;
}

function stateOf(services: Services, path: string): State {
  const absolute = services.resolve(path, 'read');
  const where = { param: 'path', file: absolute };
  try {
    const { size, mtimeNs } = statSync(absolute, { bigint: true });
    if (!statSync(absolute).isFile()) {
      throw new EngineError(
        'invalid',
        'file-not-regular',
        `${absolute} is no file. Choose the file of a table.`,
        where,
      );
    }
    return { path: absolute, size: Number(size), mtimeNs: String(mtimeNs) };
  } catch (thrown) {
    throw asEngineError(thrown, where);
  }
}

/** Names the file as it is now. */
export function tableIdentity(services: Services, path: string): Json {
  const { path: file, size, mtimeNs } = stateOf(services, path);
  return { file: basename(file), size, mtimeNs };
}

/** The table in a file. Throws what is wrong with the file, with the line where it is. */
export function openTable(services: Services, path: string): Found {
  const { path: file, size, mtimeNs } = stateOf(services, path);
  const where = { param: 'path', file };
  if (size > MOST_BYTES) {
    throw new EngineError(
      'invalid',
      'lut-invalid',
      `${file} has ${size} bytes, more than any table. Choose the file of a table.`,
      where,
    );
  }
  return services.share(`table ${mtimeNs} ${size} ${file}`, () => {
    try {
      return { ...parseTable(readFileSync(file, 'latin1'), file), close: () => {} };
    } catch (thrown) {
      throw asEngineError(thrown, where);
    }
  });
}
