// The names of the parts of a file: what OpenEXR demands of them.
import { listNames, type NodeProblem, type PartSpec } from '../../../engine/authoring.ts';

/** Reports parts that have no name where they need one, names that stand twice, and names that are given to no part. */
export function reportNames(
  parts: readonly Pick<PartSpec, 'name'>[],
  given: readonly string[],
  report: (problem: NodeProblem) => void,
): void {
  const names = parts.map((part, index) => given[index] ?? part.name);
  const spare = given.slice(parts.length);
  if (spare.length > 0) {
    report({
      severity: 'warning',
      code: 'part-unknown',
      message: `partNames has ${given.length} names for ${parts.length} ${parts.length === 1 ? 'part' : 'parts'}: ${listNames(spare)} is given to none.`,
      where: { param: 'partNames' },
      fixes: [{ title: 'Leave out what is given to none', set: { partNames: given.slice(0, parts.length) } }],
    });
  }
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    if (names.length > 1 && name === undefined) {
      report({
        severity: 'error',
        code: 'part-name',
        message: `Part ${index} has no name; in a file of several parts every part needs one. Give it in partNames or with Assemble parts.`,
        where: { part: index },
      });
    } else if (name !== undefined && seen.has(name)) {
      report({
        severity: 'error',
        code: 'part-duplicate',
        message: `Two parts are called ${name}. Rename one with partNames or Assemble parts.`,
        where: { part: name },
      });
    }
    if (name !== undefined) seen.add(name);
  }
}
