// Planes in another type: what is kept, what is counted, and that nothing is touched without need.
import { expect, test } from 'vitest';
import { box } from '../../engine/base/box.ts';
import { convertPlane, convertSamples } from '../../engine/pixels/convert.ts';
import { createPlane, type SampleType } from '../../engine/pixels/plane.ts';

const TYPES: readonly SampleType[] = ['half', 'float', 'uint'];

test('the same type gives the same plane', () => {
  for (const type of TYPES) {
    const plane = createPlane(type, box(0, 0, 4, 2));
    expect(convertPlane(plane, type)).toEqual({ plane, changed: 0 });
    expect(convertPlane(plane, type).plane).toBe(plane);
    expect(convertSamples(plane.samples, type, type).samples).toBe(plane.samples);
  }
});

test('small whole numbers survive every way around, with box and sampling', () => {
  let ways = 0;
  for (const a of TYPES) {
    for (const b of TYPES) {
      const start = createPlane('uint', box(-2, -2, 5, 7), { x: 2, y: 1 });
      for (let i = 0; i < start.samples.length; i++) start.samples[i] = i * 50;
      const first = convertPlane(start, a);
      const second = convertPlane(first.plane, b);
      const back = convertPlane(second.plane, 'uint');
      expect([first.changed, second.changed, back.changed]).toEqual([0, 0, 0]);
      expect(back.plane).toEqual(start);
      ways++;
    }
  }
  expect(ways).toBe(9);
});

test('samples that cannot be kept are counted, over more than one tile', () => {
  const plane = createPlane('float', box(0, 0, 199, 199));
  plane.samples.fill(0.5);
  for (let i = 0; i < 1000; i++) plane.samples[i * 40] = 0.1;
  const { plane: half, changed } = convertPlane(plane, 'half');
  expect(changed).toBe(1000);
  expect(half.samples[0]).toBe(0x2e66);
  expect(half.samples[1]).toBe(0x3800);
  expect(plane.type).toBe('float');
});
