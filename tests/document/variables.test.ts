// Variables: what is filled in, what stays, what is refused and where; names with a dot are known later.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are the subject
import { expect, test } from 'vitest';
import { EngineError } from '../../engine/base/error.ts';
import { interpolate, type Lookup, namesIn } from '../../engine/document/variables.ts';

const values: Readonly<Record<string, string | number>> = {
  shot: 'sh010',
  take: 3,
  frame: -12,
  half: 0.5,
  empty: '',
  odd: '${shot} $$',
};
const lookup: Lookup = (name) => (Object.hasOwn(values, name) ? values[name] : undefined);

test.each([
  ['plain', 'plain'],
  ['', ''],
  ['${shot}_${take}', 'sh010_3'],
  ['${frame}', '-12'],
  ['${frame:4}', '-0012'],
  ['${take:4}', '0003'],
  ['${take:1}', '3'],
  ['${half}', '0.5'],
  ['[${empty}]', '[]'],
  ['${odd}', '${shot} $$'],
  ['$', '$'],
  ['$5 and $F4 and a$', '$5 and $F4 and a$'],
  ['$$', '$'],
  ['$${shot}', '${shot}'],
  ['$$${shot}', '$sh010'],
  ['$$$$', '$$'],
  ['100% ${shot} {take}', '100% sh010 {take}'],
])('%s → %s', (text, filled) => {
  expect(interpolate(text, lookup)).toBe(filled);
});

test.each([
  ['${none}', 0, 'no variable none'],
  ['a ${toString} b', 2, 'no variable toString'],
  ['${', 0, 'Expected a placeholder'],
  ['x${shot', 1, 'Expected a placeholder'],
  ['${}', 0, 'Expected a placeholder'],
  ['${ shot }', 0, 'Expected a placeholder'],
  ['${${shot}}', 0, 'Expected a placeholder'],
  ['${shot:4}', 0, 'whole number'],
  ['${half:4}', 0, 'whole number'],
  ['${take:0}', 0, 'width from 1 to 32'],
  ['${take:33}', 0, 'width from 1 to 32'],
  ['${take:999999999}', 0, 'Expected a placeholder'],
])('%s is refused', (text, offset, words) => {
  try {
    interpolate(text, lookup);
  } catch (thrown) {
    const error = thrown as EngineError;
    expect(error).toBeInstanceOf(EngineError);
    expect([error.code, error.where.offset]).toEqual(['param-variable', offset]);
    expect(error.message).toContain(words);
    return;
  }
  expect.fail('accepted');
});

test.each([
  ['${attribute.owner}', '${attribute.owner}', 'Ada'],
  ['${attribute.nuke/input:time code}', '${attribute.nuke/input:time code}', '01:00'],
  ['$$5 ${attribute.owner} ${shot}', '$$5 ${attribute.owner} sh010', '$5 Ada sh010'],
  ['$${attribute.owner}', '$${attribute.owner}', '${attribute.owner}'],
  ['$$5', '$5', '$5'],
])('a name with a dot waits for a second call: %s', (text, first, second) => {
  expect(interpolate(text, lookup)).toBe(first);
  const known: Record<string, string> = { 'attribute.owner': 'Ada', 'attribute.nuke/input:time code': '01:00' };
  const later: Lookup = (name) => known[name] ?? lookup(name);
  expect(interpolate(first, later)).toBe(second);
  expect(interpolate(text, later)).toBe(second);
});

test('names are found, each once, in order', () => {
  expect(namesIn('$${no} ${shot} ${frame:4} ${shot} ${attribute.owner} ${ bad } $x ${')).toEqual([
    'shot',
    'frame',
    'attribute.owner',
  ]);
});
