import { t } from "@lingui/core/macro";
import { bytes, IconButton, Meter, percent } from "@medai/ui";
import { X } from "lucide-react";
import { ProblemNotice } from "../app/limit.tsx";
import { dismiss, retry, type Upload } from "./uploads.ts";

/** A file on its way. */
export function UploadRow({ upload }: { upload: Upload }) {
  const { id, name, sent, state, problem } = upload;
  return (
    <li className="border-line border-b py-3.5">
      <div className="flex items-center gap-3">
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium">
            <bdi>{name}</bdi>
          </p>
          <p className="figures text-faint text-sm">
            {state === "waiting" && t`Waiting for the file before it`}
            {state === "sending" &&
              (sent < upload.bytes ? t`${bytes(sent)} of ${bytes(upload.bytes)} sent` : t`Looking at it`)}
            {state === "failed" && t`Not uploaded`}
          </p>
        </div>
        {state === "sending" && (
          <span className="figures text-muted text-sm">{percent(sent / Math.max(1, upload.bytes))}</span>
        )}
        <IconButton
          label={state === "failed" ? t`Dismiss` : t`Stop uploading ${name}`}
          size="sm"
          icon={<X size={16} />}
          onClick={() => dismiss(id)}
        />
      </div>
      {state === "sending" && (
        <Meter label={t`Uploading ${name}`} progress value={sent} max={upload.bytes} className="mt-2 h-1!" />
      )}
      {state === "failed" && problem && (
        <div className="mt-2">
          <ProblemNotice problem={problem} onRetry={problem.status === 415 ? undefined : () => retry(id)} />
        </div>
      )}
    </li>
  );
}
