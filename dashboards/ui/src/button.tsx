import { Slot } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx.ts";
import { unavailable } from "./unavailable.ts";

type Look = "primary" | "plain" | "quiet" | "danger";

export const LOOKS: Record<Look, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-deep",
  plain: "border border-edge/60 bg-surface text-ink hover:border-edge hover:bg-sunken",
  quiet: "text-muted hover:bg-sunken hover:text-ink",
  danger: "border border-danger/50 bg-surface text-danger hover:bg-danger-soft",
};

interface Props extends ComponentProps<"button"> {
  look?: Look;
  size?: "md" | "sm";
  /** Shows that it is being done, and takes no second press. */
  busy?: boolean;
  icon?: ReactNode;
  /** Its only child becomes the button, such as a link. */
  asChild?: boolean;
}

export function Button({
  look = "plain",
  size = "md",
  busy,
  icon,
  asChild,
  disabled,
  className,
  children,
  onClick,
  onPointerDown,
  onKeyDown,
  ...rest
}: Props) {
  const As = asChild ? Slot.Root : "button";
  return (
    <As
      type={asChild ? undefined : "button"}
      {...rest}
      {...unavailable(busy || disabled, { onClick, onPointerDown, onKeyDown })}
      aria-busy={busy || undefined}
      className={cx(
        "inline-flex shrink-0 select-none print:hidden items-center justify-center gap-2 rounded-md font-medium transition-colors aria-disabled:cursor-not-allowed aria-disabled:opacity-50",
        size === "md" ? "min-h-10 px-4 text-[0.9375rem]" : "hit min-h-8 px-2.5 text-sm",
        LOOKS[look],
        busy && "animate-breathe",
        className,
      )}
    >
      {asChild ? (
        children
      ) : (
        <>
          {icon}
          {children}
        </>
      )}
    </As>
  );
}

/** The look of a link in running text. */
export const LinkLook =
  "text-accent underline decoration-accent/40 underline-offset-[3px] hover:decoration-accent";

export { IconButton } from "./icon_button.tsx";
