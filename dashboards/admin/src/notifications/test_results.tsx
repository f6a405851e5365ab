import { Badge, IconButton, Panel } from "@medai/ui";
import { X } from "lucide-react";
import { channelName, type Tested } from "./notifications.ts";

/** How a test went: those that did not arrive first. */
export function TestResults({ items, onClose }: { items: Tested[]; onClose: () => void }) {
  const failed = items.filter(({ ok }) => !ok).length;
  return (
    <Panel
      title="Test"
      aside={<IconButton label="Close" tip={false} size="sm" icon={<X size={16} />} onClick={onClose} />}
    >
      <p role="status" className="text-muted">
        {items.length === 0
          ? "Nobody would be notified: no channel has a recipient."
          : failed === 0
            ? `All ${items.length} arrived.`
            : `${failed} of ${items.length} did not arrive.`}
      </p>
      {items.length > 0 && (
        <ul aria-label="Results of the test" className="mt-3 border-line border-t">
          {items
            .toSorted((a, b) => Number(a.ok) - Number(b.ok))
            .map((item) => (
              <li
                key={`${item.channel}${item.target}`}
                className="flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-b py-2"
              >
                <Badge tone={item.ok ? "good" : "bad"}>{item.ok ? "Arrived" : "Failed"}</Badge>
                <span className="text-faint text-sm">{channelName(item.channel)}</span>
                <span className="min-w-0 [overflow-wrap:anywhere]">{item.target}</span>
                {item.error && (
                  <span className="text-danger text-sm [overflow-wrap:anywhere]">{item.error}</span>
                )}
              </li>
            ))}
        </ul>
      )}
    </Panel>
  );
}
