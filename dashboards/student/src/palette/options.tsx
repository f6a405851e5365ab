import { t } from "@lingui/core/macro";
import { cx } from "@medai/ui";
import { type ReactNode, useEffect, useId, useRef } from "react";

/** The list below a line that the focus stays in. */
export function Options({ id, children }: { id: string; children: ReactNode }) {
  return (
    <div
      id={id}
      role="listbox"
      aria-label={t`What is found`}
      className="mt-2 max-h-[max(9rem,calc(80dvh-15rem))] overflow-y-auto"
    >
      {children}
    </div>
  );
}

Options.Group = function Group({ name, children }: { name: string; children: ReactNode }) {
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: part of a list, and no set of fields
    <div role="group" aria-labelledby={id}>
      <div id={id} className="px-2.5 pt-3 pb-1 font-medium text-faint text-xs">
        {name}
      </div>
      {children}
    </div>
  );
};

interface Props {
  id: string | undefined;
  picked: boolean;
  onPick: () => void;
  onHover: () => void;
  children: ReactNode;
}

export function Option({ id, picked, onPick, onHover, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (picked) box.current?.scrollIntoView({ block: "nearest" });
  }, [picked]);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the line above
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are taken by that line
    <div
      ref={box}
      id={id}
      role="option"
      aria-selected={picked}
      className={cx(
        "flex min-h-9 pointer-coarse:min-h-11 cursor-pointer items-baseline gap-3 rounded-md px-2.5 py-1.5 text-[0.9375rem]",
        picked && "bg-sunken",
      )}
      onMouseMove={onHover}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPick}
    >
      {children}
    </div>
  );
}
