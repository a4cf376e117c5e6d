// The canvas's actions by name, with their keys: what the palette, the menus and the sheet of shortcuts show.
import type { Action } from '../shell/actions.ts';
import { type Direction, NOTHING } from './arrange.ts';
import { zoomedAt } from './camera.ts';
import * as act from './commands.ts';
import type { Surface } from './surface.ts';

const WAYS: readonly (readonly [Direction, string])[] = [
  ['left', 'ArrowLeft'],
  ['right', 'ArrowRight'],
  ['up', 'ArrowUp'],
  ['down', 'ArrowDown'],
];

/** `cancel` gives up the gesture under way and says whether there was one. */
export function canvasActions(surface: Surface, cancel: () => boolean): Action[] {
  const { store, stage } = surface;
  const make = (
    id: string,
    title: string,
    keys: readonly string[],
    run: () => void,
    enabled?: () => boolean,
  ): Action => ({
    id: id.includes('.') ? id : `canvas.${id}`,
    title,
    ...(keys.length > 0 ? { keys } : {}),
    where: 'canvas',
    run,
    ...(enabled ? { enabled } : {}),
  });
  const nodes = (): boolean => act.hasNodes(surface);
  const some = (): boolean => act.hasThings(surface);
  const near = (): boolean => stage.selection.size === 1 || stage.wire !== undefined;
  const several = (): boolean => stage.selection.size > 1;
  const middle = () => ({ x: stage.size.width / 2, y: stage.size.height / 2 });
  const zoom = (factor: number) => () =>
    surface.setCamera(zoomedAt(stage.camera, surface.pointerAt ?? middle(), factor));
  return [
    make('add', 'Add node…', ['Tab'], () =>
      surface.open({ kind: 'search', at: surface.pointer(), purpose: { kind: 'create' } }),
    ),
    make('edit.find', 'Find node…', ['Mod+F'], () => surface.open({ kind: 'find' })),
    make('dot', 'Add dot', ['.'], () => act.addDot(surface)),
    make('backdrop', 'Add backdrop', ['B'], () => act.addBackdrop(surface)),
    make('note', 'Add note', ['N'], () => act.addNote(surface)),
    make('rename', 'Rename', ['F2', 'Enter'], () => act.rename(surface), some),
    make('bypass', 'Bypass', ['D'], () => act.bypassSelected(surface), nodes),
    make('picture', 'Show picture on node', ['P'], () => surface.togglePictures(surface.selected.nodes), nodes),
    make(
      'edit.delete',
      'Delete',
      ['Delete', 'Backspace'],
      () => act.deleteSelected(surface),
      () => some() || stage.wire !== undefined,
    ),
    make('nextWire', 'Select the next wire of the node', ['W'], () => act.stepWire(surface, 1), near),
    make('previousWire', 'Select the previous wire of the node', ['Shift+W'], () => act.stepWire(surface, -1), near),
    make(
      'connect',
      'Connect selected nodes',
      ['Y'],
      () => act.connectSelected(surface),
      () => stage.selection.size > 1,
    ),
    make('disconnect', 'Disconnect inputs', ['Shift+Y'], () => act.disconnectSelected(surface), nodes),
    make('extract', 'Extract from stream', ['Mod+Shift+X'], () => act.extractSelected(surface), nodes),
    make('edit.copy', 'Copy', ['Mod+C'], () => void act.copySelected(surface), some),
    make('edit.cut', 'Cut', ['Mod+X'], () => void act.cutSelected(surface), some),
    // The browser brings the text of Ctrl+V without asking for leave; the menu has to ask.
    { ...make('edit.paste', 'Paste', ['Mod+V'], () => void act.pasteClipboard(surface)), byBrowser: true },
    make('edit.duplicate', 'Duplicate', ['Mod+D'], () => act.duplicateSelected(surface), some),
    make('edit.selectAll', 'Select all', ['Mod+A'], () => act.selectAll(surface)),
    make(
      'selectUpstream',
      'Select upstream',
      ['Mod+Shift+ArrowLeft'],
      () => act.selectReach(surface, 'upstream'),
      nodes,
    ),
    make(
      'selectDownstream',
      'Select downstream',
      ['Mod+Shift+ArrowRight'],
      () => act.selectReach(surface, 'downstream'),
      nodes,
    ),
    unlisted(
      make('escape', 'Give up, or select nothing', ['Escape'], () => {
        if (!cancel()) surface.select(NOTHING);
      }),
    ),
    make('frameAll', 'Frame all', ['A'], () => surface.frame()),
    make('frameSelected', 'Frame selected', ['F'], () => surface.frame(nodes() ? stage.selection : undefined)),
    make(
      'revealSelected',
      'Bring the selection into view',
      ['Shift+F'],
      () => surface.reveal(...stage.selection),
      nodes,
    ),
    make('zoomIn', 'Zoom in', ['+', '='], zoom(1.25)),
    make('zoomOut', 'Zoom out', ['-'], zoom(0.8)),
    make('arrange', 'Arrange nodes', ['L'], () => void act.layOutNodes(surface)),
    make('alignLeft', 'Align left', ['Shift+L'], () => act.alignSelected(surface, 'left'), several),
    make('alignTop', 'Align top', ['Shift+T'], () => act.alignSelected(surface, 'top'), several),
    make('alignRight', 'Align right', [], () => act.alignSelected(surface, 'right'), several),
    make('alignBottom', 'Align bottom', [], () => act.alignSelected(surface, 'bottom'), several),
    make('distributeColumns', 'Distribute across', ['Shift+H'], () => act.alignSelected(surface, 'columns'), several),
    make('distributeRows', 'Distribute down', ['Shift+V'], () => act.alignSelected(surface, 'rows'), several),
    ...WAYS.flatMap(([way, key]) =>
      [
        make(`go-${way}`, `Select the node ${word(way)}`, [key], () => act.step(surface, way, { adds: false })),
        make(`add-${way}`, `Also select the node ${word(way)}`, [`Shift+${key}`], () =>
          act.step(surface, way, { adds: true }),
        ),
        make(`nudge-${way}`, `Move ${way}`, [`Alt+${key}`], () => act.nudge(surface, way), some),
      ].map(unlisted),
    ),
    ...[...'1234567890'].flatMap((digit) =>
      [
        make(`view-${digit}`, `View ${digit}`, [digit], () => act.viewDigit(surface, digit, 'a')),
        make(`view-${digit}-b`, `View ${digit} in B`, [`Shift+${digit}`], () => act.viewDigit(surface, digit, 'b')),
      ].map((action) => unlisted({ ...action, where: 'anywhere' })),
    ),
    make('viewSelected', 'View selected node', ['V'], () => store.view('a', [...stage.selection][0]), nodes),
  ];
}

/** For keys and the palette only: menus would drown in them. */
const unlisted = (action: Action): Action => ({ ...action, inMenus: false });

const word = (way: Direction): string =>
  ({ left: 'to the left', right: 'to the right', up: 'above', down: 'below' })[way];
