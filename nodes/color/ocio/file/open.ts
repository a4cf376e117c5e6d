// Files that a FileTransform names: tables, lists of operations, matrices and colour corrections, by the ending.
import { readFileSync, statSync } from 'node:fs';
import { asEngineError, EngineError, type Matrix, type Services } from '../../../../engine/authoring.ts';
import { openTable, TABLE_ENDINGS } from '../../table/file.ts';
import { type CdlStyle, cdlOperation, matrixOperation, type Refuse } from '../transform/linear.ts';
import type { Operation } from '../transform/operation.ts';
import { type Interpolation, tableOperation } from '../transform/table.ts';
import { readClf } from './clf.ts';
import { chooseCorrection, readCorrections } from './correction.ts';
import { numbersIn, xmlError } from './xml.ts';

/** What the transform says besides the file's name. */
export interface Opening {
  readonly interpolation: Interpolation;
  /** How a colour correction treats what lies outside of 0 to 1. */
  readonly style: CdlStyle;
  /** Which correction of several. */
  readonly cccid: string;
  readonly refuse: Refuse;
}

const MOST_BYTES = 128 << 20;

/** The endings of names of files that are read. */
export const FILE_ENDINGS: readonly string[] = [...TABLE_ENDINGS, '.clf', '.ctf', '.cc', '.ccc', '.cdl', '.spimtx'];

/** The operation of a file at an absolute path that may be read. Throws what is wrong with the file. */
export function openFile(services: Services, path: string, opening: Opening): Operation {
  const ending = /\.[^./\\]*$/.exec(path)?.[0].toLowerCase() ?? '';
  const { interpolation, refuse, style } = opening;
  if (TABLE_ENDINGS.includes(ending)) return tableOperation(tableOf(services, path), interpolation, refuse);
  if (ending === '.clf' || ending === '.ctf') return readClf(textOf(path), path, interpolation);
  if (ending === '.spimtx') return readMatrix(textOf(path), path, refuse);
  if (!FILE_ENDINGS.includes(ending))
    return refuse(`files whose names end with ${ending || 'nothing'} are not supported.`);
  const chosen = chooseCorrection(readCorrections(textOf(path), path), ending === '.cc' ? '' : opening.cccid);
  if (chosen) return cdlOperation(chosen, style, refuse);
  // As a missing file, so that the next of several looks is tried.
  const message = `${path} has no correction ${JSON.stringify(opening.cccid.slice(0, 60))}. Correct cccid.`;
  throw new EngineError('invalid', 'file-not-found', message, { param: 'config', file: path });
}

function tableOf(services: Services, path: string) {
  try {
    return openTable(services, path).program;
  } catch (thrown) {
    const { kind, code, message, where } = asEngineError(thrown, { file: path });
    throw new EngineError(kind, code, message, { ...where, param: 'config' });
  }
}

function textOf(path: string): string {
  const where = { param: 'config', file: path };
  try {
    const { size } = statSync(path);
    if (size > MOST_BYTES) {
      throw new EngineError('invalid', 'lut-invalid', `${path} has ${size} bytes, more than any such file.`, where);
    }
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    throw asEngineError(thrown, where);
  }
}

/** Sony Pictures Imageworks' matrices: three rows of three factors and a sum in codes of 16 bits. */
function readMatrix(text: string, path: string, refuse: Refuse): Operation {
  const numbers = numbersIn(text, path, 1);
  if (numbers.length !== 12) throw xmlError(path, 1, `holds ${numbers.length} numbers instead of 12.`);
  const matrix = numbers.filter((_, i) => i % 4 !== 3) as unknown as Matrix;
  return matrixOperation(
    matrix,
    [3, 7, 11].map((i) => numbers[i]! / 65535),
    refuse,
  );
}
