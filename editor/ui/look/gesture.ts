// Names for gestures: the edits of one drag share one, so that they become one step of the history.

let count = 0;

/** A name that no other gesture of this page has. */
export const gesture = (): string => {
  count += 1;
  return `gesture-${START}-${count}`;
};

// Two pages on one host must not share names.
const START = Math.random().toString(36).slice(2, 8);
