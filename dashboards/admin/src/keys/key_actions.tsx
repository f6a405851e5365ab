import { Button, IconButton, Menu, type MenuItem, say, toast } from "@medai/ui";
import { ArrowDown, ArrowUp, Ellipsis, KeyRound, Pencil, Stethoscope, Trash2 } from "lucide-react";
import { useState } from "react";
import { useMay } from "../app/may.ts";
import { type KeyView, type Suggestion, useChange, useCheck } from "./keys.ts";
import { nameOf } from "./pool.ts";

interface Props {
  view: KeyView;
  onUp: (() => void) | undefined;
  onDown: (() => void) | undefined;
  onOpen: (what: "edit" | "rotate" | "delete") => void;
  onSuggestion: (suggestion: Suggestion) => void;
}

/** The key that was just enabled or disabled: its row may be drawn in another place, and the focus goes there with it. */
let switched: string | undefined;

const following = (id: string) => (button: HTMLButtonElement | null) => {
  if (!button || switched !== id) return;
  switched = undefined;
  button.focus();
};

/** What can be done with a key. To disable it is one press, since a leaked key does not wait. */
export function KeyActions({ view: key, onUp, onDown, onOpen, onSuggestion }: Props) {
  const may = useMay();
  const check = useCheck();
  const change = useChange();
  const name = nameOf(key);
  const [follow] = useState(() => following(key.id));
  const set = (status: "active" | "disabled", after?: () => void) => {
    switched = key.id;
    setTimeout(() => {
      if (switched === key.id) switched = undefined;
    }, 3000);
    change.mutate(
      { id: key.id, change: { status } },
      {
        onSuccess: (view) => {
          if (view.suggestion) onSuggestion(view.suggestion);
          after?.();
        },
        onError: (problem) => toast(problem.message),
      },
    );
  };
  const disable = () =>
    set("disabled", () =>
      toast(`${name} is disabled: nothing more is asked of it.`, {
        action: { label: "Undo", run: () => set("active") },
        ms: 10_000,
      }),
    );
  const tryIt = () =>
    check.mutate(key.id, {
      onSuccess: ({ ok, problem }) =>
        ok ? say(`${name} works.`) : toast(`${name}: ${problem ?? "it does not work"}.`),
      onError: (problem) => toast(problem.message),
    });
  return (
    <div className="flex items-center gap-1.5 @max-[44rem]:col-span-full @min-[44rem]:order-1 @min-[44rem]:justify-end @min-[44rem]:self-start @min-[64rem]:order-last">
      {may("CheckKeys") && (
        <Button
          size="sm"
          busy={check.isPending}
          aria-label={`Try ${name} now`}
          icon={<Stethoscope size={15} aria-hidden />}
          onClick={tryIt}
        >
          Try
        </Button>
      )}
      {may("ManageKeys") && (
        <>
          {key.status === "disabled" ? (
            <Button
              size="sm"
              busy={change.isPending}
              ref={follow}
              aria-label={`Enable ${name}`}
              onClick={() => set("active", () => say(`${name} is in use again.`))}
            >
              Enable
            </Button>
          ) : (
            <Button
              size="sm"
              look="danger"
              busy={change.isPending}
              disabled={key.status === "pending"}
              ref={follow}
              aria-label={`Disable ${name} at once`}
              onClick={disable}
            >
              Disable
            </Button>
          )}
          <Menu
            label={`More for ${name}`}
            trigger={
              <IconButton
                size="sm"
                tip={false}
                label={`More for ${name}`}
                icon={<Ellipsis size={17} aria-hidden />}
              />
            }
            items={items({ onUp, onDown, onOpen })}
          />
        </>
      )}
    </div>
  );
}

function items({ onUp, onDown, onOpen }: Pick<Props, "onUp" | "onDown" | "onOpen">): MenuItem[] {
  const size = 15;
  const found: MenuItem[] = [
    { label: "Change", icon: <Pencil size={size} aria-hidden />, onSelect: () => onOpen("edit") },
    { label: "Rotate", icon: <KeyRound size={size} aria-hidden />, onSelect: () => onOpen("rotate") },
  ];
  if (onUp) found.push({ label: "Move up", icon: <ArrowUp size={size} aria-hidden />, onSelect: onUp });
  if (onDown)
    found.push({ label: "Move down", icon: <ArrowDown size={size} aria-hidden />, onSelect: onDown });
  found.push({
    label: "Delete",
    icon: <Trash2 size={size} aria-hidden />,
    danger: true,
    onSelect: () => onOpen("delete"),
  });
  return found;
}
