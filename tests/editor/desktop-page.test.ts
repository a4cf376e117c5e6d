// Desktop and page agree: the menus name actions that the page has.
import { expect, test } from 'vitest';
import { MENU_ACTIONS, menuTemplate } from '../../editor/desktop/menu.ts';
import { registerTemplateActions } from '../../editor/ui/panels/library/templates.ts';
import { registerRunActions } from '../../editor/ui/panels/run/act.ts';
import { actions$ } from '../../editor/ui/shell/actions.ts';
import { normalChord } from '../../editor/ui/shell/chord.ts';
import { registerCommands } from '../../editor/ui/shell/commands.ts';
import { createStore } from '../../editor/ui/store/store.ts';
import { FakeHost } from './fake-host.ts';

test("each action of the menus is one of the page, with the page's words and keys", () => {
  const store = createStore(new FakeHost().line());
  const ends = [registerCommands(store), registerTemplateActions(store), registerRunActions(store)];
  const known = new Map(actions$.value.map((action) => [action.id, action]));
  const shown = menuTemplate({
    platform: 'linux',
    recent: [],
    onAction: () => {},
    onOpen: () => {},
    onClear: () => {},
  }).flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
  expect(MENU_ACTIONS.length).toBeGreaterThanOrEqual(20);
  for (const id of MENU_ACTIONS) {
    const action = known.get(id);
    const item = shown.find((one) => one.id === id)!;
    expect([id, item.label]).toEqual([id, action?.title]);
    if (typeof item.accelerator !== 'string') continue;
    expect(item.registerAccelerator).toBe(false);
    const keys = item.accelerator.replace('CmdOrCtrl', 'Mod').replace('Return', 'Enter');
    const linux = { mac: false };
    expect(action!.keys!.map((one) => normalChord(one, linux))).toContain(normalChord(keys, linux));
  }
  for (const end of ends) end();
  store.close();
});

test('a chosen item runs its action; a Mac has the menus of a Mac', () => {
  const ran: string[] = [];
  const parts = { recent: [], onAction: (id: string) => ran.push(id), onOpen: () => {}, onClear: () => {} };
  const [file] = menuTemplate({ ...parts, platform: 'win32' });
  const [first] = file!.submenu as Electron.MenuItemConstructorOptions[];
  first!.click!({} as never, undefined, {} as never);
  expect(ran).toEqual(['file.new']);
  const mac = menuTemplate({ ...parts, platform: 'darwin' }).map(({ role }) => role);
  expect([mac.at(0), mac.at(-1)]).toEqual(['appMenu', 'windowMenu']);
});
