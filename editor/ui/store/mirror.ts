// The client's copy of the document: what the host has confirmed, and on top of it the edits that are still under way.
import { applyEdit, type Document, type Edit, emptyDocument, saveDocument } from '../../../engine/browser.ts';

/** An edit made here that the host has not confirmed yet. */
export interface PendingEdit {
  readonly id: number;
  readonly edit: Edit;
  readonly intent: string;
  readonly group?: string;
}

interface Entry {
  readonly pending: PendingEdit;
  /** The document with this edit and all before it. */
  result: Document;
  sent: boolean;
}

/** Holds no socket and no observables: its methods say what happened, `document` is what to show. */
export class Mirror {
  /** The revision of the document that the host confirmed last. */
  revision = 0;
  #confirmed: Document = emptyDocument();
  #entries: Entry[] = [];

  get document(): Document {
    return this.#entries.at(-1)?.result ?? this.#confirmed;
  }

  /** Edits under way. */
  get depth(): number {
    return this.#entries.length;
  }

  holds(id: number): boolean {
    return this.#entries.some(({ pending }) => pending.id === id);
  }

  /** Makes an edit here. Throws `edit-invalid` where it does not fit. */
  make(pending: PendingEdit): void {
    const { document } = applyEdit(this.document, pending.edit);
    this.#entries.push({ pending, result: document, sent: false });
  }

  /** The edits that have to be sent, in order; from now on they count as sent. */
  takeUnsent(): PendingEdit[] {
    const unsent = this.#entries.filter(({ sent }) => !sent);
    for (const entry of unsent) entry.sent = true;
    return unsent.map(({ pending }) => pending);
  }

  /**
   * The host made an edit: our own where `origin` is one of ours, otherwise somebody else's or an undo.
   * Throws `edit-invalid` where the edit does not fit the copy, which then has gone astray.
   */
  edited(revision: number, edit: unknown, origin: number | undefined): void {
    const [head] = this.#entries;
    if (head && origin === head.pending.id && JSON.stringify(edit) === JSON.stringify(head.pending.edit)) {
      this.#confirmed = head.result;
      this.#entries.shift();
    } else {
      this.#confirmed = applyEdit(this.#confirmed, edit as Edit).document;
      this.#entries = this.#entries.filter(({ pending }) => pending.id !== origin);
      this.#replay();
    }
    this.revision = revision;
  }

  /** The host did not take the edit. */
  refused(id: number): void {
    this.#entries = this.#entries.filter(({ pending }) => pending.id !== id);
    this.#replay();
  }

  /** The host's whole document. Edits under way stay on top of it, unless it is another document. */
  replaced(revision: number, document: Document, { reset }: { readonly reset: boolean }): void {
    this.#confirmed = document;
    this.revision = revision;
    if (reset) this.#entries = [];
    this.#replay();
  }

  /**
   * The host's whole document after the connection was lost and found again: of the edits sent before, some, all or none
   * may have arrived. Those that did are dropped, the others have to be sent again (`takeUnsent`). Returns how many could
   * not be kept, because the host's document is neither of those that they led through.
   */
  resumed(revision: number, document: Document): { readonly lost: number } {
    const entries = this.#entries;
    let kept = entries;
    if (entries.length > 0) {
      const theirs = saveDocument(document);
      const arrived = entries.findLastIndex(({ result }) => saveDocument(result) === theirs);
      if (arrived >= 0) kept = entries.slice(arrived + 1);
      else if (saveDocument(this.#confirmed) !== theirs) kept = entries.filter(({ sent }) => !sent);
      for (const entry of kept) entry.sent = false;
      if (arrived >= 0) entries.splice(0, arrived + 1);
    }
    const before = entries.length;
    this.#confirmed = document;
    this.revision = revision;
    this.#entries = kept;
    this.#replay();
    return { lost: before - this.#entries.length };
  }

  /** Applies what is under way to what is confirmed; an edit that does not fit any more is dropped, the host refuses it. */
  #replay(): void {
    let document = this.#confirmed;
    this.#entries = this.#entries.filter((entry) => {
      try {
        document = applyEdit(document, entry.pending.edit).document;
      } catch {
        return false;
      }
      entry.result = document;
      return true;
    });
  }
}

/** The renames that an edit makes, old id to new, in order. */
export function renamesOf(edit: Edit): readonly (readonly [from: string, to: string])[] {
  if (edit.op === 'renameNode') return [[edit.id, edit.to]];
  return edit.op === 'batch' ? edit.edits.flatMap(renamesOf) : [];
}
