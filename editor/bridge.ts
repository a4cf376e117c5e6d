// What the desktop program offers to the page as `window.sluice`: the one contract of preload script, main process and page.

export interface FileQuestion {
  readonly title: string;
  readonly want: 'document' | 'sequence' | 'file' | 'folder' | 'save';
  /** Of the files that are wanted, without dots; all files where none are named. */
  readonly extensions?: readonly string[];
  /** Where to begin. */
  readonly folder?: string;
  /** The name offered for a file to save. */
  readonly name?: string;
}

export interface ChosenFile {
  readonly path: string;
  /** True where the user has been asked already whether a file of this name may be replaced. */
  readonly mayReplace: boolean;
}

/** What the page says of its document. */
export interface ShownDocument {
  readonly name: string;
  readonly path?: string;
  readonly saved: boolean;
}

/** Exposed by the preload script; the page gets nothing else of the system. */
export interface Bridge {
  /** As Node names it: `linux`, `darwin`, `win32`. */
  readonly platform: string;
  /** The path of a dropped file, open to the host from now on; empty where the system does not tell. */
  pathOf(file: File): string;
  /** The system's own dialog. Undefined where the user gave it up. What is chosen is open to the host. */
  choose(question: FileQuestion): Promise<ChosenFile | undefined>;
  /** Calls back with the id of the action that was chosen in the system's menus. Returns what ends it. */
  onAction(listener: (id: string) => void): () => void;
  /** Calls back with the path of a document that the system wants opened. Returns what ends it. */
  onOpen(listener: (path: string) => void): () => void;
  /** Asked before a window with unsaved changes closes: true where it may. Returns what ends it. */
  onClosing(listener: () => Promise<boolean>): () => void;
  /** For the window's title, the list of recent files and the question before closing. */
  showDocument(document: ShownDocument): void;
}
