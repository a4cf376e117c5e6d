// Where the panel of sequences stands: the folder it shows and what is chosen in it; the folder is remembered.
import { BehaviorSubject } from 'rxjs';

export interface Place {
  /** Absolute path; empty for the host's first folder. */
  readonly folder: string;
  /** The sequence that is chosen there, by its path. */
  readonly chosen?: string;
}

const KEY = 'sluice.sequences.folder';

/** The place of this window. */
export const place$ = new BehaviorSubject<Place>({ folder: '' });

export const go = (folder: string, chosen?: string): void =>
  place$.next({ folder, ...(chosen === undefined ? {} : { chosen }) });

/** The folder of the last visit; empty where there is none. */
export const lastFolder = (storage: Pick<Storage, 'getItem'>): string => storage.getItem(KEY) ?? '';

/** Keeps a folder that could be shown, for the next visit. */
export const keepFolder = (storage: Pick<Storage, 'setItem'>, folder: string): void => storage.setItem(KEY, folder);
