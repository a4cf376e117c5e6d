// What is odd about charts, in words.
import { type Charts, listNames, type NodeProblem } from '../../../engine/authoring.ts';

/** Each kind of oddity once, with how many there are. None of them keeps a graph from rendering. */
export function chartProblems(charts: Charts): NodeProblem[] {
  const odd = (code: NodeProblem['code'], message: string): NodeProblem => ({ severity: 'warning', code, message });
  const faces = (count: number): string => (count === 1 ? '1 face' : `${count} faces`);
  const lie = (count: number): string => (count === 1 ? 'lies' : 'lie');
  const problems: NodeProblem[] = [];
  const { overlaps, selfOverlaps, overlapsComplete, crossing, flat, missing, outside } = charts;
  if (overlaps.length > 0 || !overlapsComplete) {
    const some = overlaps.slice(0, 3).map(([a, b]) => `${a} and ${b}`);
    const count = `${overlapsComplete ? '' : 'at least '}${overlaps.length}`;
    const message = `Islands lie on one another, ${count} ${overlaps.length === 1 ? 'pair' : 'pairs'}: ${listNames(some)}${overlaps.length > 3 ? ' and so on' : ''}. A pixel that several cover belongs to the one with the least number.`;
    problems.push(odd('mesh-charts-odd', message));
  }
  if (selfOverlaps.length > 0)
    problems.push(
      odd('mesh-charts-odd', `${faces(selfOverlaps.length)} ${lie(selfOverlaps.length)} on others of the same island.`),
    );
  const folded = charts.charts.reduce((sum, chart) => sum + chart.folded, 0);
  if (folded > 0)
    problems.push(
      odd('mesh-charts-odd', `${faces(folded)} ${lie(folded)} the other way round than most of their island.`),
    );
  if (crossing.length > 0)
    problems.push(
      odd(
        'mesh-charts-odd',
        `${faces(crossing.length)} ${lie(crossing.length)} across the border of a tile; each tile gets its piece.`,
      ),
    );
  if (flat.length > 0)
    problems.push(
      odd(
        'mesh-charts-odd',
        `${faces(flat.length)} without area on the texture belong${flat.length === 1 ? 's' : ''} to no island.`,
      ),
    );
  if (outside > 0)
    problems.push(
      odd(
        'mesh-charts-odd',
        `${faces(outside)} ${lie(outside)} outside of the tiles (u from 0 to 10, v from 0 on): what is outside covers no pixel.`,
      ),
    );
  if (missing > 0)
    problems.push(odd('mesh-uvs', `${faces(missing)} without coordinates in the UV set ${charts.uvSet}.`));
  return problems;
}
