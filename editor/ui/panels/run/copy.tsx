// A button that puts a text on the clipboard and says so where it stands.
import { Check, Copy } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button, IconButton } from '../../look/button.tsx';
import { wordsOf } from '../../store/refusal.ts';
import { useStore } from '../../store/use.ts';

export interface CopyButtonProps {
  /** Asked for when it is wanted: it may be long. */
  readonly text: () => string;
  /** Its name, as one that shows an icon alone; without it it says Copy. */
  readonly title?: string;
}

/** Milliseconds for which it says that it is done. */
const SHOWN = 1500;

export function CopyButton({ text, title }: CopyButtonProps) {
  const store = useStore();
  const [done, setDone] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = (): void => {
    navigator.clipboard.writeText(text()).then(
      () => {
        setDone(true);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => setDone(false), SHOWN);
      },
      (thrown) => store.notify({ level: 'error', key: 'copy', text: `Not copied: ${wordsOf(thrown)}` }),
    );
  };
  const icon = done ? Check : Copy;
  if (title !== undefined) return <IconButton icon={icon} title={done ? 'Copied' : title} onClick={copy} />;
  return (
    <Button icon={icon} onClick={copy}>
      {done ? 'Copied' : 'Copy'}
    </Button>
  );
}
