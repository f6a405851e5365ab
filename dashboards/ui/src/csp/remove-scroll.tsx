import { Slot } from "radix-ui";
import { type ReactNode, type Ref, useLayoutEffect } from "react";

interface Props {
  children?: ReactNode;
  enabled?: boolean;
  as?: unknown;
  allowPinchZoom?: boolean;
  shards?: unknown;
  ref?: Ref<HTMLElement>;
}

let locks = 0;

/**
 * Stands in for `react-remove-scroll`, which Radix uses to hold the page still behind a dialog. That one injects
 * `<style>` elements; this one sets a property, which a strict Content-Security-Policy allows.
 */
export function RemoveScroll({ children, enabled = true, ref, ...rest }: Props) {
  useLayoutEffect(() => {
    if (!enabled) return;
    const { style } = document.documentElement;
    locks += 1;
    style.overflow = "hidden";
    return () => {
      locks -= 1;
      if (locks === 0) style.overflow = "";
    };
  }, [enabled]);
  const { as: _as, allowPinchZoom: _pinch, shards: _shards, ...passed } = rest;
  return (
    <Slot.Root ref={ref} {...passed}>
      {children}
    </Slot.Root>
  );
}

RemoveScroll.classNames = { fullWidth: "", zeroRight: "" };

export default RemoveScroll;
