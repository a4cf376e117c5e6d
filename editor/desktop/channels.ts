// The names of the channels between the page's preload script and the main process.

export const CHANNELS = {
  /** Page to main, answered: a `FileQuestion`, answered by a `ChosenFile`. */
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
