import { Button, Empty, Notice, PageHead, Select, Skeleton } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useMay } from "../app/may.ts";
import { PageFrame } from "../app/shell.tsx";
import { useTitle } from "../app/title.ts";
import { FEATURE_NAMES, featureName } from "../parts/names.ts";
import { Refused } from "../parts/refused.tsx";
import { AddDialog } from "./add_dialog.tsx";
import { DeleteDialog } from "./delete_dialog.tsx";
import { EditDialog } from "./edit_dialog.tsx";
import { type KeyView, keysQuery, type Suggestion } from "./keys.ts";
import { poolOf } from "./pool.ts";
import { ProviderPanel } from "./provider_panel.tsx";
import { RotateDialog } from "./rotate_dialog.tsx";

export type Open = { what: "edit" | "rotate" | "delete"; key: KeyView };

export default function KeysPage() {
  useTitle("Keys");
  const { feature } = useSearch({ from: "/inside/keys" });
  const navigate = useNavigate({ from: "/keys" });
  const may = useMay();
  const keys = useQuery({ ...keysQuery, refetchInterval: 5_000 });
  const [adding, setAdding] = useState(false);
  const [open, setOpen] = useState<Open>();
  const [suggestion, setSuggestion] = useState<Suggestion>();
  const pools = keys.data && poolOf(keys.data, feature);
  const close = () => setOpen(undefined);
  return (
    <PageFrame>
      <PageHead
        title="Keys"
        lead="The pool, in the order in which keys are used. A key that fails is passed over, and tried again later."
        actions={
          may("ManageKeys") && (
            <Button look="primary" icon={<Plus size={17} aria-hidden />} onClick={() => setAdding(true)}>
              Add a key
            </Button>
          )
        }
      />
      <div className="mb-5 max-w-64">
        <Select
          label="Order of use for"
          value={feature ?? ""}
          onChange={(event) =>
            void navigate({
              search: event.target.value ? { feature: event.target.value } : {},
              replace: true,
            })
          }
        >
          <option value="">All features</option>
          {FEATURE_NAMES.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </Select>
      </div>
      <div className="flex flex-col gap-5">
        {suggestion && <Suggested suggestion={suggestion} onDismiss={() => setSuggestion(undefined)} />}
        {pools ? (
          pools.length > 0 ? (
            pools.map((pool) => (
              <ProviderPanel key={pool.provider} pool={pool} onOpen={setOpen} onSuggestion={setSuggestion} />
            ))
          ) : (
            <Empty title={feature ? `No key serves ${featureName(feature)}` : "There are no keys"}>
              {feature
                ? "Add one that is kept for it, or for any feature."
                : "Without one, nothing can be answered. Add the first."}
            </Empty>
          )
        ) : keys.error ? (
          <Refused error={keys.error} onRetry={() => void keys.refetch()} />
        ) : (
          <Skeleton className="h-80" />
        )}
      </div>
      {adding && (
        <AddDialog
          feature={feature}
          onClose={() => setAdding(false)}
          onAdded={(key) => {
            setAdding(false);
            setSuggestion(key.suggestion ?? undefined);
          }}
        />
      )}
      {open?.what === "edit" && <EditDialog view={open.key} onClose={close} />}
      {open?.what === "rotate" && (
        <RotateDialog view={open.key} onClose={close} onSuggestion={setSuggestion} />
      )}
      {open?.what === "delete" && <DeleteDialog view={open.key} onClose={close} />}
    </PageFrame>
  );
}

/** What may be done now that a key works. */
function Suggested({ suggestion, onDismiss }: { suggestion: Suggestion; onDismiss: () => void }) {
  return (
    <Notice
      alert
      tone="good"
      title="This may end maintenance"
      actions={
        <>
          <Button size="sm" look="primary" asChild>
            <Link to="/maintenance">To maintenance</Link>
          </Button>
          <Button size="sm" onClick={onDismiss}>
            Dismiss
          </Button>
        </>
      }
    >
      {suggestion.message}
    </Notice>
  );
}
