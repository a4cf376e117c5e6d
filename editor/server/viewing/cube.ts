// Display transforms as the viewer draws them, baked once.
import { EngineError } from '../../../engine/index.ts';
import { CUBE, CUBE_NAMES, CUBE_SIZE, cubeOf } from '../../../nodes/index.ts';
import type { CubeView } from '../../protocol.ts';

/** The cube of a transform. Throws `usage` where there is none of that name. */
export function cubeView(transform: string): CubeView {
  const codes = cubeOf(transform);
  if (!codes) {
    const message = `Expected one of ${CUBE_NAMES.join(', ')}, found ${transform}.`;
    throw new EngineError('usage', 'usage', message);
  }
  const bytes = new DataView(new ArrayBuffer(codes.byteLength));
  codes.forEach((code, i) => void bytes.setUint16(i * 2, code, true));
  return { size: CUBE_SIZE, ...CUBE, codes: Buffer.from(bytes.buffer).toString('base64') };
}
