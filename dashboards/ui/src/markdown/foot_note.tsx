import { t } from "@lingui/core/macro";
import { createContext, type MouseEvent, type ReactNode, useContext } from "react";

interface Notes {
  /** What makes their ids those of one answer. */
  prefix: string;
  labels: readonly string[];
}

export const NotesContext = createContext<Notes>({ prefix: "", labels: [] });

/** The labels of the notes that a text has, with spaces between them. */
export const labelsOf = (text: string): string =>
  [...text.matchAll(/^ {0,3}\[\^([^\]\s]{1,40})\]:/gm)].map(([, label]) => label).join(" ");

/** Where a note is named. */
export function FootRef({ label }: { label: string }) {
  const { prefix, labels } = useContext(NotesContext);
  if (!labels.includes(label)) return <sup>{label}</sup>;
  const id = `${prefix}-${label}`;
  // The address of the page stays as it is: it is the conversation's.
  const go = (event: MouseEvent) => {
    event.preventDefault();
    const note = document.getElementById(id);
    note?.focus({ preventScroll: true });
    note?.scrollIntoView({ block: "nearest" });
  };
  return (
    <sup>
      <a href={`#${id}`} aria-label={t`Note ${label}`} onClick={go}>
        {label}
      </a>
    </sup>
  );
}

interface Props {
  label: string;
  dir?: string;
  lang?: string;
  children?: ReactNode;
}

export function FootNote({ label, dir, lang, children }: Props) {
  const { prefix } = useContext(NotesContext);
  return (
    // It may have lists and paragraphs, so it is none itself.
    <div id={`${prefix}-${label}`} tabIndex={-1} className="foot-note" dir={dir} lang={lang}>
      <sup>{label}</sup> {children}
    </div>
  );
}
