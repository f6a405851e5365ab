import type { MouseEvent, MouseEventHandler } from "react";

interface Pressed {
  onClick?: MouseEventHandler<HTMLButtonElement> | undefined;
  onPointerDown?: unknown;
  onKeyDown?: unknown;
}

/** Neither what was to be done nor what a form would send. */
function ignore(event: MouseEvent): void {
  event.preventDefault();
  event.stopPropagation();
}

/**
 * What makes of a button one that cannot be pressed just now. It is said to whoever reads it, and the press is ignored,
 * but it keeps the focus: with `disabled`, browsers take that away, and the next key goes to the page.
 */
export function unavailable(off: boolean | undefined, { onClick, onPointerDown, onKeyDown }: Pressed) {
  if (!off) return { onClick, onPointerDown, onKeyDown } as object;
  return { "aria-disabled": true, onClick: ignore };
}
