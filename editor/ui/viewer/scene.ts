// From the viewer's state to what a painter paints: pictures placed on the screen, the wipe, and what is around them.
import { boxWidth } from '../../../engine/browser.ts';
import type { Picture } from '../store/link.ts';
import type { Surround } from './choices.ts';
import type { ViewerDesk } from './desk.ts';
import { type Camera, onScreen, place, type Screen, toScreen } from './geometry.ts';
import { halvesOf } from './numbers.ts';
import type { Painting, Placed } from './paint.ts';
import type { Portrayal } from './portrayal.ts';
import type { Windowed } from './windows.ts';

export const SURROUNDS: Readonly<Record<Surround, number>> = { grey: 0x2e, black: 0x00, middle: 0x80 };

export interface Scene extends Windowed {
  readonly screen: Screen;
  readonly camera: Camera;
  readonly a?: Picture;
  readonly b?: Picture;
  /** The column of the screen at which the wipe stands. */
  readonly wipe: number;
}

/** Undefined while nothing is viewed or nothing is known of it. */
export function sceneOf(desk: ViewerDesk): Scene | undefined {
  const screen = desk.screen$.value;
  const { camera, leading, aspect } = desk;
  if (!screen || !camera || leading === undefined) return undefined;
  const known = desk.frameOf(leading);
  if (!known) return undefined;
  const { a: nodeA, b: nodeB } = desk.store.viewed$.value;
  // A node without an image leaves its side empty: its last picture would be a lie beside the other one.
  const compares = desk.display.compare !== 'a' && desk.display.compare !== 'b';
  const isGone = (node: string | undefined): boolean => compares && node !== undefined && desk.isEmpty(node);
  const a = isGone(nodeA) ? undefined : desk.slots.a.picture;
  const b = isGone(nodeB) ? undefined : desk.slots.b.picture;
  // Until its own picture comes, the last one is shown with its own window.
  const shown = desk.display.compare === 'b' ? (b ?? a) : (a ?? b);
  const displayWindow = shown?.header.displayWindow ?? known.displayWindow;
  const at = displayWindow.minX + desk.choices$.value.wipe * boxWidth(displayWindow);
  return {
    screen,
    camera,
    aspect,
    displayWindow,
    dataWindow: shown?.header.dataWindow ?? known.dataWindow,
    wipe: toScreen(camera, aspect, screen, at, 0).x,
    ...(a ? { a } : {}),
    ...(b ? { b } : {}),
  };
}

function placed(picture: Picture, scene: Scene): Placed {
  const { header } = picture;
  const { width, height, channels, light } = header;
  const places = place(scene.camera, scene.aspect, scene.screen, header);
  return {
    samples: halvesOf(picture),
    width,
    height,
    count: channels.length,
    ...places,
    ...(light ? { light: light.toAcescg } : {}),
  };
}

/** The slots whose pictures are drawn as data, with the columns of the screen that each has. */
export function portrayalsOf(scene: Scene, desk: ViewerDesk): readonly (Portrayal & { readonly slot: 'a' | 'b' })[] {
  const { screen, camera, aspect, wipe } = scene;
  const { compare } = desk.display;
  if (compare === 'over' || compare === 'difference') return [];
  const middle = Math.max(0, Math.min(screen.width, Math.round(wipe)));
  const end = { a: screen.width, b: 0, wipe: middle }[compare];
  return (['a', 'b'] as const).flatMap((slot) => {
    const picture = scene[slot];
    const manner = picture && desk.mannerOf(picture);
    const [from, to] = slot === 'a' ? [0, end] : [end, screen.width];
    if (!picture || !manner || from >= to) return [];
    return [{ slot, picture, manner, from, to, ...place(camera, aspect, screen, picture.header) }];
  });
}

/** What a painter has to do for a scene, all of it as light, but for the slots that are left out. */
export function paintingOf(scene: Scene, desk: ViewerDesk, without: readonly ('a' | 'b')[] = []): Painting {
  const { screen, camera, aspect, wipe, displayWindow } = scene;
  const [a, b] = (['a', 'b'] as const).map((slot) => (without.includes(slot) ? undefined : scene[slot]));
  const grey = SURROUNDS[desk.choices$.value.surround];
  const cube = desk.cubes.find(desk.display.transform);
  return {
    width: screen.width,
    height: screen.height,
    settings: desk.display,
    ...(cube ? { cube } : {}),
    wipe: Math.round(wipe),
    black: onScreen(camera, aspect, screen, displayWindow),
    surround: [grey, grey, grey, 255],
    ...(a ? { a: placed(a, scene) } : {}),
    ...(b ? { b: placed(b, scene) } : {}),
  };
}
