import type { Role } from "@medai/client";
import {
  Bell,
  ChartLine,
  Gauge,
  HeartPulse,
  KeyRound,
  Layers,
  ListChecks,
  type LucideIcon,
  ScrollText,
  Server,
  ThumbsUp,
  ToggleRight,
  Users,
  Wrench,
} from "lucide-react";
import { may, type Permission } from "./permissions.ts";

export interface AdminPage {
  path:
    | "/"
    | "/queues"
    | "/workers"
    | "/jobs"
    | "/keys"
    | "/health"
    | "/features"
    | "/maintenance"
    | "/users"
    | "/analytics"
    | "/feedback"
    | "/audit"
    | "/notifications";
  label: string;
  Icon: LucideIcon;
  needs: Permission;
  /** Pressed after `g`, goes there. */
  key: string;
}

/** What the admin app has, in groups, as the navigation shows it. */
export const GROUPS: { label: string; pages: AdminPage[] }[] = [
  {
    label: "Now",
    pages: [
      { path: "/", label: "Overview", Icon: Gauge, needs: "ViewLive", key: "o" },
      { path: "/queues", label: "Queues", Icon: Layers, needs: "ViewJobs", key: "q" },
      { path: "/workers", label: "Workers", Icon: Server, needs: "ViewJobs", key: "w" },
      { path: "/jobs", label: "Jobs", Icon: ListChecks, needs: "ViewJobs", key: "j" },
    ],
  },
  {
    label: "Providers",
    pages: [
      { path: "/keys", label: "Keys", Icon: KeyRound, needs: "ViewKeys", key: "k" },
      { path: "/health", label: "Health", Icon: HeartPulse, needs: "ViewKeys", key: "h" },
    ],
  },
  {
    label: "Platform",
    pages: [
      { path: "/features", label: "Features", Icon: ToggleRight, needs: "ViewFeatures", key: "f" },
      { path: "/maintenance", label: "Maintenance", Icon: Wrench, needs: "ViewMaintenance", key: "m" },
      { path: "/notifications", label: "Notifications", Icon: Bell, needs: "ViewNotifications", key: "n" },
    ],
  },
  {
    label: "People",
    pages: [
      { path: "/users", label: "Users", Icon: Users, needs: "ViewUsers", key: "u" },
      { path: "/analytics", label: "Analytics", Icon: ChartLine, needs: "ViewAnalytics", key: "y" },
      { path: "/feedback", label: "Feedback", Icon: ThumbsUp, needs: "ViewFeedback", key: "r" },
      { path: "/audit", label: "Audit", Icon: ScrollText, needs: "ViewAudit", key: "a" },
    ],
  },
];

/** The pages of a role. Groups without any are left out. */
export function pagesOf(role: Role | null | undefined) {
  return GROUPS.map((group) => ({
    ...group,
    pages: group.pages.filter((page) => may(role, page.needs)),
  })).filter((group) => group.pages.length > 0);
}

/** Where a role begins. */
export function firstPage(role: Role | null | undefined): AdminPage["path"] {
  return pagesOf(role)[0]?.pages[0]?.path ?? "/features";
}
