// Start, how far the run is, how it ended, what keeps it from starting, and the same on a farm.
import { Play, Square } from 'lucide-react';
import { Badge } from '../../look/badge.tsx';
import { Button } from '../../look/button.tsx';
import { Progress } from '../../look/progress.tsx';
import { arrange, shown } from '../../shell/layout.ts';
import type { Store } from '../../store/store.ts';
import { useStore, useValue } from '../../store/use.ts';
import { cancel, form$, start, tab$ } from './act.ts';
import { commandLine } from './command.ts';
import { CopyButton } from './copy.tsx';
import { outcomeOf, progressText } from './outcome.ts';
import { framesOf, type Obstacles, obstaclesOf, optionsOf, outerOf, sinksOf } from './plan.ts';

/** Errors shown with the start button; the panel of problems has them all. */
const MOST_ERRORS = 3;

export function State() {
  const store = useStore();
  const document = useValue(store.document$);
  const sinks = sinksOf(document, useValue(store.catalogue$));
  const form = useValue(form$);
  const run = useValue(store.run$);
  const processors = useValue(store.welcome$)?.processors ?? 1;
  const { path } = useValue(store.file$);
  const obstacles = obstaclesOf(document, sinks, form, useValue(store.problems$));
  const blocked = obstacles.reasons.length + obstacles.errors.length > 0;
  const isClear = framesOf(document, form).trouble === undefined;
  const command = path && isClear ? commandLine(path, optionsOf(sinks, form, { processors })) : undefined;
  const running = run?.state === 'running';
  return (
    <section className="run-part run-state" aria-label="The run">
      <div className="run-line">
        {running ? (
          <Button icon={Square} hint="End the run after the frames under way" onClick={() => cancel(store)}>
            Cancel
          </Button>
        ) : (
          <Button
            icon={Play}
            tone="main"
            keys="Mod+Enter"
            hint={blocked ? 'What stands in the way is listed here' : 'Start the run'}
            disabled={blocked}
            onClick={() => start(store)}
          >
            Start
          </Button>
        )}
        <Ended />
      </div>
      {running && <Progress label="The run" {...(run.total > 0 ? { value: run.done / run.total } : {})} />}
      {!running && blocked && <Reasons obstacles={obstacles} />}
      <div className="run-farm">
        <p className="quiet">The same on a farm:</p>
        {command === undefined ? (
          <p className="quiet">
            {isClear
              ? 'Save the graph first; the command line names its file.'
              : 'Put the frames right first; the command line names them.'}
          </p>
        ) : (
          <div className="run-command">
            <code className="mono selectable">{command}</code>
            <CopyButton text={() => command} />
          </div>
        )}
      </div>
    </section>
  );
}

/** How far the run is, or how the last one ended. */
function Ended() {
  const store = useStore();
  const run = useValue(store.run$);
  if (!run) return <span className="quiet">Nothing has been run yet.</span>;
  const outcome = outcomeOf(run);
  if (!outcome) return <Badge kind="running" text={progressText(run)} />;
  const losses = run.ledger.filter(({ kind }) => kind === 'lost').length;
  return (
    <span className="run-outcome" role="status">
      <Badge kind={outcome.kind} text={outcome.text} />
      <span className="quiet">
        {run.done} of {run.total} frames, exit code {run.exitCode ?? 0}
      </span>
      {losses > 0 && (
        <Button tone="plain" onClick={() => tab$.next('ledger')}>
          {losses} lost
        </Button>
      )}
      {run.state === 'failed' && (
        <Button tone="plain" onClick={() => tab$.next('log')}>
          Log
        </Button>
      )}
    </span>
  );
}

function Reasons({ obstacles: { reasons, errors } }: { readonly obstacles: Obstacles }) {
  const store = useStore();
  const more = errors.length - MOST_ERRORS;
  return (
    <ul className="run-reasons" aria-label="What keeps the run from starting">
      {reasons.map((reason) => (
        <li key={reason}>
          <Badge kind="warning" text={reason} />
        </li>
      ))}
      {errors.slice(0, MOST_ERRORS).map(({ code, message, where: { node }, fixes: [fix] = [] }) => (
        <li key={`${code} ${node} ${message}`}>
          <button type="button" className="run-error" title={message} onClick={() => lead(store, node)}>
            <Badge kind="error" text={node === undefined ? code : node} />
            <span className="run-error-text">{message}</span>
          </button>
          {fix && <Button onClick={() => store.edit({ op: 'batch', edits: fix.edits }, fix.title)}>{fix.title}</Button>}
        </li>
      ))}
      {more > 0 && (
        <li>
          <Button tone="plain" onClick={() => lead(store, undefined)}>
            and {more} more {more === 1 ? 'error' : 'errors'}
          </Button>
        </li>
      )}
    </ul>
  );
}

/** To the node where the error is, and to the list of problems. */
function lead(store: Store, node: string | undefined): void {
  if (node !== undefined) store.select([outerOf(node)]);
  arrange((layout) => ({ ...shown(layout, 'right'), full: null, rightTab: 'problems' }));
}
