import { isTyping } from "@medai/ui";
import { useEffect, useRef } from "react";
import { optionKey } from "../items/keys.ts";

interface Actions {
  options: number;
  choose: (option: number) => void;
  strike: (option: number) => void;
  flag: () => void;
  /** The next thing that is to be done: to check, or to go on. */
  main: () => void;
  turn: (by: number) => void;
}

/** A quiz by its keys, wherever the focus is, unless something is typed or lies in front. */
export function useQuizKeys(actions: Actions): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey)
        return;
      if (document.querySelector("[role=dialog],[role=menu]")) return;
      const done = act(event, latest.current);
      if (done) event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

/** Does what a key is for; whether it is for anything. */
function act(event: KeyboardEvent, { options, choose, strike, flag, main, turn }: Actions): boolean {
  const option = optionKey(event, options);
  if (option) (option.strike ? strike : choose)(option.option);
  else if (event.key.toLowerCase() === "f") flag();
  else if (event.key === "ArrowRight" || event.key === "ArrowLeft")
    turn((event.key === "ArrowRight") === (document.documentElement.dir !== "rtl") ? 1 : -1);
  // On a button or a link, Enter presses that; on an option it checks what was chosen.
  else if (event.key === "Enter" && !isOther(event.target)) main();
  else return false;
  return true;
}

const isOther = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest("button, a, [role=button], summary") !== null &&
  !target.closest("[aria-pressed=true]");
