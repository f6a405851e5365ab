import { useAccount } from "@medai/client/react";
import { Badge, Button, cx, IconButton, ThemeChoice, Wordmark } from "@medai/ui";
import { Link } from "@tanstack/react-router";
import { LogOut, X } from "lucide-react";
import type { ReactNode } from "react";
import { signOut } from "../auth/sign_out.ts";
import { grouped } from "../live/alarm_groups.ts";
import { useLivePart } from "../live/live.ts";
import { pagesOf } from "./pages.ts";

const ROLES = {
  super_admin: "Super admin",
  admin: "Admin",
  ops: "Operations",
  support: "Support",
  viewer: "Viewer",
};

/** The pages of whoever is signed in, and who that is. What lies over a page can be closed. */
export function Navigation({ onClose }: { onClose?: () => void }) {
  const account = useAccount();
  return (
    <>
      <div className="flex h-14 shrink-0 items-center justify-between ps-4 pe-2">
        <Link to="/">
          <Wordmark suffix="admin" />
          <span className="sr-only">: overview</span>
        </Link>
        {onClose && <IconButton label="Close" tip={false} icon={<X size={18} />} onClick={onClose} />}
      </div>
      <nav aria-label="Pages" className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
        {pagesOf(account.role).map((group) => (
          <div key={group.label} className="mt-3">
            <p id={`pages-${group.label}`} className="px-2 pb-1 text-faint text-xs">
              {group.label}
            </p>
            <ul aria-labelledby={`pages-${group.label}`}>
              {group.pages.map(({ path, label, Icon }) => (
                <li key={path}>
                  <Entry
                    path={path}
                    label={label}
                    icon={<Icon size={17} aria-hidden />}
                    badge={path === "/" && <AlarmCount />}
                  />
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <div className="flex flex-col gap-2.5 border-line border-t p-3">
        <p className="min-w-0 px-1 text-sm">
          <span className="block truncate font-medium">{account.email}</span>
          <span className="text-faint">{account.role && ROLES[account.role]}</span>
        </p>
        <div className="flex items-center justify-between gap-2">
          <ThemeChoice />
          <Button
            size="sm"
            look="quiet"
            icon={<LogOut size={16} aria-hidden />}
            onClick={() => void signOut()}
          >
            Sign out
          </Button>
        </div>
      </div>
    </>
  );
}

/** How much needs somebody now, wherever they are. */
function AlarmCount() {
  const count = useLivePart(({ live }) => (live ? grouped(live.alarms).length : 0));
  const critical = useLivePart(
    ({ live }) => live?.alarms.some(({ severity }) => severity === "critical") ?? false,
  );
  if (count === 0) return null;
  return (
    <Badge tone={critical ? "bad" : "warn"}>
      {count}
      <span className="sr-only">{count === 1 ? " needs you" : " need you"}</span>
    </Badge>
  );
}

function Entry({
  path,
  label,
  icon,
  badge,
}: {
  path: string;
  label: string;
  icon: ReactNode;
  badge?: ReactNode;
}) {
  const look = "flex min-h-9 items-center gap-2.5 rounded-md px-2 text-[0.9375rem] max-[60rem]:min-h-10";
  return (
    <Link
      to={path}
      activeOptions={{ exact: path === "/" }}
      activeProps={{ className: cx(look, "bg-accent-soft font-medium text-accent") }}
      inactiveProps={{ className: cx(look, "text-muted hover:bg-sunken hover:text-ink") }}
    >
      {icon}
      <span className="flex-1">{label}</span>
      {badge}
    </Link>
  );
}
