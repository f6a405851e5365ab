import { Badge, clock, IconButton, Panel } from "@medai/ui";
import { X } from "lucide-react";
import { className, featureName, providerName } from "../parts/names.ts";
import type { Checked, Scope } from "./health.ts";

/** What came of trying keys: those that failed first. */
export function CheckResults({ of, result, onClose }: { of: Scope; result: Checked; onClose: () => void }) {
  const { working, failing } = result;
  const items = result.items.toSorted((a, b) => Number(a.ok) - Number(b.ok));
  const what = [of.provider && providerName(of.provider), of.feature && featureName(of.feature)].filter(
    Boolean,
  );
  return (
    <Panel
      title={what.length > 0 ? `Keys tried: ${what.join(", ")}` : "Keys tried"}
      aside={<IconButton label="Close" tip={false} size="sm" icon={<X size={16} />} onClick={onClose} />}
    >
      <p role="status" className="text-muted">
        {items.length === 0
          ? "There was no key to try: only keys that are not disabled are."
          : failing === 0
            ? items.length === 1
              ? "It works."
              : `All ${items.length} work.`
            : `${working} ${working === 1 ? "works" : "work"}, ${failing} ${failing === 1 ? "does" : "do"} not.`}
      </p>
      {items.length > 0 && (
        <ul aria-label="Results" className="mt-3 border-line border-t">
          {items.map((key) => (
            <li
              key={key.id}
              className="flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-b py-2"
            >
              <Badge tone={key.ok ? "good" : "bad"}>{key.ok ? "Works" : "Fails"}</Badge>
              <span className="font-medium">{providerName(key.provider)}</span>
              <code className="font-mono text-muted text-sm">{key.key_masked}</code>
              <span className="text-faint text-sm">{featureName(key.feature)}</span>
              {!key.ok && (
                <span className="w-full text-danger text-sm sm:w-auto">
                  {[
                    key.class && className(key.class),
                    key.reason,
                    key.retry_at && `again at ${clock(key.retry_at)}`,
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
