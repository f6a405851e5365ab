import { t } from "@lingui/core/macro";
import { Dialog } from "@medai/ui";
import { Search } from "lucide-react";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import { Part } from "../app/fetched.tsx";
import { Found } from "./chunks.ts";

interface Props {
  onClose: () => void;
  onHelp: () => void;
}

/** What the list below the line says of itself. */
export interface Listed {
  /** The id of what is picked. */
  active: string | undefined;
  any: boolean;
}

/**
 * One line for everything: where to go, what to do, and what was said. The focus stays in it. It is there with the key
 * that opens it and takes what is typed from then on; the list comes when it is fetched, and Enter waits for it.
 */
export function Palette({ onClose, onHelp }: Props) {
  const [typed, setTyped] = useState("");
  const [entered, setEntered] = useState(false);
  const [listed, setListed] = useState<Listed>();
  const keys = useRef<(event: KeyboardEvent) => void>(undefined);
  const list = useId();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (keys.current) return keys.current(event);
    if (event.key !== "Enter") return;
    event.preventDefault();
    setEntered(true);
  };
  return (
    <Dialog open wide onClose={onClose} title={t`Search and commands`}>
      <label className="flex h-11 items-center gap-2.5 rounded-md border border-edge/70 bg-surface px-3 focus-within:border-accent focus-within:outline-2 focus-within:outline-accent">
        <Search size={17} className="shrink-0 text-faint" aria-hidden />
        <input
          role="combobox"
          type="text"
          value={typed}
          maxLength={200}
          spellCheck={false}
          autoComplete="off"
          aria-label={t`Search and commands`}
          aria-expanded={listed?.any ?? false}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={listed?.active}
          placeholder={t`Conversations, messages, documents, pages, / for commands`}
          className="w-full min-w-0 bg-transparent text-ink outline-none placeholder:text-faint"
          onChange={(event) => {
            setTyped(event.target.value);
            setEntered(false);
          }}
          onKeyDown={onKeyDown}
        />
      </label>
      <Part fallback={<div aria-busy className="h-36" />}>
        <Found
          id={list}
          typed={typed}
          entered={entered}
          keys={keys}
          onListed={setListed}
          onClose={onClose}
          onHelp={onHelp}
        />
      </Part>
    </Dialog>
  );
}
