// The panel of one node: its names and switches, its documentation, its problems, its form.
import { Power } from 'lucide-react';
import { useMemo } from 'react';
import { type DocumentNode, type Edit, isName } from '../../../../engine/browser.ts';
import { IconButton } from '../../look/button.tsx';
import { useSelect, useStore, useValue } from '../../store/use.ts';
import { ProblemNote } from '../problems/note.tsx';
import { Doc, HelpButton, help$ } from './doc.tsx';
import { InlineText } from './inline-text.tsx';
import { JsonParams } from './json-params.tsx';
import { Meaning } from './meaning.tsx';
import { loose, NodeForm } from './node-form.tsx';
import { problemsOf } from './problem.ts';

export function NodePanel({ id }: { readonly id: string }) {
  const store = useStore();
  const node = useSelect(store.document$, (document) => document.nodes[id]);
  return node ? <Known id={id} node={node} /> : null;
}

function Known({ id, node }: { readonly id: string; readonly node: DocumentNode }) {
  const store = useStore();
  const entry = useSelect(store.catalogue$, (catalogue) => catalogue.find(({ type }) => type === node.type));
  const problems = useValue(store.problems$);
  const helping = useValue(help$);
  const ids = useMemo(() => [id], [id]);
  const entries = useMemo(() => (entry ? [entry] : []), [entry]);
  return (
    <>
      <Title id={id} node={node} version={entry?.version} name={entry?.title} />
      <div className="param-scroll">
        {helping && entry && <Doc entry={entry} />}
        {loose(problemsOf(problems, ids), entry).map((problem) => (
          <ProblemNote key={`${problem.code} ${problem.message}`} problem={problem} />
        ))}
        <Meaning id={id} />
        {entry ? <NodeForm ids={ids} entries={entries} /> : <JsonParams id={id} node={node} />}
      </div>
    </>
  );
}

interface TitleProps {
  readonly id: string;
  readonly node: DocumentNode;
  readonly version: number | undefined;
  /** What the catalogue calls it. */
  readonly name: string | undefined;
}

/** The node's title, id, type and version; what turns it off and what explains it. */
function Title({ id, node, version, name }: TitleProps) {
  const store = useStore();
  const taken = useSelect(store.document$, (document) => document.nodes);
  const edit = (what: Edit, intent: string): void => store.edit(what, intent);
  const rename = (to: string): void => {
    if (!isName(to)) {
      const text = `${to} cannot be the name of a node: a letter, then letters, digits, _ or -.`;
      store.notify({ level: 'warning', key: 'rename', text });
    } else if (Object.hasOwn(taken, to)) {
      store.notify({ level: 'warning', key: 'rename', text: `There is a node ${to} already.` });
    } else edit({ op: 'renameNode', id, to }, `Rename ${id} to ${to}`);
  };
  return (
    <header className="param-head">
      <div className="param-names">
        <InlineText
          label="Title of the node"
          value={node.title ?? ''}
          placeholder={name ?? node.type}
          onChange={(title) => edit({ op: 'setTitle', node: id, ...(title === '' ? {} : { title }) }, `Title of ${id}`)}
        />
        <div className="param-type mono quiet">
          <InlineText label="Name of the node" value={id} onChange={rename} />
          <span title="Type and version">
            {node.type} v{node.version}
            {version !== undefined && version !== node.version && ` → v${version}`}
          </span>
        </div>
      </div>
      {node.disabled && <span className="param-off">bypassed</span>}
      <IconButton
        icon={Power}
        title={node.disabled ? 'Enable: it is bypassed' : 'Bypass'}
        keys="D"
        pressed={node.disabled === true}
        onClick={() =>
          edit(
            { op: 'setDisabled', node: id, disabled: node.disabled !== true },
            `${node.disabled ? 'Enable' : 'Bypass'} ${id}`,
          )
        }
      />
      <HelpButton />
    </header>
  );
}
