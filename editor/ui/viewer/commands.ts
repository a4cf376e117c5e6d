// The viewer's actions with their shortcuts.
import type { Action } from '../shell/actions.ts';
import type { Surround, ViewerDesk } from './desk.ts';
import { type Compare, DEFAULT_DISPLAY, EXPOSURE_RANGE, type Solo } from './display.ts';
import { zoomAt } from './geometry.ts';
import type { Repeat } from './play.ts';

/** Shortcuts that stand in tooltips too. */
export const VIEWER_KEYS = {
  solo: { r: 'R', g: 'G', b: 'B', a: 'A', l: 'Y' },
  falseColour: 'X',
  zebra: 'Z',
  highlight: 'N',
  scopes: 'S',
  forward: 'L',
  stop: 'K',
  backward: 'J',
  in: 'I',
  out: 'O',
} as const;

const SOLO_TITLES = { r: 'Red alone', g: 'Green alone', b: 'Blue alone', a: 'Alpha alone', l: 'Luminance alone' };
const SURROUND_ORDER: readonly Surround[] = ['grey', 'black', 'middle'];
const REPEAT_ORDER: readonly Repeat[] = ['loop', 'bounce', 'once'];

const after = <T>(order: readonly T[], value: T): T => order[(order.indexOf(value) + 1) % order.length]!;

/** Everything that the viewer and the timeline can do; all of it works with the pointer or the focus in them. */
export function viewerCommands(desk: ViewerDesk): readonly Action[] {
  const { store, transport } = desk;
  const isViewing = (): boolean => store.viewed$.value.a !== undefined || store.viewed$.value.b !== undefined;
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
  const always = (): boolean => true;
  return [
    action('fit', 'Fit the picture', ['H', 'F'], () => desk.camera$.next(null)),
    action('pixels', 'One image pixel to a screen pixel', ['Shift+H', 'Mod+1'], () => zoom(() => 1)),
    action('zoomIn', 'Zoom in', ['+', '='], () => zoom((now) => now * 2)),
    action('zoomOut', 'Zoom out', '-', () => zoom((now) => now / 2)),
    ...(['r', 'g', 'b', 'a', 'l'] as const).map((solo: Exclude<Solo, 'rgb'>) =>
      action(`solo.${solo}`, SOLO_TITLES[solo], VIEWER_KEYS.solo[solo], () =>
        desk.show({ solo: desk.display.solo === solo ? 'rgb' : solo }),
      ),
    ),
    action('brighter', 'Exposure up by half a stop', ['.', 'E'], () => expose(0.5)),
    action('darker', 'Exposure down by half a stop', [',', 'Shift+E'], () => expose(-0.5)),
    action('reset', 'Exposure, gamma and channels as at first', 'Shift+0', () =>
      desk.show({ exposure: 0, gamma: 1, solo: 'rgb', transform: DEFAULT_DISPLAY.transform }),
    ),
    action('falseColour', 'False colour', VIEWER_KEYS.falseColour, () =>
      desk.show({ falseColour: !desk.display.falseColour }),
    ),
    action('zebra', 'Zebra', VIEWER_KEYS.zebra, () => desk.show({ zebra: !desk.display.zebra })),
    action('highlight', 'Mark NaN and infinity', VIEWER_KEYS.highlight, () =>
      desk.show({ highlight: !desk.display.highlight }),
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
    action('forward', 'Play forwards', VIEWER_KEYS.forward, () => transport.play(1)),
    action('stop', 'Stop', VIEWER_KEYS.stop, () => transport.play(0)),
    action('backward', 'Play backwards', VIEWER_KEYS.backward, () => transport.play(-1)),
    action('next', 'Next frame', 'ArrowRight', () => transport.step(1), always),
    action('previous', 'Previous frame', 'ArrowLeft', () => transport.step(-1), always),
    action('next10', 'Ten frames on', 'ArrowUp', () => transport.step(10), always),
    action('previous10', 'Ten frames back', 'ArrowDown', () => transport.step(-10), always),
    action('first', 'First frame', 'Home', () => transport.go(transport.stretch.first), always),
    action('last', 'Last frame', 'End', () => transport.go(transport.stretch.last), always),
    action('in', 'Mark in here', VIEWER_KEYS.in, () => transport.mark('in'), always),
    action('out', 'Mark out here', VIEWER_KEYS.out, () => transport.mark('out'), always),
    action(
      'repeat',
      'Loop, bounce or once',
      'Shift+L',
      () => transport.set({ repeat: after(REPEAT_ORDER, transport.playing$.value.repeat) }),
      always,
    ),
  ];
}
