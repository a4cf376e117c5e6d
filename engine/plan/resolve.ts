// Resolving: the parameters of a node as they are at a frame, animations put in, texts filled in, checked.
import type { Json } from '../base/canonical.ts';
import type { DrivenValue } from './drive.ts';
import { type FilledParams, fillParams, withParam } from './params.ts';
import type { Plan, PlanNode } from './plan.ts';
import type { Problem } from './problem.ts';

type Resolvable = Pick<PlanNode, 'id' | 'definition' | 'params'>;
type Surroundings = Pick<Plan, 'drivers' | 'variables'>;

/** Parameters at a frame. Ranges hold for what animations give as for what is typed. */
export function paramsAt(node: Resolvable, { drivers, variables }: Surroundings, frame: number): FilledParams {
  const driven = drivers.at(node.id, frame);
  const filled = fillParams(node.id, node.definition, withDriven(node, driven), variables, frame);
  if (driven.length === 0) return filled;
  const lacking = driven.filter(({ value }) => value === undefined);
  const moving = drivers.moving(node.id);
  const problems = [...lacking.map(({ path }) => noNumber(node.id, path)), ...filled.problems].map(
    (problem): Problem => (moving.length > 0 ? { ...problem, where: { ...problem.where, frame } } : problem),
  );
  const { values, ...rest } = filled;
  return { ...rest, ...(lacking.length === 0 && values ? { values } : {}), moving, problems };
}

/** What is wrong with parameters whatever the frame: those that move are left to the frames. */
export function stillProblems(node: Resolvable, { drivers, variables }: Surroundings): Problem[] {
  const still = drivers.at(node.id, 0, 'still');
  const { problems } = fillParams(node.id, node.definition, withDriven(node, still), variables, 0);
  const moving = drivers.paths(node.id).filter((path) => !still.some((one) => one.path === path));
  const isMoving = (param: string): boolean =>
    moving.some((path) => path === param || path.startsWith(`${param}.`) || param.startsWith(`${path}.`));
  return [
    ...still.filter(({ value }) => value === undefined).map(({ path }) => noNumber(node.id, path)),
    ...problems.filter(({ where }) => !isMoving((where.param ?? '').replace(/\[(\d+)\]/g, '.$1'))),
  ];
}

const withDriven = (node: Resolvable, driven: readonly DrivenValue[]): Readonly<Record<string, Json>> =>
  driven.reduce(
    (params, { path, value }) => (value === undefined ? params : withParam(params, path, value)),
    node.params,
  );

const noNumber = (node: string, param: string): Problem => ({
  severity: 'error',
  code: 'param-invalid',
  message: `${node}.${param}: its animation gives no finite number. Look for a division by zero, or the root or logarithm of a negative number.`,
  where: { node, param },
});
