import { t } from "@lingui/core/macro";
import { Copy } from "lucide-react";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { say } from "../toast.tsx";
import { useScrolls } from "./sideways.tsx";

/** Whether more of a block is on its way: then it is not worth colouring yet. */
export const WritingContext = createContext(false);

/** Longer code stays plain. */
const LONG = 10_000;

/** Code, with its language, and a button that copies it. */
export function CodeBlock({ language, code }: { language: string; code: string }) {
  const scrolling = useScrolls<HTMLPreElement>();
  const coloured = useColours(language, code);
  const copy = () =>
    navigator.clipboard?.writeText(code).then(
      () => say(t`Copied the code.`),
      () => say(t`The browser does not let this page copy.`),
    );
  return (
    <div className="code-block" dir="ltr">
      <div className="code-head">
        <span>{language || t`code`}</span>
        <button type="button" className="hit" aria-label={t`Copy code`} onClick={() => void copy()}>
          <Copy size={14} aria-hidden /> {t`Copy`}
        </button>
      </div>
      <pre {...scrolling}>
        <code>{coloured ?? code}</code>
      </pre>
    </div>
  );
}

/** The code in its colours, once the highlighter is there. */
function useColours(language: string, code: string): ReactNode {
  const writing = useContext(WritingContext);
  const [found, setFound] = useState<{ code: string; coloured: ReactNode }>();
  const wanted = !writing && language !== "" && code.length <= LONG;
  useEffect(() => {
    if (!wanted) return;
    let gone = false;
    // Without its colours, code is still code.
    void import("./highlight.ts").then(
      ({ highlighted }) => {
        if (!gone) setFound({ code, coloured: highlighted(code, language) });
      },
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [wanted, language, code]);
  return found?.code === code ? found.coloured : undefined;
}
