import { t } from "@lingui/core/macro";
import { IconButton } from "@medai/ui";
import { CircleStop, Volume2 } from "lucide-react";
import { type RefObject, useEffect, useState } from "react";

/** Reads an answer aloud with the browser's own voice, where it has one. */
export function SpeakButton({ turn }: { turn: RefObject<HTMLElement | null> }) {
  const [speaking, setSpeaking] = useState(false);
  useEffect(() => {
    if (speaking) return () => speechSynthesis.cancel();
  }, [speaking]);
  if (!("speechSynthesis" in globalThis)) return null;
  const speak = () => {
    const prose = turn.current?.querySelector<HTMLElement>(".prose");
    if (!prose) return;
    const words = new SpeechSynthesisUtterance(prose.innerText);
    words.lang = prose.querySelector("[lang]")?.getAttribute("lang") ?? "en";
    words.onend = () => setSpeaking(false);
    words.onerror = () => setSpeaking(false);
    speechSynthesis.cancel();
    speechSynthesis.speak(words);
    setSpeaking(true);
  };
  return (
    <IconButton
      label={speaking ? t`Stop reading` : t`Read aloud`}
      size="sm"
      icon={speaking ? <CircleStop size={15} /> : <Volume2 size={15} />}
      onClick={speaking ? () => setSpeaking(false) : speak}
    />
  );
}
