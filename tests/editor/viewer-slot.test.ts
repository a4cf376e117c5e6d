// What the viewer asks the host for and what it keeps: the cache of pictures, edits upstream, and slots.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { View } from '../../editor/protocol.ts';
import type { Picture } from '../../editor/ui/store/link.ts';
import type { Wish } from '../../editor/ui/store/store.ts';
import { PictureCache } from '../../editor/ui/viewer/cache.ts';
import { ViewSlot } from '../../editor/ui/viewer/slot.ts';
import { pictureTest } from '../../editor/ui/viewer/upstream.ts';
import { applyEdit, box, type Document, type Edit, emptyDocument } from '../../engine/browser.ts';
import { pictureOf, view } from './viewer-samples.ts';

describe('the cache', () => {
  test('finds what shows at least as much', () => {
    const cache = new PictureCache();
    const whole = pictureOf(view());
    cache.put(view(), whole);
    expect(cache.find(view())).toBe(whole);
    expect(cache.find(view({ box: box(10, 10, 19, 19), width: 10, height: 10 }))).toBe(whole);
    expect(cache.find(view({ width: 50, height: 25 }))).toBe(whole);
    expect(cache.find(view({ box: box(0, 0, 100, 49), width: 101 }))).toBeUndefined();
    expect(cache.find(view({ frame: 2 }))).toBeUndefined();
    expect(cache.find(view({ channels: ['R'] }))).toBeUndefined();
    cache.put(view({ frame: 2, width: 50, height: 25 }), pictureOf(view({ frame: 2, width: 50, height: 25 })));
    expect(cache.find(view({ frame: 2 }))).toBeUndefined();
    expect(cache.nearest(view({ frame: 2 }))?.header.width).toBe(50);
    expect(cache.frames(view())).toEqual([1]);
    expect(cache.frames(view({ width: 50, height: 25 }))).toEqual([1, 2]);
  });

  test('keeps to its size, drops what was used least recently, and counts its bytes', () => {
    const size = 100 * 50 * 3 * 2;
    const cache = new PictureCache({ limit: 3 * size });
    for (const frame of [1, 2, 3]) cache.put(view({ frame }), pictureOf(view({ frame })));
    expect(cache.bytes).toBe(3 * size);
    cache.find(view({ frame: 1 }));
    cache.put(view({ frame: 4 }), pictureOf(view({ frame: 4 })));
    expect(cache.frames(view())).toEqual([1, 3, 4]);
    expect(cache.bytes).toBe(3 * size);
    cache.put(view({ frame: 1 }), pictureOf(view({ frame: 1 })));
    expect(cache.bytes).toBe(3 * size);
    cache.clear('another');
    expect(cache.bytes).toBe(3 * size);
    cache.clear('grade');
    expect(cache.bytes).toBe(0);
    cache.put(view(), { ...pictureOf(view()), samples: new Uint16Array(2 * size) });
    expect(cache.bytes).toBe(0);
  });
});

describe('edits', () => {
  const node = (params = {}) => ({ type: 'color.exposure', version: 1, params, at: [0, 0] as const });
  const edits: readonly Edit[] = [
    ...['read', 'grade', 'write', 'other'].map((id): Edit => ({ op: 'addNode', id, node: node() })),
    { op: 'addLink', from: 'read.image', to: 'grade.image' },
    { op: 'addLink', from: 'grade.image', to: 'write.image' },
  ];
  const start = edits.reduce<Document>((document, edit) => applyEdit(document, edit).document, emptyDocument());
  const sameAfter = (edit: Edit): readonly string[] => {
    const test = pictureTest(start, applyEdit(start, edit).document);
    return ['read', 'grade', 'write', 'other'].filter((id) => test(id));
  };

  test('change the pictures of what lies below, and no others', () => {
    const all = ['read', 'grade', 'write', 'other'];
    expect(sameAfter({ op: 'moveNodes', positions: { read: [9, 9] } })).toEqual(all);
    expect(sameAfter({ op: 'setTitle', node: 'read', title: 'Plate' })).toEqual(all);
    expect(sameAfter({ op: 'setNote', id: 'n', note: { text: 'x', at: [0, 0], size: [1, 1] } })).toEqual(all);
    expect(sameAfter({ op: 'setParam', node: 'grade', name: 'stops', value: 1 })).toEqual(['read', 'other']);
    expect(sameAfter({ op: 'setDisabled', node: 'read', disabled: true })).toEqual(['other']);
    expect(sameAfter({ op: 'removeLink', to: 'write.image' })).toEqual(['read', 'grade', 'other']);
    expect(sameAfter({ op: 'addLink', from: 'read.image', to: 'other.image' })).toEqual(['read', 'grade', 'write']);
    expect(sameAfter({ op: 'removeNode', id: 'other' })).toEqual(['read', 'grade', 'write']);
    expect(sameAfter({ op: 'setVariable', name: 'shot', variable: { type: 'string', default: 'a' } })).toEqual([]);
    expect(sameAfter({ op: 'setFrames', frames: { mismatch: 'hold-last', align: 'index' } })).toEqual([]);
  });
});

