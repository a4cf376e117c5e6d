// The desk: the document that everybody works on, with its session, its revision and its history.
import { BehaviorSubject, Subject } from 'rxjs';
import {
  type AnyNode,
  applyEdit,
  type Document,
  type Edit,
  EngineError,
  emptyDocument,
  emptyHistory,
  type History,
  record,
  redo,
  Session,
  type Travel,
  undo,
} from '../../engine/index.ts';
import type { HistoryState } from '../protocol.ts';
import type { Roots } from './roots.ts';

/** Who asked for a change: a client and the id of its request. */
export interface Asker {
  readonly client: number;
  readonly request: number;
}

export interface Edited {
  readonly edit: Edit;
  /** The one after the edit. */
  readonly revision: number;
  readonly by: Asker;
}

export interface Change {
  readonly edit: Edit;
  readonly intent: string;
  readonly group?: string | undefined;
  /** The one that the client knew. */
  readonly revision: number;
}

export interface DeskOptions {
  readonly nodes: readonly AnyNode[];
  readonly roots: Roots;
  /** The folder of a document that was never saved. */
  readonly folder: string;
}

export class Desk {
  readonly edited$ = new Subject<Edited>();
  /** Another document took the place of the one before. */
  readonly replaced$ = new Subject<void>();
  readonly history$ = new BehaviorSubject<HistoryState>({ depth: 0 });
  /** Another one for another document or folder. */
  readonly session$: BehaviorSubject<Session>;
  readonly #options: DeskOptions;
  #history: History = emptyHistory;
  #revision = 0;
  /** The revision with which the present document began. */
  #begunAt = 0;
  #folder: string;

  constructor(options: DeskOptions) {
    this.#options = options;
    this.#folder = options.folder;
    this.session$ = new BehaviorSubject(this.#sessionOf(emptyDocument(), options.folder, 1));
  }

  get session(): Session {
    return this.session$.value;
  }

  get document(): Document {
    return this.session.document;
  }

  get revision(): number {
    return this.#revision;
  }

  /** What relative paths of the document are relative to. */
  get folder(): string {
    return this.#folder;
  }

  /** Throws `edit-invalid` where the edit does not fit the document as it is by now, or was meant for another one. */
  edit(change: Change, by: Asker): void {
    const { edit, intent, group, revision } = change;
    if (revision < this.#begunAt) {
      throw new EngineError('invalid', 'edit-invalid', 'The edit was made in a document that is open no more.');
    }
    const inverse = this.session.edit(edit);
    this.#history = record(this.#history, { edit, inverse, intent, ...(group === undefined ? {} : { group }) });
    this.#made(edit, by);
  }

  /** Throws `usage` where there is nothing to undo. */
  undo(by: Asker): void {
    this.#travel(undo(this.#history), 'undo', by);
  }

  redo(by: Asker): void {
    this.#travel(redo(this.#history), 'redo', by);
  }

  /**
   * Gets another document ready, to be looked at first on a frame that it has. The function that it gives puts it in the
   * place of the present one, with a history of its own.
   */
  async prepare(document: Document, folder = this.#options.folder): Promise<() => void> {
    const session = this.#sessionOf(document, folder, 1);
    const { frames } = await session.work();
    if (frames.length > 0 && !frames.includes(session.frame)) session.seek(frames[0]!);
    return () => {
      this.#folder = folder;
      this.#history = emptyHistory;
      this.#revision += 1;
      this.#begunAt = this.#revision;
      this.#swap(session);
      this.replaced$.next();
      this.#tellHistory();
    };
  }

  /** The same document, in another folder or with other roots from now on; `change` goes with it as one step. */
  move(folder: string, change?: { readonly edit: Edit; readonly intent: string; readonly by: Asker }): void {
    const { document, inverse } = change ? applyEdit(this.document, change.edit) : { document: this.document };
    this.#folder = folder;
    this.#swap(this.#sessionOf(document, folder, this.session.frame));
    if (!change || !inverse) return;
    this.#history = record(this.#history, { edit: change.edit, inverse, intent: change.intent });
    this.#made(change.edit, change.by);
  }

  close(): void {
    this.session.close();
    this.edited$.complete();
    this.replaced$.complete();
    this.history$.complete();
    this.session$.complete();
  }

  #sessionOf(document: Document, folder: string, frame: number): Session {
    const { nodes, roots } = this.#options;
    return new Session({ document, folder, nodes, roots: [...roots.list], frame });
  }

  #swap(session: Session): void {
    const before = this.session;
    this.session$.next(session);
    before.close();
  }

  #travel(travel: Travel | undefined, verb: string, by: Asker): void {
    if (!travel) throw new EngineError('usage', 'usage', `There is nothing to ${verb}.`);
    this.session.edit(travel.edit);
    this.#history = travel.history;
    this.#made(travel.edit, by);
  }

  #made(edit: Edit, by: Asker): void {
    this.#revision += 1;
    this.edited$.next({ edit, revision: this.#revision, by });
    this.#tellHistory();
  }

  #tellHistory(): void {
    const { past, future } = this.#history;
    const undo = past.at(-1)?.intent;
    const redo = future.at(-1)?.intent;
    this.history$.next({
      ...(undo === undefined ? {} : { undo }),
      ...(redo === undefined ? {} : { redo }),
      depth: past.length,
    });
  }
}
