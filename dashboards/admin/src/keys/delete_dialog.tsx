import { Confirm, say } from "@medai/ui";
import { useState } from "react";
import { Refused } from "../parts/refused.tsx";
import { type KeyView, useDelete } from "./keys.ts";
import { lastFour, nameOf } from "./pool.ts";

/** Deletes a key, once its last characters are typed. */
export function DeleteDialog({ view, onClose }: { view: KeyView; onClose: () => void }) {
  const [before] = useState(view);
  const remove = useDelete();
  const typed = lastFour(before);
  return (
    <Confirm
      open
      onClose={onClose}
      title={`Delete ${nameOf(before)}?`}
      description={
        <>
          <p>
            It cannot be brought back, only added again. A call that is under way with it goes on. To stop its
            use at once, disable it.
          </p>
          {remove.error && (
            <div className="mt-3">
              <Refused error={remove.error} />
            </div>
          )}
        </>
      }
      typed={typed}
      action="Delete"
      busy={remove.isPending}
      onConfirm={() =>
        remove.mutate(
          { id: before.id, confirm: typed },
          {
            onSuccess: () => {
              say(`${nameOf(before)} is gone.`);
              onClose();
            },
          },
        )
      }
    />
  );
}
