// Which of the shell's overlays is open.
import { BehaviorSubject } from 'rxjs';

export const overlay$ = new BehaviorSubject<'palette' | 'shortcuts' | null>(null);
