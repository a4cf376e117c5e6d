// The list of problems: groups, counts, places.
import { expect, test } from 'vitest';
import { countText, groupsOf, placeText } from '../../editor/ui/panels/problems/groups.ts';
import { troubledNodes } from '../../editor/ui/panels/problems/reveal.ts';
import type { Problem } from '../../engine/browser.ts';

const problem = (severity: Problem['severity'], where: Problem['where'] = {}): Problem => ({
  severity,
  code: 'param-invalid',
  message: 'm',
  where,
});

test('groups and counts by severity', () => {
  const problems = [problem('warning'), problem('error'), problem('error'), problem('info')];
  expect(groupsOf(problems).error).toHaveLength(2);
  expect(countText(problems)).toBe('2 errors, 1 warning, 1 note');
  expect(countText([])).toBe('');
});

test('nodes with problems, the gravest first, each once; a template stands for what is in it', () => {
  const problems = [
    problem('info', { node: 'd' }),
    problem('warning', { node: 'a' }),
    problem('error', { node: 'grade/tint' }),
    problem('error', {}),
    problem('error', { node: 'b' }),
    problem('warning', { node: 'grade' }),
  ];
  expect(troubledNodes(problems)).toEqual(['grade', 'b', 'a', 'd']);
  expect(troubledNodes([])).toEqual([]);
});

test('the place without what is told before it', () => {
  expect(placeText(problem('error', { node: 'a', param: 'p', frame: 1003, file: '/x.exr' }))).toBe(
    'frame 1003, file /x.exr',
  );
});
