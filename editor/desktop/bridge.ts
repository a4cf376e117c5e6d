// What passes between the page, the preload script and the main process: names of channels and forms of messages.

export interface FileQuestion {
  readonly title: string;
  readonly want: 'document' | 'sequence' | 'folder' | 'save';
  /** Where to begin. */
  readonly folder?: string;
  /** The name offered for a file to save. */
  readonly name?: string;
}

/** What the page says of its document. */
export interface ShownDocument {
  readonly name: string;
  readonly path?: string;
  readonly saved: boolean;
}

/** What the page gets as `window.sluice`, and nothing else of the system. The page declares the same on its side. */
export interface Bridge {
  readonly platform: string;
  /** The path of a dropped file, open to the host from now on; empty where the system does not tell. */
  pathOf(file: File): string;
  /** The system's own dialog. Undefined where the user gave it up. What is chosen is open to the host. */
  choose(question: FileQuestion): Promise<string | undefined>;
  /** Calls back with the id of the action that was chosen in the system's menus. Returns what ends it. */
  onAction(listener: (id: string) => void): () => void;
  /** Calls back with the path of a document that the system wants opened. Returns what ends it. */
  onOpen(listener: (path: string) => void): () => void;
  /** Asked before a window with unsaved changes closes: true where it may. Returns what ends it. */
  onClosing(listener: () => Promise<boolean>): () => void;
  /** For the window's title, the list of recent files and the question before closing. */
  showDocument(document: ShownDocument): void;
}

export const CHANNELS = {
  /** Page to main, answered: a `FileQuestion`. */
  choose: 'sluice:choose',
  /** Page to main, answered at once: the path of a file that was dropped. */
  dropped: 'sluice:dropped',
  /** Page to main: a `ShownDocument`. */
  shown: 'sluice:shown',
  /** Page to main: whether the window may close. */
  leave: 'sluice:leave',
  /** Main to page: the id of an action. */
  action: 'sluice:action',
  /** Main to page: the path of a document. */
  open: 'sluice:open',
  /** Main to page: the window is about to close. */
  closing: 'sluice:closing',
} as const;