describe('a slot', () => {
  let sent: Extract<Wish, { kind: 'view' }>[];
  let cache: PictureCache;
  let now: number;
  let slot: ViewSlot;
  const answer = (serial: number, from: View): Picture => {
    const picture = pictureOf(from, serial);
    slot.take(picture);
    return picture;
  };

  beforeEach(() => {
    vi.useFakeTimers();
    sent = [];
    cache = new PictureCache();
    now = 0;
    const send = (wish: Wish): void => {
      if (wish.kind === 'view') sent.push(wish);
    };
    slot = new ViewSlot({ slot: 0, store: { send }, cache, changed: () => {}, clock: () => now });
  });
  afterEach(() => vi.useRealTimers());

  test('asks once for a view, and keeps the last picture until the next one comes', () => {
    slot.want(view());
    slot.want(view());
    expect(sent).toHaveLength(1);
    expect(slot.settled).toBe(false);
    expect(slot.waiting).toEqual({ since: 0 });
    const first = answer(sent[0]!.serial, view());
    expect(slot.settled).toBe(true);
    expect(slot.waiting).toBeUndefined();
    slot.want(view({ frame: 2 }));
    expect(slot.picture).toBe(first);
    expect(sent).toHaveLength(2);
    answer(sent[1]!.serial, view({ frame: 2 }));
    expect(slot.picture?.header.frame).toBe(2);
  });

  test('shows what it has at once, and tells the host when things are quiet', () => {
    for (const frame of [1, 2]) {
      slot.want(view({ frame }));
      answer(sent.at(-1)!.serial, view({ frame }));
    }
    for (const frame of [1, 2, 1]) slot.want(view({ frame }));
    expect(slot.picture?.header.frame).toBe(1);
    expect(slot.settled).toBe(true);
    expect(sent).toHaveLength(2);
    vi.advanceTimersByTime(1000);
    expect(sent).toHaveLength(3);
    expect(sent[2]!.view?.frame).toBe(1);
  });

  test('after an edit waits for what the host makes again, and keeps nothing that may be old', () => {
    slot.want(view());
    const { serial } = sent[0]!;
    answer(serial, view());
    cache.clear('grade');
    slot.invalidate();
    slot.want(view());
    expect(sent).toHaveLength(1);
    const later = answer(serial, view());
    expect(slot.picture).toBe(later);
    expect(cache.bytes).toBe(0);
    slot.want(view({ frame: 2 }));
    answer(sent[1]!.serial, view({ frame: 2 }));
    expect(cache.frames(view())).toEqual([2]);
  });

  test('takes a second answer without an edit for changed files', () => {
    for (const frame of [1, 2]) {
      slot.want(view({ frame }));
      answer(sent.at(-1)!.serial, view({ frame }));
    }
    expect(cache.frames(view())).toEqual([1, 2]);
    answer(sent[1]!.serial, view({ frame: 2 }));
    expect(cache.frames(view())).toEqual([2]);
  });

  test('shows older answers on the way to the newest, and none that come after it', () => {
    for (const frame of [1, 2, 3]) slot.want(view({ frame }));
    answer(sent[1]!.serial, view({ frame: 2 }));
    expect(slot.picture?.header.frame).toBe(2);
    answer(sent[0]!.serial, view());
    expect(slot.picture?.header.frame).toBe(2);
    answer(sent[2]!.serial, view({ frame: 3 }));
    answer(sent[1]!.serial, view({ frame: 2 }));
    expect(slot.picture?.header.frame).toBe(3);
    answer(999_999, view({ frame: 9 }));
    expect(slot.picture?.header.frame).toBe(3);
  });

  test('tells of progress while the host does, and of failures until there is a picture', () => {
    slot.want(view());
    const { serial } = sent[0]!;
    slot.hear({ kind: 'viewing', slot: 0, serial, progress: 0.5 });
    expect(slot.waiting).toEqual({ since: 0, progress: 0.5 });
    now = 5000;
    expect(slot.waiting).toEqual({ since: 0 });
    slot.hear({ kind: 'viewFailed', slot: 0, serial: serial - 1, code: 'x', message: 'old' });
    expect(slot.failure).toBeUndefined();
    slot.hear({ kind: 'viewFailed', slot: 0, serial, code: 'file-missing', message: 'gone', node: 'read' });
    expect(slot.failure).toEqual({ code: 'file-missing', message: 'gone', node: 'read' });
    expect(slot.settled).toBe(true);
    slot.reload();
    expect(sent).toHaveLength(2);
    answer(sent[1]!.serial, view());
    expect(slot.failure).toBeUndefined();
  });

  test('lets the host go when there is nothing to show', () => {
    slot.clear({ quiet: false });
    expect(sent).toHaveLength(0);
    slot.want(view());
    slot.clear({ quiet: true });
    expect(sent).toHaveLength(1);
    slot.clear({ quiet: false });
    slot.clear({ quiet: false });
    expect(sent.map((wish) => wish.view === null)).toEqual([false, true]);
  });
});
