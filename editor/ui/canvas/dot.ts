// The node that the canvas draws as a dot: it passes an image on and gives a wire a bend.

/** The type that the canvas makes where a dot is asked for, and draws as one. */
export const DOT = 'graph.dot';
