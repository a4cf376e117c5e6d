// Texts cut short for messages.

/** The text, or its first characters and an ellipsis where it has more than `most` characters; never half of a pair. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most);
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}
