// Tables in .cube files: Adobe's "Cube LUT Specification" 1.0 (2013), and Resolve's form of it with a shaper before the cube.
import {
  checkDomain,
  cubeStep,
  type Domain,
  edgesText,
  type Found,
  MOST_EDGE,
  MOST_ROW,
  readTriples,
  rowStep,
  UNIT,
} from './entries.ts';
import type { Lines } from './lines.ts';

/** What the keywords said. */
interface Head {
  row?: number;
  edge?: number;
  min?: readonly number[];
  max?: readonly number[];
  rowRange?: readonly number[];
  edgeRange?: readonly number[];
}

const COMMENT = '#';

/** One keyword with what it says; false where the line is none. */
function readKeyword(lines: Lines, line: string, head: Head): boolean {
  const [keyword = '', ...words] = line.split(/\s+/);
  if (!/^[A-Za-z_]/.test(keyword)) return false;
  const rest = words.join(' ');
  const once = <K extends keyof Head>(name: K, value: NonNullable<Head[K]>): void => {
    if (head[name] !== undefined) lines.fail(`says ${keyword} once more.`);
    head[name] = value;
  };
  switch (keyword) {
    case 'TITLE':
      break;
    case 'LUT_1D_SIZE':
      once('row', lines.whole(rest, 2, MOST_ROW, keyword));
      break;
    case 'LUT_3D_SIZE':
      once('edge', lines.whole(rest, 2, MOST_EDGE, keyword));
      break;
    case 'DOMAIN_MIN':
      once('min', lines.numbers(rest, 3, 'numbers after DOMAIN_MIN'));
      break;
    case 'DOMAIN_MAX':
      once('max', lines.numbers(rest, 3, 'numbers after DOMAIN_MAX'));
      break;
    case 'LUT_1D_INPUT_RANGE':
      once('rowRange', lines.numbers(rest, 2, `numbers after ${keyword}`));
      break;
    case 'LUT_3D_INPUT_RANGE':
      once('edgeRange', lines.numbers(rest, 2, `numbers after ${keyword}`));
      break;
    case 'LUT_IN_VIDEO_RANGE':
    case 'LUT_OUT_VIDEO_RANGE':
      lines.refuse(
        `says ${keyword}, and codes of video's legal range are not known here. Make the table for full range.`,
      );
      break;
    default:
      lines.fail(`begins with ${JSON.stringify(keyword.slice(0, 40))}, which is no keyword of a .cube file.`);
  }
  return true;
}

const whole = ([from, to]: readonly number[]): Domain => ({ from: [from!, from!, from!], to: [to!, to!, to!] });

/** The domains of the row and of the cube. Adobe's keywords are those of the first table. */
function domainsOf(lines: Lines, head: Head): { readonly row: Domain; readonly edge: Domain } {
  const { min = UNIT.from, max = UNIT.to, rowRange, edgeRange } = head;
  const adobe = head.min !== undefined || head.max !== undefined;
  if (adobe && (rowRange || edgeRange)) lines.fail('gives the domain both as DOMAIN_MIN or DOMAIN_MAX and as a range.');
  const first: Domain = { from: min, to: max };
  const row = rowRange ? whole(rowRange) : first;
  const edge = edgeRange ? whole(edgeRange) : head.row === undefined ? first : UNIT;
  if (head.row !== undefined) checkDomain(lines, row, head.row);
  if (head.edge !== undefined) checkDomain(lines, edge, head.edge);
  return { row, edge };
}

export function readCube(lines: Lines): Found {
  const head: Head = {};
  let line = lines.demand('LUT_1D_SIZE or LUT_3D_SIZE', COMMENT);
  while (readKeyword(lines, line, head)) line = lines.demand('the first entry', COMMENT);
  const { row, edge } = head;
  if (row === undefined && edge === undefined) lines.fail('holds numbers before LUT_1D_SIZE or LUT_3D_SIZE.');
  const domains = domainsOf(lines, head);
  const corners = edge === undefined ? 0 : edge ** 3;
  lines.expect((row ?? 0) + corners - 1, 3);
  const rows = row === undefined ? undefined : readTriples(lines, row, COMMENT, line);
  const cube = edge === undefined ? undefined : readTriples(lines, corners, COMMENT, rows ? undefined : line);
  if (lines.filled(COMMENT) !== undefined) lines.fail('goes on after the last entry that was announced.');
  const said = [row === undefined ? '' : `1D, ${row}`, edge === undefined ? '' : edgesText([edge, edge, edge])];
  return {
    program: [
      ...(rows ? [rowStep(domains.row, rows)] : []),
      ...(cube && edge !== undefined ? [cubeStep(domains.edge, [edge, edge, edge], cube)] : []),
    ],
    about: said.filter((text) => text !== '').join(', then '),
  };
}
