import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useAccount } from "@medai/client/react";
import { cx, Kbd, LinkLook } from "@medai/ui";
import { Link } from "@tanstack/react-router";
import { keysOf, SHORTCUTS } from "../app/shortcuts.ts";
import { useOff } from "../app/status.tsx";
import { useDocuments } from "../documents/documents.ts";
import { useUploads } from "../plans/invitation.ts";
import { COMMANDS } from "./commands.ts";

/** What is shown before the first question: what can be asked. */
export function Welcome({ onPick }: { onPick: (text: string) => void }) {
  const { name } = useAccount();
  const { data: documents } = useDocuments();
  const off = useOff();
  const uploads = useUploads();
  const first = name.split(" ")[0];
  const palette = keysOf(SHORTCUTS.palette).join(" ");
  const help = keysOf(SHORTCUTS.help).join(" ");
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <div className="mx-auto my-auto w-full max-w-[46rem] px-4 py-8 sm:px-6">
        <h1 className="text-[2rem] sm:text-[2.75rem]">
          <Trans>What are you studying, {first}?</Trans>
        </h1>
        <p className="mt-3 max-w-[52ch] text-pretty text-lg text-muted">
          {documents && documents.length > 0
            ? t`Ask anything and, where your documents know it, read the answer with its page.`
            : t`Ask anything in your own words, or start with a command.`}
        </p>
        <ul className="mt-8 border-line border-t">
          {COMMANDS.map(({ name, feature, what, example, Icon }) => (
            <li key={name} className="border-line border-b">
              <button
                type="button"
                className="group flex min-h-13 w-full items-center gap-3 px-1 text-start sm:gap-3.5 hover:bg-sunken"
                onClick={() => onPick(`/${name} `)}
              >
                <Icon
                  size={18}
                  className={cx("shrink-0", off(feature) ? "text-faint" : "text-accent")}
                  aria-hidden
                />
                <span className="w-[5.5rem] shrink-0 font-semibold sm:w-24">
                  <bdi>/{name}</bdi>
                </span>
                <span className="min-w-0 flex-1 py-2 text-muted max-sm:text-[0.9375rem]">
                  {off(feature) ? (
                    <span className="text-warn">
                      <Trans>Not available right now</Trans>
                    </span>
                  ) : (
                    i18n._(what)
                  )}
                </span>
                <span className="hidden font-serif text-faint italic sm:block">{i18n._(example)}</span>
              </button>
            </li>
          ))}
        </ul>
        <p className="mt-5 text-faint text-sm">
          {uploads.none ? (
            <>
              <Trans>Answers from your own documents: {uploads.words}</Trans>{" "}
              <Link to="/pricing" className={LinkLook}>
                <Trans>See the plans</Trans>
              </Link>
            </>
          ) : documents && documents.length === 0 ? (
            <Trans>
              Drop a PDF anywhere here, or add it under{" "}
              <Link to="/documents" className={LinkLook}>
                Documents
              </Link>
              , and answers cite its pages.
            </Trans>
          ) : (
            <span className="max-sm:hidden">
              <Trans>
                <Kbd>/</Kbd> for a command, <Kbd>{palette}</Kbd> to find anything, <Kbd>{help}</Kbd> for all
                keys
              </Trans>
            </span>
          )}
        </p>
      </div>
    </div>
  );
}
