// Questions to the user as promises: a dialog with a few answers. Only for what would lose work.
import { BehaviorSubject } from 'rxjs';
import { Button } from '../look/button.tsx';
import { Dialog } from '../look/dialog.tsx';
import { useValue } from '../store/use.ts';

export interface Question<Answer extends string> {
  readonly title: string;
  readonly text: string;
  /** Left to right; the last one is the one that goes on. Escape means `cancel`. */
  readonly answers: readonly { readonly id: Answer; readonly title: string }[];
  /** The answer that Enter gives at first; the last one unless told. */
  readonly first?: Answer;
}

interface Open {
  readonly question: Question<string>;
  answer(id: string): void;
}

const open$ = new BehaviorSubject<Open | null>(null);

/** The id of the answer, or `cancel`. A newer question cancels the one before. */
export function ask<Answer extends string>(question: Question<Answer>): Promise<Answer | 'cancel'> {
  open$.value?.answer('cancel');
  return new Promise((resolve) => {
    open$.next({
      question,
      answer: (id) => {
        open$.next(null);
        resolve(id as Answer | 'cancel');
      },
    });
  });
}

/** Stands once in the page and shows the question that is open. */
export function Asking() {
  const open = useValue(open$);
  if (!open) return null;
  const { title, text, answers, first } = open.question;
  return (
    <Dialog
      key={title}
      title={title}
      onClose={() => open.answer('cancel')}
      actions={answers.map(({ id, title: words }, index) => {
        const last = index === answers.length - 1;
        return (
          <Button
            key={id}
            onClick={() => open.answer(id)}
            autoFocus={first === undefined ? last : id === first}
            {...(last ? { tone: 'main' } : {})}
          >
            {words}
          </Button>
        );
      })}
    >
      <p>{text}</p>
    </Dialog>
  );
}
