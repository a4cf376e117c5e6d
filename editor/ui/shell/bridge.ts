// The bridge to the desktop program; in a browser there is none.
import type { Bridge } from '../../bridge.ts';

declare global {
  interface Window {
    readonly sluice?: Bridge;
  }
}

export const bridge = (): Bridge | undefined => (typeof window === 'undefined' ? undefined : window.sluice);
