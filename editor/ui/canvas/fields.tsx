// Fields that open in place on the canvas: names of nodes and inputs, titles of backdrops, texts of notes.
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { type Edit, isName } from '../../../engine/browser.ts';
import { useValue } from '../store/use.ts';
import { NOTE } from './backdrop.ts';
import { toScreen } from './camera.ts';
import { batch, hasNode } from './change.ts';
import { connect, nameTrouble } from './connect.ts';
import { NODE, type Point } from './geometry.ts';
import type { Overlay } from './overlay.ts';
import type { Surface } from './surface.ts';

interface InPlaceProps {
  readonly surface: Surface;
  /** Its corner on the canvas, and how wide it is there. */
  readonly at: Point;
  readonly width: number;
  readonly label: string;
  readonly first: string;
  /** What is wrong with the text; undefined where nothing is. */
  readonly trouble?: (text: string) => string | undefined;
  readonly onDone: (text: string) => void;
  readonly above?: ReactNode;
}

/** Takes the text over on Enter or when it is left, gives it up on Escape. */
function InPlace({ surface, at, width, label, first, trouble, onDone, above }: InPlaceProps) {
  const camera = useValue(surface.camera$);
  const [text, setText] = useState(first);
  const element = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => element.current?.select(), []);
  const wrong = trouble?.(text.trim());
  const finish = (): void => {
    if (done.current) return;
    done.current = true;
    surface.open(null);
    if (wrong === undefined) onDone(text.trim());
  };
  const keyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Escape') {
      done.current = true;
      surface.open(null);
    } else if (event.key === 'Enter' && wrong === undefined) finish();
  };
  const { x, y } = toScreen(camera, at);
  return (
    <div
      className={`canvas-over canvas-field ${above ? 'canvas-field-asking' : ''}`}
      style={{ left: x, top: y, width: width * camera.k }}
    >
      {above}
      <input
        ref={element}
        className="input"
        type="text"
        aria-label={label}
        aria-invalid={wrong !== undefined}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={keyDown}
        onBlur={finish}
        // biome-ignore lint/a11y/noAutofocus: it opens to be typed into
        autoFocus
      />
      {wrong !== undefined && (
        <p className="canvas-field-trouble" role="alert">
          {wrong}
        </p>
      )}
    </div>
  );
}

/** A text that can be a name becomes the node's id, by which links and paths speak of it; any other is its title. */
export function Rename({ surface, node: id }: { readonly surface: Surface; readonly node: string }) {
  const { document, nodes } = surface.stage.scene;
  const place = nodes.get(id);
  const title = document.nodes[id]?.title;
  if (!place) return null;
  const taken = (text: string): boolean => isName(text) && text !== id && hasNode(document, text);
  return (
    <InPlace
      surface={surface}
      at={place.dot ? { x: place.x - 64, y: place.y + 16 } : place}
      width={NODE.width}
      label="Name of the node"
      first={title ?? id}
      trouble={(text) => (taken(text) ? `There is a node ${text} already.` : undefined)}
      onDone={(text) => {
        const edits: Edit[] = [];
        const named = isName(text) || text === '';
        if (named && title !== undefined) edits.push({ op: 'setTitle', node: id });
        if (!named && text !== title) edits.push({ op: 'setTitle', node: id, title: text });
        if (isName(text) && text !== id) edits.push({ op: 'renameNode', id, to: text });
        if (edits.length > 0) surface.apply({ edit: batch(edits), intent: `Rename ${id}` });
      }}
    />
  );
}

interface TextProps {
  readonly surface: Surface;
  readonly id: string;
  /** The step of the history that the text belongs to. */
  readonly group: string | undefined;
}

export function Title({ surface, id, group }: TextProps) {
  const backdrop = surface.stage.scene.document.canvas?.backdrops[id];
  if (!backdrop) return null;
  return (
    <InPlace
      surface={surface}
      at={{ x: backdrop.at[0], y: backdrop.at[1] }}
      width={backdrop.size[0]}
      label="Title of the backdrop"
      first={backdrop.title}
      onDone={(title) => {
        if (title === backdrop.title) return;
        const edit: Edit = { op: 'setBackdrop', id, backdrop: { ...backdrop, title } };
        surface.apply({ edit, intent: 'Title backdrop' }, group);
      }}
    />
  );
}

/** Asks how one more input of a port that takes many is called. */
export function NamePrompt({
  surface,
  ask,
}: {
  readonly surface: Surface;
  readonly ask: Extract<Overlay, { kind: 'name' }>;
}) {
  const { from, to, port, instead } = ask;
  return (
    <InPlace
      surface={surface}
      at={{ x: ask.at.x - 160, y: ask.at.y - 36 }}
      width={148}
      label={`Name of the input of ${port}`}
      first={ask.suggested}
      above={<p className="canvas-field-label">Name of the input</p>}
      trouble={(name) => nameTrouble(surface.stage.scene.document.links, to.node, port, name)}
      onDone={(name) =>
        surface.apply(connect(surface.stage.scene, { from, to, name, ...(instead ? { instead } : {}) }))
      }
    />
  );
}

export function NoteText({ surface, id, group }: TextProps) {
  const camera = useValue(surface.camera$);
  const note = surface.stage.scene.document.canvas?.notes[id];
  const [text, setText] = useState(note?.text ?? '');
  const element = useRef<HTMLTextAreaElement>(null);
  const done = useRef(false);
  if (!note) return null;
  const finish = ({ keep }: { readonly keep: boolean }): void => {
    if (done.current) return;
    done.current = true;
    // The note grows with its text, so that all of it can be read.
    const needed = Math.ceil((element.current?.scrollHeight ?? 0) / camera.k / NOTE.line) * NOTE.line;
    const size = [note.size[0], Math.max(note.size[1], needed)] as const;
    surface.open(null);
    if (keep && text !== note.text) {
      surface.apply({ edit: { op: 'setNote', id, note: { ...note, text, size } }, intent: 'Write note' }, group);
    }
  };
  const { x, y } = toScreen(camera, { x: note.at[0], y: note.at[1] });
  const size = { width: note.size[0] * camera.k, height: note.size[1] * camera.k };
  return (
    <textarea
      ref={element}
      className="canvas-over canvas-field canvas-note input"
      aria-label="Text of the note"
      style={{ left: x, top: y, ...size, fontSize: Math.max(9, 12 * camera.k) }}
      value={text}
      onChange={({ target }) => setText(target.value)}
      onBlur={() => finish({ keep: true })}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape') finish({ keep: true });
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) finish({ keep: true });
      }}
      // biome-ignore lint/a11y/noAutofocus: it opens to be typed into
      autoFocus
    />
  );
}
