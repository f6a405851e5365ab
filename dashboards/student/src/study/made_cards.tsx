import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, LinkLook, say } from "@medai/ui";
import { Layers } from "lucide-react";
import { useState } from "react";
import { told } from "../app/api_message.ts";
import { deckPath } from "./paths.ts";
import type { MadeCards } from "./result_types.ts";
import { Step } from "./step.tsx";

interface Props {
  label: string;
  make: () => Promise<MadeCards>;
  small?: boolean;
}

/** Makes cards, and says then where they are. Pressed twice, none are doubled. */
export function MakeCards({ label, make, small }: Props) {
  const [made, setMade] = useState<MadeCards>();
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      setMade(await make());
    } catch (error) {
      say(told(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <span className="inline-flex flex-wrap items-center gap-x-3 gap-y-1 print:hidden">
      <Button
        size={small ? "sm" : "md"}
        busy={busy}
        icon={<Layers size={16} aria-hidden />}
        onClick={() => void run()}
      >
        {label}
      </Button>
      <span role="status" className="text-sm">
        {made && (
          <>
            {made.created > 0
              ? plural(made.created, { one: "# card was made.", other: "# cards were made." })
              : t`All cards are there already.`}{" "}
            <Step path={deckPath(made.deck_id)} className={LinkLook}>
              <Trans>Open deck</Trans>
            </Step>
          </>
        )}
      </span>
    </span>
  );
}
