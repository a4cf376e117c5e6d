// One problem: a word for an artist, what would mend it as buttons, and behind a fold the rest for whoever asks.
import { ChevronDown, ChevronRight, CircleAlert, Info, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { Edit, Problem } from '../../../../engine/browser.ts';
import { Button, IconButton } from '../../look/button.tsx';
import { useStore } from '../../store/use.ts';
import { firstLine, messageAt } from '../parameters/problem.ts';
import { placeText } from './groups.ts';
import './note.css';
import { revealNode } from './reveal.ts';

const ICONS = { error: CircleAlert, warning: TriangleAlert, info: Info } as const;
const WORDS = { error: 'Error', warning: 'Warning', info: 'Note' } as const;

/** More ways out than this are folded away. */
const FEW = 3;

export interface ProblemNoteProps {
  readonly problem: Problem;
  /** It stands beside the parameter that it speaks of, so that the place need not be told. */
  readonly beside?: boolean;
  /** It names its node, and a click leads there. */
  readonly placed?: boolean;
}

export function ProblemNote({ problem, beside, placed }: ProblemNoteProps) {
  const store = useStore();
  const [open, setOpen] = useState(false);
  const { severity, where, fixes = [], code } = problem;
  const { first, rest } = firstLine(beside || placed ? messageAt(problem) : problem.message);
  const Icon = ICONS[severity];
  const shown = open ? fixes : fixes.slice(0, FEW);
  const place = placeText(problem);
  const node = where.node;
  const words = (
    <>
      <Icon size={14} aria-hidden className={`note-icon note-${severity}`} />
      <span className="note-text">
        <span className="unseen">{WORDS[severity]}: </span>
        {placed && node !== undefined && (
          <span className="note-node mono">
            {node}
            {where.param === undefined ? '' : `.${where.param}`}
          </span>
        )}
        <span className="selectable">{first}</span>
      </span>
    </>
  );
  return (
    <div className={`note ${placed ? 'note-placed' : ''}`}>
      <div className="note-line">
        {placed && node !== undefined ? (
          <button type="button" className="note-words" title={`Go to ${node}`} onClick={() => revealNode(store, node)}>
            {words}
          </button>
        ) : (
          <div className="note-words" role={beside ? 'alert' : undefined}>
            {words}
          </div>
        )}
        <IconButton
          icon={open ? ChevronDown : ChevronRight}
          size={14}
          title={open ? 'Less' : 'More about this'}
          expanded={open}
          onClick={() => setOpen(!open)}
        />
      </div>
      {open && (
        <div className="note-rest selectable">
          {rest !== '' && <p>{rest}</p>}
          <p className="mono quiet">
            {code}
            {place === '' ? '' : `, ${place}`}
          </p>
        </div>
      )}
      {shown.length > 0 && (
        <div className="note-fixes">
          {shown.map(({ title, edits }) => (
            <Button key={title} hint={title} onClick={() => store.edit(asOne(edits), title)}>
              <span className="note-fix">{title}</span>
            </Button>
          ))}
          {fixes.length > shown.length && (
            <Button tone="plain" onClick={() => setOpen(true)}>
              {fixes.length - shown.length} more
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

const asOne = (edits: readonly Edit[]): Edit => (edits.length === 1 ? edits[0]! : { op: 'batch', edits });
