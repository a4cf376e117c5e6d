// The context menus of the canvas: what can be done with what was pressed.
import type { MenuItem } from '../look/menu.tsx';
import { actions$, isEnabled } from '../shell/actions.ts';
import { BACKDROP_COLOURS } from './backdrop.ts';
import { setColour } from './commands.ts';
import type { Hit } from './hit.ts';
import type { Surface } from './surface.ts';

/** An action of the canvas as an entry, with its shortcut. */
function entry(id: string, title?: string): MenuItem {
  const action = actions$.value.find(({ id: one }) => one === `canvas.${id}` || one === `edit.${id}`);
  if (!action) return 'line';
  const [keys] = action.keys ?? [];
  return {
    title: title ?? action.title,
    run: () => action.run(),
    disabled: !isEnabled(action),
    ...(keys === undefined ? {} : { keys }),
  };
}

const EDITING = ['copy', 'cut', 'duplicate', 'delete'] as const;

export function menuFor(surface: Surface, hit: Hit): readonly MenuItem[] {
  switch (hit.kind) {
    case 'node':
      return nodeMenu(surface);
    case 'wire': {
      const { wire } = hit;
      return [
        {
          title: 'Insert node…',
          run: () => surface.open({ kind: 'search', at: surface.pointer(), purpose: { kind: 'inWire', wire } }),
        },
        entry('dot', 'Insert dot'),
        'line',
        entry('delete', 'Disconnect'),
      ];
    }
    case 'backdrops':
      return [
        entry('rename', 'Title…'),
        { title: 'Colour', entries: colours(surface) },
        'line',
        ...EDITING.map((id) => entry(id)),
      ];
    case 'notes':
      return [entry('rename', 'Edit text…'), 'line', ...EDITING.map((id) => entry(id))];
    case 'nothing':
      return [
        entry('add'),
        entry('note'),
        entry('backdrop'),
        entry('paste', 'Paste'),
        'line',
        entry('selectAll'),
        entry('find'),
        'line',
        entry('frameAll'),
        entry('arrange'),
      ];
  }
}

function nodeMenu(surface: Surface): readonly MenuItem[] {
  const several = surface.stage.selection.size > 1;
  const ids = surface.selected.nodes;
  return [
    entry('viewSelected', 'View'),
    {
      title: 'Bypass',
      keys: 'D',
      checked: ids.every((id) => surface.stage.scene.document.nodes[id]?.disabled),
      run: () => actions$.value.find(({ id }) => id === 'canvas.bypass')?.run(),
    },
    {
      title: 'Picture',
      keys: 'P',
      checked: ids.every((id) => surface.pictures.shown.has(id)),
      run: () => surface.togglePictures(ids),
    },
    ...(several ? [] : [entry('rename', 'Rename…')]),
    'line',
    ...EDITING.map((id) => entry(id)),
    entry('extract'),
    ...(several ? [entry('connect')] : []),
    entry('disconnect'),
    'line',
    entry('selectUpstream'),
    entry('selectDownstream'),
    entry('backdrop', 'Backdrop around'),
    ...(several ? [{ title: 'Align', entries: ALIGN.map((id) => entry(id)) }, entry('arrange')] : []),
  ];
}

const ALIGN = ['alignLeft', 'alignRight', 'alignTop', 'alignBottom', 'distributeColumns', 'distributeRows'] as const;

function colours(surface: Surface): MenuItem[] {
  const [only] = surface.selected.backdrops;
  const now = only === undefined ? undefined : surface.stage.scene.document.canvas?.backdrops[only]?.colour;
  return BACKDROP_COLOURS.map(({ title, colour }) => ({
    title,
    checked: colour === now,
    run: () => setColour(surface, colour),
  }));
}
