// What the controls count with: arithmetic in fields, steps and ends of numbers, shortcuts as texts.
import { describe, expect, test } from 'vitest';
import { evaluate } from '../../editor/ui/look/arithmetic.ts';
import { gesture } from '../../editor/ui/look/gesture.ts';
import { keysText } from '../../editor/ui/look/keys.tsx';
import { clampTo, numberText, quantized, stepFor } from '../../editor/ui/look/number.ts';
import { random } from '../base/random.ts';

describe('arithmetic', () => {
  test.each([
    ['1920/2', 960],
    ['(3 + 4) * 2', 14],
    ['2 + 3 * 4', 14],
    ['8 - 3 - 2', 3],
    ['64 / 4 / 2', 8],
    ['-2^2', -4],
    ['2^-1', 0.5],
    ['2**3^2', 512],
    ['7 % 4', 3],
    ['1e3', 1000],
    ['1.5E-2', 0.015],
    ['.5', 0.5],
    ['0,18', 0.18],
    ['=2+2', 4],
    ['sqrt(2)^2', 2],
    ['PI', Math.PI],
    ['log2(8)', 3],
    ['--3', 3],
    ['+=5', 15],
    ['-= 2 + 3', 5],
    ['*=1.5', 15],
    ['/=4', 2.5],
  ])('%s', (text, value) => {
    expect(evaluate(text, 10)).toBeCloseTo(value, 12);
  });

  test('changes a negative value as well', () => {
    expect(evaluate('*=2', -3)).toBe(-6);
    expect(evaluate('+=1', -3)).toBe(-2);
  });

  test.each([
    '',
    ' ',
    '1 +',
    '(1',
    '1)',
    '1 2',
    'x',
    'sin',
    'sin 3',
    '1/0',
    '1..2',
    'constructor',
    'toString(1)',
    '1;2',
    'alert(1)',
    '2px',
    `${'1+'.repeat(200)}1`,
  ])('refuses %j', (text) => {
    expect(evaluate(text)).toBeUndefined();
  });

  test('agrees with the language on random expressions', () => {
    let tried = 0;
    for (let seed = 1; seed <= 400; seed++) {
      const dice = random(seed);
      const make = (depth: number): string => {
        if (depth === 0 || dice.chance(0.2)) return String(dice.int(0, 99) / dice.pick([1, 10]));
        if (dice.chance(0.25)) return `(${make(depth - 1)})`;
        if (dice.chance(0.15)) return `- ${make(depth - 1)}`;
        return `${make(depth - 1)} ${dice.pick(['+', '-', '*', '/', '%'])} ${make(depth - 1)}`;
      };
      const text = make(4);
      if (text.length > 190) continue;
      const expected: unknown = new Function(`return ${text}`)();
      expect(evaluate(text), text).toBe(Number.isFinite(expected) ? expected : undefined);
      tried++;
    }
    expect(tried).toBeGreaterThan(350);
  });
});

describe('numbers', () => {
  test.each([
    [1 / 3, '0.333333'],
    [0.1 + 0.2, '0.3'],
    [1001, '1001'],
    [1e21, '1e+21'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NaN, 'NaN'],
  ])('%s is written %s', (value, text) => {
    expect(numberText(value)).toBe(text);
  });

  const plain = { shiftKey: false, ctrlKey: false, altKey: false };

  test('steps follow the value, the range, the step and the modifiers', () => {
    expect(stepFor(0, {}, plain)).toBe(0.01);
    expect(stepFor(150, {}, plain)).toBe(1);
    expect(stepFor(0.5, { min: -10, max: 10 }, plain)).toBe(0.1);
    expect(stepFor(0, { step: 0.25 }, { ...plain, shiftKey: true })).toBe(2.5);
    expect(stepFor(0, { step: 0.5 }, { ...plain, ctrlKey: true })).toBeCloseTo(0.05);
    expect(stepFor(0, { integer: true }, { ...plain, altKey: true })).toBe(1);
  });

  test('values end at their range, are whole where they must be, and stay clean', () => {
    expect(clampTo(12, { min: 0, max: 10 })).toBe(10);
    expect(clampTo(2.6, { integer: true })).toBe(3);
    expect(clampTo(0.1 + 0.2, {})).toBe(0.3);
    expect(quantized(2e-15, 0.01)).toBe(0);
    expect(quantized(9.996, 0.01)).toBe(10);
  });
});

test('gestures have names of their own', () => {
  const names = Array.from({ length: 100 }, gesture);
  expect(new Set(names).size).toBe(100);
});

test('shortcuts are written as people of the machine write them', () => {
  expect(keysText('Mod+Shift+Z', { mac: false })).toBe('Ctrl+Shift+Z');
  expect(keysText('Mod+Shift+Z', { mac: true })).toBe('⌘⇧Z');
  expect(keysText('Mod++', { mac: false })).toBe('Ctrl++');
  expect(keysText('ArrowLeft', { mac: false })).toBe('←');
});
