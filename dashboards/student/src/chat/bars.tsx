import { i18n } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import type { Message } from "@medai/client";
import { cx, IconButton, number, say } from "@medai/ui";
import { ChevronLeft, ChevronRight, Copy } from "lucide-react";
import type { ReactNode } from "react";
import { focusAfter, SIBLING } from "../app/focus.ts";
import { placeOf } from "./branches.ts";

/** Keeps the place of a bar that is not there. */
export const BarPlace = () => <div aria-hidden className="mt-1 h-8 pointer-coarse:h-10 print:hidden" />;

/** Shown for the turn that is pointed at or focused; on touch screens, and where it is wanted so, always. */
export function Bar({ label, always, children }: { label: string; always?: boolean; children: ReactNode }) {
  return (
    <div
      role="toolbar"
      aria-label={label}
      className={cx(
        "-ms-1.5 mt-1 flex min-h-8 pointer-coarse:min-h-10 flex-wrap items-center gap-0.5 pointer-coarse:gap-2 print:hidden",
        !always &&
          "opacity-100 transition-opacity group-focus-within/turn:opacity-100 group-hover/turn:opacity-100 [@media(hover:hover)]:opacity-0",
      )}
    >
      {children}
    </div>
  );
}

interface SiblingsProps {
  of: Message;
  among: Message[];
  /** What there are several of. */
  name: "wording" | "answer";
  onChoose: (place: string, id: string) => void;
}

const SIBLINGS = {
  wording: { one: msg`Wording`, previous: msg`Previous wording`, next: msg`Next wording` },
  answer: { one: msg`Answer`, previous: msg`Previous answer`, next: msg`Next answer` },
};

/** Which of several it is, and the ways to the others. */
export function Siblings({ of, among, name, onChoose }: SiblingsProps) {
  if (among.length < 2) return null;
  const at = among.findIndex(({ id }) => id === of.id);
  const go = (way: "previous" | "next") => {
    const other = among[way === "next" ? at + 1 : at - 1];
    if (!other) return;
    onChoose(placeOf(of), other.id);
    focusAfter("siblingChosen", other.id, way);
  };
  return (
    <span className="figures inline-flex items-center text-faint text-sm">
      <IconButton
        label={i18n._(SIBLINGS[name].previous)}
        size="sm"
        icon={<ChevronLeft size={16} className="rtl:-scale-x-100" />}
        disabled={at <= 0}
        data-focus={SIBLING(of.id, "previous")}
        onClick={() => go("previous")}
      />
      <span aria-live="polite">
        <span className="sr-only">{i18n._(SIBLINGS[name].one)} </span>
        {number(at + 1)} / {number(among.length)}
      </span>
      <IconButton
        label={i18n._(SIBLINGS[name].next)}
        size="sm"
        icon={<ChevronRight size={16} className="rtl:-scale-x-100" />}
        disabled={at >= among.length - 1}
        data-focus={SIBLING(of.id, "next")}
        onClick={() => go("next")}
      />
    </span>
  );
}

export function CopyButton({ text, label }: { text: string; label: string }) {
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    say(t`Copied`);
  };
  return <IconButton label={label} size="sm" icon={<Copy size={15} />} onClick={() => void copy()} />;
}
