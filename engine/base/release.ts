// Giving memory back at once: large buffers that are done with, without waiting for the garbage collector.

/** Smaller buffers may lie in Node's pool (64 KiB), which cannot be taken away, and are not worth the call. */
const LEAST = 262_144;

/**
 * Frees the memory behind an array that nobody uses any more. It must be all that is in use of its buffer. Small and
 * shared buffers are left alone. Buffers outside the heap are freed by the collector, which comes late where the heap is
 * quiet; what is released here does not wait for it.
 */
export function release({ buffer }: ArrayBufferView): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength >= LEAST) buffer.transfer(0);
}
