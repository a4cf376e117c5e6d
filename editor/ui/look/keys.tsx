// A shortcut as people of this machine write it.
import './keys.css';

const isMac = typeof navigator !== 'undefined' && /mac/i.test(navigator.platform);

const MAC: Readonly<Record<string, string>> = { Mod: '⌘', Shift: '⇧', Alt: '⌥', Ctrl: '⌃' };
const NAMES: Readonly<Record<string, string>> = {
  Mod: 'Ctrl',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  Delete: 'Del',
};

/** `Mod+Shift+Z` as `Ctrl+Shift+Z`, or `⌘⇧Z` on a Mac. */
export function keysText(keys: string, { mac = isMac }: { readonly mac?: boolean } = {}): string {
  const parts = keys === '+' ? ['+'] : keys.split(/\+(?=.)/);
  if (mac) return parts.map((part) => MAC[part] ?? NAMES[part] ?? part).join('');
  return parts.map((part) => NAMES[part] ?? part).join('+');
}

export function Keys({ keys }: { readonly keys: string }) {
  return <kbd className="keys">{keysText(keys)}</kbd>;
}
