import { statusQuery } from "@medai/client/react";
import { clock, LinkLook } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

/** Says above every page that students do not have everything now. */
export function MaintenanceBanner() {
  const status = useQuery(statusQuery).data;
  if (!status || status.maintenance.level === "none") return null;
  const { level, message, estimated_restoration: until } = status.maintenance;
  return (
    <div
      role="status"
      className={
        level === "hard"
          ? "border-danger/30 border-b bg-danger-soft px-4 py-2 text-sm"
          : "border-warn/30 border-b bg-warn-soft px-4 py-2 text-sm"
      }
    >
      <strong className={level === "hard" ? "text-danger" : "text-warn"}>
        {level === "hard" ? "Hard maintenance: students are locked out." : "Soft maintenance."}
      </strong>{" "}
      {/* On phones the page has more to say than what students read. */}
      <span className="max-sm:hidden">{message} </span>
      {until && `Back at about ${clock(until)}. `}
      <Link to="/maintenance" className={LinkLook}>
        Maintenance
      </Link>
    </div>
  );
}
