// The table of attributes: a line each, the chosen one unfolds to the editor of its type.
import { FilePlus2, Lock } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import type { Json } from '../../../../engine/browser.ts';
import { Button } from '../../look/button.tsx';
import { Check } from '../../look/check.tsx';
import { type MenuItem, useMenu } from '../../look/menu.tsx';
import { useSelect, useStore, useValue } from '../../store/use.ts';
import { revealNode } from '../problems/reveal.ts';
import { byPart, isOpaque, ownerNode, readOnlyReason, type ShownRow } from './rows.ts';
import { type AttributeEditor, fulfil, type Wish, withoutRemoval } from './target.ts';
import { ValueEditor } from './value.tsx';

interface TableProps {
  readonly id: string;
  readonly rows: readonly ShownRow[];
  readonly editor: AttributeEditor | undefined;
  /** The line that is unfolded: its part and name. */
  readonly open: string | null;
  readonly onOpen: (row: string | null) => void;
}

export function AttributeTable({ id, rows, editor, open, onOpen }: TableProps) {
  const store = useStore();
  const catalogue = useValue(store.catalogue$);
  const image = useSelect(store.nodes$, (nodes) => nodes[id]?.image);
  const { open: openMenu, menu } = useMenu('Attribute');
  const parts = [...byPart(rows)];
  const several = (image?.parts.length ?? parts.length) > 1;

  const change = (wish: Wish, verb: string, group?: string): void => {
    const made = editor && fulfil(store.document$.value, catalogue, editor, [wish]);
    if (!made) return;
    store.edit(made.edit, `${verb} the attribute ${wish.name}`, group);
    if (made.node !== id) store.select([made.node]);
  };
  const partOf = (row: ShownRow): { readonly part?: string | number } =>
    several ? { part: image?.parts[row.part]?.name ?? row.part } : {};
  const setEnabled = (row: ShownRow, enabled: boolean): void => {
    if (!enabled) {
      change({ name: row.name, remove: true, ...partOf(row) }, 'Remove');
      return;
    }
    if (!editor?.own) return;
    const { param, value } = editor.own;
    const next = withoutRemoval(Array.isArray(value) ? (value as readonly Json[]) : [], row.name, [
      undefined,
      row.part,
      image?.parts[row.part]?.name,
    ]);
    store.edit({ op: 'setParam', node: id, name: param, value: next }, `Bring back the attribute ${row.name}`);
  };
  const copy = (text: string): void => void navigator.clipboard.writeText(text);
  const items = (row: ShownRow): MenuItem[] => [
    { title: 'Copy name', run: () => copy(row.name) },
    { title: 'Copy value', run: () => copy(row.value === undefined ? row.text : valueText(row.value)) },
    'line',
    { title: 'Remove', disabled: !canRemove(row) || !row.enabled, run: () => setEnabled(row, false) },
  ];
  const canRemove = (row: ShownRow): boolean =>
    editor !== undefined && (isOpaque(row) || readOnlyReason(row) === undefined);
  const keyDown = (event: KeyboardEvent<HTMLElement>, row: ShownRow): void => {
    if ((event.ctrlKey || event.metaKey) && event.key === 'c' && window.getSelection()?.toString() === '') {
      event.preventDefault();
      copy(row.value === undefined ? row.text : valueText(row.value));
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const all = [...document.querySelectorAll<HTMLElement>('.attributes-line')];
      event.preventDefault();
      all[all.indexOf(event.currentTarget) + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
    }
  };

  return (
    <section className="attributes-table" aria-label={`Attributes of ${id}`}>
      <div className="attributes-cells attributes-heads quiet" aria-hidden>
        <span title="On, or removed">On</span>
        <span>Name</span>
        <span>Type</span>
        <span>Value</span>
        <span>Source</span>
      </div>
      {parts.map(([part, own]) => (
        <div key={part}>
          {several && <h3 className="attributes-part">{image?.parts[part]?.name ?? `Part ${part}`}</h3>}
          {own.map((row) => {
            const key = `${part} ${row.name}`;
            const reason = readOnlyReason(row);
            return (
              <div key={key}>
                <div className={`attributes-cells ${row.enabled ? '' : 'attributes-off'}`}>
                  <span>
                    <Check
                      value={row.enabled}
                      label={`${row.name} is in the image`}
                      disabled={!canRemove(row)}
                      onChange={(enabled) => setEnabled(row, enabled)}
                    />
                  </span>
                  <button
                    type="button"
                    className="attributes-line"
                    aria-expanded={open === key}
                    title={`${row.name}: ${row.type}\n${row.text}`}
                    onClick={() => onOpen(open === key ? null : key)}
                    onKeyDown={(event) => keyDown(event, row)}
                    onContextMenu={(event) => {
                      event.preventDefault();
                      openMenu(items(row), { x: event.clientX, y: event.clientY });
                    }}
                  >
                    <span className="attributes-name">
                      <span>{row.name}</span>
                      {reason !== undefined && (
                        <>
                          <Lock size={10} aria-hidden />
                          <span className="unseen">read-only</span>
                        </>
                      )}
                    </span>
                    <span className="attributes-type mono quiet">{row.type}</span>
                    <span className="attributes-value mono">{row.text}</span>
                  </button>
                  <Source id={id} row={row} />
                </div>
                {open === key && row.enabled && (
                  <div className="attributes-edit" ref={show}>
                    <RowEditor
                      row={row}
                      reason={reason}
                      editor={editor}
                      onSet={(value, group) =>
                        change({ name: row.name, type: row.type, value, ...partOf(row) }, 'Set', group)
                      }
                    />
                  </div>
                )}
              </div>
            );
          })}
        </div>
      ))}
      {menu}
    </section>
  );
}

/** Unfolds within sight. */
const show = (element: HTMLElement | null): void => element?.scrollIntoView({ block: 'nearest' });

const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Who set it; for what describes the file itself, the node that it belongs to. */
function Source({ id, row }: { readonly id: string; readonly row: ShownRow }) {
  const store = useStore();
  const catalogue = useValue(store.catalogue$);
  const name = row.owner ?? row.source ?? '';
  const node = useSelect(store.document$, (document) => ownerNode(document, catalogue, id, name));
  if (node === undefined) {
    return (
      <span className="quiet attributes-source" title={name}>
        {name}
      </span>
    );
  }
  return (
    <span className="attributes-source">
      <button
        type="button"
        className="attributes-link quiet"
        title={row.owner === undefined ? `Go to ${node}` : `${name} decides about it: go to ${node}`}
        onClick={() => revealNode(store, node)}
      >
        {row.owner === undefined ? name : node}
      </button>
    </span>
  );
}

interface RowEditorProps {
  readonly row: ShownRow;
  readonly reason: string | undefined;
  readonly editor: AttributeEditor | undefined;
  /** `group` is the same for all of one drag. */
  readonly onSet: (value: Json, group?: string) => void;
}

function RowEditor({ row, reason, editor, onSet }: RowEditorProps) {
  const value = row.value as Json | undefined;
  if (reason !== undefined) {
    return (
      <>
        <p className="quiet">{reason}</p>
        <p className="mono selectable attributes-bytes">{row.text}</p>
      </>
    );
  }
  if (editor?.own)
    return <ValueEditor name={row.name} type={row.type} value={value} label={row.name} onChange={onSet} />;
  return (
    <>
      <ValueEditor name={row.name} type={row.type} value={value} label={row.name} readOnly onChange={onSet} />
      {editor && value !== undefined && (
        <Button
          icon={FilePlus2}
          hint={`Puts ${editor.entry.title} ${editor.wire ? 'into this wire' : 'after this node'}, where the value can be changed`}
          onClick={() => onSet(value)}
        >
          Set here
        </Button>
      )}
    </>
  );
}
