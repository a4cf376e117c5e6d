// The parameters of a node whose type is not installed: kept as they are, shown and edited as JSON.
import { useMemo } from 'react';
import type { DocumentNode, Params } from '../../../../engine/browser.ts';
import { useStore } from '../../store/use.ts';
import { JsonControl } from './json.tsx';

/** Any object. */
const ANY = { type: 'object' };

export function JsonParams({ id, node }: { readonly id: string; readonly node: DocumentNode }) {
  const store = useStore();
  const at = useMemo(() => ({ schema: ANY, root: ANY }), []);
  return (
    <div className="param-form">
      <p className="quiet param-none">
        No installed node has the type {node.type}. What it holds is kept; load its pack with --nodes.
      </p>
      <JsonControl
        at={at}
        value={node.params as Params}
        label={`Parameters of ${id}`}
        path={[]}
        onChange={(params) =>
          store.edit({ op: 'setParams', node: id, params: (params ?? {}) as Params }, `Set parameters of ${id}`)
        }
      />
    </div>
  );
}
