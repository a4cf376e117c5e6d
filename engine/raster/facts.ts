// What the head of a picture says, in words for people.
import type { PictureFile } from './picture.ts';

/** Name → what the head of a picture says of it, in words. */
export function pictureFacts({ header }: PictureFile): Map<string, string> {
  const { width, height, stored, channels, alpha, orientation, density, pixelAspect, colour, unread, complete } =
    header;
  const facts = new Map([
    ['size', `${width} x ${height}`],
    ['stored', stored],
    ['channels', channels.join(' ')],
  ]);
  const note = (name: string, text: string | undefined): void => {
    if (text !== undefined) facts.set(name, text);
  };
  if (channels.includes('A')) note('alpha', alpha ?? 'not said whether straight or premultiplied');
  note('colour', colour.length === 0 ? 'not said' : colour.map(({ by, says }) => `${by}: ${says}`).join('; '));
  note('orientation', orientation === undefined ? undefined : `${orientation}, not applied`);
  note('density', density && `${density.map((d) => Number(d.toFixed(3))).join(' x ')} pixels an inch`);
  if (pixelAspect !== undefined && pixelAspect !== 1) note('pixel aspect', String(Number(pixelAspect.toFixed(6))));
  if (unread.length > 0) note('not read', unread.join(', '));
  if (!complete) note('end', 'missing: the file is cut short');
  return facts;
}
