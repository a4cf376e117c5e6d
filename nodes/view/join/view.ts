// The views to join in their order: inputs, names, and what is wrong with them.
import {
  type ImageSpec,
  type Loss,
  listNames,
  type NodeProblem,
  nearNames,
  partLabel,
  viewsIn,
} from '../../../engine/authoring.ts';

/** What the functions of this folder need of the node's context. */
export interface Context {
  readonly node: string;
  readonly params: {
    readonly order: readonly string[];
    readonly names: Readonly<Record<string, string>>;
  };
  readonly inputs: { readonly views: Readonly<Record<string, ImageSpec>> };
  report(problem: NodeProblem): void;
  lose(loss: Loss): void;
}

/** An image that is a view. */
export interface View {
  readonly name: string;
  readonly input: string;
  /** `views.` and the input. */
  readonly port: string;
  readonly image: ImageSpec;
}

/** The views in their order. Reports inputs that do not exist, names that are none or stand twice, and views of views. */
export function orderViews(ctx: Context): View[] {
  const { order, names } = ctx.params;
  const inputs = ctx.inputs.views;
  const connected = Object.keys(inputs);
  const unknown = (input: string, param: string): void =>
    ctx.report({
      severity: 'error',
      code: 'source-unknown',
      message: `There is no input ${input}. Connected: ${listNames(connected)}.`,
      where: { param },
      fixes:
        param === 'names'
          ? []
          : nearNames(input, connected).map((near) => ({
              title: `Use ${near}`,
              set: { order: order.map((name) => (name === input ? near : name)) },
            })),
    });
  for (const input of order) if (!Object.hasOwn(inputs, input)) unknown(input, 'order');
  for (const input of Object.keys(names)) if (!Object.hasOwn(inputs, input)) unknown(input, 'names');
  const sorted = [...new Set([...order.filter((input) => Object.hasOwn(inputs, input)), ...connected])];
  const views = sorted.map((input): View => {
    const name = Object.hasOwn(names, input) ? names[input]! : input;
    return { name, input, port: `views.${input}`, image: inputs[input]! };
  });
  for (const [at, { name, input, image }] of views.entries()) {
    if (name === '' || name.includes('.')) {
      refuse(ctx, 'view-unknown', `"${name}" cannot be the name of a view: it is empty or holds a dot.`, 'names');
    }
    const before = views.slice(0, at).find((view) => view.name === name);
    if (before) refuse(ctx, 'view-ambiguous', `${before.input} and ${input} are both view ${name}.`, 'names');
    for (const [index, part] of image.parts.entries()) {
      const own = viewsIn(part.attributes);
      if (own.length < 2) continue;
      const message = `${partLabel(part, index)} of ${input} holds the views ${listNames(own)}. Choose one with Select view before.`;
      refuse(ctx, 'view-ambiguous', message);
    }
  }
  return views;
}

/** Reports an error. */
export const refuse = (ctx: Context, code: NodeProblem['code'], message: string, param?: string): void =>
  ctx.report({ severity: 'error', code, message, ...(param === undefined ? {} : { where: { param } }) });
