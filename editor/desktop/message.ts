// What the main process and the process of the session host say to each other.

export type ToHost =
  /** First of all, once. */
  | { readonly kind: 'start'; readonly graph?: string }
  /** Opens a folder that the user chose. Answered. */
  | { readonly kind: 'allow'; readonly id: number; readonly folder: string }
  | { readonly kind: 'close' };

export type FromHost =
  /** The address of the page, with the token. */
  | { readonly kind: 'ready'; readonly url: string }
  /** The host could not start; the process ends. */
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'allowed'; readonly id: number };
