/** The way from a message that was found to its place in its conversation. */
import type { Message } from "@medai/client";
import { useLocation } from "@tanstack/react-router";
import { useEffect } from "react";
import { type Choice, placeOf } from "./branches.ts";

const PREFIX = "message-";
/** Long conversations come into the page bit by bit, the newest first. */
const TRIES = 100;

export const hashOf = (message: string): string => PREFIX + message;

/** The choice between branches that shows a message. */
export function choiceOf(messages: readonly Message[], id: string): Choice {
  const known = new Map(messages.map((message) => [message.id, message]));
  const choice: Record<string, string> = {};
  for (let message = known.get(id); message; message = known.get(message.parent_id ?? "")) {
    const place = placeOf(message);
    if (place in choice) break;
    choice[place] = message.id;
  }
  return choice;
}

/** Shows the message that the address names, and scrolls to it. */
export function useFound(messages: readonly Message[] | undefined, choose: (choice: Choice) => void): void {
  const { hash, key } = useLocation({ select: ({ hash, state }) => ({ hash, key: state.key }) });
  const loaded = messages !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each time that somebody goes there
  useEffect(() => {
    if (!messages || !hash.startsWith(PREFIX)) return;
    const id = hash.slice(PREFIX.length);
    if (!messages.some((message) => message.id === id)) return;
    choose(choiceOf(messages, id));
    let left = TRIES;
    let frame = 0;
    const look = () => {
      const turn = document.querySelector(`[data-messages~="${CSS.escape(id)}"]`);
      left -= 1;
      if (turn) turn.scrollIntoView({ block: "start" });
      else if (left > 0) frame = requestAnimationFrame(look);
    };
    frame = requestAnimationFrame(look);
    return () => cancelAnimationFrame(frame);
  }, [loaded, hash, key]);
}
