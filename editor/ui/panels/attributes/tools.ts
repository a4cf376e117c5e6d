// What is open above the table of attributes: adding one, or importing some; by buttons and by the palette.
import { BehaviorSubject } from 'rxjs';
import type { Action } from '../../shell/actions.ts';
import { arrange, shown } from '../../shell/layout.ts';

export type AttributeTool = 'add' | 'import';

export const tool$ = new BehaviorSubject<AttributeTool | null>(null);

export const turn = (tool: AttributeTool): void => tool$.next(tool$.value === tool ? null : tool);

function show(tool: AttributeTool): void {
  arrange((layout) => ({ ...shown(layout, 'right'), rightTab: 'attributes' }));
  tool$.next(tool);
}

export const attributeActions = (): Action[] => [
  { id: 'attributes.add', title: 'Add an attribute…', inMenus: false, run: () => show('add') },
  { id: 'attributes.import', title: 'Import attributes…', inMenus: false, run: () => show('import') },
];
