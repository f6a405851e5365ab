import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useRef, useState } from "react";
import { Button, IconButton } from "./button.tsx";
import { cx } from "./cx.ts";
import { TextField } from "./field.tsx";

interface Props {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  wide?: boolean;
}

/** Radix gives the focus back to its own triggers only; here it goes to whatever had it. */
function useFocusBack() {
  const before = useRef<Element>(null);
  return {
    onOpenAutoFocus: () => {
      before.current = document.activeElement;
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      if (before.current instanceof HTMLElement) before.current.focus();
    },
  };
}

const SCRIM = "fixed inset-0 z-40 bg-scrim print:hidden";

/** A question or a form in front of the page. */
export function Dialog({ open, onClose, title, description, children, wide }: Props) {
  const focus = useFocusBack();
  return (
    <Radix.Root open={open} onOpenChange={(now) => now || onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={SCRIM} />
        <Radix.Content
          className={cx(
            "fixed inset-x-3 top-[max(1rem,12dvh)] z-40 mx-auto max-h-[80dvh] animate-rise overflow-y-auto rounded-lg border border-line bg-surface p-5 shadow-pop sm:p-6",
            wide ? "max-w-3xl" : "max-w-md",
          )}
          {...focus}
          {...(description ? {} : { "aria-describedby": undefined })}
        >
          <Radix.Title className="pe-8 text-xl">{title}</Radix.Title>
          {description && (
            <Radix.Description asChild>
              <div className="mt-2 text-muted">{description}</div>
            </Radix.Description>
          )}
          {children && <div className="mt-4">{children}</div>}
          <Radix.Close asChild>
            <IconButton
              label={t`Close`}
              icon={<X size={18} />}
              size="sm"
              tip={false}
              className="absolute end-4 top-4"
            />
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** A side that slides over the page, for small screens. */
export function Sheet({
  open,
  onClose,
  title,
  side,
  children,
}: Omit<Props, "description" | "wide"> & { side: "left" | "right" }) {
  const focus = useFocusBack();
  return (
    <Radix.Root open={open} onOpenChange={(now) => now || onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={SCRIM} />
        <Radix.Content
          aria-describedby={undefined}
          {...focus}
          // Not into a field of it: that would bring up the keyboard of the phone.
          onOpenAutoFocus={(event) => {
            focus.onOpenAutoFocus();
            event.preventDefault();
            (event.currentTarget as HTMLElement).focus();
          }}
          className={cx(
            "fixed inset-y-0 z-40 flex outline-none w-[min(34rem,100vw)] flex-col bg-paper shadow-pop",
            side === "left" ? "start-0 max-w-[19rem]" : "end-0",
          )}
        >
          <Radix.Title className="sr-only">{title}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface ConfirmProps extends Omit<Props, "children"> {
  /** What the button says. */
  action: string;
  onConfirm: () => void;
  busy?: boolean;
  /** Nothing is lost by it: red is for what is dangerous. */
  harmless?: boolean;
  /** What must be typed first, for what cannot be taken back. */
  typed?: string;
}

/** Asks before something is done. */
export function Confirm({ action, onConfirm, busy = false, harmless, typed, ...dialog }: ConfirmProps) {
  const [text, setText] = useState("");
  return (
    <Dialog {...dialog}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          onConfirm();
        }}
      >
        {typed && (
          <TextField
            label={t`Type “${typed}” to confirm`}
            value={text}
            onChange={(event) => setText(event.target.value)}
            autoComplete="off"
          />
        )}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={dialog.onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button
            type="submit"
            look={harmless ? "primary" : "danger"}
            busy={busy}
            disabled={typed !== undefined && text !== typed}
          >
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
