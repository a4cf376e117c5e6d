// The timeline's actions with their shortcuts.
import type { Action } from '../shell/actions.ts';
import type { ViewerDesk } from './desk.ts';
import type { Repeat } from './play.ts';

/** Shortcuts that stand in tooltips too. */
export const TIMELINE_KEYS = { forward: 'L', stop: 'K', backward: 'J', in: 'I', out: 'O', repeat: 'Shift+L' } as const;

/** What comes after each way to repeat. */
export const NEXT_REPEAT: Readonly<Record<Repeat, Repeat>> = { loop: 'bounce', bounce: 'once', once: 'loop' };

/** Playing and stepping, with the pointer or the focus in the viewer or the timeline. */
export function timelineCommands({ store, transport }: ViewerDesk): readonly Action[] {
  const isViewing = (): boolean => store.viewed$.value.a !== undefined || store.viewed$.value.b !== undefined;
  const action = (id: string, title: string, key: string, run: () => void, enabled = (): boolean => true): Action => ({
    id: `timeline.${id}`,
    title,
    keys: [key],
    where: 'viewer',
    enabled,
    run,
  });
  return [
    action('forward', 'Play forwards', TIMELINE_KEYS.forward, () => transport.play(1), isViewing),
    action('stop', 'Stop', TIMELINE_KEYS.stop, () => transport.play(0), isViewing),
    action('backward', 'Play backwards', TIMELINE_KEYS.backward, () => transport.play(-1), isViewing),
    action('next', 'Next frame', 'ArrowRight', () => transport.step(1)),
    action('previous', 'Previous frame', 'ArrowLeft', () => transport.step(-1)),
    action('next10', 'Ten frames on', 'ArrowUp', () => transport.step(10)),
    action('previous10', 'Ten frames back', 'ArrowDown', () => transport.step(-10)),
    action('first', 'First frame', 'Home', () => transport.go(transport.stretch.first)),
    action('last', 'Last frame', 'End', () => transport.go(transport.stretch.last)),
    action('in', 'Mark in here', TIMELINE_KEYS.in, () => transport.mark('in')),
    action('out', 'Mark out here', TIMELINE_KEYS.out, () => transport.mark('out')),
    action('repeat', 'Loop, bounce or once', TIMELINE_KEYS.repeat, () =>
      transport.set({ repeat: NEXT_REPEAT[transport.playing$.value.repeat] }),
    ),
  ];
}
