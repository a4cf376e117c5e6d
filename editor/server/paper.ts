// The paper: the file behind the document. Opens and saves it, sees that it changes, keeps what is not saved yet.
import { existsSync, unwatchFile, watchFile } from 'node:fs';
import { dirname } from 'node:path';
import { BehaviorSubject, debounceTime, Subject, type Subscription, switchMap, throttleTime } from 'rxjs';
import {
  applyEdit,
  asEngineError,
  type CatalogueEntry,
  type Document,
  EngineError,
  emptyDocument,
  loadDocument,
  saveDocument,
} from '../../engine/index.ts';
import { type FileState, PATHS_INTENT, type Replies } from '../protocol.ts';
import type { Asker, Desk } from './desk.ts';
import { type Rewritten, rewritePaths } from './paths.ts';
import { isExr, readRecipe } from './recipe.ts';
import { forget, type Recoverable, Recovery } from './recovery.ts';
import { inputFolders, type Roots } from './roots.ts';
import { needFolder, readText, stampOf, writeWhole } from './whole-file.ts';

export interface PaperOptions {
  readonly desk: Desk;
  readonly roots: Roots;
  /** Tells which parameters are paths. */
  readonly catalogue: readonly CatalogueEntry[];
  /** Milliseconds from a change until it is kept, and between two times. */
  readonly autosave: number;
  /** The folder for what was never saved. */
  readonly state: string;
  /** Gets what goes wrong while nobody has asked for anything. */
  readonly onTrouble: (error: EngineError) => void;
  /** Gets what is good to know of what was opened. */
  readonly onHint: (text: string) => void;
}

export interface SaveOptions {
  /** Whether a file that is there already may be replaced. */
  readonly overwrite: boolean;
  /** Whether a folder that is not there is made. */
  readonly makeFolder?: boolean | undefined;
  readonly by: Asker;
}

/** Milliseconds between two looks at the file. */
const LOOK = 2000;
/** Milliseconds of quiet before the text is compared with the saved one. */
const QUIET = 60;

export class Paper {
  readonly file$ = new BehaviorSubject<FileState>({ saved: true, changedOnDisk: false });
  readonly #options: PaperOptions;
  readonly #recovery: Recovery;
  readonly #changed$ = new Subject<void>();
  readonly #subscriptions: Subscription[];
  /** Files that this host wrote: opening one allows nothing that was not allowed before. */
  readonly #written = new Set<string>();
  #path: string | undefined;
  /** As saved or opened last. */
  #text: string;
  /** The very document that the text was made from; absent where it is in no file. */
  #document: Document | undefined;
  #stamp: string | undefined;
  #changedOnDisk = false;
  /** The file was there, and is not any more. */
  #gone = false;
  #recoverable: Recoverable | undefined;
  /** Nobody knows which folder the relative paths were meant for: the document came as a text, or inside an image. */
  #adrift = false;

  constructor(options: PaperOptions) {
    this.#options = options;
    this.#recovery = new Recovery(options.state);
    const { desk } = options;
    this.#document = desk.document;
    this.#text = saveDocument(desk.document);
    this.#subscriptions = [
      desk.session$.pipe(switchMap((session) => session.document$)).subscribe(() => this.#changed$.next()),
      this.#changed$.subscribe(() => {
        if (desk.document !== this.#document && this.file$.value.saved) this.#tell({ saved: false });
      }),
      this.#changed$.pipe(debounceTime(QUIET)).subscribe(() => this.#compare()),
      this.#changed$
        .pipe(throttleTime(options.autosave, undefined, { leading: false, trailing: true }))
        .subscribe(() => this.#keep()),
    ];
  }

  get path(): string | undefined {
    return this.#path;
  }

  /** An empty document without a file. */
  begin(): Promise<void> {
    return this.#show(emptyDocument(), undefined);
  }

  /**
   * Opens a file, of an EXR the graph inside; one that does not exist becomes a new document that will be saved there where
   * `create` says so. Gives what is good to know of it.
   */
  async open(path: string, { create = false }: { readonly create?: boolean } = {}): Promise<readonly string[]> {
    const { desk, roots } = this.#options;
    const file = roots.check(path, desk.folder, 'read');
    const folder = dirname(file);
    if (create && !existsSync(file)) {
      await this.#show(emptyDocument(), file);
      return [];
    }
    if (isExr(file)) return await this.#openRecipe(file);
    const document = documentOf(readText(file), file);
    if (!this.#written.has(file)) {
      for (const input of await inputFolders(document, folder, desk.session.registry)) roots.add(input);
    }
    await this.#show(document, file);
    return [];
  }

