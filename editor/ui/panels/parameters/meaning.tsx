// The lines above a node's form that say what its colours are and what they are good for.
import { useSelect, useStore } from '../../store/use.ts';
import { statementsOf } from './meaning.ts';

export function Meaning({ id }: { readonly id: string }) {
  const view = useSelect(useStore().nodes$, (nodes) => nodes[id]);
  const statements = view ? statementsOf(view) : [];
  if (statements.length === 0) return null;
  return (
    <dl className="param-meaning quiet selectable">
      {statements.map(({ title, text }) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd title={text}>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
