import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { cx, IconButton } from "@medai/ui";
import { Check, Strikethrough, X } from "lucide-react";
import { useId } from "react";
import type { Option, Source } from "../result_types.ts";
import { LETTERS } from "./keys.ts";
import { SourceLine } from "./sources.tsx";
import { Words } from "./words.tsx";

export interface Asked {
  stem: string;
  lead_in: string;
  options: readonly Option[];
  answer?: number | null;
  source?: Source | null;
}

interface Props {
  question: Asked;
  chosen: number | null;
  struck: readonly number[];
  /** Left out where nothing can be answered any more. */
  onChoose?: ((option: number) => void) | undefined;
  onStrike?: ((option: number) => void) | undefined;
}

/** A question with its options; once its key is known, with what is right, why, and where that stands. */
export function QuestionView({ question, chosen, struck, onChoose, onStrike }: Props) {
  const { stem, lead_in, options, answer, source } = question;
  const revealed = answer != null;
  return (
    <div className="flex flex-col gap-3">
      {stem !== "" && <Words text={stem} />}
      <div className="font-semibold [&_.prose]:font-semibold">
        <Words text={lead_in} />
      </div>
      <ol aria-label={t`Options`} className="flex flex-col gap-2">
        {options.map((option, at) => (
          <OptionRow
            // biome-ignore lint/suspicious/noArrayIndexKey: their place is their identity
            key={at}
            option={option}
            at={at}
            chosen={chosen === at}
            struck={struck.includes(at)}
            right={revealed ? answer === at : undefined}
            onChoose={onChoose}
            onStrike={onStrike}
          />
        ))}
      </ol>
      {revealed && <SourceLine source={source} />}
    </div>
  );
}

interface RowProps extends Pick<Props, "onChoose" | "onStrike"> {
  option: Option;
  at: number;
  chosen: boolean;
  struck: boolean;
  /** Undefined until it may be known. */
  right: boolean | undefined;
}

function OptionRow({ option, at, chosen, struck, right, onChoose, onStrike }: RowProps) {
  const id = useId();
  const letter = LETTERS[at] ?? String(at + 1);
  const open = right === undefined && onChoose !== undefined;
  return (
    <li
      className={cx(
        "relative rounded-md border bg-surface",
        right === true
          ? "border-accent bg-accent-soft"
          : right === false && chosen
            ? "border-danger/60 bg-danger-soft"
            : chosen
              ? "border-accent bg-accent-soft"
              : "border-line",
        open &&
          "hover:border-edge has-[[aria-pressed]:focus-visible]:outline-2 outline-accent outline-offset-2",
      )}
    >
      {/* Over the whole row: what a model wrote may have blocks in it, which no button may. */}
      {right === undefined && (
        <button
          type="button"
          aria-pressed={chosen}
          aria-labelledby={`${id}-letter ${id}-text`}
          aria-disabled={open ? undefined : true}
          className="absolute inset-0 rounded-md outline-none"
          onClick={() => open && onChoose(at)}
        />
      )}
      <div className="flex items-start gap-3 px-3 py-2.5">
        <span
          id={`${id}-letter`}
          className={cx(
            "mt-0.5 grid size-6 shrink-0 place-items-center rounded-full border font-medium text-sm",
            chosen ? "border-accent bg-accent text-on-accent" : "border-edge text-muted",
          )}
        >
          {letter}
        </span>
        <div
          id={`${id}-text`}
          className={cx("min-w-0 flex-1", struck && right === undefined && "text-faint line-through")}
        >
          <Words text={option.text} small />
          {struck && <span className="sr-only">{t`struck out`}</span>}
        </div>
        {right === undefined && onStrike && (
          <IconButton
            label={struck ? t`Bring back ${letter}` : t`Strike out ${letter}`}
            tip={false}
            size="sm"
            aria-pressed={struck}
            className="relative -my-0.5 pointer-coarse:size-10"
            icon={<Strikethrough size={16} />}
            onClick={() => onStrike(at)}
          />
        )}
        {right !== undefined && <Verdict right={right} chosen={chosen} />}
      </div>
      {right !== undefined && option.explanation && (
        <div className="border-line border-t px-3 py-2.5">
          <Words text={option.explanation} small />
        </div>
      )}
    </li>
  );
}

/** In words and a sign: colour says nothing alone. */
function Verdict({ right, chosen }: { right: boolean; chosen: boolean }) {
  if (!right && !chosen) return null;
  const Icon = right ? Check : X;
  return (
    <span
      className={cx(
        "mt-0.5 flex shrink-0 items-center gap-1 font-medium text-sm",
        right ? "text-accent" : "text-danger",
      )}
    >
      <Icon size={16} aria-hidden />
      {right ? chosen ? <Trans>Right</Trans> : <Trans>Right answer</Trans> : <Trans>Your answer</Trans>}
    </span>
  );
}
