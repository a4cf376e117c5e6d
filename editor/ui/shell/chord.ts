// Key presses as texts such as `Mod+Shift+Z`, and whether one belongs to a field of text instead.

/** What of a `KeyboardEvent` counts. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const isMac = typeof navigator !== 'undefined' && /mac/i.test(navigator.platform);

interface Platform {
  readonly mac?: boolean;
}

const ORDER = ['Mod', 'Ctrl', 'Alt', 'Shift'];

/** One way to write a shortcut: modifiers in a fixed order, letters upper-case, Ctrl as Mod but on a Mac. */
export function normalChord(keys: string, { mac = isMac }: Platform = {}): string {
  const parts = keys === '+' ? ['+'] : keys.split(/\+(?=.)/);
  const key = parts.at(-1)!;
  const modifiers = new Set(parts.slice(0, -1).map((part) => (part === 'Ctrl' && !mac ? 'Mod' : part)));
  return [...ORDER.filter((name) => modifiers.has(name)), key.length === 1 ? key.toUpperCase() : key].join('+');
}

/** What a press may mean, the likeliest first: by what it types, then by where the key is. */
export function chordsOf(press: KeyPress, { mac = isMac }: Platform = {}): string[] {
  const { key, code, shiftKey } = press;
  if (['Control', 'Meta', 'Alt', 'Shift', 'AltGraph', 'Dead', 'Process', 'Unidentified'].includes(key)) return [];
  const modifiers = [
    ...((mac ? press.metaKey : press.ctrlKey) ? ['Mod'] : []),
    ...(mac && press.ctrlKey ? ['Ctrl'] : []),
    ...(press.altKey ? ['Alt'] : []),
  ];
  const placed = /^(?:Key([A-Z])|Digit(\d)|Numpad(\d))$/.exec(code)?.slice(1).find(Boolean);
  const chords: string[] = [];
  const add = (name: string, { shift }: { readonly shift: boolean }): void => {
    const chord = normalChord([...modifiers, ...(shift ? ['Shift'] : []), name].join('+'), { mac });
    if (!chords.includes(chord)) chords.push(chord);
  };
  if (key === ' ') add('Space', { shift: shiftKey });
  else if (/^[a-z]$/i.test(key) || key.length > 1) add(key, { shift: shiftKey });
  else if (!press.altKey) add(key, { shift: false });
  if (placed && !/^[a-z]$/i.test(key)) add(placed, { shift: shiftKey });
  return chords;
}

const EDITING = /^(?:(?:a|c|v|x|z|y)|Arrow.*|Home|End|Backspace|Delete|Insert)$/i;

/** True where the press belongs to the field of text, or to the control, that has the focus. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  if (!target?.matches) return false;
  const text = target.matches(
    'textarea, [contenteditable="true"], input:not([type="checkbox"], [type="range"], [type="button"]):not(:read-only)',
  );
  const mod = event.ctrlKey || event.metaKey;
  if (text) return mod ? EDITING.test(event.key) : !/^F\d+$/.test(event.key);
  if (mod || event.altKey) return false;
  // Controls use these keys themselves.
  if (target.matches('input, select, [role="slider"], [role="separator"], [role="tab"], [role="menu"] *')) {
    return /^(?:Arrow.*|Home|End|Page.*| |Enter|Escape|[\d.+*/(=-])$/.test(event.key);
  }
  return target.matches('button, summary, a[href]') && /^(?: |Enter)$/.test(event.key);
}
