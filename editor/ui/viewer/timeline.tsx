// The timeline: until it is here, the frame alone.
import { useStore, useValue } from '../store/use.ts';

export function Timeline() {
  return <p>Frame {useValue(useStore().frame$)}</p>;
}
