// What the viewer shows and where: geometry, layers, playing, values, scopes, the track and the shortcuts.
import { describe, expect, test } from 'vitest';
import { normalChord } from '../../editor/ui/shell/chord.ts';
import type { Picture } from '../../editor/ui/store/link.ts';
import { viewerCommands } from '../../editor/ui/viewer/commands.ts';
import type { ViewerDesk } from '../../editor/ui/viewer/desk.ts';
import {
  fitted,
  onScreen,
  pan,
  place,
  toImage,
  toScreen,
  visible,
  wanted,
  ZOOM_RANGE,
  zoomAt,
} from '../../editor/ui/viewer/geometry.ts';
import { findLayer, layersOf, singlesOf } from '../../editor/ui/viewer/layers.ts';
import { OUTSIDE } from '../../editor/ui/viewer/paint.ts';
import { nextFrame, Pace, rateOf } from '../../editor/ui/viewer/play.ts';
import { timelineCommands } from '../../editor/ui/viewer/playback.ts';
import { isReduced, shortText, spreadOver, valuesAt } from '../../editor/ui/viewer/sample.ts';
import { chromaOf, histogramOf, vectorsOf, waveformOf } from '../../editor/ui/viewer/scope.ts';
import { extentOf, frameAt, spansIn, tickStep } from '../../editor/ui/viewer/track.ts';
import { framesOf } from '../../editor/ui/viewer/transport.ts';
import { box, type PartSpec } from '../../engine/browser.ts';
import { random } from '../base/random.ts';
import { HD, pictureOf, view } from './viewer-samples.ts';

const screen = { width: 700, height: 300 };

describe('geometry', () => {
  test('fits a window in the middle, pixel aspect and all', () => {
    const camera = fitted(HD, 1, screen, 8);
    expect(onScreen(camera, 1, screen, HD)).toEqual({ left: 98, top: 8, right: 602, bottom: 292 });
    const wide = fitted(HD, 2, screen, 8);
    expect(onScreen(wide, 2, screen, HD)).toEqual({ left: 8, top: 54, right: 692, bottom: 246 });
  });

  test('zooming holds the point under the pointer, and back and forth ends where it began', () => {
    const { int, pick } = random(3);
    for (let i = 0; i < 200; i++) {
      const aspect = pick([1, 2, 0.9]);
      const camera = { x: int(-500, 2000), y: int(-500, 2000), zoom: 2 ** (int(-40, 40) / 8) };
      const at = { x: int(0, 699), y: int(0, 299) };
      const before = toImage(camera, aspect, screen, at.x, at.y);
      const next = zoomAt(camera, aspect, screen, at, camera.zoom * 2 ** (int(-8, 8) / 4));
      const after = toImage(next, aspect, screen, at.x, at.y);
      expect(after.x).toBeCloseTo(before.x, 6);
      expect(after.y).toBeCloseTo(before.y, 6);
      const again = toScreen(next, aspect, screen, after.x, after.y);
      expect(again.x).toBeCloseTo(at.x, 4);
      const moved = pan(pan(camera, aspect, 13, -7), aspect, -13, 7);
      expect(moved.x).toBeCloseTo(camera.x, 8);
    }
    expect(zoomAt({ x: 0, y: 0, zoom: 1 }, 1, screen, { x: 0, y: 0 }, 1e9).zoom).toBe(ZOOM_RANGE[1]);
    expect(ZOOM_RANGE[1]).toBeGreaterThanOrEqual(32);
  });

  test('asks for what is seen at the resolution of the screen, and never for more than there is', () => {
    const fit = fitted(HD, 1, screen, 8);
    expect(wanted(fit, 1, screen, HD)).toEqual({ box: HD, width: 505, height: 284 });
    const close = { x: 100, y: 100, zoom: 10 };
    expect(visible(close, 1, screen)).toEqual(box(65, 85, 134, 114));
    expect(wanted(close, 1, screen, HD)).toEqual({ box: box(65, 85, 134, 114), width: 70, height: 30 });
    expect(wanted({ x: -500, y: 0, zoom: 10 }, 1, screen, HD)).toBeUndefined();
    const huge = { x: 10_000, y: 10_000, zoom: 1 };
    const region = wanted(huge, 1, { width: 20_000, height: 20_000 }, box(0, 0, 19_999, 19_999));
    expect([region!.width, region!.height]).toEqual([8192, 8192]);
  });

  test('places samples under the pixels of the screen', () => {
    const camera = { x: 2, y: 1, zoom: 2 };
    const small = { width: 12, height: 6 };
    const placed = place(camera, 1, small, { box: box(0, 0, 3, 1), width: 4, height: 2 });
    expect([...placed.columns]).toEqual([OUTSIDE, OUTSIDE, 0, 0, 1, 1, 2, 2, 3, 3, OUTSIDE, OUTSIDE]);
    expect([...placed.rows]).toEqual([OUTSIDE, 0, 0, 1, 1, OUTSIDE]);
    const coarse = place(camera, 1, small, { box: box(0, 0, 3, 1), width: 2, height: 1 });
    expect([...coarse.columns].filter((column) => column !== OUTSIDE)).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  });
});

