// Rewriting: other names in an expression, everything else as it was typed.
import { parseExpression } from './parse.ts';
import { CONSTANTS, type NameSyntax } from './syntax.ts';

/**
 * The text with each name for which `replace` gives a text replaced by that text. A text that cannot be read stays as it
 * is, since what it means is not known.
 */
export function rewriteNames(text: string, replace: (name: NameSyntax) => string | undefined): string {
  let rewritten = '';
  let done = 0;
  for (const name of namesOf(text)) {
    const other = replace(name);
    if (other === undefined) continue;
    rewritten += text.slice(done, name.start) + other;
    done = name.end;
  }
  return rewritten + text.slice(done);
}

/** The names in an expression in their order; none in a text that cannot be read. */
export function namesOf(text: string): readonly NameSyntax[] {
  try {
    return parseExpression(text).names;
  } catch {
    return [];
  }
}

/** A name as an expression takes it: bare where it can be, else with quotes around the pieces that need them. */
export function nameText(name: string): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  const pieces = name.split('.');
  if (Object.hasOwn(CONSTANTS, name) || pieces.includes('')) return quoted(name);
  return pieces
    .map((piece, i) => ((i === 0 ? /^[A-Za-z_]\w*$/ : /^\w+$/).test(piece) ? piece : quoted(piece)))
    .join('.');
}
