// Conflicts side by side: what each source says, and whose word holds, for one attribute or for all of them.
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { type Edit, type Json, parseLinkEnd } from '../../../../engine/browser.ts';
import type { AttributeRow } from '../../../protocol.ts';
import { Badge } from '../../look/badge.tsx';
import { Button } from '../../look/button.tsx';
import { arrange, shown } from '../../shell/layout.ts';
import { useStore, useValue } from '../../store/use.ts';
import { type Choice, type Conflict, conflictsOf, customEdit } from './conflict.ts';
import './conflicts.css';
import { ValueEditor } from './value.tsx';

const batch = (edits: readonly Edit[]): Edit => (edits.length === 1 ? edits[0]! : { op: 'batch', edits });

/** The open conflicts of a node. */
function useConflicts(node: string): readonly Conflict[] {
  const store = useStore();
  const problems = useValue(store.problems$);
  const document = useValue(store.document$);
  const catalogue = useValue(store.catalogue$);
  return useMemo(() => conflictsOf(problems, document, catalogue, node), [problems, document, catalogue, node]);
}

/** How many there are, and the choices that settle all of them; nothing where there are none. */
function Summary({ conflicts, children }: { readonly conflicts: readonly Conflict[]; readonly children?: ReactNode }) {
  const store = useStore();
  const [first] = conflicts;
  const words = conflicts.length === 1 ? 'an attribute' : `${conflicts.length} attributes`;
  return (
    <>
      <header className="conflicts-head">
        <Badge kind="error" text={`Sources disagree on ${words}`} />
      </header>
      <div className="conflicts-all">
        {first && first.forAll.length > 0 && <span className="quiet">For all:</span>}
        {first?.forAll.map((choice) => (
          <Button key={choice.title} hint={choice.title} onClick={() => store.edit(batch(choice.edits), choice.title)}>
            {choice.source ?? 'leave out'}
          </Button>
        ))}
        {children}
      </div>
    </>
  );
}

/** The open conflicts of a node in a few words; the attributes panel settles them one by one. */
export function ConflictSummary({ node }: { readonly node: string }) {
  const conflicts = useConflicts(node);
  if (conflicts.length === 0) return null;
  const show = (): void => arrange((layout) => ({ ...shown(layout, 'right'), rightTab: 'attributes' }));
  return (
    <section className="conflicts" aria-label="Attributes on which sources disagree">
      <Summary conflicts={conflicts}>
        <Button tone="plain" hint="Shows both sides in the attributes panel" onClick={show}>
          One by one…
        </Button>
      </Summary>
    </section>
  );
}

/** All open conflicts of a node, both sides of each; nothing where there are none. */
export function ConflictList({ node }: { readonly node: string }) {
  const store = useStore();
  const conflicts = useConflicts(node);
  const values = useSourceValues(node, conflicts.length > 0);
  if (conflicts.length === 0) return null;
  const choose = (choice: Choice): void => store.edit(batch(choice.edits), choice.title);
  return (
    <section className="conflicts" aria-label="Attributes on which sources disagree">
      <Summary conflicts={conflicts} />
      {conflicts.map((conflict) => (
        <One key={conflict.attribute} conflict={conflict} values={values} onChoose={choose} />
      ))}
    </section>
  );
}

interface OneProps {
  readonly conflict: Conflict;
  readonly values: ReadonlyMap<string, readonly AttributeRow[]>;
  readonly onChoose: (choice: Choice) => void;
}

function One({ conflict, values, onChoose }: OneProps) {
  const store = useStore();
  const [own, setOwn] = useState(false);
  const { attribute, choices } = conflict;
  const sources = choices.filter(({ source }) => source !== undefined);
  const others = choices.filter(({ source }) => source === undefined);
  const found = sources.map(({ source }) => rowOf(values, source!, attribute));
  const model = found.find((row) => row !== undefined);
  const setValue = (value: Json, group?: string): void => {
    const edit = customEdit(store.document$.value, conflict, value, model?.type ?? 'string');
    if (edit) store.edit(edit, `Set ${attribute} to a value of its own`, group);
  };
  return (
    <div className="conflict">
      <div className="conflict-name">
        {attribute} <span className="mono quiet">{model?.type}</span>
      </div>
      <div className="conflict-sides">
        {sources.map((choice, index) => (
          <div key={choice.source} className="conflict-side">
            <span className="quiet">{choice.source}</span>
            <span className="mono conflict-value" title={found[index]?.text}>
              {found[index]?.text ?? '…'}
            </span>
            <Button hint={choice.title} onClick={() => onChoose(choice)}>
              Take {LETTERS[index] ?? 'this'}
            </Button>
          </div>
        ))}
      </div>
      <div className="conflict-others">
        {conflict.custom && (
          <Button pressed={own} onClick={() => setOwn(!own)}>
            Custom
          </Button>
        )}
        {others.map((choice) => (
          <Button key={choice.title} hint={choice.title} onClick={() => onChoose(choice)}>
            Leave out
          </Button>
        ))}
      </div>
      {own && model && (
        <div className="conflict-custom">
          <ValueEditor
            name={attribute}
            type={model.type}
            value={model.value as Json | undefined}
            label={`Value of ${attribute}`}
            onChange={setValue}
          />
        </div>
      )}
    </div>
  );
}

const LETTERS = ['A', 'B', 'C', 'D', 'E', 'F'];

/** What a source, named by its input or by input and part, says of an attribute. */
function rowOf(values: OneProps['values'], source: string, attribute: string): AttributeRow | undefined {
  const input = values.has(source) ? source : source.slice(0, Math.max(0, source.indexOf(':')));
  return values.get(input)?.find(({ name }) => name === attribute);
}

/** The attributes of what is linked to the node, by the names of its inputs; asked for only while they are needed. */
function useSourceValues(node: string, wanted: boolean): ReadonlyMap<string, readonly AttributeRow[]> {
  const store = useStore();
  const frame = useValue(store.frame$);
  const { links } = useValue(store.document$);
  const [values, setValues] = useState<ReadonlyMap<string, readonly AttributeRow[]>>(new Map());
  const sources = useMemo(
    () =>
      links.flatMap(({ from, to }) => {
        const end = parseLinkEnd(to);
        return end.node === node ? [[end.name ?? end.port, parseLinkEnd(from).node] as const] : [];
      }),
    [links, node],
  );
  useEffect(() => {
    if (!wanted) return;
    let current = true;
    for (const [name, source] of sources) {
      store.request<readonly AttributeRow[]>({ kind: 'attributes', node: source, frame }).then(
        (rows) => current && setValues((before) => new Map(before).set(name, rows)),
        () => undefined, // the problem's own words name the values as well
      );
    }
    return () => {
      current = false;
    };
  }, [store, sources, frame, wanted]);
  return values;
}
