// Planes of colours made into code values of a display.
import {
  type Plane,
  type PointwiseInput,
  type PointwiseProgram,
  runPointwise,
  type Space,
  tableOf,
} from '../../../engine/authoring.ts';
import type { Renderer } from './fast.ts';

/** Colours to show, and either a plain program or a renderer between two encodings. With alpha they are divided by it. */
export type Showing = PointwiseInput &
  ({ readonly program: PointwiseProgram } | { readonly renderer: Renderer; readonly from: Space; readonly to: Space });

/** Fresh planes of the wanted types. */
export function showColours(showing: Showing): Plane[] {
  const { channels, types, alpha } = showing;
  const coverage = alpha ? { alpha } : {};
  if ('program' in showing) {
    const covered = alpha !== undefined;
    const program = covered ? showing.program : showing.program.filter(({ do: doing }) => !isAlpha(doing));
    return runPointwise(program, { channels, types, ...coverage });
  }
  const { renderer, from, to } = showing;
  const light = runPointwise(
    [
      ...(alpha ? [{ do: 'divide' } as const] : []),
      ...(from.encoding ? [{ do: 'bend', by: [tableOf(from.encoding.toLinear)] } as const] : []),
    ],
    { channels, types: ['float', 'float', 'float'], ...coverage },
  );
  const [r, g, b] = light.map(({ samples }) => samples as Float32Array);
  renderer(r!, g!, b!);
  return runPointwise(
    [
      ...(to.encoding ? [{ do: 'bend', by: [tableOf(to.encoding.fromLinear)] } as const] : []),
      ...(alpha ? [{ do: 'multiply' } as const] : []),
    ],
    { channels: light, types, ...coverage },
  );
}

const isAlpha = (doing: string): boolean => doing === 'divide' || doing === 'multiply';
