// The viewer's actions with their shortcuts; those of the timeline stand beside it.
import type { Action } from '../shell/actions.ts';
import type { Surround } from './choices.ts';
import type { ViewerDesk } from './desk.ts';
import { type Compare, DEFAULT_DISPLAY, EXPOSURE_RANGE, type Solo } from './display.ts';
import { zoomAt } from './geometry.ts';

/** Shortcuts that stand in tooltips too. */
export const VIEWER_KEYS = {
  solo: { r: 'R', g: 'G', b: 'B', a: 'A', l: 'Y' },
  falseColour: 'X',
  zebra: 'Z',
  highlight: 'N',
  scopes: 'S',
} as const;

const SOLO_TITLES = { r: 'Red alone', g: 'Green alone', b: 'Blue alone', a: 'Alpha alone', l: 'Luminance alone' };
const SURROUND_ORDER: readonly Surround[] = ['grey', 'black', 'middle'];

const after = <T>(order: readonly T[], value: T): T => order[(order.indexOf(value) + 1) % order.length]!;

/** Draws the leading node's channel in the mode after the present one. */
function drawOtherwise(desk: ViewerDesk): void {
  const { leading } = desk;
  const channel = leading === undefined ? undefined : desk.layerOf(leading)?.channels[0];
  if (leading === undefined || typeof channel !== 'string') return;
  const next = after(desk.modesOf(leading), desk.modeOf(leading));
  desk.choose({ modes: { ...desk.choices$.value.modes, [channel]: next } });
}

/** What can be done to the picture, with the pointer or the focus in the viewer. */
export function viewerCommands(desk: ViewerDesk): readonly Action[] {
  const { store } = desk;
  const isViewing = (): boolean => store.viewed$.value.a !== undefined || store.viewed$.value.b !== undefined;
  /** Exposure and the like do nothing to data. */
  const isLit = (): boolean => {
    const { a, b } = store.viewed$.value;
    return [a, b].some((node) => node !== undefined && desk.modeOf(node) === 'light');
  };
  const isComparing = (): boolean => store.viewed$.value.b !== undefined;
  const action = (
    id: string,
    title: string,
    keys: string | readonly string[],
    run: () => void,
    enabled: () => boolean = isViewing,
  ): Action => ({
    id: `viewer.${id}`,
    title,
    where: 'viewer',
    enabled,
    run,
    ...(keys === '' ? {} : { keys: typeof keys === 'string' ? [keys] : keys }),
  });
  const expose = (by: number): void => {
    const next = Math.round((desk.display.exposure + by) * 100) / 100;
    desk.show({ exposure: Math.max(-EXPOSURE_RANGE, Math.min(EXPOSURE_RANGE, next)) });
  };
  const zoom = (to: (now: number) => number): void => {
    const { camera, aspect } = desk;
    const screen = desk.screen$.value;
    if (!camera || !screen) return;
    const middle = { x: screen.width / 2, y: screen.height / 2 };
    desk.camera$.next(zoomAt(camera, aspect, screen, middle, to(camera.zoom)));
  };
  const compare = (id: Compare, title: string, keys: string): Action =>
    action(id, title, keys, () => desk.show({ compare: desk.display.compare === id ? 'a' : id }), isComparing);
  const isWiping = (): boolean => desk.display.compare === 'wipe';
  const moveWipe = (by: number): void => desk.choose({ wipe: Math.max(0, Math.min(1, desk.choices$.value.wipe + by)) });
  const always = (): boolean => true;
  return [
    action('fit', 'Fit the picture', ['H', 'F'], () => desk.camera$.next(null)),
    action('pixels', 'One image pixel to a screen pixel', ['Shift+H', 'Mod+1'], () => zoom(() => 1)),
    action('zoomIn', 'Zoom in', ['+', '='], () => zoom((now) => now * 2)),
    action('zoomOut', 'Zoom out', '-', () => zoom((now) => now / 2)),
    ...(['r', 'g', 'b', 'a', 'l'] as const).map((solo: Exclude<Solo, 'rgb'>) =>
      action(
        `solo.${solo}`,
        SOLO_TITLES[solo],
        VIEWER_KEYS.solo[solo],
        () => desk.show({ solo: desk.display.solo === solo ? 'rgb' : solo }),
        isLit,
      ),
    ),
    action('brighter', 'Exposure up by half a stop', ['.', 'E'], () => expose(0.5), isLit),
    action('darker', 'Exposure down by half a stop', [',', 'Shift+E'], () => expose(-0.5), isLit),
    action('reset', 'Exposure, gamma and channels as at first', 'Shift+0', () =>
      desk.show({ exposure: 0, gamma: 1, solo: 'rgb', transform: DEFAULT_DISPLAY.transform }),
    ),
    action(
      'falseColour',
      'False colour',
      VIEWER_KEYS.falseColour,
      () => desk.show({ falseColour: !desk.display.falseColour }),
      isLit,
    ),
    action('zebra', 'Zebra', VIEWER_KEYS.zebra, () => desk.show({ zebra: !desk.display.zebra }), isLit),
    action('highlight', 'Mark NaN and infinity', VIEWER_KEYS.highlight, () =>
      desk.show({ highlight: !desk.display.highlight }),
    ),
    action(
      'mode',
      'Draw the channel another way: light, relief, heat map, islands',
      'Shift+X',
      () => drawOtherwise(desk),
      () => desk.leading !== undefined && desk.modesOf(desk.leading).length > 1,
    ),
    action(
      'tile',
      'Next tile of the mesh',
      'Shift+T',
      () => {
        const { tile = 0, tiles = [] } = desk.charts ?? {};
        desk.choose({ tile: after(tiles, tile) });
      },
      () => (desk.charts?.tiles.length ?? 0) > 1,
    ),
    action('windows', 'Display and data windows', 'Q', () => desk.choose({ windows: !desk.choices$.value.windows })),
    action(
      'surround',
      'Next surround: grey, black, middle grey',
      'U',
      () => desk.choose({ surround: after(SURROUND_ORDER, desk.choices$.value.surround) }),
      always,
    ),
    action('values', 'Values of all channels under the pointer', 'V', () =>
      desk.choose({ values: !desk.choices$.value.values }),
    ),
    action('scopes', 'Scopes', VIEWER_KEYS.scopes, () => desk.choose({ scopes: !desk.choices$.value.scopes }), always),
    compare('wipe', 'Wipe between A and B', 'W'),
    compare('difference', 'Difference of A and B', 'D'),
    compare('over', 'A over B', 'M'),
    compare('b', 'B instead of A', 'T'),
    action('wipeLeft', 'Move the wipe to the left', 'Shift+ArrowLeft', () => moveWipe(-0.02), isWiping),
    action('wipeRight', 'Move the wipe to the right', 'Shift+ArrowRight', () => moveWipe(0.02), isWiping),
    action(
      'swap',
      'Swap A and B',
      'Shift+W',
      () => {
        const { a, b } = store.viewed$.value;
        store.view('a', b);
        store.view('b', a);
      },
      isComparing,
    ),
    action('reload', 'Read the files again', 'Shift+R', () => desk.reload()),
  ];
}
