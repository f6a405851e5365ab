import { Badge, Button, cx, Panel } from "@medai/ui";
import { Check, X } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { KeyView } from "../keys/keys.ts";
import { AskStep } from "./ask_step.tsx";
import { ChooseStep } from "./choose_step.tsx";
import { KeyStep } from "./key_step.tsx";
import { SOURCES, type Source, stepsOf } from "./steps.ts";

interface Props {
  keys: KeyView[];
  /** A key was added by it. */
  onBegin: () => void;
  onDismiss: () => void;
}

/** From nothing to the first real key, in three steps. Each knows whether it is done. */
export function Guide({ keys, onBegin, onDismiss }: Props) {
  const [source, setSource] = useState<Source>(SOURCES[0] as Source);
  const [chosen, setChosen] = useState(false);
  const steps = stepsOf(keys, chosen);
  const done = [steps.chosen, steps.works, steps.asked];
  const at = done.indexOf(false);
  const heads = useRef<(HTMLElement | null)[]>([]);
  const before = useRef(at);
  useEffect(() => {
    // What was pressed is gone with its step: the focus goes on to the next one, if it was in the guide at all.
    if (before.current !== at && (!document.activeElement || document.activeElement === document.body))
      heads.current[at < 0 ? 2 : at]?.focus();
    before.current = at;
  }, [at]);
  const step = (index: number, title: string, children: ReactNode, after?: ReactNode) => (
    <Step
      head={(element) => {
        heads.current[index] = element;
      }}
      number={index + 1}
      title={title}
      state={done[index] ? "done" : index === at ? "now" : "next"}
      after={after}
    >
      {children}
    </Step>
  );
  return (
    <Panel
      title="Your first real key, in three steps"
      aside={
        <Button size="sm" look="quiet" icon={<X size={15} aria-hidden />} onClick={onDismiss}>
          {at < 0 ? "Close the guide" : "Dismiss the guide"}
        </Button>
      }
    >
      <ol className="flex flex-col gap-4">
        {step(
          0,
          "Choose a provider",
          <ChooseStep source={source} onSource={setSource} onDone={() => setChosen(true)} />,
          !steps.works && (
            <>
              {source.label}.{" "}
              <Button size="sm" look="quiet" onClick={() => setChosen(false)}>
                Choose another
              </Button>
            </>
          ),
        )}
        {step(
          1,
          source.provider === "ollama" ? "Connect it" : "Paste the key and test it",
          <KeyStep key={source.id} source={source} onAdded={onBegin} />,
          "A key of a real provider is in the pool, and works.",
        )}
        {step(2, "Ask a question", <AskStep />, "A real provider has answered. That is all.")}
      </ol>
    </Panel>
  );
}

const STATES = {
  done: <Badge tone="good">Done</Badge>,
  now: <Badge tone="warn">To do</Badge>,
  next: <Badge>Later</Badge>,
};

function Step({
  head,
  number,
  title,
  state,
  children,
  after,
}: {
  head: (element: HTMLElement | null) => void;
  number: number;
  title: string;
  state: keyof typeof STATES;
  children: ReactNode;
  after: ReactNode;
}) {
  return (
    <li className="flex gap-3.5" aria-current={state === "now" ? "step" : undefined}>
      <span
        aria-hidden
        className={cx(
          "mt-0.5 inline-flex size-7 shrink-0 items-center justify-center rounded-full font-medium text-sm tabular-nums",
          state === "done" ? "bg-accent-soft text-accent" : "bg-sunken text-muted",
        )}
      >
        {state === "done" ? <Check size={15} /> : number}
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex min-h-8 flex-wrap items-center gap-x-2.5 gap-y-1">
          <h3
            ref={head}
            tabIndex={-1}
            className="font-sans! font-semibold! text-base tracking-normal! outline-none"
          >
            <span className="sr-only">Step {number}: </span>
            {title}
          </h3>
          {STATES[state]}
        </div>
        {state === "now" && <div className="mt-2">{children}</div>}
        {state === "done" && after && <div className="text-muted text-sm">{after}</div>}
      </div>
    </li>
  );
}
