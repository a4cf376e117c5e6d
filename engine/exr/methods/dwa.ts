// The methods "dwaa" and "dwab": colours by a cosine transform with a tolerance, alpha and other samples exactly.
import { unpackDwaAs } from './dwa/unpack.ts';

export { packDwa } from './dwa/pack.ts';
export { dwaIsLossy } from './dwa/rules.ts';

export const unpackDwaa = unpackDwaAs('dwaa');
export const unpackDwab = unpackDwaAs('dwab');
