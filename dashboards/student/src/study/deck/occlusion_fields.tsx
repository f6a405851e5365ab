import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type Picture, Problem, upload } from "@medai/client";
import { Button, IconButton, number, Select, say, TextArea, TextField } from "@medai/ui";
import { Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { told } from "../../app/api_message.ts";
import { PICTURES } from "../../chat/pictures.ts";
import { isSearchable, useDocuments } from "../../documents/documents.ts";
import { MOST_BOXES } from "../occlusion.ts";
import { pictureKey } from "../pictures.ts";
import type { Occlusion } from "../types.ts";
import { OcclusionEditor } from "./occlusion_editor.tsx";

interface Props {
  fields: Occlusion;
  refused: Record<string, string>;
  onChange: (fields: Occlusion) => void;
}

/** A picture with boxes over it. */
export function OcclusionFields({ fields, refused, onChange }: Props) {
  const has = pictureKey(fields) !== undefined;
  const { boxes } = fields;
  const drop = (at: number) => onChange({ ...fields, boxes: boxes.filter((_, each) => each !== at) });
  return (
    <>
      <ChoosePicture fields={fields} onChange={onChange} />
      {has && (
        <>
          <OcclusionEditor fields={fields} onChange={(next) => onChange({ ...fields, boxes: next })} />
          {refused["fields.boxes"] && <p className="text-danger text-sm">{refused["fields.boxes"]}</p>}
          {boxes.length > 0 && (
            <ol aria-label={t`Boxes`} className="flex flex-col gap-2">
              {boxes.map((box, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a box is known by its place
                <li key={at} className="flex items-end gap-2">
                  <div className="min-w-0 flex-1">
                    <TextField
                      label={t`What is behind box ${number(at + 1)}`}
                      value={box.label ?? ""}
                      maxLength={200}
                      autoComplete="off"
                      onChange={({ target: { value } }) =>
                        onChange({
                          ...fields,
                          boxes: boxes.map((each, place) => (place === at ? labelled(each, value) : each)),
                        })
                      }
                    />
                  </div>
                  <IconButton
                    label={t`Delete box ${number(at + 1)}`}
                    icon={<Trash2 size={17} />}
                    onClick={() => drop(at)}
                  />
                </li>
              ))}
            </ol>
          )}
          {boxes.length >= MOST_BOXES && (
            <p className="text-faint text-sm">
              <Trans>A picture has {number(MOST_BOXES)} boxes at the most.</Trans>
            </p>
          )}
          <Select
            label={t`While one part is asked for, the others are`}
            value={fields.mode}
            onChange={({ target: { value } }) => onChange({ ...fields, mode: value as Occlusion["mode"] })}
          >
            <option value="hide_all">{t`covered too`}</option>
            <option value="hide_one">{t`to be seen`}</option>
          </Select>
        </>
      )}
      <TextArea
        label={t`Above the picture`}
        dir="auto"
        maxLength={20_000}
        value={fields.header}
        problem={refused["fields.header"]}
        onChange={(event) => onChange({ ...fields, header: event.target.value })}
      />
      <TextArea
        label={t`Below the answer`}
        dir="auto"
        maxLength={20_000}
        value={fields.extra}
        problem={refused["fields.extra"]}
        onChange={(event) => onChange({ ...fields, extra: event.target.value })}
      />
    </>
  );
}

function labelled<T extends { label?: string }>({ label: _, ...box }: T, label: string) {
  return label === "" ? box : { ...box, label };
}

/** An image from this device, or a page of a document. */
function ChoosePicture({ fields, onChange }: Omit<Props, "refused">) {
  const files = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const documents = useDocuments().data?.filter(isSearchable) ?? [];
  const chosen = documents.find(({ id }) => id === fields.document_id);
  const { image_id: _image, document_id: _document, page: _page, ...rest } = fields;

  const send = async (file: File) => {
    setBusy(true);
    const form = new FormData();
    form.set("file", file);
    try {
      const picture = await upload<Picture>(
        "/api/images",
        form,
        () => undefined,
        new AbortController().signal,
      );
      onChange({ ...rest, image_id: picture.id, boxes: [] });
    } catch (error) {
      say(told(Problem.wrap(error)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="flex flex-wrap items-end gap-3">
      <Button busy={busy} onClick={() => files.current?.click()}>
        {fields.image_id ? <Trans>Choose another picture</Trans> : <Trans>Choose a picture</Trans>}
      </Button>
      <input
        ref={files}
        type="file"
        hidden
        accept={PICTURES}
        aria-label={t`Picture`}
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = "";
          if (file) void send(file);
        }}
      />
      {documents.length > 0 && (
        <div className="min-w-48 flex-1">
          <Select
            label={t`or a page of a document`}
            value={fields.document_id ?? ""}
            onChange={({ target: { value } }) =>
              onChange(
                value === "" ? { ...rest, boxes: [] } : { ...rest, document_id: value, page: 1, boxes: [] },
              )
            }
          >
            <option value="">{t`None`}</option>
            {documents.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </Select>
        </div>
      )}
      {fields.document_id && (
        <div className="w-24">
          <TextField
            label={t`Page`}
            type="number"
            min={1}
            max={chosen?.pages ?? undefined}
            value={fields.page ?? 1}
            onChange={({ target: { valueAsNumber } }) => {
              const last = chosen?.pages ?? 3000;
              if (valueAsNumber >= 1 && valueAsNumber <= last)
                onChange({ ...fields, page: Math.round(valueAsNumber), boxes: [] });
            }}
          />
        </div>
      )}
    </div>
  );
}
