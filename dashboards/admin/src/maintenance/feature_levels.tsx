import { cx, LinkLook, Panel } from "@medai/ui";
import { Link } from "@tanstack/react-router";
import { Check, Minus, Pause } from "lucide-react";
import type { FeatureView } from "../features/limits.ts";
import { featureName } from "../parts/names.ts";

function stateOf({ enabled, level }: FeatureView) {
  if (!enabled) return { word: "switched off", Icon: Minus, ink: "text-faint" };
  if (level === "none") return { word: "open", Icon: Check, ink: "text-accent" };
  return { word: level === "hard" ? "closed" : "paused", Icon: Pause, ink: "text-danger" };
}

/** Each feature as students have it now. */
export function FeatureLevels({ features }: { features: FeatureView[] }) {
  return (
    <Panel
      title="Features now"
      aside={
        <Link to="/features" className={LinkLook}>
          Switch features
        </Link>
      }
    >
      <ul
        aria-label="Features now"
        className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,13rem),1fr))] gap-x-6 gap-y-2"
      >
        {features.map((view) => {
          const { word, Icon, ink } = stateOf(view);
          return (
            <li key={view.feature} className="flex items-center gap-2">
              <Icon size={16} aria-hidden className={cx("shrink-0", ink)} />
              <span className="min-w-0 flex-1">{featureName(view.feature)}</span>
              <span className={cx("text-sm", ink)}>{word}</span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
