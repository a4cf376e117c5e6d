// What the desktop program offers to the page; in a browser there is nothing of it.

export interface FileQuestion {
  readonly title: string;
  readonly want: 'document' | 'sequence' | 'folder' | 'save';
  /** Where to begin. */
  readonly folder?: string;
  /** The name offered for a file to save. */
  readonly name?: string;
}

/** Exposed by the preload script as `window.sluice`. */
export interface DesktopBridge {
  /** As Node names it: `linux`, `darwin`, `win32`. */
  readonly platform: string;
  /** The path of a dropped file; empty where the system does not tell. */
  pathOf(file: File): string;
  /** The system's own dialog. Undefined where the user gave it up. */
  choose(question: FileQuestion): Promise<string | undefined>;
  /** Calls back with the id of the action that was chosen in the system's menus. Returns what ends it. */
  onAction(listener: (id: string) => void): () => void;
  /** Calls back with the path of a document that the system wants opened. Returns what ends it. */
  onOpen(listener: (path: string) => void): () => void;
  /** Asked before a window with unsaved changes closes: true where it may. Returns what ends it. */
  onClosing(listener: () => Promise<boolean>): () => void;
  /** For the window's title, the list of recent files and the question before closing. */
  showDocument(document: { readonly name: string; readonly path?: string; readonly saved: boolean }): void;
}

declare global {
  interface Window {
    readonly sluice?: DesktopBridge;
  }
}

export const bridge = (): DesktopBridge | undefined => (typeof window === 'undefined' ? undefined : window.sluice);