const part = (...names: readonly string[]): PartSpec => ({
  kind: 'flat',
  dataWindow: HD,
  displayWindow: HD,
  attributes: [],
  channels: names.map((name) => ({
    name,
    type: name === 'id' ? 'uint' : name === 'Z' ? 'float' : 'half',
    sampling: { x: 1, y: 1 },
    pLinear: 0,
    origin: { from: 'computed' },
  })),
});

describe('layers', () => {
  test('group by what stands before the last dot', () => {
    const layers = layersOf(
      part('A', 'B', 'G', 'R', 'Z', 'a.b.X', 'a.b.Y', 'a.b.Z', 'id', 'mask.A', 'motion.u', 'motion.v'),
    );
    expect(layers.map(({ key, channels, types }) => [key, channels, types])).toEqual([
      ['rgba', ['R', 'G', 'B', 'A'], 'half'],
      ['Z', ['Z'], 'float'],
      ['id', ['id'], 'uint'],
      ['a.b', ['a.b.X', 'a.b.Y', 'a.b.Z'], 'half'],
      ['mask.A', ['mask.A'], 'half'],
      ['motion', ['motion.u', 'motion.v'], 'half'],
    ]);
  });

  test('keep a place for what is absent, and leave nothing out', () => {
    expect(layersOf(part('G', 'R'))[0]).toMatchObject({ key: 'rgba', channels: ['R', 'G', null] });
    expect(layersOf(part('A'))[0]).toMatchObject({ channels: ['A'] });
    expect(layersOf(part('BY', 'RY', 'Y')).map(({ key }) => key)).toEqual(['Y', 'BY', 'RY']);
    expect(layersOf(part('l.a', 'l.one', 'l.two')).map(({ channels }) => channels)).toEqual([
      ['l.one', 'l.two', null, 'l.a'],
    ]);
    const many = part(...Array.from({ length: 7 }, (_, i) => `l.c${i}`));
    const shown = layersOf(many).flatMap(({ channels }) => channels.filter((name) => name !== null));
    expect(new Set(shown)).toEqual(new Set(many.channels.map(({ name }) => name)));
    expect(layersOf(part())).toEqual([]);
  });

  test('are found by key, by channel, or the first one', () => {
    const one = part('B', 'G', 'R', 'Z');
    expect(findLayer(one, 'Z')?.channels).toEqual(['Z']);
    expect(findLayer(one, 'G')?.channels).toEqual(['G']);
    expect(findLayer(one, 'gone')?.key).toBe('rgba');
    expect(findLayer(part(), 'x')).toBeUndefined();
    expect(singlesOf(one)).toHaveLength(4);
  });
});

describe('playing', () => {
  const stretch = { first: 1, last: 4 };
  const run = (repeat: 'loop' | 'bounce' | 'once', from: number, direction: 1 | -1, steps: number): number[] => {
    const frames = [from];
    let at: { frame: number; direction: -1 | 0 | 1 } = { frame: from, direction };
    for (let i = 0; i < steps && at.direction !== 0; i++) {
      at = nextFrame(at.frame, at.direction, repeat, stretch);
      if (at.direction !== 0) frames.push(at.frame);
    }
    return frames;
  };

  test('loops, bounces and ends', () => {
    expect(run('loop', 3, 1, 4)).toEqual([3, 4, 1, 2, 3]);
    expect(run('loop', 2, -1, 4)).toEqual([2, 1, 4, 3, 2]);
    expect(run('bounce', 3, 1, 6)).toEqual([3, 4, 3, 2, 1, 2, 3]);
    expect(run('once', 3, 1, 6)).toEqual([3, 4]);
    expect(run('loop', 9, 1, 2)).toEqual([9, 1, 2]);
    expect(nextFrame(5, 1, 'bounce', { first: 5, last: 5 })).toEqual({ frame: 5, direction: 1 });
  });

  test('keeps time, drops nothing, and says how fast it was', () => {
    const pace = new Pace();
    let shown = 0;
    for (let now = 0; now < 2000; now += 1000 / 60) if (pace.isDue(now, 24)) shown += 1;
    expect(shown).toBe(48);
    expect(pace.achieved).toBeCloseTo(24, 0);
    pace.reset();
    const times = [0, 100, 200, 300, 400].map((now) => pace.isDue(now, 24));
    expect(times).toEqual([true, true, true, true, true]);
    expect(pace.achieved).toBeCloseTo(10, 6);
  });

  test('reads rates and ranges', () => {
    expect(rateOf('24000/1001')).toBeCloseTo(23.976, 3);
    expect(rateOf('25')).toBe(25);
    for (const wrong of ['0/1', '1/0', 'x', '', undefined, 24, '-1/1']) expect(rateOf(wrong)).toBeUndefined();
    expect(framesOf('1001-1008, 990')).toEqual({ first: 990, last: 1008 });
    for (const none of [undefined, ['$', '{range}'].join(''), 'what']) expect(framesOf(none)).toBeUndefined();
  });
});

