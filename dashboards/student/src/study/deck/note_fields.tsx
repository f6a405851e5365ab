import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, TextArea } from "@medai/ui";
import { type KeyboardEvent, useRef } from "react";
import { leaveOut } from "../cloze.ts";
import type { ClozeText, Filled } from "../types.ts";
import { OcclusionFields } from "./occlusion_fields.tsx";

/** As long a field may be. */
const LONGEST = 20_000;
const GAP = "{{c1::…}}";
const GAP_WITH_HINT = "{{c1::…::?}}";

interface Props {
  filled: Filled;
  onChange: (filled: Filled) => void;
  /** What the API says is wrong, by field. */
  refused: Record<string, string>;
}

/** The fields of a note, by its kind. */
export function NoteFields({ filled, onChange, refused }: Props) {
  if (filled.kind === "cloze")
    return (
      <ClozeFields
        fields={filled.fields}
        refused={refused}
        onChange={(fields) => onChange({ ...filled, fields })}
      />
    );
  if (filled.kind === "image_occlusion")
    return (
      <OcclusionFields
        fields={filled.fields}
        refused={refused}
        onChange={(fields) => onChange({ ...filled, fields })}
      />
    );
  const { fields } = filled;
  return (
    <>
      <TextArea
        label={t`Question`}
        dir="auto"
        rows={3}
        maxLength={LONGEST}
        value={fields.front}
        hint={t`Markdown, with formulas between dollars: $E = mc^2$.`}
        problem={refused["fields.front"]}
        onChange={(event) => onChange({ ...filled, fields: { ...fields, front: event.target.value } })}
      />
      <TextArea
        label={t`Answer`}
        dir="auto"
        rows={3}
        maxLength={LONGEST}
        value={fields.back}
        problem={refused["fields.back"]}
        onChange={(event) => onChange({ ...filled, fields: { ...fields, back: event.target.value } })}
      />
    </>
  );
}

function ClozeFields({
  fields,
  refused,
  onChange,
}: {
  fields: ClozeText;
  refused: Record<string, string>;
  onChange: (fields: ClozeText) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const cut = (again: boolean) => {
    const area = box.current?.querySelector("textarea");
    if (!area) return;
    const { text, from, to } = leaveOut(fields.text, area.selectionStart, area.selectionEnd, again);
    onChange({ ...fields, text });
    requestAnimationFrame(() => {
      area.focus();
      area.setSelectionRange(from, to);
    });
  };
  /** As in Anki; with Alt the same card again. */
  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || !event.shiftKey || event.code !== "KeyC") return;
    event.preventDefault();
    cut(event.altKey);
  };
  return (
    <>
      <div ref={box} className="flex flex-col gap-2">
        <TextArea
          label={t`Text`}
          dir="auto"
          rows={4}
          maxLength={LONGEST}
          value={fields.text}
          hint={t`What is left out stands in ${GAP}; a hint goes behind it: ${GAP_WITH_HINT}.`}
          problem={refused["fields.text"]}
          onKeyDown={onKeyDown}
          onChange={(event) => onChange({ ...fields, text: event.target.value })}
        />
        <div className="flex flex-wrap gap-2">
          <Button size="sm" title={t`Ctrl+Shift+C`} onClick={() => cut(false)}>
            <Trans>Leave out</Trans>
          </Button>
          <Button size="sm" title={t`Ctrl+Shift+Alt+C`} onClick={() => cut(true)}>
            <Trans>Leave out, on the same card</Trans>
          </Button>
        </div>
      </div>
      <TextArea
        label={t`Below the answer`}
        dir="auto"
        maxLength={LONGEST}
        value={fields.extra}
        problem={refused["fields.extra"]}
        onChange={(event) => onChange({ ...fields, extra: event.target.value })}
      />
    </>
  );
}
