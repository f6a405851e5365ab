/** How much of a file has gone, where `sent` of `total` bytes of the form that carries it have. Never more than all. */
export function sentOf(sent: number, total: number, size: number): number {
  const around = Math.max(0, total - size);
  return Math.min(size, Math.max(0, sent - around));
}
