import { cx } from "@medai/ui";
import { exact } from "../parts/figures.ts";
import type { LiveState } from "./live.ts";

const LOOKS = {
  live: "bg-accent",
  connecting: "bg-edge animate-breathe",
  lost: "bg-warn",
  off: "bg-edge",
};

/** Whether what is shown is of now. */
export function LinkState({ link, at }: { link: LiveState["link"]; at: string | undefined }) {
  return (
    <p className="inline-flex items-center gap-2 text-muted text-sm">
      <span aria-hidden className={cx("size-2 rounded-full", LOOKS[link])} />
      <span role="status">
        {link === "live" && "Live"}
        {link === "connecting" && "Connecting"}
        {link === "lost" && "Not live: the connection is lost, and tried again"}
        {link === "off" && "Not live"}
      </span>
      {at && (
        <time dateTime={at} className="text-faint">
          {link === "live" ? "" : "as of "}
          {exact(at)}
        </time>
      )}
    </p>
  );
}