describe('reading values', () => {
  const half = (values: readonly number[]) => new Uint16Array(new Float16Array(values).buffer);
  const one = view({ channels: ['R', 'G'], box: box(10, 20, 11, 21), width: 2, height: 2 });
  const picture: Picture = { ...pictureOf(one), samples: half([1, 2, 3, 4, 5, 6, 7, 8]) };

  test('of a pixel and of a region', () => {
    expect(valuesAt(picture, 11, 20)).toEqual([3, 4]);
    expect(valuesAt(picture, 12, 20)).toBeUndefined();
    expect(spreadOver(picture, box(10, 20, 11, 21))).toEqual([
      { mean: 4, min: 1, max: 7 },
      { mean: 5, min: 2, max: 8 },
    ]);
    expect(spreadOver(picture, box(11, 21, 99, 99))).toEqual([
      { mean: 7, min: 7, max: 7 },
      { mean: 8, min: 8, max: 8 },
    ]);
    expect(spreadOver(picture, box(50, 50, 60, 60))).toBeUndefined();
    expect(isReduced(picture)).toBe(false);
    expect(isReduced(pictureOf({ ...one, width: 1 }))).toBe(true);
  });

  test('as texts that fit', () => {
    const cases: readonly (readonly [number, number, string])[] = [
      [0.18, 7, '0.18000'],
      [0.18, 4, '0.18'],
      [-0.5, 4, '-0.5'],
      [1234.5, 7, '1234.50'],
      [65504, 4, '7e4'],
      [0, 7, '0.00000'],
      [Number.NaN, 4, 'NaN'],
      [Number.NEGATIVE_INFINITY, 4, '-inf'],
    ];
    for (const [value, length, text] of cases) expect(shortText(value, length)).toBe(text);
    const { int } = random(5);
    for (let i = 0; i < 2000; i++) {
      const value = (int(-(2 ** 20), 2 ** 20) / 2 ** 20) * 2 ** int(-24, 16);
      const text = shortText(value);
      expect(text.length, `${value} as ${text}`).toBeLessThanOrEqual(7);
      expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(Math.max(6e-6, Math.abs(value) * 0.05));
    }
  });
});

describe('scopes', () => {
  const pixels = Uint8ClampedArray.from([255, 0, 0, 255, 0, 128, 0, 255, 9, 9, 9, 0, 255, 0, 0, 255]);
  const thinned = { pixels, width: 2, height: 2 };

  test('count every pixel of the image and no other', () => {
    const counts = histogramOf(thinned);
    expect([counts[255], counts[0], counts[256 + 128], counts[512]]).toEqual([2, 1, 1, 3]);
    expect(counts.reduce((a, b) => a + b)).toBe(9);
    const wave = waveformOf(thinned, 2, 4);
    expect(wave.reduce((a, b) => a + b)).toBe(9);
    expect(wave[0]).toBe(1);
    const { counts: places, sums } = vectorsOf(thinned, 16);
    expect(places.reduce((a, b) => a + b)).toBe(3);
    expect(sums.reduce((a, b) => a + b)).toBe(255 + 128 + 255);
  });

  test('know no chroma in grey, and half of it at the primaries', () => {
    expect(chromaOf(77, 77, 77).map((value) => Math.abs(value) < 1e-12)).toEqual([true, true]);
    expect(chromaOf(255, 0, 0)[1]).toBeCloseTo(0.5, 3);
    expect(chromaOf(0, 0, 255)[0]).toBeCloseTo(0.5, 3);
  });
});

describe('the track', () => {
  test('knows frames by place and places by frame', () => {
    const range = { first: 1001, last: 1008 };
    for (let frame = 1001; frame <= 1008; frame++) {
      const [from, to] = extentOf(range, { first: frame, last: frame }, 800);
      expect(frameAt(range, (from + to) / 2 / 800)).toBe(frame);
    }
    expect([frameAt(range, -1), frameAt(range, 2)]).toEqual([1001, 1008]);
    expect(tickStep(range, 800, 40)).toBe(1);
    expect(tickStep({ first: 1, last: 1000 }, 800, 40)).toBe(50);
    expect(spansIn('1-3, 5')).toEqual([
      { first: 1, last: 3 },
      { first: 5, last: 5 },
    ]);
    expect([spansIn(''), spansIn('?')]).toEqual([[], []]);
  });
});

describe('shortcuts', () => {
  test('each means one thing, and every action has a name of its own', () => {
    // No action is run: none of them needs more of the desk than its parts to be made.
    const desk = { store: {}, transport: {} } as unknown as ViewerDesk;
    const actions = [...viewerCommands(desk), ...timelineCommands(desk)];
    const keys = actions.flatMap((action) => (action.keys ?? []).map((one) => normalChord(one, { mac: false })));
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(actions.map(({ id }) => id)).size).toBe(actions.length);
    expect(actions.every(({ where }) => where === 'viewer')).toBe(true);
    expect(actions.length).toBe(41);
  });
});
