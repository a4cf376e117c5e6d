// The parameters panel: the form of the selected node, of several nodes at once, or of the graph itself.
import { useEffect } from 'react';
import { registerActions } from '../../shell/actions.ts';
import { useStore, useValue } from '../../store/use.ts';
import { attributeActions } from '../attributes/tools.ts';
import { problemActions } from '../problems/reveal.ts';
import { help$ } from './doc.tsx';
import { GraphPanel } from './graph-panel.tsx';
import { ManyPanel } from './many-panel.tsx';
import { NodePanel } from './node-panel.tsx';
import './parameters.css';

export function Parameters() {
  const store = useStore();
  const document = useValue(store.document$);
  const selection = useValue(store.selection$);
  useEffect(
    () =>
      registerActions([
        {
          id: 'parameters.help',
          title: 'Explain the selected node',
          keys: ['F1'],
          enabled: () => store.selection$.value.size > 0,
          run: () => help$.next(!help$.value),
        },
        {
          id: 'parameters.edit',
          title: 'Go to the parameters',
          run: () => {
            const field = window.document.querySelector<HTMLElement>(
              '.parameters .param input, .parameters .param select, .parameters .param textarea, .parameters input',
            );
            field?.focus();
          },
        },
        // The panels below are not there while another one of them is shown.
        ...attributeActions(),
        ...problemActions(store),
      ]),
    [store],
  );
  const ids = [...selection].filter((id) => Object.hasOwn(document.nodes, id));
  const [first] = ids;
  return (
    <div className="parameters">
      {first === undefined ? (
        <GraphPanel />
      ) : ids.length === 1 ? (
        <NodePanel key={first} id={first} />
      ) : (
        <ManyPanel ids={ids} />
      )}
    </div>
  );
}
