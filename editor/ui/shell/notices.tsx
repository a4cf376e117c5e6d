// Quiet bars over the graph, or over the picture where that fills the centre, so that nothing moves and nothing is covered
// that has buttons: the connection, the file on disk, what can be recovered, and notices.
import { CircleAlert, Info, TriangleAlert, X } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { Button, IconButton } from '../look/button.tsx';
import type { Notice } from '../store/store.ts';
import { useSelect, useStore, useValue } from '../store/use.ts';
import { download, recover, reload, save } from './files.ts';
import { layout$ } from './layout.ts';
import './notices.css';
import { baseName } from './path.ts';

const ICONS = { info: Info, warning: TriangleAlert, error: CircleAlert } as const;

/** Milliseconds that a bar stays which asks for nothing. */
const PASSING = 8000;

interface BarProps {
  readonly level: Notice['level'];
  readonly text: string;
  readonly detail?: string;
  readonly children?: ReactNode;
  readonly onClose?: () => void;
}

function Bar({ level, text, detail, children, onClose }: BarProps) {
  const [open, setOpen] = useState(false);
  const Icon = ICONS[level];
  const passing = level === 'info' && children === undefined && !open;
  useEffect(() => {
    if (!passing || !onClose) return;
    const timer = setTimeout(onClose, PASSING);
    return () => clearTimeout(timer);
  }, [passing, onClose]);
  return (
    <div className={`notice notice-${level}`} role={level === 'info' ? 'status' : 'alert'}>
      <Icon size={16} aria-hidden />
      <div className="notice-text">
        <p className="selectable">{text}</p>
        {detail && open && <pre className="notice-detail mono selectable">{detail}</pre>}
      </div>
      {detail && (
        <Button tone="plain" onClick={() => setOpen(!open)}>
          {open ? 'Less' : 'More'}
        </Button>
      )}
      {children}
      {onClose && <IconButton icon={X} title="Dismiss" onClick={onClose} />}
    </div>
  );
}

export function Notices() {
  const store = useStore();
  const notices = useValue(store.notices$);
  const full = useSelect(layout$, (layout) => layout.full);
  return (
    <aside className={`notices ${full === 'viewer' ? 'notices-above' : ''}`} aria-label="Notices" data-pane>
      <Disconnected />
      <Recoverable />
      <ChangedOnDisk />
      <Gone />
      {notices.map((notice) => (
        <Told key={notice.id} notice={notice} />
      ))}
    </aside>
  );
}

function Told({ notice: { id, level, text, detail, actions } }: { readonly notice: Notice }) {
  const store = useStore();
  const close = useCallback(() => store.dismiss(id), [store, id]);
  return (
    <Bar level={level} text={text} onClose={close} {...(detail ? { detail } : {})}>
      {actions?.map(({ title, run }) => (
        <Button
          key={title}
          onClick={() => {
            close();
            run();
          }}
        >
          {title}
        </Button>
      ))}
    </Bar>
  );
}

function Disconnected() {
  const store = useStore();
  const state = useValue(store.connection$);
  const met = useValue(store.welcome$) !== null;
  if ((state !== 'lost' && state !== 'ended') || !met) return null;
  const text =
    state === 'lost'
      ? 'The connection to the host is lost and is tried again. What you change is kept here and sent afterwards.'
      : 'The host has ended. Start it again: it offers what was not saved, but not what you change from now on.';
  return (
    <Bar level="warning" text={text}>
      <Button hint="Your browser saves the graph as it is here" onClick={() => download(store)}>
        Download a copy
      </Button>
    </Bar>
  );
}

function Recoverable() {
  const store = useStore();
  const { recoverable } = useValue(store.file$);
  if (!recoverable) return null;
  const at = new Date(recoverable.savedAt);
  const when = Number.isNaN(at.getTime()) ? recoverable.savedAt : at.toLocaleString();
  return (
    <Bar level="info" text={`Changes that were never saved were kept on ${when}, before Sluice ended unexpectedly.`}>
      <Button onClick={() => void recover(store, { accept: true })}>Take them up</Button>
      <Button onClick={() => void recover(store, { accept: false })}>Throw them away</Button>
    </Bar>
  );
}

function Gone() {
  const store = useStore();
  const { gone, path } = useValue(store.file$);
  if (!gone) return null;
  return (
    <Bar level="warning" text={`${baseName(path ?? 'The file')} is on disk no more: somebody moved or removed it.`}>
      <Button onClick={() => void save(store)}>Save it again</Button>
    </Bar>
  );
}

function ChangedOnDisk() {
  const store = useStore();
  const file = useValue(store.file$);
  const [kept, setKept] = useState(false);
  if (!file.changedOnDisk) {
    if (kept) setKept(false);
    return null;
  }
  if (kept) return null;
  return (
    <Bar
      level="warning"
      text={`${baseName(file.path ?? 'The file')} was changed on disk by somebody else.`}
      onClose={() => setKept(true)}
    >
      <Button onClick={() => void reload(store)}>Load it again</Button>
      <Button hint="The next save asks before it replaces what is on disk" onClick={() => setKept(true)}>
        Keep this one
      </Button>
    </Bar>
  );
}
