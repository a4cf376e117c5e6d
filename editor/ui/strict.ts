// Keeps zod from probing for `new Function`, which the page's content policy refuses; imported before any schema is made.
import { config } from 'zod';

config({ jitless: true });
