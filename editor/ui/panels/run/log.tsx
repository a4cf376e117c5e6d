// The log: lines about runs and troubles, by level and text; a line leads to its node and frame.
import { useEffect, useMemo, useRef, useState } from 'react';
import type { LogLine } from '../../../protocol.ts';
import { Badge } from '../../look/badge.tsx';
import { EmptyState } from '../../look/empty-state.tsx';
import { Select } from '../../look/select.tsx';
import { TextField } from '../../look/text-field.tsx';
import { useStore, useValue } from '../../store/use.ts';
import { tab$ } from './act.ts';
import { CopyButton } from './copy.tsx';
import { NodeLink } from './ledger.tsx';
import { clockOf, type Level, logLines, logText } from './rows.ts';

/** The newest lines that are shown; copying takes all. */
const MOST_LINES = 500;
/** Pixels from the end within which the list follows new lines. */
const NEAR = 24;

const LEVELS: readonly { readonly value: Level; readonly title: string }[] = [
  { value: 'info', title: 'everything' },
  { value: 'warning', title: 'warnings and errors' },
  { value: 'error', title: 'errors' },
];

export function Log() {
  const store = useStore();
  const log = useValue(store.log$);
  const [level, setLevel] = useState<Level>('info');
  const [query, setQuery] = useState('');
  const lines = useMemo(() => logLines(log, { level, query }), [log, level, query]);
  const list = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines are what it follows
  useEffect(() => {
    if (list.current && following.current) list.current.scrollTop = list.current.scrollHeight;
  }, [lines]);

  if (log.length === 0) {
    return (
      <EmptyState
        sentence="What a run does, and what goes wrong, is written here line by line."
        action={{ title: 'Show the run', run: () => tab$.next('run') }}
      />
    );
  }
  return (
    <div className="run-list">
      <div className="run-tools">
        <div className="run-level">
          <Select label="Level" value={level} options={LEVELS} onChange={(value) => setLevel(value as Level)} />
        </div>
        <TextField live label="Filter the log" placeholder="Filter" value={query} onChange={setQuery} />
        <span className="quiet">
          {lines.length === log.length ? '' : `${lines.length} of `}
          {log.length === 1 ? '1 line' : `${log.length} lines`}
        </span>
        <span className="run-space" />
        <CopyButton title="Copy as text" text={() => logText(lines)} />
      </div>
      <div
        ref={list}
        className="run-scroll"
        role="log"
        aria-label="Log"
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          following.current = scrollHeight - scrollTop - clientHeight < NEAR;
        }}
      >
        {lines.slice(-MOST_LINES).map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are only ever added at the end, and two may be alike
          <Line key={index} line={line} />
        ))}
      </div>
    </div>
  );
}

function Line({ line: { at, level, text, node, frame } }: { readonly line: LogLine }) {
  const store = useStore();
  return (
    <div className="run-log">
      <time className="mono quiet" dateTime={at} title={at}>
        {clockOf(at)}
      </time>
      <Badge shape kind={level} text={level} />
      <span className="run-log-place">{node !== undefined && <NodeLink id={node} />}</span>
      <span className="run-log-place">
        {frame !== undefined && (
          <button
            type="button"
            className="run-node mono"
            title={`Go to frame ${frame}`}
            onClick={() => store.seek(frame)}
          >
            {frame}
          </button>
        )}
      </span>
      <span className="run-log-text mono selectable">{text}</span>
    </div>
  );
}