  /** It allows no new folders: a run of this very host may have written what the file names. */
  async #openRecipe(file: string): Promise<readonly string[]> {
    const { document, hints } = readRecipe(file);
    await this.#show(document, undefined, { saved: false, adrift: true });
    for (const hint of hints) this.#options.onHint(hint);
    return hints;
  }

  /** A document from a text that has no file. Throws what is wrong with it. */
  openText(text: string, name: string): Promise<void> {
    return this.#show(documentOf(text, name), undefined, { saved: false, adrift: true });
  }

  /**
   * Throws `file-exists` for another file, `file-changed` where this one was written by somebody else meanwhile, and
   * `file-not-found` for a folder that is not there.
   */
  save(path: string | undefined, { overwrite, makeFolder = false, by }: SaveOptions): Replies['save'] {
    const { desk, roots } = this.#options;
    const wanted = path ?? this.#path;
    if (wanted === undefined)
      throw new EngineError('usage', 'usage', 'The document has no file yet. Say where to save it.');
    const file = roots.check(wanted, desk.folder, 'write');
    if (!overwrite && file !== this.#path && existsSync(file)) {
      throw new EngineError('io', 'file-exists', `${file} exists already. Choose another name, or replace it.`, {
        file,
      });
    }
    if (!overwrite && file === this.#path && this.#differs()) {
      throw new EngineError(
        'io',
        'file-changed',
        `${file} was changed by another program. Replace it, or save elsewhere.`,
        {
          file,
        },
      );
    }
    const folder = dirname(file);
    needFolder(folder, { make: makeFolder });
    const moved = this.#rewritten(folder);
    const text = saveDocument(moved ? applyEdit(desk.document, moved.edit).document : desk.document);
    writeWhole(file, text);
    this.wrote(file);
    if (moved) desk.move(folder, { edit: moved.edit, intent: PATHS_INTENT, by });
    else if (folder !== desk.folder) desk.move(folder);
    this.#adrift = false;
    this.#taken(desk.document, text, file);
    return { path: file, ...(moved ? { paths: moved.paths } : {}) };
  }

  /** What has to change so that the document names the same files from another folder; the first file of a document makes paths short too. */
  #rewritten(to: string): Rewritten | undefined {
    const { desk, catalogue } = this.#options;
    return rewritePaths(desk.document, catalogue, {
      from: desk.folder,
      to,
      shorten: this.#path === undefined,
      ...(this.#adrift ? { leadsTo: existsSync } : {}),
    });
  }

  /** Takes up what was kept before a crash, or throws it away. Throws `usage` where there is nothing. */
  async recover({ accept }: { readonly accept: boolean }): Promise<void> {
    const found = this.#recoverable;
    if (!found) throw new EngineError('usage', 'usage', 'There is nothing to recover.');
    this.#recoverable = undefined;
    if (accept) {
      const swap = await this.#options.desk.prepare(found.document, this.#options.desk.folder);
      swap();
      this.#tell({ saved: false });
      // Kept under this host's own name before the other one goes.
      this.#keep();
    } else this.#tell({});
    forget(found);
  }

  /** Says that the host wrote this file as a client asked it to. */
  wrote(file: string): void {
    this.#written.add(file);
  }

  close(): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    if (this.#path !== undefined) unwatchFile(this.#path, this.#look);
    // What is not saved stays for the next start; what is saved left nothing behind.
    if (this.file$.value.saved) this.#recovery.drop();
    else this.#keep();
    this.file$.complete();
  }

  async #show(document: Document, path: string | undefined, { saved = true, adrift = false } = {}): Promise<void> {
    const swap = await this.#options.desk.prepare(document, ...(path === undefined ? [] : [dirname(path)]));
    this.#recovery.drop();
    this.#document = document;
    this.#adrift = adrift;
    swap();
    this.#taken(saved ? document : undefined, saved ? saveDocument(document) : '', path);
    this.#recoverable = this.#recovery.find(path);
    this.#tell({ saved });
  }

  /** The document is what the file holds. */
  #taken(document: Document | undefined, text: string, path: string | undefined): void {
    if (this.#path !== path) {
      if (this.#path !== undefined) unwatchFile(this.#path, this.#look);
      if (path !== undefined) watchFile(path, { interval: LOOK, persistent: false }, this.#look);
    }
    this.#path = path;
    this.#document = document;
    this.#text = text;
    this.#stamp = path === undefined ? undefined : stampOf(path);
    this.#changedOnDisk = false;
    this.#gone = false;
    this.#recovery.drop();
    this.#tell({ saved: true });
  }

  readonly #look = (): void => {
    const gone = this.#stamp !== undefined && stampOf(this.#path!) === undefined;
    const changed = this.#differs();
    if (changed === this.#changedOnDisk && gone === this.#gone) return;
    this.#changedOnDisk = changed;
    this.#gone = gone;
    this.#tell({ saved: this.#isSaved() });
    this.#keep();
  };

  /** Whether the file holds another text than was opened or saved last. One that is gone does not. */
  #differs(): boolean {
    const stamp = this.#path === undefined ? undefined : stampOf(this.#path);
    if (stamp === undefined || stamp === this.#stamp) return this.#changedOnDisk && stamp !== undefined;
    try {
      const same = readText(this.#path!) === this.#text;
      if (same) this.#stamp = stamp;
      return !same;
    } catch {
      return true;
    }
  }

  #isSaved(): boolean {
    const { document } = this.#options.desk;
    return !this.#gone && (document === this.#document || saveDocument(document) === this.#text);
  }

  #compare(): void {
    const saved = this.#isSaved();
    if (saved) this.#recovery.drop();
    if (saved !== this.file$.value.saved) this.#tell({ saved });
  }

  #keep(): void {
    const { desk, onTrouble } = this.#options;
    this.#compare();
    if (this.file$.value.saved) return;
    try {
      this.#recovery.keep(desk.document, this.#path, new Date());
    } catch (thrown) {
      onTrouble(asEngineError(thrown));
    }
  }

  #tell({ saved = this.file$.value.saved }: { readonly saved?: boolean }): void {
    this.file$.next({
      ...(this.#path === undefined ? {} : { path: this.#path }),
      saved,
      changedOnDisk: this.#changedOnDisk,
      ...(this.#gone ? { gone: true } : {}),
      ...(this.#recoverable ? { recoverable: { savedAt: this.#recoverable.savedAt } } : {}),
    });
  }
}

function documentOf(text: string, file: string): Document {
  const { document, problems } = loadDocument(text);
  if (document) return document;
  const [first] = problems;
  throw new EngineError('invalid', first?.code ?? 'document-schema', `${file}: ${first?.message ?? 'not a graph.'}`, {
    file,
  });
}
